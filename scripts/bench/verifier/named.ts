import { USUAL_CONSTANTS } from "../../../schemas/constants.ts";
import type { SourceExample } from "../../../schemas/example.ts";
import { type Known, readKnown, same } from "./arithmetic.ts";

/** What an example names, read plainly: for telling apart edits that the contract lets pass (a number that the task states needs no other source). */
export interface Named {
  /** In the task, in digits or words. */
  inTask(value: Known): boolean;
  /** In the rationale, not only behind `=`, and before it comes out of a step. */
  inRationale(value: Known): boolean;
  /** In either, in whatever place. */
  anywhere(value: Known): boolean;
  taskNumbers: readonly Known[];
}

export function namedIn({ task, rationale }: SourceExample): Named {
  const taskNumbers = [...digitsOf(task).map(({ value }) => value), ...wordsOf(task)];
  const said = digitsOf(rationale);
  const given = said.filter(({ value, isResult }, index) => !isResult && !said.slice(0, index).some((earlier) => earlier.isResult && same(earlier.value, value)));
  const words = wordsOf(rationale);
  const has = (list: readonly Known[]) => (value: Known) => list.some((each) => sameNumber(each, value));
  return {
    inTask: has(taskNumbers),
    inRationale: has([...given.map(({ value }) => value), ...words]),
    anywhere: has([...taskNumbers, ...said.map(({ value }) => value), ...words]),
    taskNumbers,
  };
}

export function isConstant(value: Known): boolean {
  return CONSTANTS.some((each) => sameNumber(each, value));
}

/** The numbers of a text in digits; a percentage is named both ways (20% is 20 and 0.2). */
function digitsOf(text: string): { value: Known; isResult: boolean }[] {
  return [...text.matchAll(/[0-9][0-9,]*(?:\.[0-9]+)?(?:\/[1-9][0-9]*)?|\.[0-9]+/g)].flatMap((match) => {
    const isResult = /(?:=|>>|≈)[\s$€£(~-]*$/.test(text.slice(Math.max(0, match.index - 12), match.index));
    const digits = match[0].replace(/,+$/, "");
    const percent = /^\s*(?:%|percent)/.test(text.slice(match.index + match[0].length, match.index + match[0].length + 12));
    const parts = [digits, ...(digits.includes("/") ? digits.split("/") : []), ...(percent ? [`${digits}/100`] : [])];
    return parts.flatMap((part) => {
      const value = readKnown(part);
      return value === null ? [] : [{ value, isResult }];
    });
  });
}

function wordsOf(text: string): Known[] {
  const words = new Set(text.toLowerCase().split(/[^a-z]+/));
  return Object.entries(WORDS).flatMap(([word, digits]) => {
    const value = words.has(word) || words.has(`${word}s`) ? readKnown(digits) : null;
    return value === null ? [] : [value];
  });
}

function sameNumber(a: Known, b: Known): boolean {
  const [x, y] = [magnitude(a), magnitude(b)];
  return same(x, y);
}

function magnitude(value: Known): Known {
  return typeof value === "boolean" || value.numerator >= 0n ? value : { ...value, numerator: -value.numerator };
}

const WORDS: Readonly<Record<string, string>> = {
  zero: "0", one: "1", two: "2", three: "3", four: "4", five: "5", six: "6", seven: "7", eight: "8", nine: "9", ten: "10", eleven: "11", twelve: "12",
  thirteen: "13", fourteen: "14", fifteen: "15", sixteen: "16", seventeen: "17", eighteen: "18", nineteen: "19", twenty: "20", thirty: "30", forty: "40",
  fifty: "50", sixty: "60", seventy: "70", eighty: "80", ninety: "90", hundred: "100", thousand: "1000", dozen: "12", half: "1/2", twice: "2", double: "2",
  triple: "3", couple: "2", pair: "2", quarter: "1/4", third: "3", week: "7", score: "20", nickel: "5", dime: "10", weekday: "5", weekend: "2", once: "1",
  fortnight: "14", decade: "10", century: "100", penny: "1", hexagon: "6", pentagon: "5", octagon: "8", triangle: "3", square: "4", trio: "3", quadruple: "4",
};

const CONSTANTS = USUAL_CONSTANTS.flatMap(({ value }) => readKnown(value) ?? []);
