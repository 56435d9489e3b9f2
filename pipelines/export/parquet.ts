import { ByteWriter, type ColumnSource, ParquetWriter, type SchemaElement } from "hyparquet-writer";
import { argsText } from "../plan/args.ts";
import type { ExportItem, FileFormat } from "./format.ts";

/** Rows that are held until they are written as a group: readers take a group at a time, and memory grows with its size. */
const GROUP = 5_000;

/**
 * One row an annotation: where it comes from, what supports it, and `subgoals` as a list of structs, each with its list of actions. Written in groups of
 * rows with Snappy compression; read by DuckDB, pandas, Polars, Spark and Hugging Face `datasets`.
 */
export const parquetFormat: FileFormat = {
  name: "parquet",
  extension: "parquet",
  about: "DuckDB, pandas, Polars, Hugging Face datasets: whole annotations as columns",
  scope: "annotation",
  open(write) {
    const bytes = flushing(write);
    const file = new ParquetWriter({ writer: bytes, schema: [{ name: "root", num_children: COLUMNS.length }, ...COLUMNS.flatMap(({ schema }) => schema)], createdBy: "lumos-annotations" });
    let values: unknown[][] = COLUMNS.map(() => []);
    let rows = 0;
    const writeGroup = (): void => {
      if (rows > 0) void file.write({ columnData: COLUMNS.map(({ name }, i): ColumnSource => ({ name, data: values[i] ?? [], offsetIndex: false })), rowGroupSize: GROUP });
      values = COLUMNS.map(() => []);
      rows = 0;
    };
    return {
      add(item) {
        for (const [i, { value }] of COLUMNS.entries()) values[i]?.push(value(item));
        rows += 1;
        if (rows === GROUP) writeGroup();
      },
      end() {
        writeGroup();
        void file.finish();
      },
    };
  },
};

interface Column {
  name: string;
  schema: SchemaElement[];
  value: (item: ExportItem) => unknown;
}

const COLUMNS: readonly Column[] = [
  text("id", ({ source }) => source.id),
  text("dataset", ({ source }) => source.dataset),
  text("domain", ({ domain }) => domain),
  text("task", ({ example }) => example.task),
  text("environment", ({ example }) => example.environment),
  text("rationale", ({ example }) => example.rationale),
  text("answer", ({ example }) => example.answer),
  { name: "subgoals", schema: list("subgoals", struct("element", [string("text"), list("gold", string("element")), list("actions", actionSchema())])), value: subgoals },
  text("level", ({ annotation }) => annotation.level),
  text("answer_evidence", ({ annotation }) => annotation.verdict.answer),
  { name: "by_construction", schema: [{ name: "by_construction", type: "BOOLEAN", repetition_type: "REQUIRED" }], value: ({ annotation }) => annotation.byConstruction },
  { name: "defects", schema: list("defects", string("element")), value: ({ annotation }) => [...new Set(annotation.verdict.defects.map(({ code }) => code))] },
  { name: "repaired", schema: list("repaired", string("element")), value: ({ outcome }) => outcome.repaired },
  text("annotator", ({ outcome }) => outcome.annotator),
  text("model", ({ outcome }) => outcome.model),
  text("prompt", ({ variant }) => variant?.promptHash ?? null),
  text("variant", ({ outcome }) => outcome.variant),
  text("run", ({ outcome }) => outcome.run),
  text("source_file", ({ source }) => source.file),
  { name: "source_position", schema: [{ name: "source_position", type: "INT32", repetition_type: "REQUIRED" }], value: ({ source }) => source.position },
  text("licence", ({ source }) => source.licence),
];

function actionSchema(): SchemaElement[] {
  return struct("element", [list("outputs", string("element")), string("tool"), string("args"), string("result"), string("evidence"), string("computed")]);
}

/** The plan with what is known of each action beside it. */
function subgoals({ plan, annotation: { verdict } }: ExportItem): unknown {
  const gold = new Map(verdict.alignment.map((each) => [each.subgoal, each.gold]));
  const traces = new Map(verdict.trace.map((trace) => [`${trace.subgoal} ${trace.action}`, trace]));
  return plan.subgoals.map((subgoal, i) => ({
    text: subgoal.text,
    gold: gold.get(i + 1) ?? [],
    actions: subgoal.actions.map(({ outputs, tool, args, result }, k) => {
      const trace = traces.get(`${i + 1} ${k + 1}`);
      return { outputs, tool, args: argsText(args), result, evidence: trace?.evidence ?? null, computed: trace?.computed ?? null };
    }),
  }));
}

function text(name: string, value: (item: ExportItem) => string | null): Column {
  return { name, schema: string(name), value };
}

function string(name: string): SchemaElement[] {
  return [{ name, type: "BYTE_ARRAY", converted_type: "UTF8", repetition_type: "OPTIONAL" }];
}

function struct(name: string, fields: readonly SchemaElement[][]): SchemaElement[] {
  return [{ name, repetition_type: "OPTIONAL", num_children: fields.length }, ...fields.flat()];
}

/** A list in the three levels that the Parquet format asks for; `element` must be named so. */
function list(name: string, element: readonly SchemaElement[]): SchemaElement[] {
  return [{ name, repetition_type: "OPTIONAL", converted_type: "LIST", num_children: 1 }, { name: "list", repetition_type: "REPEATED", num_children: 1 }, ...element];
}

/** A writer whose bytes go on after each group of rows. */
function flushing(write: (bytes: Uint8Array) => void): ByteWriter {
  const writer = new ByteWriter();
  const flush = (): void => {
    write(writer.getBytes());
    writer.index = 0;
  };
  return Object.assign(writer, { flush, finish: flush });
}
