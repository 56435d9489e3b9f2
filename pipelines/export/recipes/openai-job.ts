import type { Manifest, ManifestFile } from "../manifest.ts";
import { type RecipeFile, stem, trainingSets } from "./training-set.ts";

/**
 * A request for each file: the body of `POST /v1/fine_tuning/jobs`, with the ids of uploaded files left to fill in. What it costs depends on the
 * provider's price of training tokens; `metadata` says how many there are in an epoch.
 */
export function openaiJob(manifest: Manifest): RecipeFile[] {
  const sets = trainingSets(manifest, ["openai"]);
  return sets.flatMap(({ train, validation }) =>
    train.map((file) => {
      const held = validation.find(({ domain }) => domain === file.domain);
      const request = {
        model: "gpt-4.1-mini-2025-04-14",
        training_file: uploaded(file),
        ...(held === undefined ? {} : { validation_file: uploaded(held) }),
        suffix: `${file.module ?? "lumos"}-${file.domain}`.replaceAll("_", "-").slice(0, 64),
        method: { type: "supervised", supervised: { hyperparameters: { n_epochs: "auto", batch_size: "auto", learning_rate_multiplier: "auto" } } },
        seed: 0,
        metadata: {
          rows: String(file.rows),
          sha256: file.sha256,
          tokens_an_epoch: file.tokens === null ? "not measured" : String(file.tokens.total),
          cost_usd: "unknown: tokens an epoch, times epochs, times the price of a training token",
        },
      };
      return { name: `${stem(file.path)}.job.json`, text: `${JSON.stringify(request, null, 2)}\n` };
    }),
  );
}

function uploaded({ path }: ManifestFile): string {
  return `<id of ${path}, uploaded with purpose fine-tune>`;
}
