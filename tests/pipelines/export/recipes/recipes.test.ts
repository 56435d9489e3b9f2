import { execFileSync } from "node:child_process";
import { existsSync, readFileSync } from "node:fs";
import { dirname, join } from "node:path";
import process from "node:process";
import { fileURLToPath } from "node:url";
import { describe, expect, test } from "vitest";
import { parse } from "yaml";
import { z } from "zod";
import type { ExportOptions } from "../../../../pipelines/export/export.ts";
import { FORMATS } from "../../../../pipelines/export/formats.ts";
import type { Manifest } from "../../../../pipelines/export/manifest.ts";
import { RECIPES, type Recipe, recipeFiles } from "../../../../pipelines/export/recipes/recipes.ts";
import { estimatingTokenizer } from "../../../../pipelines/export/tokens.ts";
import { exported, mixedStore } from "../exported.ts";

/** The recipes of an export, each under its name. */
async function recipes(formats: readonly string[], wanted: readonly Recipe[], options: Partial<ExportOptions> = {}) {
  const chosen = formats.flatMap((name) => FORMATS.get(name) ?? []);
  const [first] = chosen;
  if (first === undefined) throw new Error("no format");
  let texts = new Map<string, string>();
  const { out, manifest } = await exported(mixedStore(), first, {
    formats: chosen,
    beside(made) {
      const files = recipeFiles(made, wanted);
      texts = new Map(files.map(({ name, text }) => [name, text]));
      return files;
    },
    ...options,
  });
  return { out, texts, manifest };
}

function paths({ files }: Manifest): string[] {
  return files.map(({ path }) => path);
}

describe("the recipe for LLaMA-Factory", () => {
  test("has an entry for each file and a configuration for each model, whatever the number of formats", async () => {
    const { texts, manifest } = await recipes(["lumos", "sharegpt", "alpaca"], ["llamafactory"], { modules: ["plan"], formulations: ["iterative"] });
    const entries = z.record(z.string(), z.looseObject({ file_name: z.string(), formatting: z.string(), columns: z.record(z.string(), z.string()) })).parse(JSON.parse(texts.get("dataset_info.json") ?? ""));
    expect(Object.values(entries).map(({ file_name }) => file_name).sort()).toEqual(manifest.files.filter(({ rows }) => rows > 0).map(({ path }) => path).sort());
    expect([...texts.keys()]).toEqual(["dataset_info.json", "llamafactory_lumos_plan_iterative.yaml"]);
    expect(entries["lumos_maths_plan_iterative"]).toMatchInlineSnapshot(`
      {
        "columns": {
          "messages": "messages",
        },
        "file_name": "lumos_maths_plan_iterative.jsonl",
        "formatting": "sharegpt",
        "tags": {
          "assistant_tag": "assistant",
          "content_tag": "content",
          "role_tag": "role",
          "system_tag": "system",
          "user_tag": "user",
        },
      }
    `);
    expect(texts.get("llamafactory_lumos_plan_iterative.yaml")).toMatchInlineSnapshot(`
      "# In this folder: llamafactory-cli train llamafactory_lumos_plan_iterative.yaml
      # Answers are learned, all of them; what is asked is not. Longer rows than cutoff_len are cut.
      # Rows were not measured: export with --tokenizer to know which are longer than this.
      model_name_or_path: Qwen/Qwen3-0.6B
      template: qwen3
      stage: sft
      do_train: true
      finetuning_type: lora
      dataset_dir: .
      dataset: lumos_unified_plan_iterative
      train_on_prompt: false
      mask_history: false
      cutoff_len: 4096
      output_dir: runs/lumos_plan_iterative
      "
    `);
    for (const [name, text] of texts) {
      if (name.endsWith(".yaml")) for (const dataset of z.object({ dataset: z.string() }).parse(parse(text)).dataset.split(",")) expect(entries).toHaveProperty([dataset]);
    }
  });
});

describe("the recipe for Axolotl", () => {
  test("trains on the assistant, evaluates on the validation part and leaves the test part alone", async () => {
    const { texts, manifest } = await recipes(["sharegpt"], ["axolotl"], {
      modules: ["ground"],
      formulations: ["onetime"],
      split: [{ name: "train", share: 0.4 }, { name: "validation", share: 0.3 }, { name: "test", share: 0.3 }],
      tokens: { counter: await estimatingTokenizer(), most: null },
    });
    const text = texts.get("axolotl_sharegpt_ground_onetime.yaml") ?? "";
    const datasets = z.array(z.looseObject({ path: z.string(), roles_to_train: z.array(z.string()), train_on_eos: z.string() }));
    const read = z.looseObject({ datasets, test_datasets: datasets, sequence_len: z.number() }).parse(parse(text));
    expect(read.datasets.every(({ path, roles_to_train }) => path.endsWith(".train.jsonl") && paths(manifest).includes(path) && roles_to_train.join() === "assistant")).toBe(true);
    expect(read.test_datasets.every(({ path }) => path.endsWith(".validation.jsonl") && paths(manifest).includes(path))).toBe(true);
    expect(text).not.toContain(".test.jsonl");
    const longest = Math.max(...manifest.files.map(({ tokens }) => tokens?.max ?? 0));
    expect(read.sequence_len).toBeGreaterThan(longest);
    expect(text).toContain(`The longest row has`);
  });
});

describe("the recipes for TRL and open-instruct", () => {
  // Its scripts are for a POSIX shell.
  test.skipIf(process.platform === "win32")("are scripts whose files are there", async () => {
    const { texts, out } = await recipes(["lumos", "openai"], ["trl", "open-instruct"], { modules: ["plan"] });
    expect([...texts.keys()].sort()).toEqual(
      ["open_instruct_lumos_plan_iterative.sh", "open_instruct_lumos_plan_onetime.sh", ...["iterative", "onetime"].flatMap((form) => [`trl_lumos_plan_${form}.sh`, `trl_lumos_plan_${form}.yaml`])],
    );
    for (const [name, text] of texts) {
      if (name.endsWith(".sh")) execFileSync("sh", ["-n", join(out, name)]);
      const named = [...text.matchAll(/[\w.]+\.(?:jsonl|yaml)\b/g)].map(([file]) => file);
      expect(named.filter((file) => !existsSync(join(out, file)))).toEqual([]);
      expect(named.length).toBeGreaterThan(0);
    }
    expect(texts.get("trl_lumos_plan_iterative.sh")).toMatchInlineSnapshot(`
      "#!/bin/sh
      # MODEL=Qwen/Qwen3-0.6B sh trl_lumos_plan_iterative.sh
      set -eu
      cd "$(dirname "$0")"
      trl sft --config trl_lumos_plan_iterative.yaml --model_name_or_path "\${MODEL:?}" "$@"
      "
    `);
    expect(texts.get("trl_lumos_plan_iterative.yaml")).toMatchInlineSnapshot(`
      "# Only tokens of the assistant are learned (its chat template needs generation marks). Longer rows than max_length are cut.
      # Rows were not measured: export with --tokenizer to know which are longer than this.
      datasets:
        - path: json
          data_files: lumos_unified_plan_iterative.jsonl
          split: train
          columns:
            - messages
      assistant_only_loss: true
      max_length: 4096
      num_train_epochs: 2
      output_dir: runs/lumos_plan_iterative
      "
    `);
    expect(texts.get("open_instruct_lumos_plan_iterative.sh")).toMatchInlineSnapshot(`
      "#!/bin/sh
      # OPEN_INSTRUCT=<its checkout> MODEL=<model> sh open_instruct_lumos_plan_iterative.sh
      # Only tokens of the assistant are learned. Longer rows than max_seq_length are cut.
      # Rows were not measured: export with --tokenizer to know which are longer than this.
      set -eu
      cd "$(dirname "$0")"
      DATA="$PWD"
      cd "\${OPEN_INSTRUCT:?}"
      accelerate launch --mixed_precision bf16 open_instruct/finetune.py \\
        --exp_name lumos_plan_iterative \\
        --model_name_or_path "\${MODEL:?}" \\
        --tokenizer_name "$MODEL" \\
        --dataset_mixer_list "$DATA/lumos_unified_plan_iterative.jsonl" 1.0 \\
        --max_seq_length 4096 \\
        --num_train_epochs 2 \\
        --learning_rate 2e-5 \\
        --output_dir "$DATA/runs/lumos_plan_iterative" "$@"
      "
    `);
  });
});

describe("the recipe for OpenAI", () => {
  test("is a request for each training file", async () => {
    const { texts } = await recipes(["openai"], ["openai"], { modules: ["cot"], tokens: { counter: await estimatingTokenizer(), most: null } });
    expect([...texts.keys()]).toEqual(["openai_unified_cot.job.json"]);
    const { metadata, ...request } = z.looseObject({ metadata: z.record(z.string(), z.string().max(512)) }).parse(JSON.parse(texts.get("openai_unified_cot.job.json") ?? ""));
    expect(request).toMatchInlineSnapshot(`
      {
        "method": {
          "supervised": {
            "hyperparameters": {
              "batch_size": "auto",
              "learning_rate_multiplier": "auto",
              "n_epochs": "auto",
            },
          },
          "type": "supervised",
        },
        "model": "gpt-4.1-mini-2025-04-14",
        "seed": 0,
        "suffix": "cot-unified",
        "training_file": "<id of openai_unified_cot.jsonl, uploaded with purpose fine-tune>",
      }
    `);
    expect(metadata).toMatchObject({ rows: "6", sha256: expect.stringMatching(/^[0-9a-f]{64}$/), tokens_an_epoch: expect.stringMatching(/^\d+$/) });
  });

  test("uses only fields that the provider's own client knows", async () => {
    const { texts } = await recipes(["openai"], ["openai"], { modules: ["plan"] });
    const types = readFileSync(join(dirname(fileURLToPath(import.meta.resolve("openai"))), "resources/fine-tuning/jobs/jobs.d.ts"), "utf8");
    const [, fields = ""] = /interface JobCreateParams \{([\s\S]*?)\n\}/.exec(types) ?? [];
    const known = new Set([...fields.matchAll(/^ {4}(\w+)\??:/gm)].map(([, name]) => name));
    for (const text of texts.values()) expect(Object.keys(JSON.parse(text)).filter((key) => !known.has(key))).toEqual([]);
    expect(known.size).toBeGreaterThan(5);
  });
});

describe("recipes", () => {
  test("are of what was exported: a trainer that reads none of it is refused by name, and left out of all", async () => {
    const alpaca = recipes(["alpaca"], ["axolotl"], { modules: ["cot"] });
    await expect(alpaca).rejects.toThrowErrorMatchingInlineSnapshot(`[LumosError: --recipe axolotl: the export has no row in a format that it reads; give --format lumos, openai or sharegpt.]`);
    const { texts } = await recipes(["alpaca"], RECIPES, { modules: ["cot"] });
    expect([...texts.keys()]).toEqual(["dataset_info.json", "llamafactory_alpaca_cot.yaml"]);
  });
});
