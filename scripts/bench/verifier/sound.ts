import { readFileSync } from "node:fs";
import { join } from "node:path";
import { z } from "zod";
import { annotateByRules } from "../../../pipelines/annotate/rules.ts";
import { type LoadedConverter, loadConverters } from "../../../pipelines/converters.ts";
import { parsePlan } from "../../../pipelines/plan/parse.ts";
import { loadPrompt } from "../../../pipelines/prompts/load.ts";
import { printPlan } from "../../../pipelines/plan/print.ts";
import { planSelection, selectRecords } from "../../../pipelines/sources/select.ts";
import { verifyPlan } from "../../../pipelines/verify/verify.ts";
import type { Verdict } from "../../../schemas/annotation.ts";
import type { SourceExample } from "../../../schemas/example.ts";
import { LumosError } from "../../../schemas/errors.ts";
import type { Plan } from "../../../schemas/plan.ts";
import { type Draft, draftOf } from "./draft.ts";
import { HAND_WRITTEN } from "./hand.ts";

/** Where a plan comes from: written by a model or by hand, or by a source's rules (by construction: reported apart). */
export type Origin = "written" | "rules";

/** A plan for an example, as a reply. */
export interface Given {
  name: string;
  converter: LoadedConverter;
  example: SourceExample;
  origin: Origin;
  reply: string;
  answerCopied: boolean;
}

/** A plan that reaches its dataset's top level: what defects are planted in. */
export interface Sound extends Given {
  plan: Plan;
  draft: Draft;
  verdict: Verdict;
}

export interface Collected {
  sound: Sound[];
  /** Plans as they came, by origin, and those that are not at the top level, with what is wrong with them. */
  given: Record<Origin, number>;
  below: { name: string; origin: Origin; level: string | null; codes: string[] }[];
  /** Written plans for which no example is known. */
  unmatched: string[];
}

export interface CollectOptions {
  /** Source files by dataset; a dataset without any gives its bundled sample. */
  inputs: ReadonlyMap<string, readonly string[]>;
  /** Files of recorded plans. */
  plans: readonly string[];
  sample: number;
  seed: string;
}

/** Reads examples, lets the rules annotate them, adds written plans, and keeps what is at the top level. */
export async function collectSound({ inputs, plans, sample, seed }: CollectOptions): Promise<Collected> {
  const collected: Collected = { sound: [], given: { written: 0, rules: 0 }, below: [], unmatched: [] };
  const given: Given[] = [];
  const recorded = plans.flatMap(readPlans);
  for (const converter of await loadConverters()) {
    const files = inputs.get(converter.dataset) ?? [join(converter.folder, converter.sample)];
    const own = recorded.filter(({ dataset }) => dataset === converter.dataset);
    const { drawn, wanted } = await readExamples(converter, files, { sample, seed, tasks: own.map(({ task }) => task) });
    given.push(...drawn.flatMap((example) => byRules(example, converter)));
    const samples = inputs.has(converter.dataset) ? (await readExamples(converter, [join(converter.folder, converter.sample)], { sample: 0, seed, tasks: null })).wanted : wanted;
    const written = [...own, ...HAND_WRITTEN.filter(({ dataset }) => dataset === converter.dataset)];
    for (const { task, response } of written) {
      const example = wanted.get(fold(task)) ?? samples.get(fold(task));
      if (example === undefined) collected.unmatched.push(`${converter.dataset}: ${task.slice(0, 60)}`);
      else given.push({ name: example.id, converter, example, origin: "written", reply: response, answerCopied: false });
    }
    given.push(...fewShots(converter));
  }
  for (const each of given) {
    collected.given[each.origin] += 1;
    const { plan, verdict } = judge(each, each.reply, each.example);
    if (plan !== null && verdict?.level === each.converter.top_level) collected.sound.push({ ...each, plan, draft: draftOf(plan), verdict });
    else collected.below.push({ name: each.name, origin: each.origin, level: verdict?.level ?? null, codes: (verdict?.defects ?? []).filter(({ severity }) => severity === "error").map(({ code }) => code) });
  }
  return collected;
}

/** Reads and verifies a reply as the program does. Rules may leave a result open; others may not. */
export function judge({ converter, origin, answerCopied }: Given, reply: string, example: SourceExample): { plan: Plan | null; verdict: Verdict | null; codes: string[] } {
  const { plan, defects } = parsePlan(reply, { results: origin === "rules" ? "optional" : "required" });
  if (plan === null) return { plan, verdict: null, codes: defects.map(({ code }) => code) };
  const verdict = verifyPlan(plan, { domain: converter.domain, example, topLevel: converter.top_level, answerCopied, parseDefects: defects });
  return { plan, verdict, codes: verdict.defects.map(({ code }) => code) };
}

/** What the rules make of an example, as a reply; nothing where they skip it. */
export function byRules(example: SourceExample, converter: LoadedConverter): Given[] {
  const outcome = annotateByRules(example, converter);
  if (outcome.state !== "annotated") return [];
  return [{ name: example.id, converter, example, origin: "rules", reply: printPlan(outcome.annotation.plan), answerCopied: outcome.answer_copied }];
}

const planLine = z.object({ dataset: z.string(), task: z.string(), response: z.string() });

function readPlans(file: string): z.infer<typeof planLine>[] {
  let text: string;
  try {
    text = readFileSync(file, "utf8");
  } catch (error) {
    throw new LumosError("input.missing", `Plans ${file} can't be read: expected JSON lines with dataset, task and response.`, { cause: error });
  }
  return text.split("\n").flatMap((line, index) => {
    if (line.trim() === "") return [];
    const read = planLine.safeParse(parseJson(line));
    if (!read.success) throw new LumosError("input.broken", `${file}, line ${index + 1}: expected JSON with dataset, task and response (text).`);
    return [read.data];
  });
}

function parseJson(line: string): unknown {
  try {
    return JSON.parse(line);
  } catch (error) {
    return error instanceof Error ? null : error;
  }
}

/** `drawn`: a seeded sample; `wanted`: the examples of these tasks (null: of all), by task. */
async function readExamples(converter: LoadedConverter, files: readonly string[], options: { sample: number; seed: string; tasks: readonly string[] | null }) {
  const plan = await planSelection(converter, files, { sample: { size: options.sample, seed: options.seed } });
  const everything = { ...plan, sampled: null };
  const tasks = options.tasks === null ? null : new Set([...options.tasks, ...HAND_WRITTEN.map(({ task }) => task)].map(fold));
  const drawn: SourceExample[] = [];
  const wanted = new Map<string, SourceExample>();
  for await (const record of selectRecords(converter, files, {}, everything, () => null)) {
    if (record.kind === "skip") continue;
    const { example } = record;
    if (plan.sampled?.has(`${example.place.file}\0${example.place.position}`) === true) drawn.push(example);
    if (tasks === null || tasks.has(fold(example.task))) wanted.set(fold(example.task), example);
  }
  return { drawn, wanted };
}

/** The few-shot plans of a prompt, where its rationales are in the source's own spelling, so that the converter can read them as records. */
function fewShots(converter: LoadedConverter): Given[] {
  if (converter.dataset !== "gsm8k") return [];
  const { few_shots } = loadPrompt(join(converter.folder, converter.prompt), converter.domain);
  return few_shots.flatMap(({ task, rationale, answer, plan }, index) => {
    const record = converter.record.safeParse({ question: task, answer: `${rationale}\n#### ${answer}` });
    const mapped = record.success ? converter.map(record.data, { file: converter.prompt, position: index + 1 }) : null;
    if (mapped === null || "skip" in mapped) return [];
    return [{ name: `${converter.dataset} few-shot ${index + 1}`, converter, example: mapped.example, origin: "written" as const, reply: printPlan(plan), answerCopied: false }];
  });
}

function fold(task: string): string {
  return task.trim().split(/\s+/).join(" ");
}
