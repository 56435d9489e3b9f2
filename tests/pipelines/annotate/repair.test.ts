import * as fc from "fast-check";
import { afterEach, describe, expect, it } from "vitest";
import { annotateByModel } from "../../../pipelines/annotate/llm.ts";
import type { ModelSettings } from "../../../pipelines/annotate/llm.ts";
import { openClient } from "../../../pipelines/llm/client.ts";
import { LEVELS } from "../../../schemas/defect.ts";
import type { Level } from "../../../schemas/defect.ts";
import { STATES } from "../../../schemas/annotation.ts";
import { mathsExample } from "../../support/prompt.ts";
import { startStandIn } from "../../support/stand-in.ts";
import type { StandIn } from "../../support/stand-in.ts";
import { arbitraryReply } from "../plan/arbitrary.ts";
import { questionExample } from "../verify/examples.ts";
import { inJson, scripted, settings } from "./scripted.ts";
import type { Line } from "./scripted.ts";

const RIGHT = `Subgoal 1: Find how many coins the jars hold.
Action 1-1: R1 = Calculator(4 * 5) = 20

Subgoal 2: Add the coins beside the jars.
Action 2-1: R2 = Calculator(R1 + 2) = 22`;
const WRONG = RIGHT.replace("= 20", "= 21");
const WORSE = RIGHT.replace("= 20", "= 21").replace("= 22", "= 25");
const UNDEFINED = RIGHT.replace("R1 + 2", "R9 + 2");
const [FIRST = "", SECOND = ""] = RIGHT.split("\n\n");

function annotate(script: readonly Line[], fields: Partial<ModelSettings> = {}, example = mathsExample(), firstAsk = 1) {
  const model = scripted(script);
  return annotateByModel(example, model.ports, settings(fields), firstAsk).then((outcome) => ({ outcome, ...model }));
}

describe("a plan below the top level", () => {
  it.each<[string, "text" | "json", string, string]>([
    ["a wrong result, by one subgoal as text", "text", WRONG, FIRST],
    ["a wrong result, by one subgoal as JSON", "json", inJson(WRONG), inJson(FIRST, true)],
    ["a wrong result, by the second subgoal alone", "text", RIGHT.replace("= 22", "= 23"), SECOND],
    ["a wrong result, by the second subgoal alone as JSON", "json", inJson(RIGHT.replace("= 22", "= 23")), inJson(SECOND, true)],
    ["a wrong result, by text where JSON was asked for", "json", inJson(WRONG), FIRST],
    ["a wrong result, by the whole plan", "text", WRONG, RIGHT],
    ["an undefined variable", "text", UNDEFINED, SECOND],
    ["an action that can't be read", "text", RIGHT.replace(" = Calculator(R1 + 2) = 22", " is 22"), SECOND],
    ["a subgoal without action", "text", `${FIRST}\n\nSubgoal 2: Add the coins beside the jars.`, SECOND],
    ["no plan at all", "text", "I would count the jars.", RIGHT],
    ["broken JSON", "json", inJson(RIGHT).slice(0, 120), inJson(RIGHT)],
    ["a plan that stops early", "text", FIRST, RIGHT],
    ["a plan that stops early, by the subgoal that was missing", "text", FIRST, SECOND],
  ])("is repaired: %s", async (_what, reply, before, correction) => {
    const { outcome, requests } = await annotate([before, correction], { reply });
    expect(outcome).toMatchObject({
      state: "annotated",
      repairs: 1,
      annotation: { plan: { subgoals: [{ actions: [{ outputs: ["R1"], result: "20" }] }, { actions: [{ outputs: ["R2"], result: "22" }] }] }, verdict: { level: "proven", defects: [] } },
      attempts: [
        { ask: 1, sample: 0, kind: "ask" },
        { ask: 2, sample: 0, kind: "repair", level: "proven", outcome: "proven", defects: [] },
      ],
    });
    expect(outcome.state === "annotated" && outcome.repaired.length).toBeGreaterThan(0);
    expect(requests).toHaveLength(2);
  });

  it("goes back as the model's own turn, with what running it gave, and the task verbatim in the last message", async () => {
    const { messages, outcome } = await annotate([WRONG, FIRST]);
    const [plan, request] = messages(1).slice(-2);
    expect(messages(1).slice(0, -2)).toEqual(messages(0));
    expect(plan).toEqual({ role: "assistant", content: WRONG });
    expect(request?.role).toBe("user");
    expect(request?.content.slice(request.content.indexOf("Task:"))).toMatchInlineSnapshot(`
      "Task:
      A shelf holds 4 jars. Each jar holds 5 coins, and 2 coins lie beside them. How many coins are there?

      Problems:
      - Subgoal 1 action 1: R1 = Calculator(4 * 5) is 20, but the plan says 21.

      Reply with subgoal 1, and any other that changes with it."
    `);
    expect(outcome).toMatchObject({ repaired: ["exec.mismatch"] });
  });

  it.each<[string, string, string]>([
    ["names the subgoals that have a fault", RIGHT.replace("4 * 5", "4 / 0").concat("\n\nSubgoal 3: Repeat it.\nAction 3-1: R3 = Calculator(R2) = 22"), "Reply with subgoal 1, and any other that changes with it."],
    ["asks for the whole plan where a step is missing", FIRST, "Reply with the whole plan."],
    ["asks for the whole plan where a missing step leaves a variable undefined", SECOND, "Reply with the whole plan."],
    ["names the subgoal through which a step is missing", RIGHT.replace("4 * 5", "4 + 5").concat("\n\nSubgoal 3: Repeat it.\nAction 3-1: R3 = Calculator(R2 + 0) = 22"), "Reply with subgoal 1, and any other that changes with it."],
    ["asks for the whole plan where none could be read", "No.", "Reply with the whole plan."],
    ["asks for what has to change where only the end shows it", RIGHT.concat("\n\nSubgoal 3: Add the jars.\nAction 3-1: R3 = Calculator(R2 + 4) = 26"), "Reply with the subgoals that have to change."],
  ])("%s", async (_what, before, closing) => {
    const { messages } = await annotate([before]);
    expect(messages(1).at(-1)?.content.split("\n").at(-1)).toBe(closing);
  });

  it("is shown the missing step in the words of the rationale, and nothing that only the source knows", async () => {
    const told = await annotate([FIRST]);
    expect(told.messages(1).at(-1)?.content).toContain("- Step 2 of 2 of the rationale is carried out by no subgoal: 'Together there are 20+2=22 coins.'.");
    const secret = mathsExample({ rationale: "First the jars, then the rest." });
    const untold = await annotate([FIRST], {}, secret);
    expect(untold.messages(1).at(-1)?.content).toContain("- Step 2 of 2 of the rationale is carried out by no subgoal.\n");
    expect(untold.messages(1).at(-1)?.content).not.toContain("20+2");
  });

  it("is not told which paragraphs the source has beyond the rationale", async () => {
    const example = questionExample("Did Ann outlive Bo?", "True", [{ question: "When did Ann die?", paragraphs: [["Ann-1"], ["Ann-2"]] }, { question: "Is #1 after 1990?", builds_on: [1], result: "True" }]);
    const reply = "Subgoal 1: Find when Ann died.\nAction 1-1: R1 = KnowledgeQuery(Ann) = WikipediaPage(Ann)\nAction 1-2: R2 = ParagraphRetrieve(R1, Query: When did Ann die?) = Paragraph(Ann-9)\nAction 1-3: R3 = QA([R2], Question: When did Ann die?) = 1999\n\nSubgoal 2: Compare.\nAction 2-1: R4 = Calculator(R3 > 1990) = True";
    const { messages } = await annotate([reply], { topLevel: "aligned" }, example);
    expect(messages(1).at(-1)?.content).toContain("is evidence for no gold step: follow the rationale.");
    expect(messages(1).at(-1)?.content).not.toMatch(/Ann-[12]/);
  });

  it("goes back where only the model says what a result is", async () => {
    const claimed = RIGHT.replace("Calculator(4 * 5)", "Code(the coins of 4 jars)");
    const { messages, outcome } = await annotate([claimed, FIRST]);
    expect(messages(1).at(-1)?.content).toMatch(/- Subgoal 1 action 1: nothing supports its result '20'/);
    expect(outcome).toMatchObject({ annotation: { verdict: { level: "proven" } } });
  });

  it.each<[string, string, Level, number]>([
    ["at the top level of its source", RIGHT, "aligned", 0],
    ["with nothing but warnings", RIGHT.replace("Add the coins", "Add 20 and the coins"), "proven", 1],
    ["with a number from nowhere, where that bars only what the source can't reach", RIGHT.replace("4 * 5", "4 * 5 + 17 - 17"), "aligned", 1],
  ])("is not asked again: %s", async (_what, reply, topLevel, defects) => {
    const { outcome, requests } = await annotate([reply], { topLevel });
    expect(requests).toHaveLength(1);
    expect(outcome).toMatchObject({ state: "annotated", repairs: 0, repaired: [], annotation: { verdict: { level: topLevel } } });
    expect(outcome.state === "annotated" && outcome.annotation.verdict.defects.length).toBe(defects);
  });

  it("stays as it is where its repairs make it worse, and starts each of them afresh", async () => {
    const { outcome, requests, messages } = await annotate([WRONG, WORSE, UNDEFINED], { attempts: 4 });
    expect(requests).toHaveLength(4);
    expect(outcome).toMatchObject({
      state: "annotated",
      repairs: 0,
      repaired: [],
      annotation: { plan: { subgoals: [{}, { actions: [{ result: "22" }] }] } },
      attempts: [{ level: "well_formed" }, { kind: "repair", level: "well_formed" }, { kind: "repair", level: "parsed" }, { kind: "repair", level: "parsed" }],
    });
    expect([1, 2, 3].map((index) => messages(index).at(-2)?.content)).toEqual([WRONG, WRONG, WRONG]);
    expect(messages(2).at(-1)?.content).toContain(`A correction that was no better:\n${WORSE}\n\nIts problems:\n- `);
    expect(messages(3).at(-1)?.content).toContain(`A correction that was no better:\n${UNDEFINED}\n\nIts problems:\n- `);
  });

  it("is repaired in steps, each from the best so far", async () => {
    const both = WORSE.replace("R1 + 2", "R9 + 2");
    const { outcome, messages } = await annotate([both, SECOND, FIRST]);
    expect(messages(2).at(-2)?.content).toBe(WRONG);
    expect(outcome).toMatchObject({ repairs: 2, attempts: [{ level: "parsed" }, { level: "well_formed" }, { level: "proven" }] });
    expect(outcome.state === "annotated" && outcome.repaired).toEqual(expect.arrayContaining(["ref.undefined", "exec.mismatch"]));
  });

  it("is kept where the correction fits nowhere", async () => {
    const { outcome } = await annotate([WRONG, SECOND.replace("Subgoal 2", "Subgoal 7").replace("R2 =", "R7 =")], { attempts: 2 });
    expect(outcome).toMatchObject({ state: "annotated", attempts: [{}, { kind: "repair", level: null, outcome: "no_plan", defects: [{ code: "parse.no_plan" }] }] });
  });

  it.each([1, 2, 5])("is asked about no more than %i times in all", async (attempts) => {
    const { requests, outcome } = await annotate([UNDEFINED], { attempts });
    expect(requests.map(({ ask }) => ask)).toEqual(Array.from({ length: attempts }, (_, index) => index + 1));
    expect(new Set(requests.map(({ hash }) => hash)).size).toBe(attempts);
    expect(outcome).toMatchObject({ state: "quarantined", repairs: 0, repaired: [] });
  });

  it("has its repair asked for again, unchanged, where the reply can't be used", async () => {
    const { outcome, messages } = await annotate([WRONG, { finish_reason: "length", text: "Subg" }, FIRST]);
    expect(messages(2)).toEqual(messages(1));
    expect(outcome).toMatchObject({ repairs: 1, attempts: [{ kind: "ask" }, { kind: "repair", outcome: "unusable", defects: [{ code: "llm.truncated" }] }, { kind: "repair", outcome: "proven" }] });
  });

  it("fails where a repair is not answered, to go on from there another time", async () => {
    const { outcome, kept } = await annotate([WRONG, { failure: "server_error" }]);
    expect(outcome).toMatchObject({ state: "failed", reason: "server_error", attempts: [{ level: "well_formed" }, { kind: "repair", reply: null, outcome: "server_error" }] });
    const again = scripted([FIRST], kept);
    expect(await annotateByModel(mathsExample(), again.ports, settings())).toMatchObject({ state: "annotated", repairs: 1, attempts: [{ cached: true }, { cached: false }] });
    expect(again.requests).toHaveLength(1);
  });

  it("is taken as it is where the endpoint does not take the repair", async () => {
    const { outcome } = await annotate([WRONG, { failure: "bad_request" }]);
    expect(outcome).toMatchObject({ state: "annotated", annotation: { verdict: { level: "well_formed" } }, attempts: [{}, { outcome: "bad_request" }] });
    expect((await annotate([{ failure: "bad_request" }])).outcome).toMatchObject({ state: "failed" });
  });

  it("is not sent back in full where it is huge", async () => {
    const { messages } = await annotate([`${WRONG}\n\nSubgoal 3: ${"so ".repeat(10_000)}`]);
    const length = (index: number) => messages(index).reduce((sum, { content }) => sum + content.length, 0);
    expect(length(1) - length(0)).toBeLessThan(16_000);
    expect(messages(1).at(-1)?.content).toContain("Reply with the whole plan.");
  });
});

it.each([{ attempts: 0 }, { samples: 0 }, { attempts: 1.5 }])("settings that ask for nothing are an error: %j", async (fields) => {
  await expect(annotate([RIGHT], fields)).rejects.toThrow(/^Setting (?:attempts|samples) is [0-9.]+: expected a whole number, at least 1\.$/);
});

describe("several candidates of an ask", () => {
  it("end with the first that reaches the top level, and all are kept", async () => {
    const { outcome, kept, requests } = await annotate([WORSE, "no plan", RIGHT, WRONG], { samples: 5 });
    expect(requests.map(({ ask, sample }) => [ask, sample])).toEqual([[1, 0], [1, 1], [1, 2]]);
    expect(kept.size).toBe(3);
    expect(outcome).toMatchObject({ state: "annotated", repairs: 0, repaired: [], attempts: [{ sample: 0 }, { sample: 1 }, { sample: 2, level: "proven" }] });
  });

  it("are repaired from the best of them: highest level, then fewest errors, then earliest", async () => {
    const { messages, outcome, requests } = await annotate([UNDEFINED, WORSE, WRONG, WRONG.replace("Add", "Sum"), "nothing", FIRST], { samples: 4, attempts: 2 });
    expect(messages(4).at(-2)?.content).toBe(WRONG);
    expect(requests.map(({ ask, sample }) => [ask, sample])).toEqual([[1, 0], [1, 1], [1, 2], [1, 3], [2, 0], [2, 1]]);
    expect(outcome).toMatchObject({ repairs: 1, annotation: { verdict: { level: "proven" } } });
  });

  it("are asked for anew only where none of them can be used", async () => {
    const cut: Line = { finish_reason: "length" };
    const { outcome, messages, requests } = await annotate([cut, cut, cut, WRONG, FIRST], { samples: 2 });
    expect(requests.map(({ ask, sample }) => [ask, sample])).toEqual([[1, 0], [1, 1], [2, 0], [2, 1], [3, 0]]);
    expect(messages(3)).toEqual(messages(0));
    expect(outcome).toMatchObject({ repairs: 1, attempts: [{ kind: "ask" }, { kind: "ask" }, { kind: "ask" }, { kind: "ask" }, { kind: "repair" }] });
  });
});

describe("an example that is annotated again", () => {
  it.each<[string, readonly Line[], Partial<ModelSettings>]>([
    ["repaired", [WORSE, SECOND, FIRST], {}],
    ["repaired among samples", [WORSE, WRONG, SECOND, FIRST], { samples: 2 }],
    ["never right", [WRONG, WORSE, UNDEFINED], { reply: "json" }],
    ["asked again for what could not be used", [{ finish_reason: "length" }, WRONG, FIRST], {}],
  ])("asks nothing and comes to the same: %s", async (_what, script, fields) => {
    const { outcome, kept } = await annotate(script, fields);
    const again = scripted(["never asked"], kept);
    const second = await annotateByModel(mathsExample(), again.ports, settings(fields));
    expect(again.requests).toEqual([]);
    expect(withoutCached(second)).toEqual(withoutCached(outcome));
  });

  it("after a kill at any moment asks only for what had not been answered", async () => {
    const script = [WORSE, WRONG, SECOND, FIRST];
    const { outcome, kept } = await annotate(script, { samples: 2 });
    const replies = [...kept];
    for (let answered = 0; answered <= replies.length; answered++) {
      const again = scripted(script.slice(answered), new Map(replies.slice(0, answered)));
      const second = await annotateByModel(mathsExample(), again.ports, settings({ samples: 2 }));
      expect(again.requests).toHaveLength(replies.length - answered);
      expect(withoutCached(second)).toEqual(withoutCached(outcome));
    }
  });

  it("from a later ask number starts with a plan of its own, its repairs numbered on", async () => {
    const { kept } = await annotate([WRONG], { attempts: 2 });
    const again = scripted([WRONG, FIRST], kept);
    const outcome = await annotateByModel(mathsExample(), again.ports, settings({ attempts: 2 }), 3);
    expect(outcome).toMatchObject({ state: "annotated", repairs: 1, attempts: [{ ask: 3, kind: "ask", cached: false }, { ask: 4, kind: "repair" }] });
  });

  it("asks nothing more while the run is drained, and takes what is kept", async () => {
    const { kept } = await annotate([WRONG, FIRST]);
    const drain = AbortSignal.abort();
    const full = scripted([], kept);
    expect(await annotateByModel(mathsExample(), { ...full.ports, drain }, settings())).toMatchObject({ state: "annotated", repairs: 1 });
    const half = scripted([RIGHT], new Map([...kept].slice(0, 1)));
    expect(await annotateByModel(mathsExample(), { ...half.ports, drain }, settings())).toMatchObject({ state: "failed", reason: "interrupted", fatal: false });
    expect(half.requests).toEqual([]);
  });
});

describe("whatever the replies", () => {
  const piece = fc.oneof(fc.constantFrom(RIGHT, WRONG, WORSE, UNDEFINED, FIRST, SECOND, inJson(WRONG), inJson(SECOND, true), SECOND.replace("R2", "R1"), ""), arbitraryReply());
  const line = fc.oneof({ weight: 8, arbitrary: piece }, { weight: 1, arbitrary: fc.constant<Line>({ finish_reason: "length" }) }, { weight: 1, arbitrary: fc.constantFrom<Line>({ failure: "timeout" }, { failure: "bad_request" }) });

  it("attempts keep to the limit, there is one of four outcomes, and its level is never below that of any plan on the way", async () => {
    await fc.assert(
      fc.asyncProperty(fc.array(line, { minLength: 1, maxLength: 8 }), fc.integer({ min: 1, max: 4 }), fc.integer({ min: 1, max: 3 }), fc.constantFrom("text" as const, "json" as const), async (script, attempts, samples, reply) => {
        const { outcome, requests, kept } = await annotate(script, { attempts, samples, reply });
        expect(STATES).toContain(outcome.state);
        if (outcome.state === "skipped") throw new Error("A model's work is never skipped.");
        expect(outcome.attempts).toHaveLength(requests.length);
        expect(requests.length).toBeLessThanOrEqual(attempts * samples);
        expect(new Set(outcome.attempts.map(({ ask, sample }) => `${ask}-${sample}`)).size).toBe(outcome.attempts.length);
        expect(kept.size).toBe(outcome.attempts.filter((each) => each.reply !== null).length);
        if (outcome.state === "failed") return;
        const reached = outcome.state === "annotated" ? outcome.annotation.verdict.level : (outcome.verdict?.level ?? null);
        expect(rank(reached)).toBe(Math.max(-1, ...outcome.attempts.map(({ level }) => rank(level))));
        const codes = new Set((outcome.state === "annotated" ? outcome.annotation.verdict.defects : outcome.defects).map(({ code }) => code));
        expect(outcome.repaired.filter((code) => codes.has(code))).toEqual([]);
        expect(outcome.repairs).toBeLessThanOrEqual(outcome.attempts.filter(({ kind }) => kind === "repair").length);
      }),
      { numRuns: 150 },
    );
  });
});

describe("over a real connection", () => {
  let standIn: StandIn | null = null;
  afterEach(async () => {
    await standIn?.close();
    standIn = null;
  });

  it.each(["text", "json"] as const)("a repair in the %s form finds its example by the task, and a rerun asks nothing", async (reply) => {
    const { task } = mathsExample();
    standIn = await startStandIn(({ messages }) => {
      const last = messages.at(-1)?.content ?? "";
      if (!last.includes(task)) return "";
      const isRepair = messages.at(-2)?.content.includes("21") === true;
      return reply === "json" ? inJson(isRepair ? FIRST : WRONG, isRepair) : isRepair ? FIRST : WRONG;
    });
    const { complete } = openClient({ baseUrl: standIn.url, key: null });
    const { ports } = scripted([]);
    const first = await annotateByModel(mathsExample(), { ...ports, complete }, settings({ reply }));
    expect(first).toMatchObject({ state: "annotated", repairs: 1, repaired: ["exec.mismatch"], annotation: { verdict: { level: "proven" } } });
    const second = await annotateByModel(mathsExample(), { ...ports, complete }, settings({ reply }));
    expect(second).toMatchObject({ attempts: [{ cached: true }, { cached: true }] });
    expect(standIn.requests).toHaveLength(2);
    expect(standIn.requests.every((body) => Object.hasOwn(body, "response_format") === (reply === "json"))).toBe(true);
  });
});

function rank(level: Level | null): number {
  return level === null ? -1 : LEVELS.indexOf(level);
}

function withoutCached(outcome: Awaited<ReturnType<typeof annotateByModel>>): unknown {
  if (outcome.state === "skipped") return outcome;
  return { ...outcome, attempts: outcome.attempts.map(({ cached: _cached, ...attempt }) => attempt) };
}
