import type { Domain } from "../../schemas/domain.ts";
import type { SourceExample } from "../../schemas/example.ts";
import type { Plan } from "../../schemas/plan.ts";
import type { ExampleRow } from "../store/annotations.ts";
import type { ExportAnnotation, ExportOutcome } from "../store/exports.ts";
import type { Variant } from "../store/runs.ts";
import type { FailedPlan } from "./failed.ts";
import type { Kind } from "./kind.ts";
import type { TokenFigures } from "./manifest.ts";

/** One example with its chosen annotation: what every format prints its rows from. What costs to make is made when it is first asked for. */
export interface ExportItem {
  /** Place, domain and licence. `source.id` is the row's id in every format. */
  readonly source: ExampleRow;
  readonly domain: Domain;
  readonly example: SourceExample;
  readonly plan: Plan;
  readonly outcome: ExportOutcome;
  readonly annotation: ExportAnnotation;
  readonly variant: Variant | null;
  /** The chat that the module learns from, as the `lumos` format has it; made once a kind, whatever the number of formats. */
  chat(kind: Kind): Chat;
  /** The same, its contents as they stand within a JSON string (without the quotes around it). */
  escapedChat(kind: Kind): Chat;
  /** The same for another plan of this example (a preference pair). */
  chatOf(plan: Plan, kind: Kind): Chat;
  /** Plans of this example that failed, in a fixed order: of other variants, and of earlier attempts of this one. */
  failed(): readonly FailedPlan[];
}

export interface Message {
  role: "user" | "assistant";
  content: string;
}

/** Messages that begin with the user's and end with the assistant's; or why there are none (`no_step_result`, `no_action`, `no_rationale`). */
export type Chat = { messages: readonly Message[] } | { excluded: string };

/** The rows of one item in one file, each a line without its newline; or the reason (snake_case) why there are none. */
type Lines = { lines: readonly string[] } | { excluded: string };

interface FormatFacts {
  /** As `--format` names it, and as file names begin. Unique. */
  readonly name: string;
  /** Without the dot. */
  readonly extension: string;
  /** For `--help` and the documentation: what reads it, in some words. */
  readonly about: string;
  /** `module`: a file for each module and formulation. `annotation`: one file with the whole annotation, whatever `--module` says (`kind` is null). */
  readonly scope: "module" | "annotation";
}

/** A format of lines of text. Several domains are joined by joining their files. */
export interface LineFormat extends FormatFacts {
  lines(item: ExportItem, kind: Kind | null): Lines;
  /** What the reader of the format would say against a finished file (too few rows, …), in a sentence; null where there is nothing. */
  remark?(file: { rows: number; kind: Kind | null; tokens: TokenFigures | null }): string | null;
}

/** A format whose files are more than lines. Bytes go to `write` as they become complete: memory must not grow with the rows. */
export interface FileFormat extends FormatFacts {
  open(write: (bytes: Uint8Array) => void, kind: Kind | null): FileWriter;
}

export interface FileWriter {
  /** Adds the item as one row. */
  add(item: ExportItem): void;
  /** The last bytes. */
  end(): void;
}

export type ExportFormat = LineFormat | FileFormat;
