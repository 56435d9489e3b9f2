import type { Verdict } from "../../schemas/annotation.ts";
import type { Level } from "../../schemas/defect.ts";
import type { VerificationReader } from "../store/reader.ts";
import type { AnnotationKey, IdRange } from "../store/verdicts.ts";
import type { RepliesShare } from "./reparse.ts";
import { topLevelOf, type VerifyScope } from "./scope.ts";
import { verifyStoredPlan } from "./stored-plan.ts";

/** The verdicts of a range that differ from the stored ones. */
export interface PlansShare {
  kind: "plans";
  annotations: number;
  levels: Record<Level, number>;
  /** Left as they are, since their database is not here. */
  untold: number;
  changed: { annotation: AnnotationKey; verdict: Verdict }[];
}

export type Share = PlansShare | RepliesShare;

/** Does one share of the work, in whichever thread this is. It writes nothing. */
export async function doShare(kind: Share["kind"], reader: VerificationReader, range: IdRange, scope: VerifyScope): Promise<Share> {
  if (kind === "plans") return verifyPlans(reader, range, scope);
  // Loaded where there are replies: what reads them is as much code again.
  const { reparseReplies } = await import("./reparse.ts");
  return reparseReplies(reader, range, scope);
}

function verifyPlans(reader: VerificationReader, range: IdRange, scope: VerifyScope): PlansShare {
  const result: PlansShare = { kind: "plans", annotations: 0, levels: { parsed: 0, well_formed: 0, aligned: 0, proven: 0 }, untold: 0, changed: [] };
  for (const row of reader.plansIn(range, scope.datasets)) {
    const verdict = verifyStoredPlan(row, topLevelOf(scope, row.dataset));
    const { id, exampleId, variant, level } = row;
    const reached = verdict === null ? level : verdict.level;
    result.annotations += 1;
    if (reached !== null) result.levels[reached] += 1;
    if (verdict === null) result.untold += 1;
    else if (JSON.stringify(verdict) !== row.verdict) result.changed.push({ annotation: { id, exampleId, variant, level }, verdict });
  }
  return result;
}
