import { describe, expect, it } from "vitest";
import { readingsOf } from "../../../pipelines/annotate/corrections.ts";
import { parsePlan } from "../../../pipelines/plan/parse.ts";
import { printPlan } from "../../../pipelines/plan/print.ts";
import type { RepairScope } from "../../../pipelines/prompts/repair.ts";
import { defect } from "../../../schemas/defect.ts";
import type { Defect } from "../../../schemas/defect.ts";
import { processorTime } from "../../support/processor-time.ts";
import { inJson } from "./scripted.ts";

const BASE = `Subgoal 1: Find A.
Action 1-1: R1 = Calculator(4 * 5) = 21

Subgoal 2: Find B.
Action 2-1: R2 = Calculator(R1 + 2) = 22`;
const FIRST = "Subgoal 1: Find A anew.\nAction 1-1: R1 = Calculator(4 * 5) = 20";
const SECOND = "Subgoal 2: Find B anew.\nAction 2-1: R2 = Calculator(R1 + 2) = 22";
const THIRD = "Subgoal 3: Find C.\nAction 3-1: R3 = Calculator(R2 + 2) = 24";

/** The sentences of each reading. */
function read(reply: string, scope: RepairScope = [1], base = BASE): string[] {
  return readings(reply, scope, base).map(({ plan }) => plan.subgoals.map(({ text }) => text).join(" "));
}

function readings(reply: string, scope: RepairScope = [1], base = BASE, parseDefects: readonly Defect[] = []) {
  const { plan } = parsePlan(base);
  return readingsOf(reply, parsePlan(reply), plan === null ? null : { plan, parseDefects, scope });
}

describe("a reply that corrects a plan", () => {
  it.each<[string, string, RepairScope, string[]]>([
    ["by its number", SECOND, [2], ["Find A. Find B anew."]],
    ["by its number in bold, fenced, behind prose", `Here it is:\n\`\`\`\n**Subgoal 2:** Find B anew.\nAction 2-1: R2 = Calculator(R1 + 2) = 22\n\`\`\``, [2], ["Find A. Find B anew."]],
    ["by its number in JSON", inJson(SECOND, true), [2], ["Find A. Find B anew."]],
    ["by its number in JSON over several lines with prose around it", `So:\n${JSON.stringify(JSON.parse(inJson(SECOND, true)), null, 2)}\nDone.`, [2], ["Find A. Find B anew."]],
    ["by its variables, where JSON has no number", inJson(SECOND), [1, 2], ["Find A. Find B anew.", "Find B anew."]],
    ["as the one that was asked for, where it has neither", inJson(SECOND.replace("R2", "R7")), [2], ["Find A. Find B anew.", "Find B anew."]],
    ["by its variables, where it is numbered anew", SECOND.replace("Subgoal 2", "Subgoal 1").replace("Action 2-1", "Action 1-1"), [2], ["Find B anew. Find B.", "Find A. Find B anew.", "Find B anew."]],
    ["at the end of the plan", THIRD, "plan", ["Find A. Find B. Find C."]],
    ["with another at the end", `${SECOND}\n\n${THIRD}`, [2], ["Find A. Find B anew. Find C."]],
    ["in any order", `${THIRD}\n\n${SECOND}`, [2], ["Find A. Find B anew. Find C."]],
    ["as the whole plan, where all are replaced", `${FIRST}\n\n${SECOND}`, [1], ["Find A anew. Find B anew."]],
    ["as a whole plan first, where that was asked for", FIRST, "plan", ["Find A anew.", "Find A anew. Find B."]],
    ["beside one without actions, which stays", inJson(`${FIRST}\n\nSubgoal 2: The same.`, true), [1], ["Find A anew. Find B.", "Find A anew. The same."]],
  ])("is put into it %s", (_how, reply, scope, expected) => {
    expect(read(reply, scope)).toEqual(expected);
  });

  it.each<[string, string]>([
    ["a gap behind the plan's last", THIRD.replace("Subgoal 3", "Subgoal 9")],
    ["a number that stands twice", `${THIRD}\n\n${THIRD}`],
    ["nothing of the kind", "I see nothing wrong."],
    ["a huge number", THIRD.replace("Subgoal 3", "Subgoal 999999")],
  ])("is no correction with %s", (_what, reply) => {
    expect(read(reply)).toEqual([]);
  });

  it("is a plan of its own where none could be read before", () => {
    expect(readingsOf(SECOND, parsePlan(SECOND), null).map(({ plan }) => printPlan(plan))).toEqual([printPlan(parsePlan(SECOND).plan ?? { subgoals: [] })]);
  });

  it("keeps what the parser found wrong with what stays, and tells what it found in what is new at its new place", () => {
    const stays = defect("parse.action", "Subgoal 1 action 2: can't read 'x'.", { subgoal: 1, action: 2 });
    const replaced = defect("parse.action", "Subgoal 2 action 2: can't read 'y'.", { subgoal: 2, action: 2 });
    const placeless = defect("parse.action", "An action stands before the first subgoal.");
    const found = readings(`${SECOND}\nAction 2-2: R5 = `, [2], BASE, [stays, replaced, placeless]);
    expect(found.map(({ parseDefects }) => parseDefects)).toEqual([
      [stays, placeless, expect.objectContaining({ code: "parse.action", subgoal: 2, action: 2, message: expect.stringMatching(/^Subgoal 2 action 2: /) })],
    ]);
  });

  it("takes no time to speak of, whatever it holds", () => {
    const spent = processorTime();
    for (const piece of ["Subgoal 2: A\n", '{"subgoals": ', '{"text": "Subgoal 2: A", "actions": []},', "Subgoal #2", "R1 = Calculator(", "<<"]) {
      readings(piece.repeat(Math.floor(100_000 / piece.length)), [2]);
    }
    expect(spent()).toBeLessThan(3000);
  });
});
