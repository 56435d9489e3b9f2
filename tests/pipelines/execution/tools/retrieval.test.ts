import { describe, expect, it } from "vitest";
import { executePlan, type ExecutedAction } from "../../../../pipelines/execution/execute.ts";
import { rulesKit } from "../../../../pipelines/execution/kit.ts";
import { parseArgs } from "../../../../pipelines/plan/args.ts";
import type { Materials } from "../../../../schemas/example.ts";
import { processorTime } from "../../../support/processor-time.ts";

const TEXTS: [string, string, string][] = [
  ["Ochre Sea-0", "Ochre Sea", "An album by Nell Farrow. It was recorded in a barn near Dunwick."],
  ["Ochre Sea-1", "Ochre Sea", "Critics praised the drums of the album."],
  ["Ochre Sea (film)-2", "Ochre Sea (film)", "A film about a lighthouse keeper and his daughter."],
  ["Nell Farrow-3", "Nell Farrow", "A singer. She was born in the U.S. and married Piet Aarden."],
  ["Zoë-4", "Zoë", "A cat."],
  ["__proto__-5", "__proto__", "A title."],
  ["Paris, Texas-6", "Paris, Texas", "A town with a tower."],
  ["Sea-7", "Sea", "Salt water."],
  ["Sea, Lower-8", "Sea, Lower", "The sea of the south."],
  ["Sea, Upper-9", "Sea, Upper", "The sea of the north."],
  ["Red Sea-10", "Red Sea", "The sea of sea and sea."],
];
const MATERIALS: Materials = { paragraphs: TEXTS.map(([id, title, text]) => ({ id, title, text })) };

describe("KnowledgeQuery, over the paragraphs that an example gives", () => {
  it.each<[string, string, ExecutedAction["evidence"], RegExp]>([
    ["Ochre Sea", "WikipediaPage(Ochre Sea)", "computed", /^found at rank 1 of 10 pages$/],
    ["the ochre sea", "WikipediaPage(Ochre Sea (film))", "computed", /rank 2 /],
    ["Ochre Sea", "WikipediaPage(Ochre Sea), WikipediaPage(Ochre Sea (film))", "computed", /rank 1, 2 /],
    ["lighthouse keepers", "WikipediaPage(Ochre Sea (film))", "computed", /rank 1 /],
    ["Zoe", "WikipediaPage(Zoë)", "computed", /rank 1 /],
    ["__proto__", "WikipediaPage(__proto__)", "computed", /rank 1 /],
    ["a US singer", "WikipediaPage(Nell Farrow)", "computed", /rank 1 /],
    ["Texas", "WikipediaPage(Paris, Texas)", "computed", /rank 1 /],
    ["Ochre sea water", "WikipediaPage(Sea, Upper)", "claimed", /^found at rank \d of 10 pages, not among the first 5$/],
    ["banana", "WikipediaPage(Ochre Sea)", "contradicted", /^$/],
    ["what is the", "WikipediaPage(Ochre Sea)", "contradicted", /^$/],
    ["Ochre Sea", "WikipediaPage(Somewhere Else)", "contradicted", /^$/],
    ["Ochre Sea", "Ochre Sea", "contradicted", /^$/],
  ])("(%s) = %s is %s", (query, result, evidence, note) => {
    const run = runAll([["R1", "KnowledgeQuery", query, result]]);
    expect(run.evidence).toBe(evidence);
    expect(run.note ?? "").toMatch(note);
  });

  it("says what it finds instead", () => {
    expect(runAll([["R1", "KnowledgeQuery", "lighthouse", "WikipediaPage(Zoë)"]]).defect?.message).toMatchInlineSnapshot(
      `"R1 = KnowledgeQuery(lighthouse) is WikipediaPage(Ochre Sea (film)), but the plan says WikipediaPage(Zoë)."`,
    );
    expect(runAll([["R1", "KnowledgeQuery", "banana", "WikipediaPage(Zoë)"]]).defect?.message).toMatchInlineSnapshot(`"R1 = KnowledgeQuery(banana) is no page, but the plan says WikipediaPage(Zoë)."`);
  });

  it("puts earlier answers in, and is not run where one is not known", () => {
    expect(runAll([["R1", "QA", "[x], Question: who", "Nell Farrow"], ["R2", "KnowledgeQuery", "R1", "WikipediaPage(Nell Farrow)"]]).evidence).toBe("computed");
    expect(runAll([["R1", "QA", "[x], Question: who", ""], ["R2", "KnowledgeQuery", "R1", "WikipediaPage(Nell Farrow)"]])).toMatchObject({ evidence: "claimed", note: "KnowledgeQuery is not run here." });
  });

  it("is not run where an example gives no paragraphs", () => {
    for (const materials of [null, {}, { paragraphs: [] }]) expect(runAll([["R1", "KnowledgeQuery", "banana", "WikipediaPage(Ochre Sea)"]], materials)).toMatchObject({ evidence: "claimed", computed: null });
  });

  it("stays quick on long queries and texts", () => {
    const long = { paragraphs: [{ id: "A-0", title: "A. ".repeat(600), text: "A.B ".repeat(12_000) }, { id: "B-1", title: "B", text: "ab".repeat(25_000) }] };
    const spent = processorTime();
    runAll([["R1", "KnowledgeQuery", "word ".repeat(20_000), "WikipediaPage(".repeat(20_000)]], long);
    expect(spent()).toBeLessThan(2_000);
  });
});

describe("ParagraphRetrieve, over the pages of its context", () => {
  const page: Step = ["R1", "KnowledgeQuery", "Ochre Sea", "WikipediaPage(Ochre Sea)"];
  const both: Step = ["R1", "KnowledgeQuery", "Ochre Sea", "WikipediaPage(Ochre Sea), WikipediaPage(Ochre Sea (film))"];

  it.each<[Step, string, string, ExecutedAction["evidence"], string | undefined]>([
    [page, "R1, Query: Who recorded the album in a barn?", "Paragraph(Ochre Sea-0)", "computed", "retrieved at rank 1 of 2"],
    [page, "R1, Query: What did critics say of the drums?", "Paragraph(Ochre Sea-1)", "computed", "retrieved at rank 1 of 2"],
    [page, "R1, Query: What did critics say of the drums?", "Paragraph(Ochre Sea-0), Paragraph(Ochre Sea-1)", "computed", "retrieved at rank 2, 1 of 2"],
    [page, "R1, Query: What did critics say of the drums?", "Paragraph(Ochre Sea-0)", "claimed", "retrieved at rank 2 of 2 only"],
    [page, "Ochre Sea, Query: Which barn?", "Paragraph(Ochre Sea-0)", "computed", "retrieved at rank 1 of 2"],
    [both, "R1, Query: Who keeps the lighthouse?", "Paragraph(Ochre Sea (film)-2)", "computed", "retrieved at rank 1 of 3"],
    [page, "R1, Query: Who keeps the lighthouse?", "Paragraph(Ochre Sea (film)-2)", "contradicted", undefined],
    [page, "R1, Query: Which barn?", "Paragraph(Ochre Sea-77)", "contradicted", undefined],
    [page, "R1, Query: Which barn?", "in a barn", "contradicted", undefined],
    [page, "Elsewhere, Query: Which barn?", "Paragraph(Ochre Sea-0)", "claimed", "ParagraphRetrieve is not run here."],
  ])("%j then (%s) = %s is %s", (first, args, result, evidence, note) => {
    const run = runAll([first, ["R2", "ParagraphRetrieve", args, result]]);
    expect([run.evidence, run.note]).toEqual([evidence, note]);
  });

  it("is not run where an example gives no paragraphs", () => {
    expect(runAll([page, ["R2", "ParagraphRetrieve", "R1, Query: Which barn?", "Paragraph(X-0)"]], null)).toMatchObject({ evidence: "claimed", computed: null });
  });
});

it("The rules may ask at which place a page is found, as far as it is", () => {
  const example = { id: "x/1", dataset: "x", domain: "complex_qa" as const, task: "t", rationale: "", answer: "", gold_steps: [], environment: null, place: { file: "f", position: 1 } };
  const rank = (query: string, title: string) => rulesKit.pageRank({ ...example, materials: MATERIALS }, query, title);
  expect([rank("Ochre Sea", "Ochre Sea"), rank("Ochre Sea", "Ochre Sea (film)"), rank("Ochre sea water", "Sea, Upper"), rank("banana", "Sea"), rulesKit.pageRank(example, "Sea", "Sea")]).toEqual([1, 2, null, null, null]);
});

type Step = [output: string, tool: string, args: string, result: string];

/** The last of some actions, run one after the other. */
function runAll(steps: readonly Step[], materials: Materials | null = MATERIALS): ExecutedAction {
  const actions = steps.map(([output, tool, args, result]) => ({ outputs: [output], tool, args: parseArgs(args), result }));
  const last = executePlan({ subgoals: [{ text: "Find it.", actions }] }, "complex_qa", materials).actions.at(-1);
  if (last === undefined) throw new Error("No action.");
  return last;
}
