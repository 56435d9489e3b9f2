import { existsSync } from "node:fs";
import { basename, join } from "node:path";
import { levelRank } from "../../../schemas/defect.ts";
import { LumosError } from "../../../schemas/errors.ts";
import { type SourceExample, sourceExampleSchema } from "../../../schemas/example.ts";
import { annotateByRules } from "../../annotate/rules.ts";
import type { LoadedConverter } from "../../converters.ts";
import { loadPrompt } from "../../prompts/load.ts";
import { renderMessages } from "../../prompts/render.ts";
import { BROKEN_REASONS, planSelection, type SelectedRecord, selectRecords } from "../select.ts";
import { mutated } from "./mutate.ts";

/** What a converter has to do whatever its source is, as a sentence, and where it does not. */
export interface Conformance {
  check: string;
  problems: string[];
}

/** A converter's sample, read: what every check starts from. */
export interface ConformanceSample {
  converter: LoadedConverter;
  /** Records as the reader gives them, those that it can read. */
  values: readonly unknown[];
  records: readonly SelectedRecord[];
  examples: readonly SourceExample[];
}

/** Of a source without a sample of its own, told by configuration, so many records of its first file are. */
const MOST_RECORDS = 200;

/** Reads the sample of a converter. Throws what reading a source throws. */
export async function readSample(converter: LoadedConverter): Promise<ConformanceSample> {
  const file = converter.files[0] ?? join(converter.folder, converter.sample);
  const selection = { limit: MOST_RECORDS };
  const values: unknown[] = [];
  for await (const raw of converter.read(file)) {
    if ("value" in raw) values.push(raw.value);
    if (values.length >= MOST_RECORDS) break;
  }
  const plan = await planSelection(converter, [file], selection);
  const records: SelectedRecord[] = [];
  for await (const record of selectRecords(converter, [file], selection, plan, () => null)) records.push(record);
  return { converter, values, records, examples: records.flatMap((record) => (record.kind === "example" ? [record.example] : [])) };
}

/** Holds a converter to what every one has to do. */
export function checkConverter(sample: ConformanceSample): Conformance[] {
  return [...CHECKS].map(([check, run]) => ({ check, problems: run(sample).slice(0, MOST_PROBLEMS) }));
}

/** What becomes of each record of the sample by rules, a line each: `3  svamp/chal-3  proven`, `4  skipped: no_answer`. */
export function outcomeLines({ converter, records }: ConformanceSample): string[] {
  return records.map((record) => {
    if (record.kind === "skip") return `${record.place.position}  skipped: ${record.reason}`;
    const outcome = annotateByRules(record.example, converter);
    const became = outcome.state === "annotated" ? outcome.annotation.verdict.level : outcome.state === "skipped" ? `skipped by rules: ${outcome.reason}` : outcome.state;
    return `${record.example.place.position}  ${record.example.id}  ${became}`;
  });
}

/** The file beside a sample that says what becomes of it. */
export function expectedFile({ folder, sample }: LoadedConverter): string {
  return join(folder, `${basename(sample).replace(/\.[^.]*$/, "")}.expected.txt`);
}

const MOST_PROBLEMS = 5;
const MUTATIONS = 300;

const CHECKS: ReadonlyMap<string, (sample: ConformanceSample) => string[]> = new Map([
  ["reads its sample, every record an example or a skip with its reason", readsSample],
  ["gives every gold step an id of its own", distinctSteps],
  ["tells by identify, where it has it, the id and form that mapping gives", identifies],
  ["gives the same ids whatever the order of the records", stableIds],
  ["annotates by rules at the level it says it reaches, or skips with a reason", annotates],
  ["renders its prompt with the task word for word and the rationale once", rendersPrompt],
  ["never throws on changed records and never gives an empty task", survives],
  ["says under which licence its data is", saysLicence],
]);

function readsSample({ converter, records, examples }: ConformanceSample): string[] {
  const problems = records.flatMap((record) => {
    if (record.kind === "skip") {
      const place = `record ${record.place.position} (${record.reason}: ${record.detail})`;
      if (converter.origin !== "configuration" && BROKEN_REASONS.has(record.reason)) return [`${place} is not in the shape that the converter's own schema has`];
      if (!/^[a-z]+(?:_[a-z]+)*$/.test(record.reason)) return [`${place}: expected a reason in snake_case`];
      return record.detail === "" ? [`${place} is skipped without a sentence that says why`] : [];
    }
    const { example } = record;
    const parsed = sourceExampleSchema.safeParse(example);
    if (!parsed.success) {
      const issue = parsed.error.issues[0];
      return [`${example.id}: ${issue?.path.join(".") ?? ""}: ${issue?.message ?? "another shape"}`];
    }
    if (!example.id.startsWith(`${converter.dataset}/`)) return [`${example.id}: expected an id that begins with ${converter.dataset}/`];
    if (example.domain !== converter.domain) return [`${example.id} is of the domain ${example.domain}: expected ${converter.domain}`];
    return example.task.trim() === "" ? [`${example.id} has an empty task`] : [];
  });
  const [first] = records;
  const why = first?.kind === "skip" ? ` (record ${first.place.position}: ${first.reason}: ${first.detail})` : "";
  return examples.length === 0 ? [`none of its ${records.length} records gives an example${why}`, ...problems] : problems;
}

function distinctSteps({ examples }: ConformanceSample): string[] {
  const seen = new Set<string>();
  return examples.flatMap(({ gold_steps }) =>
    gold_steps.flatMap(({ id }) => {
      const isTwice = seen.has(id);
      seen.add(id);
      return isTwice ? [`gold step ${id} stands twice`] : [];
    }),
  );
}

function identifies({ converter, values }: ConformanceSample): string[] {
  return values.flatMap((value) => {
    const record = converter.record.safeParse(value);
    if (!record.success || !converter.identify) return [];
    const mapped = converter.map(record.data, PLACE);
    if (!("example" in mapped)) return [];
    const { id, form } = mapped.example;
    const told = converter.identify(record.data);
    return told?.id === id && told.form === form ? [] : [`identify gives ${JSON.stringify(told)}, map ${JSON.stringify({ id, form })}`];
  });
}

const PLACE = { file: "x", position: 1 };

function stableIds({ converter, values }: ConformanceSample): string[] {
  const ids = (some: readonly unknown[]): string[] =>
    some.flatMap((value, index) => {
      const record = converter.record.safeParse(value);
      const mapped = record.success ? converter.map(record.data, { file: "x", position: index + 1 }) : null;
      return mapped !== null && "example" in mapped ? [mapped.example.id] : [];
    });
  const [forwards, backwards] = [ids(values).sort(), ids(values.toReversed()).sort()];
  const changed = forwards.find((id, index) => id !== backwards[index]);
  return changed === undefined ? [] : [`${changed} has another id where the records stand the other way round: an id is made of the record alone`];
}

function annotates({ converter, examples }: ConformanceSample): string[] {
  const outcomes = examples.map((example) => ({ example, outcome: annotateByRules(example, converter) }));
  const problems = outcomes.flatMap(({ example, outcome }) => {
    if (outcome.state === "quarantined") return [`${example.id}: the rules' plan can't be used: ${outcome.defects[0]?.message ?? ""}`];
    return outcome.state === "skipped" && !/^[a-z]+(?:_[a-z]+)*$/.test(outcome.reason) ? [`${example.id}: expected a reason in snake_case, found ${JSON.stringify(outcome.reason)}`] : [];
  });
  const annotated = outcomes.flatMap(({ outcome }) => (outcome.state === "annotated" ? [outcome.annotation.verdict] : []));
  const top = annotated.filter(({ level }) => levelRank(level) >= levelRank(converter.top_level));
  if (annotated.length > 0 && top.length <= annotated.length / 2) {
    const worst = annotated.find(({ level }) => level !== converter.top_level)?.defects[0]?.message ?? "";
    problems.push(`${top.length} of ${annotated.length} annotations by rules are ${converter.top_level}: expected most of them (${worst})`);
  }
  return problems;
}

function rendersPrompt({ converter, examples }: ConformanceSample): string[] {
  const file = join(converter.folder, converter.prompt);
  // A project's source that only rules annotate may have none.
  if (converter.origin === "project" && !existsSync(file)) return [];
  let prompt;
  try {
    prompt = loadPrompt(file, converter.domain);
  } catch (error) {
    if (!(error instanceof LumosError)) throw error;
    return [error.message];
  }
  return examples.flatMap((example) => {
    const messages = renderMessages(prompt, example, { reply: "json" });
    const last = messages.at(-1);
    if (last?.role !== "user" || !last.content.includes(example.task)) return [`${example.id}: its task does not stand word for word in the last message`];
    const times = messages.map(({ content }) => content).join("\n").split(example.rationale).length - 1;
    return times === 1 || example.rationale === "" ? [] : [`${example.id}: its rationale stands ${times} times in the messages: are its record and a few-shot the same?`];
  });
}

function survives({ converter, values }: ConformanceSample): string[] {
  if (values.length === 0) return [];
  for (let seed = 0; seed < MUTATIONS; seed += 1) {
    const value = mutated(values[seed % values.length], seed);
    try {
      const record = converter.record.safeParse(value);
      const mapped = record.success ? converter.map(record.data, PLACE) : null;
      if (mapped === null || !("example" in mapped)) continue;
      const shown = JSON.stringify(value).slice(0, 200);
      if (mapped.example.task.trim() === "") return [`an empty task comes of ${shown}: skip such a record`];
      const parsed = sourceExampleSchema.safeParse(mapped.example);
      if (!parsed.success) return [`${parsed.error.issues[0]?.path.join(".") ?? ""}: ${parsed.error.issues[0]?.message ?? ""}: from ${shown}`];
      annotateByRules(mapped.example, converter);
    } catch (error) {
      return [`it throws "${error instanceof Error ? error.message : String(error)}" on ${JSON.stringify(value).slice(0, 200)}: skip such a record`];
    }
  }
  return [];
}

function saysLicence({ converter: { origin, licence, downloads } }: ConformanceSample): string[] {
  if (licence.name.trim() === "") return ["it names no licence"];
  return origin === "package" && downloads.length === 0 ? ["it names no download"] : [];
}
