import { describe, expect, test } from "vitest";
import { dpoFormat } from "../../../pipelines/export/dpo.ts";
import type { Module } from "../../../pipelines/export/kind.ts";
import type { Store } from "../../../pipelines/store/open.ts";
import type { Plan } from "../../../schemas/plan.ts";
import { MODEL, newStore, RULES, type Saved, save, sourceExample } from "../store/fixture.ts";
import { BAKERY, exported, expectValid, rowsOf } from "./exported.ts";

interface Row {
  id: string;
  prompt: { role: string; content: string }[];
  chosen: { content: string }[];
  rejected: { content: string }[];
  reason: { code: string; subgoal: number | null }[];
}

const OTHER = { ...MODEL, hash: "v1-other", model: "other" };

/** The plan of the bakery with other actions in its last subgoal; with `text`, also other words there. */
function failing(args: string, text = "Find how many are left & sold <today>."): Plan {
  return { subgoals: [...BAKERY.subgoals.slice(0, 1), { text, actions: [{ outputs: ["R2"], tool: "Calculator", args: [args], result: "7" }] }] };
}

/** A store of one example that has the plan of the bakery, and the others. */
function storeWith(...failed: Saved[]): Store {
  const store = newStore();
  const example = sourceExample("gsm8k/1", { task: "How many?" });
  save(store, example, { plan: BAKERY, variant: RULES });
  for (const [i, about] of failed.entries()) save(store, example, { variant: i === 0 ? MODEL : OTHER, level: "well_formed", codes: ["answer.mismatch"], ...about });
  return store;
}

async function pairs(store: Store, module: Module, formulation: "iterative" | "onetime" = "onetime") {
  const { out, manifest, summary } = await exported(store, dpoFormat, { modules: [module], formulations: [formulation] });
  const rows = [...rowsOf(out, manifest.files).values()].flat();
  expectValid("dpo", rows);
  return { rows: rows as Row[], excluded: summary.excluded, remarks: summary.remarks };
}

describe("preference pairs", () => {
  test("set the reply of the proven plan against that of the failed one, with the reason", async () => {
    const { rows } = await pairs(storeWith({ plan: failing("36 - 5") }), "ground");
    expect(rows.map(({ prompt, ...row }) => ({ ...row, asked: prompt.length }))).toMatchInlineSnapshot(`
      [
        {
          "asked": 1,
          "chosen": [
            {
              "content": "R1 = Calculator(12 * 3); R2 = SetEquation(x + 6 = R1); R3 = SolveEquation(R2, x)",
              "role": "assistant",
            },
          ],
          "chosen_level": "proven",
          "id": "gsm8k/1",
          "reason": [
            {
              "action": null,
              "code": "answer.mismatch",
              "message": "There is answer.mismatch.",
              "subgoal": null,
            },
          ],
          "rejected": [
            {
              "content": "R1 = Calculator(12 * 3); R2 = Calculator(36 - 5)",
              "role": "assistant",
            },
          ],
          "rejected_annotator": "llm",
          "rejected_attempt": null,
          "rejected_level": "well_formed",
          "rejected_model": "small",
        },
      ]
    `);
  });

  test("of iterative rows part where the two first say something else", async () => {
    const { rows } = await pairs(storeWith({ plan: failing("36 - 5") }), "ground", "iterative");
    expect(rows.map(({ prompt, chosen, rejected }) => [prompt.map(({ role }) => role), chosen[0]?.content, rejected[0]?.content])).toEqual([
      [["user", "assistant", "user"], "R2 = SetEquation(x + 6 = R1); R3 = SolveEquation(R2, x)", "R2 = Calculator(36 - 5)"],
    ]);
  });

  test.each<[why: string, module: Module, formulation: "iterative" | "onetime", failed: Saved, excluded: Record<string, number>]>([
    ["the same words are planned", "plan", "onetime", { plan: failing("36 - 5") }, { same_reply: 1 }],
    ["what is asked differs first", "ground", "iterative", { plan: failing("36 - 5", "Find the rest.") }, { same_reply: 1 }],
    ["only a claimed result is wrong, which is in no reply", "ground", "onetime", { plan: failing("36 - 5"), codes: ["exec.mismatch"] }, { no_failed_plan: 1 }],
    ["only its actions are wrong, and sentences are learned", "plan", "onetime", { plan: failing("36 - 5", "Find it."), codes: ["tool.arity"] }, { no_failed_plan: 1 }],
    ["a part of it was lost when it was read", "ground", "onetime", { plan: failing("36 - 5"), codes: ["parse.action", "answer.mismatch"], level: "parsed" }, { no_failed_plan: 1 }],
    ["it is as good", "ground", "onetime", { plan: failing("36 - 5"), level: "proven" }, { no_failed_plan: 1 }],
    ["no plan is learned", "cot", "onetime", { plan: failing("36 - 5") }, { same_reply: 1 }],
  ])("are not made where %s", async (_why, module, formulation, failed, excluded) => {
    const made = await pairs(storeWith(failed), module, formulation);
    expect(made.rows).toEqual([]);
    expect(made.excluded).toEqual(excluded);
    expect(made.remarks).toEqual([]);
  });

  test("are one for each way to fail", async () => {
    const failed = { plan: failing("36 - 5") };
    expect((await pairs(storeWith(failed, failed), "ground")).rows).toHaveLength(1);
    expect((await pairs(storeWith(failed, { plan: failing("36 - 4") }), "ground")).rows).toHaveLength(2);
  });

  test("take a quarantined plan that could be read", async () => {
    const { rows } = await pairs(storeWith({ plan: failing("36 - 5"), level: "parsed", codes: ["tool.arity"] }), "ground");
    expect(rows.map(({ reason }) => reason.map(({ code }) => code))).toEqual([["tool.arity"]]);
  });
});
