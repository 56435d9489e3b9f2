import type { Lookup } from "../evaluate.ts";
import { parseFormula } from "../formula.ts";
import { FormulaProblem, LIMITS } from "../limits.ts";
import { readSystem, sameEquation, type LinearSystem } from "../linear.ts";
import { printValue, type Value } from "../value.ts";
import { isEmpty, numbersIn, problem } from "./arguments.ts";
import type { Tool } from "./tool.ts";

/** `SetEquation(equation)`: gives the equation with earlier results put in. Claims that say the same (`x = 2` for `4 * x = 8`) hold where it is linear. */
export const setEquation: Tool = {
  name: "SetEquation",
  check: (args) => (isEmpty(args) ? "SetEquation takes an equation, found nothing." : null),
  run({ args, lookup, outputs }) {
    if (outputs !== 1) return problem(new FormulaProblem("error", `SetEquation gives one result, not ${outputs}.`), args);
    const pieces: string[] = [];
    for (const part of args) {
      const value = typeof part === "string" ? null : lookup(part.ref);
      if (typeof part !== "string" && value === null) return problem(new FormulaProblem("unknown", `${part.ref} is not known.`), args);
      pieces.push(typeof part === "string" ? part : value === null ? "" : inserted(value));
    }
    const text = pieces.join("").replace(/\s+/g, " ").trim();
    if (text.length > LIMITS.formulaChars) return problem(new FormulaProblem("limit", `The equation has more than ${LIMITS.formulaChars} characters.`), args);
    return {
      result: { values: [{ kind: "text", value: text }] },
      literals: numbersIn(args),
      subvalues: [],
      accepts: (claimed) => squeezed(claimed) === squeezed(text) || equivalent(claimed, text),
      inconclusive: "the equation is written otherwise",
    };
  },
};

const NOTHING: Lookup = () => null;

/** A value as it stands in an equation: in brackets where a sign or a fraction bar would join with what is around it. */
function inserted(value: Value): string {
  const text = printValue(value);
  return value.kind === "number" && /[-/]/.test(text) ? `(${text})` : text;
}

function squeezed(text: string): string {
  return text.replace(/\s+/g, "").replace(/[×·⋅]/g, "*").replace(/[−–]/g, "-").replace(/÷/g, "/").replace(/==/g, "=");
}

function equivalent(claimed: string, text: string): boolean {
  const [a, b] = [system(claimed), system(text)];
  return a !== null && b !== null && a.equations.length === b.equations.length && a.equations.every((each, index) => {
    const other = b.equations[index];
    return other !== undefined && sameEquation(each, other);
  });
}

function system(text: string): LinearSystem | null {
  try {
    return readSystem(parseFormula(`[${text}]`).formula, NOTHING);
  } catch (error) {
    if (error instanceof FormulaProblem) return null;
    throw error;
  }
}
