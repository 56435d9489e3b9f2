import { defineConverter } from "../../schemas/converter.ts";
import { readJsonArray } from "../shared/json-array.ts";
import { mapRecord } from "./map.ts";
import { strategyqaRecordSchema } from "./record.ts";
import { rules } from "./rules.ts";

/** StrategyQA (Geva et al., TACL 2021): yes/no questions whose steps are implicit in the question. */
export default defineConverter({
  dataset: "strategyqa",
  title: "StrategyQA",
  domain: "complex_qa",
  top_level: "aligned",
  licence: {
    name: "MIT",
    url: "https://github.com/eladsegal/strategyqa/blob/main/LICENSE",
    inherits: "Attribution: keep the MIT notice with what you redistribute. Paragraph names come from Wikipedia (CC BY-SA).",
  },
  homepage: "https://allenai.org/data/strategyqa",
  downloads: [
    {
      file: "strategyqa_train.json",
      url: "https://storage.googleapis.com/ai2i/strategyqa/data/strategyqa_dataset.zip",
      about: "training set, 2,061 questions, inside the zip archive: one JSON array with facts, decomposition and evidence",
    },
  ],
  gold: "The questions of the decomposition, each with the paragraphs that the source's annotators chose for it; no answers but the last one's.",
  sample: "sample.json",
  prompt: "prompt.yaml",
  read: readJsonArray,
  record: strategyqaRecordSchema,
  map: mapRecord,
  rules,
});
