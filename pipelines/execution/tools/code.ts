import { readTokens } from "../code/lexer.ts";
import { parseCode } from "../code/parser.ts";
import { runCode } from "../code/run.ts";
import { FormulaProblem, LIMITS } from "../limits.ts";
import { isEmpty, numbersIn, problem, textOf } from "./arguments.ts";
import type { Tool } from "./tool.ts";

/** `Code(pseudo_code)`: a few lines in the manner of Python, run step by step over earlier results; never evaluated by the engine. Gives a number, text, boolean or list. */
export const code: Tool = {
  name: "Code",
  check: (args) => (isEmpty(args) ? "Code takes pseudo-code, found nothing." : null),
  run({ args, lookup, outputs }) {
    try {
      if (textOf(args).length > LIMITS.formulaChars) throw new FormulaProblem("limit", `The code has more than ${LIMITS.formulaChars} characters.`);
      const { value, words, subvalues } = runCode(parseCode(readTokens(args)), lookup);
      const values = outputs === 1 ? [value] : value.kind === "list" ? value.items : [value];
      if (values.length !== outputs) throw new FormulaProblem("unknown", `The code gives ${values.length} results, not ${outputs}.`);
      return {
        result: { values },
        literals: numbersIn(args),
        subvalues,
        ...(words ? { inconclusive: "it compares words" } : {}),
      };
    } catch (error) {
      if (!(error instanceof FormulaProblem)) throw error;
      return problem(error.kind === "error" ? new FormulaProblem("unknown", error.message) : error, args);
    }
  },
};
