import type { ExampleRow } from "../store/annotations.ts";
import type { ExportAnnotation, ExportOutcome } from "../store/exports.ts";
import type { Variant } from "../store/runs.ts";

/**
 * The provenance of an annotation as JSON with its newline, made once for every row made of it: `{"id", "source": {"dataset", "file", "position", "licence"},
 * "steps": [{"subgoal", "gold": [ids]}], "annotator", "model", "prompt", "variant", "level", "evidence": {"computed", "matched", "claimed"}, "answer", "by_construction",
 * "defects": [codes], "repaired": [codes], "run"}`. `prompt`: hash of the prompt with its few-shots; null for rules.
 */
export function provenanceLine(source: ExampleRow, outcome: ExportOutcome, annotation: ExportAnnotation, variant: Variant | null): string {
  const { verdict, level, byConstruction } = annotation;
  const { computed, matched, claimed } = verdict.evidence;
  const steps = verdict.alignment.map(({ subgoal, gold }) => `{"subgoal":${subgoal},"gold":${JSON.stringify(gold)}}`).join(",");
  const place = `"dataset":${quoted(source.dataset)},"file":${quoted(source.file)},"position":${source.position},"licence":${quoted(source.licence)}`;
  const by = `"annotator":"${outcome.annotator}","model":${quoted(outcome.model)},"prompt":${quoted(variant?.promptHash ?? null)},"variant":${quoted(outcome.variant)}`;
  const evidence = `"level":${quoted(level)},"evidence":{"computed":${computed},"matched":${matched},"claimed":${claimed}},"answer":"${verdict.answer}"`;
  const codes = `"defects":${listed(new Set(verdict.defects.map(({ code }) => code)))},"repaired":${listed(new Set(outcome.repaired))}`;
  return `{"id":${JSON.stringify(source.id)},"source":{${place}},"steps":[${steps}],${by},${evidence},"by_construction":${byConstruction},${codes},"run":${quoted(outcome.run)}}\n`;
}

/** Names that stand in thousands of lines, as JSON: an export has few of them. */
const NAMES = new Map<string, string>();
const MOST_NAMES = 1_000;

function quoted(name: string | null): string {
  if (name === null) return "null";
  const known = NAMES.get(name);
  if (known !== undefined) return known;
  const json = JSON.stringify(name);
  if (NAMES.size < MOST_NAMES) NAMES.set(name, json);
  return json;
}

function listed(codes: ReadonlySet<string>): string {
  return codes.size === 0 ? "[]" : JSON.stringify([...codes]);
}
