import { describe, expect, it } from "vitest";
import { auditStore } from "../../../pipelines/audit/audit.ts";
import { renderReport } from "../../../pipelines/audit/page/report.ts";
import { bagStore, bookOf, decision } from "../review/fixture.ts";
import { emptyStore, MODEL_VARIANT, penPlan, pens, record, RULES_VARIANT } from "../verify/store-fixture.ts";
import { penStore, TOP_LEVELS } from "./fixture.ts";

const options = { topLevels: TOP_LEVELS };

describe("the first page", () => {
  it("says what stays below its level with its denominator, of one and of several", async () => {
    const store = emptyStore();
    record(store, pens(1), MODEL_VARIANT, penPlan(1));
    record(store, pens(3), MODEL_VARIANT, penPlan(3, 7));
    const [one, several] = [await auditStore(store, options), await auditStore(penStore(), options)].map(({ summary }) => summary.find(({ topic }) => topic === "Held back")?.text);
    expect(one).toMatch(/^Of 2 that were answered 1 stays below the highest level of its source\./);
    expect(several).toMatch(/^Of 8 that were answered 2 stay below the highest level of their source\./);
  });

  it("counts one as one", async () => {
    const store = emptyStore();
    record(store, pens(1), RULES_VARIANT, penPlan(1, 7));
    const audit = await auditStore(store, options);
    const text = audit.summary.map((line) => line.text).join("\n");
    expect(text).toContain("1 outcome from one source by rules");
    expect(text).toContain("The one annotation was made by rules");
    expect(text).toContain("is contradicted");
    expect(text).not.toMatch(/\b1 (?:outcomes|results|annotations|maths examples|gold steps|replies|that were)\b|1 \(100\s%\) are/);
  });

  it("gives no interval for what counts an example twice", async () => {
    const store = penStore();
    store.saveVariant({ hash: "v1-second", annotator: "llm", version: "1", model: "large", parameters: {}, promptHash: null, promptVersion: null, prompt: null, replyForm: "text" });
    const proven = async (): Promise<string> => (await auditStore(store, options)).summary.find(({ topic }) => topic === "Proven")?.text ?? "";
    expect(await proven()).toMatch(/2 of 4 \(50\s%; 95\s% interval .*\) by others than rules/);
    record(store, pens(1), "v1-second", penPlan(1));
    expect(await proven()).toMatch(/3 of 5 \(60\s%\) by others than rules and 4 of 4 \(100\s%; 95\s% interval/);
  });

  it("does not offer reviews where there is nothing left to review", async () => {
    const store = bagStore(2);
    const book = bookOf(store);
    const page = async (): Promise<string> => renderReport(await auditStore(store, options));
    book.decide(decision("gsm8k/bags-1", { queue: "random" }));
    expect(await page()).toContain("would make the interval half as wide");
    book.decide(decision("gsm8k/bags-2", { queue: "random" }));
    expect(await page()).toContain("People would accept 100");
    expect(await page()).not.toContain("would make the interval half as wide");
  });
});
