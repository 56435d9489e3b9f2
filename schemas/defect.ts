import { z } from "zod";

/** How far an annotation is supported by evidence, lowest first. */
export const LEVELS = ["parsed", "well_formed", "aligned", "proven"] as const;
export const levelSchema = z.enum(LEVELS);
export type Level = z.infer<typeof levelSchema>;

/** Higher for a higher level, from 0; -1 where a plan has none. */
export function levelRank(level: Level | null): number {
  return level === null ? -1 : LEVELS.indexOf(level);
}

/**
 * Every defect code with the levels it bars.
 * A warning bars nothing. `gold.missing_step` bars `aligned` alone: another decomposition than the source's may be proven.
 */
const BARS = {
  "llm.refusal": LEVELS,
  "llm.truncated": LEVELS,
  "llm.filtered": LEVELS,
  "llm.empty": LEVELS,
  "parse.no_plan": LEVELS,
  "parse.json": LEVELS,
  "parse.subgoal": ["well_formed", "aligned", "proven"],
  "parse.action": ["well_formed", "aligned", "proven"],
  "plan.no_action": ["well_formed", "aligned", "proven"],
  "tool.unknown": ["well_formed", "aligned", "proven"],
  "tool.arity": ["well_formed", "aligned", "proven"],
  "ref.undefined": ["well_formed", "aligned", "proven"],
  "ref.forward": ["well_formed", "aligned", "proven"],
  "ref.redefined": ["well_formed", "aligned", "proven"],
  "answer.missing": ["well_formed", "aligned", "proven"],
  "gold.missing_step": ["aligned"],
  "match.paragraph": ["aligned", "proven"],
  "match.element": ["aligned", "proven"],
  "match.value": ["aligned", "proven"],
  "match.choice": ["aligned", "proven"],
  "answer.mismatch": ["aligned", "proven"],
  "exec.mismatch": ["aligned", "proven"],
  "exec.error": ["aligned", "proven"],
  "exec.limit": ["aligned", "proven"],
  "value.unsourced": ["proven"],
  "answer.copied": ["proven"],
  "ref.unused": [],
  "plan.value_leak": [],
  "plan.numbering": [],
  "gold.extra_step": [],
  "gold.order": [],
} as const satisfies Record<string, readonly Level[]>;

export type DefectCode = keyof typeof BARS;
export const DEFECT_CODES = Object.keys(BARS) as [DefectCode, ...DefectCode[]];
export const defectCodeSchema = z.enum(DEFECT_CODES);

/** The levels that a code bars; empty for a warning. */
export function barredLevels(code: DefectCode): readonly Level[] {
  return BARS[code];
}

/**
 * Something wrong with a plan: where (`subgoal` and `action` count from 1, the action within its subgoal; null where it
 * concerns no single one) and a sentence that a person, or the model asked to repair it, can act on.
 */
export const defectSchema = z.strictObject({
  code: defectCodeSchema,
  severity: z.enum(["error", "warning"]),
  subgoal: z.int().positive().nullable(),
  action: z.int().positive().nullable(),
  message: z.string(),
});
export type Defect = z.infer<typeof defectSchema>;

/** Makes a defect; its severity follows from its code. */
export function defect(code: DefectCode, message: string, at: { subgoal?: number; action?: number } = {}): Defect {
  return {
    code,
    severity: BARS[code].length === 0 ? "warning" : "error",
    subgoal: at.subgoal ?? null,
    action: at.action ?? null,
    message,
  };
}

/** The highest of `reachable` that no defect bars, or null where even `parsed` is barred. Levels are cumulative but for `aligned`, which a proven plan may miss. */
export function highestLevel(defects: readonly Defect[], reachable: readonly Level[] = LEVELS): Level | null {
  const barred = new Set(defects.flatMap((each) => BARS[each.code] as readonly Level[]));
  return [...reachable].reverse().find((level) => !barred.has(level)) ?? null;
}
