import { worstCase } from "../llm/budget.ts";
import type { ModelConfig } from "../llm/models.ts";
import { costOf, priceSchema, usd } from "../llm/prices.ts";
import type { Usage } from "../llm/reply.ts";

/** Batches cost half of what single requests do. */
const BATCH_DISCOUNT = 0.5;

/** What an answer of a batch cost (USD) at the price that is stored with the batch; null where there is none. */
export function batchCost(usage: Usage, price: unknown): number | null {
  const known = priceSchema.safeParse(price);
  return known.success ? costOf(usage, known.data, BATCH_DISCOUNT) : null;
}

/** The most that a request can cost in a batch (USD); null where no price is known. */
export function batchWorstCost(body: Readonly<Record<string, unknown>>, model: Pick<ModelConfig, "price" | "maxOutput">): number | null {
  return model.price === null ? null : usd(worstCase(body, { ...model, price: model.price }, BATCH_DISCOUNT));
}
