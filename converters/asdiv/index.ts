import { defineConverter } from "../../schemas/converter.ts";
import { readXml } from "../shared/xml.ts";
import { mapAsdiv } from "./map.ts";
import { asdivRecordSchema } from "./record.ts";
import { asdivRules } from "./rules.ts";

/** ASDiv 1.0 (Miao et al., ACL 2020): word problems of elementary school with the formula that solves each. */
export default defineConverter({
  dataset: "asdiv",
  title: "ASDiv 1.0",
  domain: "maths",
  top_level: "proven",
  licence: {
    name: "CC-BY-NC-4.0",
    url: "https://creativecommons.org/licenses/by-nc/4.0/",
    inherits: "Non-commercial: annotations hold the problems' text, so they may be used for non-commercial purposes only, with attribution.",
  },
  homepage: "https://github.com/chaochun/nlu-asdiv-dataset",
  downloads: [
    {
      file: "ASDiv.xml",
      url: "https://raw.githubusercontent.com/chaochun/nlu-asdiv-dataset/master/dataset/ASDiv.xml",
      about: "2,305 problems with solution type, answer and formula",
    },
  ],
  gold: "One step per statement of the formula (`26-4=22; 22/2=11` has two), with its calculation and the result that the source states.",
  sample: "sample.xml",
  prompt: "prompt.yaml",
  read: (path) => readXml(path, "Problem"),
  record: asdivRecordSchema,
  map: mapAsdiv,
  rules: asdivRules,
});
