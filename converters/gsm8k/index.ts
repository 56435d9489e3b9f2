import { defineConverter } from "../../schemas/converter.ts";
import { readJsonl } from "../shared/jsonl.ts";
import { identifyGsm8k, mapGsm8k } from "./map.ts";
import { gsm8kRecordSchema } from "./record.ts";
import { gsm8kRules } from "./rules.ts";

export default defineConverter({
  dataset: "gsm8k",
  title: "GSM8K: grade school math word problems (Cobbe et al., 2021)",
  domain: "maths",
  top_level: "proven",
  licence: {
    name: "MIT",
    url: "https://github.com/openai/grade-school-math/blob/master/LICENSE",
    inherits: "Annotations may be used, changed and shared freely, commercially too, as long as the MIT notice of the dataset is kept.",
  },
  homepage: "https://github.com/openai/grade-school-math",
  downloads: [
    {
      file: "train.jsonl",
      url: "https://raw.githubusercontent.com/openai/grade-school-math/master/grade_school_math/data/train.jsonl",
      about: "7,473 training problems with marked calculations",
    },
    {
      file: "train_socratic.jsonl",
      url: "https://raw.githubusercontent.com/openai/grade-school-math/master/grade_school_math/data/train_socratic.jsonl",
      about: "the same problems, each step with the sub-question it answers",
    },
  ],
  gold: "Each line of the solution with its marked or written calculations; in the socratic files also the sub-question it answers.",
  sample: "sample.jsonl",
  prompt: "prompt.yaml",
  read: readJsonl,
  record: gsm8kRecordSchema,
  forms: ["plain", "socratic"],
  map: mapGsm8k,
  identify: identifyGsm8k,
  rules: gsm8kRules,
});
