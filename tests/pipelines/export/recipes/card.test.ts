import { readFileSync } from "node:fs";
import { join } from "node:path";
import { describe, expect, test } from "vitest";
import { parse } from "yaml";
import { adpFormat } from "../../../../pipelines/export/adp.ts";
import type { Manifest } from "../../../../pipelines/export/manifest.ts";
import { lumosFormat } from "../../../../pipelines/export/lumos-format.ts";
import { datasetCard } from "../../../../pipelines/export/recipes/card.ts";
import { codeBlock, inCode, inText, linkTo, tableOf } from "../../../../pipelines/export/recipes/markdown.ts";
import { exported, mixedStore } from "../exported.ts";

const SOURCES = [{ dataset: "gsm8k", title: "GSM8K", licence: { name: "MIT", url: "https://example.org/licence", inherits: "Keep the notice." } }];
const COMMAND = "lumos export --out data --split train-a=0.5,held=0.5";

/** The card as it stands in the folder of the export. */
async function card() {
  const split = [{ name: "train-a", share: 0.5 }, { name: "held", share: 0.5 }];
  const { out, manifest } = await exported(mixedStore(), lumosFormat, {
    formats: [lumosFormat, adpFormat],
    modules: ["plan"],
    formulations: ["iterative"],
    split,
    beside: (made) => [datasetCard(made, { command: COMMAND, sources: SOURCES })],
  });
  const text = readFileSync(join(out, "README.md"), "utf8");
  const [, front = "", body = ""] = /^---\n([\s\S]*?)\n---\n([\s\S]*)$/.exec(text) ?? [];
  return { front: parse(front) as Record<string, unknown>, body, manifest };
}

describe("the dataset card", () => {
  test("begins with what the hub reads, a configuration for each file that has rows", async () => {
    const { front, manifest } = await card();
    const { configs, ...rest } = front;
    expect(rest).toMatchInlineSnapshot(`
      {
        "annotations_creators": [
          "machine-generated",
        ],
        "language": [
          "en",
        ],
        "license": "mit",
        "size_categories": [
          "n<1K",
        ],
        "tags": [
          "agents",
          "planning",
          "tool-use",
          "lumos",
        ],
        "task_categories": [
          "text-generation",
          "question-answering",
        ],
      }
    `);
    const listed = (configs as { config_name: string; data_files: { split: string; path: string }[] }[]).flatMap(({ data_files }) => data_files);
    expect(listed.map(({ path }) => path).sort()).toEqual(manifest.files.map(({ path }) => path));
    expect(new Set(listed.map(({ split }) => split))).toEqual(new Set(["train_a", "held"]));
  });

  test("says what is in it, where it is from, who made it, what is left out and how to make it again", async () => {
    const { body } = await card();
    expect(body.match(/^#+ .*$/gm)).toEqual(["# Plan and ground annotations", "## Files", "## Evidence", "## Sources and licences", "## Annotators", "## Left out", "## Rebuild"]);
    expect(body).toContain("| proven | 3 |");
    expect(body).toContain("| `gsm8k` | GSM8K | 3 | [MIT](https://example.org/licence) | Keep the notice. |");
    expect(body).toContain(`\`\`\`sh\n${COMMAND}\n\`\`\``);
    expect(body).toContain("no example was left out for an overlap");
  });

  test.each<[what: string, about: Partial<Manifest>, said: string]>([
    ["nothing was found", {}, "Decontamination: no example was left out for an overlap with an evaluation set. Where `lumos decontaminate` was not run on the store, nothing was looked for."],
    ["overlaps were left out", { excluded: { contaminated: 7, duplicate_task: 2 } }, "Decontamination: 7 examples were left out that overlap with an evaluation set."],
    [
      "evaluation sets were left out, and overlaps kept",
      { excluded: { evaluation_set: 1200 }, overlaps: { "test.jsonl": 3 } },
      "Decontamination: 1,200 examples were left out that are of an evaluation set themselves. 3 annotations overlap with test.jsonl and are in the files all the same.",
    ],
    ["nobody reviewed", {}, "Review by people: nobody decided on any of these annotations."],
    [
      "people reviewed",
      { reviewed: { accepted: 5, edited: 2, rejected: 1 } },
      "Review by people: 5 were accepted by the majority of their reviewers; 2 were written by a person in place of one that was wrong; 1 were rejected and are in the files all the same.",
    ],
  ])("says what is known of overlaps and reviews: %s", async (_what, about, said) => {
    const { manifest } = await card();
    expect(datasetCard({ ...manifest, ...about }, { command: null, sources: [] }).text).toContain(`\n\n${said}\n`);
  });

  test("takes names for data: none of them is markup or YAML", async () => {
    const hostile = 'x | <img src=x onerror=1>\n---\n# "h`1`" [a](javascript:b)';
    const { manifest } = await card();
    const { text } = datasetCard(
      { ...manifest, licences: { [hostile]: 2, MIT: 1 }, datasets: { [hostile]: 3 }, excluded: { contaminated: 7 }, overlaps: { [hostile]: 1 }, annotators: manifest.annotators.map((each) => ({ ...each, model: hostile })) },
      { command: "lumos export\n```\n# not a heading of ours", sources: [] },
    );
    const [, front = "", body = ""] = /^---\n([\s\S]*?)\n---\n([\s\S]*)$/.exec(text) ?? [];
    expect(parse(front)).toMatchObject({ license: ["mit", "other"] });
    expect(body.split(/^(`{3,}).*\n[\s\S]*?\n\1$/m).join("").match(/^# .*$/gm)).toEqual(["# Plan and ground annotations"]);
    expect(body.replaceAll(/`+[^`]*`+/g, "")).not.toMatch(/<img|\]\(javascript/);
    expect(body).toContain("7 examples were left out that overlap with an evaluation set");
  });
});

describe("Markdown of foreign text", () => {
  test.each([
    ["text", inText("a*b_[c](d) <i> & | `e`\n# f"), "a\\*b\\_\\[c\\]\\(d\\) &lt;i&gt; &amp; \\| \\`e\\` \\# f"],
    ["code", inCode("a`b``c|d\ne"), "``` a`b``c\\|d e ```"],
    ["no code", inCode(""), ""],
    ["a block", codeBlock("sh", "```\n````"), "`````sh\n```\n````\n`````"],
    ["a link", linkTo("MIT", "https://example.org/a?b=c"), "[MIT](https://example.org/a?b=c)"],
    ["no link", linkTo("MIT", "javascript:alert(1)"), "MIT"],
    ["a table", tableOf(["a", "b"], [["1", "2"]]), "| a | b |\n| --- | --- |\n| 1 | 2 |"],
  ])("is %s", (_what, made, expected) => {
    expect(made).toBe(expected);
  });
});
