import { stringify } from "yaml";
import type { Manifest } from "../manifest.ts";
import { type RecipeFile, stem, trainingSets } from "./training-set.ts";

/** How LLaMA-Factory reads each format (`data/README.md` of github.com/hiyouga/LLaMA-Factory). */
const COLUMNS: ReadonlyMap<string, object> = new Map([
  ["lumos", messages()],
  ["openai", messages()],
  ["sharegpt", { formatting: "sharegpt", columns: { messages: "conversations" } }],
  ["alpaca", { formatting: "alpaca", columns: { prompt: "instruction", query: "input", response: "output", history: "history" } }],
]);

/** `dataset_info.json` with an entry for each file, and a training configuration for each training set. */
export function llamafactory(manifest: Manifest): RecipeFile[] {
  const entries = manifest.files.flatMap(({ path, format }) => {
    const columns = COLUMNS.get(format);
    return columns === undefined ? [] : [[stem(path), { file_name: path, ...columns }] as const];
  });
  if (entries.length === 0) return [];
  const configurations = trainingSets(manifest, [...COLUMNS.keys()]).map(({ name, train, validation, length, measured }) => ({
    name: `llamafactory_${name}.yaml`,
    text: `# In this folder: llamafactory-cli train llamafactory_${name}.yaml\n# Answers are learned, all of them; what is asked is not. Longer rows than cutoff_len are cut.\n# ${measured}\n${stringify({
      model_name_or_path: "Qwen/Qwen3-0.6B",
      template: "qwen3",
      stage: "sft",
      do_train: true,
      finetuning_type: "lora",
      dataset_dir: ".",
      dataset: train.map(({ path }) => stem(path)).join(","),
      ...(validation.length === 0 ? {} : { eval_dataset: validation.map(({ path }) => stem(path)).join(",") }),
      train_on_prompt: false,
      mask_history: false,
      cutoff_len: length,
      output_dir: `runs/${name}`,
    })}`,
  }));
  return [{ name: "dataset_info.json", text: `${JSON.stringify(Object.fromEntries(entries), null, 2)}\n` }, ...configurations];
}

function messages(): object {
  return { formatting: "sharegpt", columns: { messages: "messages" }, tags: { role_tag: "role", content_tag: "content", user_tag: "user", assistant_tag: "assistant", system_tag: "system" } };
}
