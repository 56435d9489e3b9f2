import { describe, expect, test } from "vitest";
import { alpacaFormat } from "../../../pipelines/export/alpaca.ts";
import type { ExportFormat } from "../../../pipelines/export/format.ts";
import { MODULES } from "../../../pipelines/export/kind.ts";
import { lumosFormat } from "../../../pipelines/export/lumos-format.ts";
import { openaiFormat } from "../../../pipelines/export/openai.ts";
import { sharegptFormat } from "../../../pipelines/export/sharegpt.ts";
import { exported, expectValid, mixedStore, rowsOf } from "./exported.ts";

interface Said {
  role: string;
  content: string;
}

/** The chat that a row holds, read as its trainer reads it. */
const READERS: readonly [format: ExportFormat, read: (row: never) => Said[]][] = [
  [openaiFormat, (row: { messages: Said[] }) => row.messages],
  [sharegptFormat, (row: { conversations: { from: string; value: string }[] }) => row.conversations.map(({ from, value }) => ({ role: from === "human" ? "user" : "assistant", content: value }))],
  [
    alpacaFormat,
    (row: { instruction: string; input: string; output: string; history: [string, string][] }) =>
      [...row.history, [`${row.instruction}${row.input}`, row.output] as const].flatMap(([asked, answered]) => [
        { role: "user", content: asked },
        { role: "assistant", content: answered },
      ]),
  ],
];

describe.each(READERS)("the format $name", (format, read) => {
  test("has the rows of the lumos format for every module, and each is valid by the published definition", async () => {
    const store = mixedStore();
    const ours = await exported(store, format, { modules: MODULES });
    const lumos = await exported(store, lumosFormat, { modules: MODULES });
    expect(ours.manifest.files).toHaveLength(lumos.manifest.files.length);
    const expected = rowsOf(lumos.out, lumos.manifest.files);
    let seen = 0;
    for (const [path, rows] of rowsOf(ours.out, ours.manifest.files)) {
      expectValid(format.name, rows);
      const same = expected.get(path.replace(format.name, "lumos")) ?? [];
      expect(rows.map((row) => read(row as never))).toEqual(same.map((row) => (row as { messages: Said[] }).messages));
      seen += rows.length;
    }
    expect(seen).toBeGreaterThan(40);
    expect(ours.summary.excluded).toEqual(lumos.summary.excluded);
  });
});

describe("what OpenAI would refuse", () => {
  test("is said of files with too few rows and of rows with too many tokens", async () => {
    const { manifest } = await exported(mixedStore(), openaiFormat, { modules: ["cot"], domains: ["maths"] });
    expect(manifest.files.map(({ remark }) => remark)).toMatchInlineSnapshot(`
      [
        "It has 3 rows, and OpenAI takes no training file of fewer than 10.",
      ]
    `);
    const kind = { module: "cot", formulation: null } as const;
    const remark = (rows: number, max: number): string | null => ("remark" in openaiFormat ? (openaiFormat.remark?.({ rows, kind, tokens: { p50: 10, p99: 20, max, total: 99 } }) ?? null) : null);
    expect(remark(10, 65_536)).toBeNull();
    expect(remark(10, 65_537)).toMatchInlineSnapshot(`"Its longest row has 65,537 tokens, and OpenAI's models take 65,536 at most; --max-tokens leaves longer ones out."`);
  });
});
