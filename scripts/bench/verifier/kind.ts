import type { DefectCode } from "../../../schemas/defect.ts";
import type { Domain } from "../../../schemas/domain.ts";
import type { Known, Token } from "./arithmetic.ts";
import { type WorkedOut, isShownFalse, tokensOf, workOut } from "./arithmetic.ts";
import { changedStep, type Draft, replyOf } from "./draft.ts";
import type { Draw } from "./draw.ts";
import { type Named, namedIn } from "./named.ts";
import type { Sound } from "./sound.ts";

/** What share of a group's planted defects is wanted caught; null: nothing can be wanted of it. */
export const GROUPS = { arithmetic: 0.99, dataflow: 0.99, steps: 0.95, answer: 0.95, source: 0.95, form: 0.95, warning: 0.95, open: null } as const;
export type Group = keyof typeof GROUPS;

/** A defect planted in a plan, as the reply that holds it, or why this edit leaves the plan sound. */
export type Planted = { reply: string } | { harmless: string };

/** What a defect is planted in, with all that planting may draw on. */
export interface Bed {
  sound: Sound;
  draft: Draft;
  worked: readonly WorkedOut[];
  named: Named;
  draw: Draw;
  /** Sound plans of other examples of the domain. */
  others: readonly Sound[];
}

/** A kind of defect: every place of a plan in which it can be planted. `warns`: caught by a warning. `open`: why it can't be caught. */
export interface Kind {
  name: string;
  group: Group;
  domains?: readonly Domain[];
  warns?: readonly DefectCode[];
  open?: string;
  plant(bed: Bed): Planted[];
}

export function bedOf(sound: Sound, draw: Draw, others: readonly Sound[]): Bed {
  return { sound, draft: sound.draft, worked: workOut(sound.draft), named: namedIn(sound.example), draw, others };
}

/** A formula of the plan that is worked out by hand and holds. */
export interface Site {
  at: WorkedOut;
  tokens: readonly Token[];
  value: Known;
  claim: Known;
}

export function formulas({ worked }: Bed): Site[] {
  return worked.flatMap((at) => {
    const { step, value, claim, holds } = at;
    const tokens = step.node.tool === "Calculator" && step.node.outputs.length === 1 ? tokensOf(step.node.args) : null;
    return tokens === null || value === null || claim === null || holds !== true ? [] : [{ at, tokens, value, claim }];
  });
}

export function planted(draft: Draft): Planted {
  return { reply: replyOf(draft) };
}

/** Planted where working it out by hand shows it false; otherwise the edit happens to leave a sound plan. */
export function plantedIfFalse(draft: Draft, { sound }: Bed): Planted {
  return isShownFalse(draft, sound.example.answer) ? planted(draft) : { harmless: "still true" };
}

export function withResult(bed: Bed, index: number, result: string): Draft {
  return changedStep(bed.draft, index, (node) => {
    node.result = result;
  });
}

export function withArgs(bed: Bed, index: number, args: string): Draft {
  return changedStep(bed.draft, index, (node) => {
    node.args = args;
  });
}

/** A formula with one of its tokens replaced. */
export function withToken({ args }: { args: string }, { start, end }: Token, text: string): string {
  return args.slice(0, start) + text + args.slice(end);
}
