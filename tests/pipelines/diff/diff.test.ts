import { readFileSync, writeFileSync } from "node:fs";
import { join } from "node:path";
import { describe, expect, it } from "vitest";
import { diffExports } from "../../../pipelines/diff/diff.ts";
import { exportAnnotations, type ExportOptions } from "../../../pipelines/export/export.ts";
import type { Store } from "../../../pipelines/store/open.ts";
import { addition, newStore, type Saved, save, sourceExample, temporaryFolder } from "../store/fixture.ts";

describe("the difference of two exports", () => {
  it("is told example by example", async () => {
    const store = newStore();
    const [a, b] = [temporaryFolder(), temporaryFolder()];
    fill(store, "a", 5);
    await run(store, a);
    fill(store, "z", 1);
    saveOne(store, 2, { plan: addition(2, 100, "R1", "Add them up.") });
    saveOne(store, 3, { level: "aligned" });
    saveOne(store, 4, { codes: ["ref.unused"] });
    await run(store, b, { minLevel: "proven" });
    const file = "lumos_maths_plan_onetime.jsonl";
    expect(diffExports(a, b, 10)).toEqual({
      a,
      b,
      options: [{ name: "min_level", a: "top", b: "proven" }],
      files: { same: 0, added: [], removed: [], changed: [{ path: file, rows: { added: 1, removed: 1, changed: 2 } }] },
      examples: { same: 2, added: 1, removed: 1, changed: 2 },
      levels: [],
      changes: [
        { id: "a/2", change: "changed", level: { a: "proven", b: "proven" }, files: [{ path: file, parts: ["messages 2 (assistant)"] }] },
        { id: "a/4", change: "changed", level: { a: "proven", b: "proven" }, files: [{ path: file, parts: ["provenance"] }] },
        { id: "z/1", change: "added", level: { a: null, b: "proven" }, files: [{ path: file, parts: ["added"] }] },
        { id: "a/3", change: "removed", level: { a: "proven", b: null }, files: [{ path: file, parts: ["removed"] }] },
      ],
    });
    expect(diffExports(a, b, 1)).toMatchObject({ examples: { changed: 2 }, changes: [{ id: "a/2" }] });
    expect(diffExports(a, a, 10)).toMatchObject({ files: { same: 1, changed: [] }, examples: { same: 5, added: 0, removed: 0, changed: 0 }, changes: [] });
  });

  it("tells levels that changed, and rows that moved to another file", async () => {
    const store = newStore();
    const [a, b] = [temporaryFolder(), temporaryFolder()];
    fill(store, "a", 2);
    await run(store, a, { minLevel: "aligned" });
    saveOne(store, 1, { level: "aligned" });
    await run(store, b, { minLevel: "aligned", split: [{ name: "all", share: 1 }] });
    const diff = diffExports(a, b, 10);
    expect(diff.files).toEqual({ same: 0, added: ["lumos_maths_plan_onetime.all.jsonl"], removed: ["lumos_maths_plan_onetime.jsonl"], changed: [] });
    expect(diff.levels).toEqual([{ from: "proven", to: "aligned", examples: 1 }]);
    expect(diff.examples).toEqual({ same: 0, added: 0, removed: 0, changed: 2 });
  });

  it("of what is no export is refused with what to do", async () => {
    const store = newStore();
    const [a, b] = [temporaryFolder(), temporaryFolder()];
    fill(store, "a", 2);
    await run(store, a);
    const against = (change: () => void): string => {
      change();
      try {
        diffExports(a, b, 1);
        return "";
      } catch (error) {
        return String(error).replaceAll(b, "B");
      }
    };
    expect(against(() => undefined)).toBe("LumosError: B has no manifest.json: expected a folder that lumos export wrote; export again to compare.");
    expect(against(() => writeFileSync(join(b, "manifest.json"), "{}"))).toMatch(/^LumosError: B\/manifest.json is no manifest of an export: version: /);
    const manifest = readFileSync(join(a, "manifest.json"), "utf8");
    expect(against(() => writeFileSync(join(b, "manifest.json"), manifest.replace("lumos_maths_plan_onetime", "../x")))).toMatch(/is no manifest of an export: files.0.path/);
    await run(store, b);
    const rows = join(b, "lumos_maths_plan_onetime.jsonl");
    writeFileSync(join(b, "manifest.json"), manifest.replace(/"sha256": "./, '"sha256": "x'));
    expect(against(() => writeFileSync(`${rows}.provenance.jsonl`, "{}\n"))).toMatch(/provenance.jsonl, line 1 is no provenance line/);
    expect(against(() => writeFileSync(`${rows}.provenance.jsonl`, ""))).toMatch(/it ends before line 1; expected a line a row/);
  });
});

function saveOne(store: Store, n: number, about: Saved): void {
  save(store, sourceExample(`a/${n}`, { task: `Task ${n} of a?`, place: { file: "a.jsonl", position: n } }), { plan: addition(n, 100), ...about });
}

function fill(store: Store, dataset: string, count: number): void {
  for (let n = 1; n <= count; n += 1) save(store, sourceExample(`${dataset}/${n}`, { task: `Task ${n} of ${dataset}?`, place: { file: `${dataset}.jsonl`, position: n } }), { plan: addition(n, 100) });
}

async function run(store: Store, out: string, options: Partial<ExportOptions> = {}): Promise<void> {
  await exportAnnotations(store, { out, topLevels: new Map(), modules: ["plan"], formulations: ["onetime"], ...options });
}
