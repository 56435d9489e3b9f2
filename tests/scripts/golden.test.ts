import { readdirSync, readFileSync, writeFileSync } from "node:fs";
import { join } from "node:path";
import { describe, expect, it } from "vitest";
import type { AnnotateSummary } from "../../pipelines/annotate/tally.ts";
import type { ExportSummary } from "../../pipelines/export/export.ts";
import { lumos, summaryOf, temporaryFolder } from "../support/lumos.ts";
import { hasShared, SHARED } from "../support/shared.ts";
import { startStandIn } from "../support/stand-in.ts";

interface Recorded {
  dataset: string;
  source_id: string | null;
  task: string;
  response: string;
}

/** Real replies of a large model, served by the stand-in, and what the published converter printed for them. */
describe.skipIf(!hasShared)("the recorded plans, annotated and exported by the program", () => {
  it("hold every one of the 206 published rows, ask nothing twice, and lose none of the 60", async () => {
    const recorded = readLines<Recorded>(join(SHARED, "recorded", "responses.jsonl"));
    const standIn = await startStandIn((body) => {
      const last = body.messages.at(-1)?.content ?? "";
      // The longest task that stands in the message: one may be part of another.
      const [found] = recorded.filter(({ task }) => last.includes(task)).sort((a, b) => b.task.length - a.task.length);
      return found?.response ?? { fault: "bad_request" };
    });
    const folder = temporaryFolder();
    const db = join(folder, "golden.db");
    const inputs = { gsm8k: gsm8kFile(folder, recorded), asdiv: join(SHARED, "data", "ASDiv.xml"), strategyqa: join(SHARED, "data", "strategyqa_train.json") };
    const annotate = (dataset: keyof typeof inputs) => {
      const ids = join(folder, `${dataset}.txt`);
      writeFileSync(ids, recorded.filter((each) => each.dataset === dataset).map((each) => `${dataset}/${each.source_id}`).join("\n"));
      return lumos([
        "annotate", dataset, "--input", inputs[dataset], ...(dataset === "gsm8k" ? [] : ["--ids", ids]), "--db", db,
        "--model", "stand-in", "--base-url", standIn.url, "--attempts", "1", "--json",
      ]);
    };
    try {
      const counts = { gsm8k: 30, asdiv: 12, strategyqa: 18 };
      for (const dataset of ["gsm8k", "asdiv", "strategyqa"] as const) {
        const n = counts[dataset];
        expect(summaryOf<AnnotateSummary>(await annotate(dataset))).toMatchObject({ examples: n, annotated: n, requests: n, cache_hits: 0 });
        expect(summaryOf<AnnotateSummary>(await annotate(dataset))).toMatchObject({ examples: n, stored_before: n, requests: 0 });
      }
      expect(standIn.requests).toHaveLength(60);

      const out = join(folder, "out");
      const exported = summaryOf<ExportSummary>(await lumos(["export", "--db", db, "--out", out, "--min-level", "parsed", "--json"]));
      expect(exported.excluded).toEqual({});
      const golden = join(SHARED, "golden", "lumos");
      let rows = 0;
      for (const file of readdirSync(golden)) {
        const ours = new Set(readLines<{ dataset: string; messages: unknown }>(join(out, file)).map(({ dataset, messages }) => JSON.stringify({ dataset, messages })));
        for (const { dataset, messages } of readLines<{ dataset: string; messages: unknown }>(join(golden, file))) {
          expect(ours.has(JSON.stringify({ dataset, messages })), `${file} lacks ${JSON.stringify(messages).slice(0, 200)}`).toBe(true);
          rows += 1;
        }
      }
      expect(rows).toBe(206);
    } finally {
      await standIn.close();
    }
  });
});

/** The records of the recorded GSM8K plans, as the training file has them. */
function gsm8kFile(folder: string, recorded: readonly Recorded[]): string {
  const tasks = new Set(recorded.filter(({ dataset }) => dataset === "gsm8k").map(({ task }) => task));
  const lines = readFileSync(join(SHARED, "data", "gsm8k_train.jsonl"), "utf8").split("\n").filter(Boolean);
  const file = join(folder, "gsm8k.jsonl");
  writeFileSync(file, lines.filter((line) => tasks.has((JSON.parse(line) as { question: string }).question)).join("\n"));
  return file;
}

function readLines<T>(file: string): T[] {
  return readFileSync(file, "utf8").split("\n").filter(Boolean).map((line) => JSON.parse(line) as T);
}
