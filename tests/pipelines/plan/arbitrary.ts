import * as fc from "fast-check";
import { DOMAIN_TOOLS, type Domain, TOOL_NAMES, TOOLS_WITHOUT_RESULT } from "../../../schemas/domain.ts";
import type { Action, Plan, Subgoal } from "../../../schemas/plan.ts";
import { parseArgs } from "../../../pipelines/plan/args.ts";

/**
 * Any printable plan: one whose texts are single-line and trimmed, whose brackets have partners within each text (`(` and `[` with `)` and `]` alike), whose sentences are not
 * empty and repeat no label, whose results do not end in a dot and are not wholly bold, and none of which runs into another action. Everything else is allowed: `) = `, commas, quotes, LaTeX, any Unicode.
 * Its references need not be sensible; that is for the checks.
 */
export function arbitraryPlan(options: { domain?: Domain } = {}): fc.Arbitrary<Plan> {
  const tools = options.domain === undefined ? [...TOOL_NAMES, "Frobnicate"] : DOMAIN_TOOLS[options.domain];
  const shape = fc.array(fc.array(fc.tuple(fc.constantFrom(...tools), balancedText(), resultText(), fc.integer({ min: 1, max: 3 })), { minLength: 1, maxLength: 4 }), {
    minLength: 1,
    maxLength: 5,
  });
  return fc.tuple(shape, fc.array(sentence(), { minLength: 5, maxLength: 5 }), fc.boolean()).map(([subgoals, sentences, endsInOutput]) => {
    let variable = 0;
    const plan: Subgoal[] = subgoals.map((calls, i) => ({
      text: sentences[i] ?? "Go on.",
      actions: calls.map(([tool, args, result, outputs]): Action => {
        const names = Array.from({ length: outputs }, () => `R${(variable += 1)}`);
        return { outputs: names, tool, args: parseArgs(args), result: TOOLS_WITHOUT_RESULT.has(tool) && outputs > 1 ? "" : result };
      }),
    }));
    const last = plan.at(-1)?.actions.at(-1);
    if (endsInOutput && last !== undefined) last.outputs = ["Output"];
    return { subgoals: plan };
  });
}

/** Single-line trimmed text in which every bracket has its partner. */
function balancedText(): fc.Arbitrary<string> {
  const { text } = fc.letrec<{ text: string; piece: string }>((tie) => ({
    piece: fc.oneof(
      { depthSize: "small", withCrossShrink: true },
      plainPiece(),
      fc.tuple(fc.constantFrom("(", "["), tie("text"), fc.constantFrom(")", "]", ") = ", ")")).map(([open, inner, close]) => open + inner + close),
    ),
    text: fc.array(tie("piece"), { maxLength: 5 }).map((pieces) => pieces.join("")),
  }));
  return text.map((each) => each.trim());
}

/** Single-line trimmed text without any rule on brackets. */
export function anyText(): fc.Arbitrary<string> {
  return fc.array(fc.oneof(plainPiece(), fc.constantFrom("(", ")", "[", "]", ") or ", "[0, 1)", ":-(")), { maxLength: 8 }).map((pieces) => pieces.join("").trim());
}

/** Something like what models send: pieces of plans in any order, whole or spoilt. */
export function arbitraryReply(): fc.Arbitrary<string> {
  return fc.array(fc.oneof(fc.constantFrom(...REPLY_PIECES), fc.string({ unit: "binary", maxLength: 8 })), { maxLength: 40 }).map((pieces) => pieces.join(""));
}

function sentence(): fc.Arbitrary<string> {
  return fc
    .oneof(anyText(), fc.constantFrom("Find how many eggs are left.", "**Add** the `two`", "Action 1-1: no", "- Subgoal", "R1 = Calculator(2) = 2", "```"))
    .filter((text) => text !== "" && !/^subgoal [0-9]+:/i.test(text) && !/\s(?:Action [0-9]+-[0-9]+:|Subgoal [0-9]+:|(?:R[0-9]+|Output) = [A-Za-z]+\()/.test(text));
}

function resultText(): fc.Arbitrary<string> {
  return balancedText().map(asResult);
}

/** The text without what no result has: final dots, bold marks around all of it, the next action. */
export function asResult(text: string): string {
  const trimmed = text.replace(/[.\s]+$/, "");
  return trimmed === "" || /^\*\*.*\*\*$|\s(?:R[0-9]+|Output) = [A-Za-z]+\(/s.test(trimmed) ? "3" : trimmed;
}

function plainPiece(): fc.Arbitrary<string> {
  return fc.oneof(
    fc.constantFrom(...PIECES),
    fc.string({ unit: "grapheme", maxLength: 5 }).map(withoutBrackets),
    fc.string({ unit: "binary", maxLength: 4 }).map(withoutBrackets),
  );
}

function withoutBrackets(text: string): string {
  return text.replace(/[()[\]\r\n\b\f]/g, "_");
}

const PIECES = [
  "R1", "R2", " R3 + ", "R10", "R2-D2", "Output", " = ", "==", "=", ", ", "; ", ".", "..", ".5", "1,000", "$5", "50%", "Jen's", "'", '"', "“", "”", "\\frac{1}{2}", "\\left",
  "\\$", "{x}", "**", "`", "*", "_", "#", "-", " - ", "Question: ", "Query: who?", "Action", "Subgoal", "x = y + 625", '{"subgoals": {', "```", "é", "日本", "\u2028", "\t", " ", "  ", "\\n", "<b>",
];

const REPLY_PIECES = [
  "Subgoal 1: Find it.\n", "Subgoal 2:", "Subgoal 2: Add\n", "**Subgoal 3:** Go on.\r\n", "### Subgoal 4", "Subgoal", "Action 1-1: R1 = Calculator(2 + 2) = 4\n", "Action 2-1: ", "Action", "R2 = Calculator(R1 * (2 + 1)) = 12",
  "R0 = ", "R1, R2 = SolveEquation(", "Output = QA([R1], Question: a) or b)?) = b", "Calculator(", "[0, 1)", ") = ", ")", "(", " = ", "\n", "\n\n", "\r", "```json\n", "```\n", '{"subgoals": [', '{"text": "Find it.", "actions": [',
  '{"outputs": ["R1"], "tool": "Calculator", "args": "2 + 2", "result": "4"}', "]}", "]}]}", ",", '"', "\\", '"__proto__": 1', "{", "}", "1.", "-", "**", "Note: nothing.", "\u0000", "\ud800",
];
