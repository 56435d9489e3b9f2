import { z } from "zod";
import { contentHash } from "../../converters/shared/ids.ts";
import type { SourcePlace } from "../../schemas/example.ts";
import { parsePlan } from "../plan/parse.ts";
import type { Imported } from "./draft.ts";
import type { RowRecord } from "./provenance.ts";

/** A record of the published converter's first step: a task and the text that a model answered, `{"task", "subgoal_plan"}`. */
export function readConverted(record: RowRecord, place: SourcePlace): Imported {
  const skip = (reason: string, detail: string, of: unknown): Imported => ({ skipped: { place, contentHash: contentHash(of), reason, detail } });
  if ("problem" in record) return skip("unreadable_record", record.problem, record.problem);
  const read = convertedSchema.safeParse(record.value);
  if (!read.success) {
    const [issue] = read.error.issues;
    return skip("malformed_record", `${issue?.path.join(".") || "record"}: ${issue?.message ?? "not the published shape"}`, record.value);
  }
  const { task, subgoal_plan: text, natural_language_plan: rationale } = read.data;
  return {
    draft: {
      task,
      environment: null,
      domain: null,
      parsed: parsePlan(text),
      isPartial: false,
      lacks: [],
      rationale: typeof rationale === "string" ? rationale.slice(0, MAX_TASK) : "",
      place,
      id: null,
      provenance: null,
      contentHash: contentHash([task, text]),
      records: 1,
    },
  };
}

const MAX_TASK = 20_000;

const convertedSchema = z.object({
  task: z.string().max(MAX_TASK).refine((task) => task.trim() !== "", "the task is empty"),
  subgoal_plan: z.string(),
  natural_language_plan: z.unknown().optional(),
});
