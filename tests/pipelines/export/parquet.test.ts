import { readFileSync } from "node:fs";
import { join } from "node:path";
import { parquetMetadata, parquetReadObjects, parquetSchema } from "hyparquet";
import { describe, expect, test } from "vitest";
import type { FileWriter } from "../../../pipelines/export/format.ts";
import { type FullItem, itemOf } from "../../../pipelines/export/item.ts";
import { parquetFormat } from "../../../pipelines/export/parquet.ts";
import { addition, newStore, save, sourceExample } from "../store/fixture.ts";
import { BAKERY, exported, mixedStore } from "./exported.ts";

function bytesOf(path: string): ArrayBuffer {
  const { buffer, byteOffset, byteLength } = readFileSync(path);
  return buffer.slice(byteOffset, byteOffset + byteLength) as ArrayBuffer;
}

describe("the parquet format", () => {
  test("is one file a domain and one that joins them, read back by a reader that is not ours", async () => {
    const { out, manifest } = await exported(mixedStore(), parquetFormat, { modules: ["cot", "plan"] });
    expect(manifest.files.map(({ path, module, rows }) => `${path} ${module} ${rows}`)).toEqual([
      "parquet_complex_qa.parquet null 3",
      "parquet_maths.parquet null 3",
      "parquet_unified.parquet null 9",
      "parquet_web_agent.parquet null 3",
    ]);
    for (const { path, rows } of manifest.files) {
      const read = await parquetReadObjects({ file: bytesOf(join(out, path)) });
      expect(read).toHaveLength(rows);
      const provenance = readFileSync(join(out, `${path}.provenance.jsonl`), "utf8").trimEnd().split("\n").map((line): { id: string } => JSON.parse(line));
      expect(read.map(({ id }) => id as string)).toEqual(provenance.map(({ id }) => id));
    }
  });

  test("keeps the plan as nested columns, whatever its text", async () => {
    const { out } = await exported(mixedStore(), parquetFormat, { domains: ["maths"] });
    const [row] = await parquetReadObjects({ file: bytesOf(join(out, "parquet_maths.parquet")) });
    expect(row).toMatchObject({ id: "gsm8k/1", task: 'Task 1 of gsm8k: "quoted"\nand broken, é 漢 🙂', environment: null, level: "proven", licence: "MIT", source_position: 1, defects: [], by_construction: false });
    expect(row?.["subgoals"]).toEqual(
      BAKERY.subgoals.map(({ text, actions }, i) => ({
        text,
        gold: i === 0 ? ["gold#1"] : [],
        actions: actions.map(({ args, ...action }) => ({ ...action, args: args.map((part) => (typeof part === "string" ? part : part.ref)).join(""), evidence: null, computed: null })),
      })),
    );
  });

  test("has the standard schema of lists and structs", async () => {
    const { out } = await exported(mixedStore(), parquetFormat, { domains: ["maths"] });
    const schema = parquetSchema(parquetMetadata(bytesOf(join(out, "parquet_maths.parquet"))));
    const told = (node: typeof schema, depth: number): string[] => [
      `${" ".repeat(depth)}${node.element.name} ${node.element.converted_type ?? node.element.type ?? "struct"} ${node.element.repetition_type?.toLowerCase() ?? ""}`.trimEnd(),
      ...node.children.flatMap((child) => told(child, depth + 1)),
    ];
    expect(told(schema, 0).join("\n")).toMatchInlineSnapshot(`
      "root struct
       id UTF8 optional
       dataset UTF8 optional
       domain UTF8 optional
       task UTF8 optional
       environment UTF8 optional
       rationale UTF8 optional
       answer UTF8 optional
       subgoals LIST optional
        list struct repeated
         element struct optional
          text UTF8 optional
          gold LIST optional
           list struct repeated
            element UTF8 optional
          actions LIST optional
           list struct repeated
            element struct optional
             outputs LIST optional
              list struct repeated
               element UTF8 optional
             tool UTF8 optional
             args UTF8 optional
             result UTF8 optional
             evidence UTF8 optional
             computed UTF8 optional
       level UTF8 optional
       answer_evidence UTF8 optional
       by_construction BOOLEAN required
       defects LIST optional
        list struct repeated
         element UTF8 optional
       repaired LIST optional
        list struct repeated
         element UTF8 optional
       annotator UTF8 optional
       model UTF8 optional
       prompt UTF8 optional
       variant UTF8 optional
       run UTF8 optional
       source_file UTF8 optional
       source_position INT32 required
       licence UTF8 optional"
    `);
  });

  test("writes groups of rows as they fill, and whole files of none", () => {
    const store = newStore();
    save(store, sourceExample("gsm8k/1"), { plan: addition(1, 2) });
    const [page] = store.exportPages({});
    const [example] = page ?? [];
    const [outcome] = example?.outcomes ?? [];
    if (example === undefined || outcome === undefined || outcome.annotation === null) throw new Error("no example");
    const item = itemOf(example, { outcome, annotation: outcome.annotation }, { variant: null, granularity: "subgoal", past: store });
    if (item === null) throw new Error("no item");

    const sizes = written(item, 12_000);
    expect(sizes.map(({ rows }) => rows)).toEqual([5_000, 10_000, 12_000, 12_000]);
    expect(written(item, 0)).toHaveLength(1);
  });
});

/** How many rows were added at each write. */
function written(item: FullItem, rows: number): { rows: number }[] {
  if (!("open" in parquetFormat)) throw new Error("not a format of files");
  const writes: { rows: number }[] = [];
  const pieces: Uint8Array[] = [];
  let added = 0;
  const file: FileWriter = parquetFormat.open((bytes) => {
    writes.push({ rows: added });
    pieces.push(bytes.slice());
  }, null);
  for (; added < rows; ) {
    added += 1;
    file.add(item);
  }
  file.end();
  const whole = Buffer.concat(pieces);
  expect(Number(parquetMetadata(whole.buffer.slice(whole.byteOffset, whole.byteOffset + whole.byteLength) as ArrayBuffer).num_rows)).toBe(rows);
  return writes;
}
