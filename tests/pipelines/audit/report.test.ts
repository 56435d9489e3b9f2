import { readFileSync } from "node:fs";
import { join } from "node:path";
import { parseHTML } from "linkedom";
import { describe, expect, it } from "vitest";
import { DEFECT_CODES } from "../../../schemas/defect.ts";
import { auditStore } from "../../../pipelines/audit/audit.ts";
import { compare, findAgainst } from "../../../pipelines/audit/comparison.ts";
import { renderReport } from "../../../pipelines/audit/page/report.ts";
import { writeAudit } from "../../../pipelines/audit/write.ts";
import { temporaryFolder } from "../../support/lumos.ts";
import { asked, emptyStore, penPlan, record, RULES_VARIANT } from "../verify/store-fixture.ts";
import { save, sourceExample } from "../store/fixture.ts";
import { hostile, penStore, SCRIPT, TOP_LEVELS } from "./fixture.ts";

const options = { topLevels: TOP_LEVELS };

describe("the report", () => {
  it("opens from disk, loads nothing and runs nothing", async () => {
    const page = await renderReport(await auditStore(penStore(), options));
    const { document } = parseHTML(page);
    expect(document.querySelector("meta[http-equiv=Content-Security-Policy]")?.getAttribute("content")).toMatch(/^default-src 'none'; style-src 'sha256-[\w+/]+='; /);
    expect(document.querySelectorAll("script, link, iframe, object, embed, img, form").length).toBe(0);
    expect([...page.matchAll(/\b(?:href|src)="([^"]*)"/g)].map(([, target = ""]) => target).filter((target) => !target.startsWith("#"))).toEqual([]);
  });

  it("leads everywhere that it names, and has each id once", async () => {
    const store = penStore();
    const comparison = await compare(store, findAgainst(store, "rules"), {}, TOP_LEVELS);
    const { document } = parseHTML(await renderReport(await auditStore(store, { ...options, comparison })));
    const ids = [...document.querySelectorAll("[id]")].map(({ id }) => id);
    expect(new Set(ids).size).toBe(ids.length);
    expect([...document.querySelectorAll("a[href^='#']")].map((link) => link.getAttribute("href")?.slice(1) ?? "").filter((id) => !ids.includes(id))).toEqual([]);
    expect([...document.querySelectorAll("nav a")].map((link) => link.textContent)).toContain("Compared");
  });

  it("tells every figure in words and as a table", async () => {
    const { document } = parseHTML(await renderReport(await auditStore(penStore(), options)));
    const figures = [...document.querySelectorAll("figure")];
    expect(figures.length).toBeGreaterThan(5);
    for (const figure of figures) {
      const svg = figure.querySelector("svg");
      const named = svg?.getAttribute("aria-labelledby")?.split(" ").map((id: string) => document.getElementById(id)?.textContent);
      expect(svg?.getAttribute("role")).toBe("img");
      expect(named?.every((text: string | null | undefined) => (text ?? "").length > 3)).toBe(true);
      expect(figure.querySelectorAll("details table tbody tr").length).toBeGreaterThan(0);
    }
  });

  it("shows whatever a model or a dataset wrote as text, in sentences, attributes and figures", async () => {
    const store = emptyStore();
    store.saveVariant({ hash: "v1-bad", annotator: "llm", version: SCRIPT, model: SCRIPT, parameters: {}, promptHash: SCRIPT, promptVersion: "1", prompt: null, replyForm: "text" });
    for (const n of [1, 2, 3]) {
      const { example, plan } = hostile(n);
      record(store, example, RULES_VARIANT, penPlan(n, 9));
      record(store, example, "v1-bad", plan, [asked(store, `bad-${n}`, plan)]);
    }
    const comparison = await compare(store, findAgainst(store, "rules"), {}, TOP_LEVELS);
    const page = await renderReport(await auditStore(store, { ...options, comparison, files: { written: [{ path: SCRIPT, rows: 1 }], excluded: { [SCRIPT]: 1 } } }));
    const { document } = parseHTML(page);
    expect(document.querySelectorAll("script, img").length).toBe(0);
    expect([...document.querySelectorAll("*")].flatMap(({ attributes }) => [...attributes].map(({ name }) => name)).filter((name) => name.startsWith("on"))).toEqual([]);
    expect(page).not.toContain("\u202e");
    expect(page).toContain("&lt;script&gt;alert(&quot;x&quot;)&lt;/script&gt;");
  });

  it("stays below 5 MB when every text is as long as can be", async () => {
    const store = emptyStore();
    const long = (word: string, times = 200): string => `${word} `.repeat(times);
    const subgoal = (n: number) => ({ text: long("find"), actions: Array.from({ length: 20 }, (_, a) => ({ outputs: [`R${20 * n + a + 1}`], tool: "Calculator", args: [long("1 +")], result: long("7") })) });
    const plan = { subgoals: Array.from({ length: 10 }, (_, n) => subgoal(n)) };
    for (let n = 1; n <= 12; n++) {
      const steps = Array.from({ length: 40 }, (_, step) => ({ id: `#${step}`, text: long("step") }));
      save(store, sourceExample(`set_${n}/1`, { domain: "web_agent", task: long("task", 10_000), rationale: long("why", 10_000), gold_steps: steps }), { plan, codes: DEFECT_CODES, level: "well_formed" });
    }
    const audit = await auditStore(store, options);
    expect((await renderReport(audit)).length).toBeLessThan(5_000_000);
    expect(JSON.stringify(audit).length).toBeLessThan(40_000_000);
  }, 30_000);

  it("is written with its figures, the same bytes for the same store", async () => {
    const store = penStore();
    const [one, two] = [temporaryFolder(), temporaryFolder()];
    for (const folder of [one, two]) await writeAudit(folder, await auditStore(store, options));
    for (const name of ["report.html", "audit.json"]) expect(readFileSync(join(one, name), "utf8")).toBe(readFileSync(join(two, name), "utf8"));
    expect(JSON.parse(readFileSync(join(one, "audit.json"), "utf8"))).toMatchObject({ format: "lumos-audit/1", store: "test.db" });
  });
});
