import type { SourceExample } from "../../../schemas/example.ts";
import { readKnown, same, sum, writeNumber } from "./arithmetic.ts";
import type { Draw } from "./draw.ts";

/** The example with another gold answer: numbers moved, truth values inverted, another choice; everything else as it is. */
export function flippedExamples(example: SourceExample, others: readonly SourceExample[], draw: Draw): { how: string; example: SourceExample }[] {
  const { answer_aliases: _, ...rest } = example;
  const own = readKnown(example.answer);
  const answers = (how: string, texts: readonly (string | null)[]) =>
    texts.flatMap((answer) => (answer === null || isSame(answer, example.answer) ? [] : [{ how, example: { ...rest, answer } }]));
  if (typeof own === "boolean") return answers("truth value inverted", [own ? "False" : "True"]);
  const choices = others.filter(({ dataset }) => dataset === example.dataset).map(({ answer }) => answer);
  if (own === null) return [...answers("number moved", [movedText(example.answer)]), ...answers("another example's", draw.some(choices, 1))];
  const one = readKnown(draw.int(2) === 0 ? "1" : "-1");
  const moved = one === null ? null : sum(own, one);
  return [
    ...answers("number moved", [moved === null ? null : writeNumber(moved), writeNumber({ ...own, numerator: own.numerator * 10n })]),
    ...answers("sign turned", [writeNumber({ ...own, numerator: -own.numerator })]),
    ...answers("another example's", draw.some(choices, 1)),
  ];
}

/** The first number of an answer in words or several numbers, one more. */
function movedText(answer: string): string | null {
  const moved = answer.replace(/[0-9]+/, (digits) => (digits.length < 15 ? String(Number(digits) + 1) : digits));
  return moved === answer ? null : moved;
}

function isSame(a: string, b: string): boolean {
  const [x, y] = [readKnown(a), readKnown(b)];
  return x !== null && y !== null ? same(x, y) : a.trim().toLowerCase() === b.trim().toLowerCase();
}
