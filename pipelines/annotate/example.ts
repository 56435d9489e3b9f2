import type { Converter } from "../../schemas/converter.ts";
import type { SourceExample } from "../../schemas/example.ts";
import { variantParameters } from "../llm/request.ts";
import { annotateByModel, MODEL_ANNOTATOR_VERSION } from "./llm.ts";
import type { ModelPorts, ModelSettings } from "./llm.ts";
import type { Outcome } from "./outcome.ts";
import { annotateByRules } from "./rules.ts";
import { variantOf } from "./variant.ts";
import type { Variant } from "./variant.ts";

export type { Outcome } from "./outcome.ts";

/** Who annotates: the source's own rules, or a model. */
export type Annotator = { kind: "rules"; converter: Converter } | ({ kind: "llm" } & ModelSettings);

/**
 * The work on one example, from the source example to its outcome. It touches no file, store or global: what it needs
 * of the world are the ports, so that it runs anywhere. Rules need none. `firstAsk`: see `annotateByModel`.
 */
export async function annotateExample(example: SourceExample, annotator: Annotator, ports: ModelPorts, firstAsk = 1): Promise<Outcome> {
  return annotator.kind === "rules" ? annotateByRules(example, annotator.converter) : annotateByModel(example, ports, annotator, firstAsk);
}

/** The variant that an annotator stands for: an example that has an outcome for it is done. */
export function annotatorVariant(annotator: Annotator): Variant {
  if (annotator.kind === "rules") {
    return variantOf({ annotator: "rules", version: annotator.converter.rules.version, model: null, parameters: {}, prompt_hash: null, reply: null });
  }
  const { model, prompt, reply } = annotator;
  const parameters = variantParameters(annotator.parameters);
  return variantOf({ annotator: "llm", version: MODEL_ANNOTATOR_VERSION, model, parameters, prompt_hash: prompt.hash, reply });
}
