import type { Verdict } from "../../schemas/annotation.ts";
import { barredLevels, type Defect } from "../../schemas/defect.ts";
import { AtomicFiles } from "../shared/atomic-file.ts";
import type { StoredOutcome } from "../store/annotations.ts";
import type { Store } from "../store/open.ts";
import type { ImportFormat } from "./read-set.ts";

/** A plan that something contradicts, as a line of the list has it. */
interface WrongPlan {
  id: string;
  /** Where it stands in the set, `file:line`: of several rows the first. */
  place: string;
  level: Verdict["level"];
  codes: string[];
  /** The final result as the plan claims it and as it was computed here; the gold answer. Null where there is none. */
  claimed: string | null;
  computed: string | null;
  gold: string | null;
  defects: (Pick<Defect, "code" | "subgoal" | "action" | "message"> & { claimed?: string; computed?: string | null })[];
}

/**
 * Writes the plans of a set that are wrong, a JSON line each, in the order dataset, file, position: those that are no well-formed plan, and those that a computation, the gold
 * answer or the source's evidence contradicts. Not those that merely could not be proven, nor, of a format that does not tell all results, those whose last one is not known. Gives
 * how many they are.
 */
export function writeWrong(store: Store, variants: readonly string[], format: ImportFormat, path: string): number {
  const files = new AtomicFiles();
  let wrong = 0;
  try {
    const lines = files.open(path);
    for (const outcome of store.outcomesFor({ variants, states: ["annotated", "quarantined"] })) {
      const defects = outcome.defects.filter((each) => isContradicted(each) && !(format === "lumos" && each.code === "answer.missing"));
      if (defects.length === 0) continue;
      wrong += 1;
      lines.write(`${JSON.stringify(wrongPlan(outcome, defects))}\n`);
    }
  } catch (error) {
    files.abort();
    throw error;
  }
  files.commit();
  return wrong;
}

/** Bars more than one proof: without it the plan might be right. */
function isContradicted({ code }: Defect): boolean {
  const barred = barredLevels(code);
  return barred.includes("aligned") && barred.includes("proven");
}

function wrongPlan({ key, file, position, annotation, example }: StoredOutcome, defects: readonly Defect[]): WrongPlan {
  const trace = annotation?.verdict.trace ?? [];
  const last = trace.at(-1);
  return {
    id: key,
    place: `${file}:${position}`,
    level: annotation?.level ?? null,
    codes: [...new Set(defects.map(({ code }) => code))],
    claimed: last === undefined || last.claimed === "" ? null : last.claimed,
    computed: last?.computed ?? null,
    gold: example === null || example.answer === "" ? null : example.answer,
    defects: defects.map(({ code, subgoal, action, message }) => {
      const at = trace.find((each) => each.subgoal === subgoal && each.action === action);
      return { code, subgoal, action, message, ...(at === undefined ? {} : { claimed: at.claimed, computed: at.computed }) };
    }),
  };
}
