import { describe, expect, it } from "vitest";
import mind2web from "../../../converters/mind2web/index.ts";
import { parsePlan } from "../../../pipelines/plan/parse.ts";
import { printPlan } from "../../../pipelines/plan/print.ts";
import { lumosChat } from "../../../pipelines/export/lumos-format.ts";
import { loadPrompt } from "../../../pipelines/prompts/load.ts";
import { verifyPlan } from "../../../pipelines/verify/verify.ts";
import type { Verdict } from "../../../schemas/annotation.ts";
import type { SourceExample } from "../../../schemas/example.ts";
import { pageOf, type Step, taskOf } from "../../converters/mind2web/records.ts";
import { processorTime } from "../../support/processor-time.ts";

const PAGE = pageOf(["input", "1", "Leaving from"], ["input", "2", "Going to"], ["li", "3", "Turku Harbour"], ["select", "4", "Travellers"], ["button", "5", "Find trains"], ["button", "6", "Find hotels"], ["a", "7", "Help"]);
const TRAIN = exampleOf([
  { repr: "[input]  Leaving from -> CLICK", right: ["1"], html: PAGE },
  { repr: "[input]  Leaving from -> TYPE: Turku", value: "Turku", right: ["1"], html: PAGE },
  { repr: "[li]  Turku Harbour -> CLICK", right: ["3"], html: PAGE },
  { repr: "[select]  Travellers -> SELECT: 2 adults", value: "2 adults", right: ["4"], html: PAGE },
  { repr: "[button]  Find trains -> CLICK", right: ["5"], html: PAGE },
]);
const SOUND = [
  ["CLICK", "the Leaving from field"],
  ["TYPE", "the Leaving from field", "Turku"],
  ["CLICK", "Turku Harbour in the list"],
  ["SELECT", "number of travellers", "2 adults"],
  ["CLICK", "the Find trains button"],
] as const;
type Call = readonly [tool: string, query: string, text?: string];

describe("a web plan", () => {
  it("that does what the source does is aligned, its actions and its outcome matched", () => {
    const verdict = verify(SOUND);
    expect(verdict).toMatchObject({ level: "aligned", answer: "matched", defects: [], evidence: { matched: 5, claimed: 0 } });
    expect(verdict.alignment).toEqual([1, 2, 3, 4, 5].map((number) => ({ subgoal: number, gold: [`u${number}`] })));
    expect(verdict.trace[4]?.note).toBe("rank 1 of 7: [button] Find trains");
  });

  it("that types without going to the field first is aligned, and so is one that clicks once more", () => {
    expect(verify(SOUND.slice(1))).toMatchObject({ level: "aligned", answer: "matched", defects: [] });
    expect(verify(SOUND.slice(1)).alignment[0]?.gold).toEqual(["u1", "u2"]);
    expect(verify([SOUND[0], ...SOUND])).toMatchObject({ level: "aligned", answer: "matched", defects: [] });
  });

  it("may join steps in a subgoal", () => {
    const verdict = verify(SOUND, [2, 3]);
    expect(verdict).toMatchObject({ level: "aligned", defects: [] });
    expect(verdict.alignment.map(({ gold }) => gold)).toEqual([["u1", "u2"], ["u3", "u4", "u5"]]);
  });

  it.each<[string, number, Call, string, string]>([
    ["another element of the page", 4, ["CLICK", "the Find hotels button"], "match.element", "The query in subgoal 5 action 1 fits [button] Find hotels better than the element of gold step u5 (rank 2 of 7): expected [button] Find trains."],
    ["an element of no page", 4, ["CLICK", "the shopping cart"], "match.element", "The query in subgoal 5 action 1 does not fit the element of gold step u5 (rank 1 of 7): expected [button] Find trains."],
    ["another text", 1, ["TYPE", "the Leaving from field", "Tallin"], "match.value", "TYPE 'Tallin' in subgoal 2 action 1 is not what the source does in gold step u2: expected TYPE 'Turku'."],
    ["another operation", 3, ["TYPE", "Travellers", "2 adults"], "match.value", "TYPE '2 adults' in subgoal 4 action 1 is not what the source does in gold step u4: expected SELECT '2 adults'."],
  ])("with %s is not aligned", (_, at, call, code, message) => {
    const verdict = verify(SOUND.map((each, index) => (index === at ? call : each)));
    expect(verdict.level).toBe("well_formed");
    expect(verdict.defects).toMatchObject([{ code, message, subgoal: at + 1 }]);
  });

  it.each<[string, Call]>([
    ["case", ["TYPE", "THE LEAVING FROM FIELD", "TURKU"]],
    ["white space", ["TYPE", "Leaving  from", " turku "]],
    ["other words around the name", ["TYPE", 'input box labelled "Leaving from"', "Turku"]],
  ])("may differ in %s", (_, call) => {
    expect(verify(SOUND.map((each, index) => (index === 1 ? call : each)))).toMatchObject({ level: "aligned", defects: [] });
  });

  it.each([2, 3, 4])("that leaves out step %i misses it", (at) => {
    const verdict = verify(SOUND.filter((_, index) => index !== at));
    expect(verdict.level).toBe("well_formed");
    expect(verdict.defects.map(({ code }) => code)).toContain("gold.missing_step");
  });

  it("that goes on after the source's last step ends elsewhere", () => {
    const verdict = verify([...SOUND, ["CLICK", "Help"]]);
    expect(verdict).toMatchObject({ level: "well_formed", answer: "none" });
    expect(verdict.defects.map(({ code }) => code)).toEqual(["answer.mismatch", "gold.extra_step"]);
  });

  it("is warned of steps that the source has not, or has in another order", () => {
    expect(verify([SOUND[0], ["CLICK", "Help"], ...SOUND.slice(1)])).toMatchObject({ level: "aligned", defects: [{ code: "gold.extra_step", subgoal: 2 }] });
    expect(verify([SOUND[3], ...SOUND.slice(0, 3), SOUND[4]])).toMatchObject({ level: "aligned", defects: [{ code: "gold.order" }] });
  });

  it("without its pages is compared with what the source says of the elements", () => {
    const { materials: _, ...rest } = TRAIN;
    expect(verify(SOUND, [], rest)).toMatchObject({ level: "aligned", evidence: { matched: 5 } });
    expect(verify([...SOUND.slice(0, 4), ["CLICK", "Help"]], [], rest).defects).toMatchObject([{ code: "match.element" }]);
  });

  it("of 100 actions against 40 steps is judged in a few seconds", () => {
    const html = pageOf(...Array.from({ length: 200 }, (_, index) => ["a", String(index), `Offer ${index} of the day`] as const));
    const long = exampleOf(Array.from({ length: 40 }, (_, index) => ({ repr: `[a]  Offer ${index} of the day -> CLICK`, right: [String(index)], html })));
    const spent = processorTime();
    verify(Array.from({ length: 100 }, (_, index) => ["CLICK", `offer number ${index} of the day`] as const), [], long);
    expect(spent()).toBeLessThan(5_000);
  });
});

it("each few-shot of Mind2Web's prompt is aligned with its own rationale", () => {
  const prompt = loadPrompt("converters/mind2web/prompt.yaml", "web_agent");
  expect(prompt.few_shots.length).toBeGreaterThanOrEqual(2);
  for (const { rationale, plan } of prompt.few_shots) {
    const steps = [...rationale.matchAll(/^\d+\. (.* -> [A-Z]+(?:: (.*))?)$/gm)].map(([, repr = "", value = ""]) => ({ repr, value, op: /-> ([A-Z]+)/.exec(repr)?.[1] ?? "" }));
    const verdict = verifyPlan(plan, { domain: "web_agent", example: exampleOf(steps), topLevel: "aligned" });
    expect([verdict.level, verdict.answer, verdict.defects]).toEqual(["aligned", "matched", []]);
  }
});

it("a web plan is exported with what has been done instead of results", () => {
  const { plan } = parsePlan(textOf(SOUND, [3, 2]));
  if (plan === null) throw new Error("no plan");
  const row = (module: "plan" | "ground") => {
    const made = lumosChat({ domain: "web_agent", plan, example: TRAIN }, { module, formulation: "iterative" });
    return "messages" in made ? made.messages.map(({ content }) => content) : [];
  };
  expect(row("plan")).toEqual([
    "Please provide a reasonable subgoal-based plan to solve the given task.\nTask: Buy the book; Initial Environment Description: None.",
    "Subgoal 1: Do part 1.",
    "We have already do part 1. Should we stop planning?",
    "No, I will keep planning. Subgoal 2: Do part 2.",
    "We have already do part 2. Should we stop planning?",
    "Yes, I will stop planning.",
  ]);
  expect(row("ground").slice(1)).toEqual([
    "R1 = CLICK(Env, QUERY: the Leaving from field); R2 = TYPE(R1, QUERY: the Leaving from field, TEXT: Turku); R3 = CLICK(R2, QUERY: Turku Harbour in the list)",
    "Subgoal to be grounded: Subgoal 2: Do part 2.\n",
    "R4 = SELECT(R3, QUERY: number of travellers, TEXT: 2 adults); R5 = CLICK(R4, QUERY: the Find trains button)",
  ]);
  expect(printPlan(plan, "text")).toBe(textOf(SOUND, [3, 2]));
});

function exampleOf(steps: readonly Step[]): SourceExample {
  const made = mind2web.map(mind2web.record.parse(taskOf(steps)), { file: "x", position: 1 });
  if ("skip" in made) throw new Error(made.detail);
  return made.example;
}

/** The calls as a plan; `sizes`: actions of each subgoal, one where it is not said. */
function textOf(calls: readonly Call[], sizes: readonly number[] = calls.map(() => 1)): string {
  let number = 0;
  return sizes
    .map((size, subgoal) => {
      const actions = calls.slice(number, number + size).map(([tool, query, text], action) => {
        number += 1;
        return `Action ${subgoal + 1}-${action + 1}: R${number} = ${tool}(${number === 1 ? "Env" : `R${number - 1}`}, QUERY: ${query}${text === undefined ? "" : `, TEXT: ${text}`})`;
      });
      return [`Subgoal ${subgoal + 1}: Do part ${subgoal + 1}.`, ...actions].join("\n");
    })
    .join("\n\n");
}

function verify(calls: readonly Call[], sizes: readonly number[] = [], example: SourceExample = TRAIN): Verdict {
  const { plan } = parsePlan(textOf(calls, sizes.length === 0 ? undefined : sizes));
  if (plan === null) throw new Error("no plan");
  return verifyPlan(plan, { domain: "web_agent", example, topLevel: "aligned" });
}
