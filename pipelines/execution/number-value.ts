import { FormulaProblem } from "./limits.ts";
import type { Num } from "./numbers.ts";
import type { Value } from "./value.ts";
import { numberInWords } from "./written.ts";

/** A number as a result. */
export function numberValue(number: Num): Value {
  if (number.exact) return { kind: "number", value: number.value };
  return { kind: "number", value: number.value, inexact: true, ...(number.surd === undefined ? {} : { surd: number.surd }) };
}

/** A result as a number to compute with. */
export function valueNumber(value: Extract<Value, { kind: "number" }>): Num {
  return { value: value.value, exact: value.inexact !== true, ...(value.surd === undefined ? {} : { surd: value.surd }) };
}

/** The number that a value stands for: itself, or the one number in its words (`about 75,000 people`). Throws FormulaProblem where there is none. */
export function numberOf(value: Value, name: string, at: number | null = null): Num {
  if (value.kind === "number") return valueNumber(value);
  const number = value.kind === "text" ? numberInWords(value.value) : null;
  if (number === null) throw new FormulaProblem("unknown", `${name} is no number.`, at);
  return { value: number, exact: true };
}
