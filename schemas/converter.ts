import type { z } from "zod";
import type { Level } from "./defect.ts";
import type { Domain } from "./domain.ts";
import type { SourceExample, SourcePlace } from "./example.ts";
import type { PlanJson } from "./plan.ts";

/** One record as a reader gives it: its value, or why it can't be read (a sentence; the record becomes a skip). */
export type RawRecord = { position: number; value: unknown } | { position: number; problem: string };

/** A reader: streams the records of one file in order. Throws `InputError` where the file as a whole is broken. */
export type ReadRecords = (path: string) => AsyncIterable<RawRecord>;

/** What a mapping makes of a record: an example, or a skip with its reason in snake_case and a sentence. */
export type Mapped = { example: SourceExample } | { skip: string; detail: string };

/** What the rules annotator is lent of the execution module. Numbers are strings in exact decimal or fraction spelling. */
export interface RulesKit {
  /** The exact value of an arithmetic formula without variables (`3*(2+1)`, `20%*5`, `gcd(4, 6)`), or null where it can't be run. */
  evaluate(formula: string): string | null;
  /** Whether two numbers as people write them (`1,000`, `$5`, `.5`, `1/2`, `50%`) are equal, or one is the other's rounding to at least two decimals. */
  sameNumber(a: string, b: string): boolean;
  /** The exact value of each unknown where the equations (`3x + 15 = 6x - 10`) have one solution; null where they have none or several, or can't be solved. */
  solve(equations: readonly string[], unknowns: readonly string[]): string[] | null;
}

/** What the rules make of an example: a plan in its JSON spelling, or a skip with its reason in snake_case. */
export type RulesOutcome =
  | { plan: PlanJson; /** The final result was copied from the gold answer, not derived. */ answer_copied: boolean }
  | { skip: string; detail: string };

export interface Rules {
  /** Raised whenever the output changes: part of the variant. */
  version: string;
  annotate(example: SourceExample, kit: RulesKit): RulesOutcome;
}

export interface Licence {
  /** SPDX id, or the name where there is none. */
  name: string;
  url: string;
  /** What training on the annotations inherits from it, in a sentence. */
  inherits: string;
}

/** A source dataset: everything the project knows about it. `converters/<dataset>/index.ts` exports one as default. */
export interface Converter<Value = unknown> {
  dataset: string;
  title: string;
  domain: Domain;
  /** The highest level an annotation of it can reach: `proven` where its steps can be run or matched here. */
  top_level: Level;
  licence: Licence;
  /** The dataset's own page. */
  homepage: string;
  /** Files to get: name, from where, what it holds. */
  downloads: readonly { file: string; url: string; about: string }[];
  /** What its gold steps are, in a sentence. */
  gold: string;
  /** File name of the bundled hand-written sample beside the code. */
  sample: string;
  /** File name of the prompt beside the code. */
  prompt: string;
  read: ReadRecords;
  /** The published shape of a record. */
  record: z.ZodType<Value>;
  /** Maps a record that fits `record`. Never throws on hostile values. The id's disambiguation (`~`) is not its business. */
  map(value: Value, place: SourcePlace): Mapped;
  /** The id and form that `map` would give, where they are cheaper to tell: every record is asked once before it is mapped. */
  identify?(value: Value): { id: string; form?: string };
  /** The record forms of the source, worst first, where one task can stand in several (the best wins). */
  forms?: readonly string[];
  rules: Rules;
}

/** Types a converter by its record schema. */
export function defineConverter<Value>(converter: Converter<Value>): Converter<Value> {
  return converter;
}

/** The prompt of a converter, as it stands in its file. */
export interface Prompt {
  version: string;
  instruction: string;
  few_shots: readonly { task: string; rationale: string; answer: string; plan: string }[];
}
