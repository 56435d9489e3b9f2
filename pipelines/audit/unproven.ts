import type { Defect } from "../../schemas/defect.ts";
import type { StoredOutcome } from "../store/annotations.ts";
import type { Store } from "../store/open.ts";
import { type WrongSource, wrongPlaces } from "./wrong-sources.ts";

/** Why maths examples of a dataset are not proven by rules: how many, and some of them. */
export interface UnprovenReason {
  dataset: string;
  reason: string;
  count: number;
  examples: string[];
}

/** The maths examples whose annotation by rules is not proven, by reason: of each the one that stands nearest to the source. Commonest first. */
export function unprovenReasons(store: Store, datasets?: readonly string[], shown = 3): UnprovenReason[] {
  const reasons = new Map<string, UnprovenReason>();
  for (const outcome of store.outcomesFor({ annotators: ["rules"], domains: ["maths"], ...(datasets === undefined ? {} : { datasets }) })) {
    if (outcome.annotation?.level === "proven") continue;
    const reason = unprovenReasonOf(outcome);
    const found = reasons.get(`${outcome.dataset}\0${reason}`) ?? { dataset: outcome.dataset, reason, count: 0, examples: [] };
    reasons.set(`${outcome.dataset}\0${reason}`, found);
    found.count += 1;
    if (found.examples.length < shown) found.examples.push(outcome.key);
  }
  return [...reasons.values()].sort((a, b) => (a.dataset < b.dataset ? -1 : a.dataset > b.dataset ? 1 : b.count - a.count));
}

/** The reasons as lines of a table, no line longer than `columns` where ids are not longer themselves. */
export function unprovenLines(reasons: readonly UnprovenReason[], columns = 80): string[] {
  return [...new Set(reasons.map(({ dataset }) => dataset))].flatMap((dataset) => {
    const own = reasons.filter((each) => each.dataset === dataset);
    const lines = own.flatMap(({ reason, count, examples }) => {
      const [first = "", ...more] = wrapped(reason, columns - 6);
      return [`${String(count).padStart(4)}  ${first}`, ...more.map((line) => `      ${line}`), ...wrapped(examples.join(", "), columns - 6).map((line) => `      ${line}`)];
    });
    return [`${dataset}: ${own.reduce((sum, { count }) => sum + count, 0)} not proven by rules`, ...lines, ""];
  });
}

/** The reason that stands nearest to the source. */
export function unprovenReasonOf({ state, reason, example, defects }: StoredOutcome): string {
  if (state === "skipped") return `skipped: ${reason ?? "no reason"}`;
  const wrong = example === null ? [] : wrongPlaces(example);
  const kind = SOURCE.find(([each]) => wrong.some((place) => place.kind === each));
  if (kind !== undefined) return kind[1];
  const found = DEFECTS.find(([code, test]) => defects.some((each) => each.code === code && (test?.test(each.message) ?? true)));
  return found?.[2] ?? "another defect";
}

const SOURCE: readonly (readonly [WrongSource["kind"], string])[] = [
  ["calculation", "the source's own calculation does not hold"],
  ["answer", "the gold answer is not what the source's last step gives"],
  ["unit", "the gold answer is in another unit than the source's last step"],
  ["rounding", "the source rounds without saying so"],
];

/** In this order: what makes the others follow stands first. */
const DEFECTS: readonly (readonly [Defect["code"], RegExp | null, string])[] = [
  ["exec.error", null, "a calculation, as the rules read it, can't be run"],
  ["exec.mismatch", /SolveEquation/, "the equation, as the rules read it, has another solution than the source states"],
  ["exec.mismatch", null, "a calculation in the prose, as the rules read it, does not hold (rates, units, remainders)"],
  ["answer.mismatch", /^The final result \[/, "several unknowns: the gold answer has their values in another order, or asks for something else"],
  ["answer.mismatch", null, "the answer follows from the last calculation only in words, which the rules do not read"],
  ["value.unsourced", /^Number/, "a number comes from a step that only the prose takes"],
  ["value.unsourced", null, "the calculations use none of the task's numbers: the prose derives what they start from"],
  ["answer.copied", null, "the answer follows from nothing computed"],
];

function wrapped(text: string, width: number): string[] {
  const lines: string[] = [];
  for (const word of text.split(" ")) {
    const last = lines.at(-1);
    if (last !== undefined && last.length + 1 + word.length <= width) lines[lines.length - 1] = `${last} ${word}`;
    else lines.push(word);
  }
  return lines;
}
