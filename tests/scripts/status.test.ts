import { describe, expect, it, vi } from "vitest";
import { dedupe } from "../../pipelines/dedupe/dedupe.ts";
import { main } from "../../scripts/cli/program.ts";
import { addition, AT, newStore, save, sourceExample } from "../pipelines/store/fixture.ts";

describe("lumos status", () => {
  it("says what is left out of exports: duplicates, and overlaps with evaluation sets, which are none", async () => {
    const store = newStore();
    for (const n of [1, 2, 3]) save(store, sourceExample(`gsm8k/${n}`, { task: n === 3 ? "Task 1" : `Task ${n}`, place: { file: "a.jsonl", position: n } }), { plan: addition(n, 9) });
    dedupe(store, { now: AT });
    const found = { exampleId: "gsm8k/2", annotationId: null, field: "task" as const, evaluation: "test.jsonl", position: 4, rule: "exact" as const, coverage: 1, shared: "task 2" };
    store.saveContamination(found, AT);
    store.excludeContaminated(found, AT);
    let stdout = "";
    const spy = vi.spyOn(process.stdout, "write").mockImplementation((text) => {
      stdout += String(text);
      return true;
    });
    try {
      expect(await main(["status", "--db", store.file])).toBe(0);
    } finally {
      spy.mockRestore();
    }
    expect(stdout).toContain("Left out of exports\n  1 contaminated (overlap with an evaluation set)\n  1 duplicate_task\n");
  });
});
