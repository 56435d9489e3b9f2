import { z } from "zod";
import list from "./prices.json" with { type: "json" };
import type { Usage } from "./reply.ts";

const dollars = z.number().nonnegative().max(1_000_000);
const ratesSchema = z.strictObject({
  input: dollars,
  cachedInput: dollars,
  output: dollars,
  /** Of prompt tokens that are put into the provider's cache, where that costs more than reading them. */
  cacheWrite: dollars.optional(),
});
const tokens = z.number().int().positive();

/** USD per million tokens. `longPrompt`: what all tokens of a request cost whose prompt is longer than `above` tokens. */
export const priceSchema = ratesSchema.extend({ longPrompt: ratesSchema.extend({ above: tokens }).optional() });
export type Price = z.infer<typeof priceSchema>;

const date = z.iso.date();
const entrySchema = priceSchema.extend({ model: z.string(), maxOutput: tokens, as_of: date.optional(), note: z.string().optional() });
const listSchema = z.strictObject({
  as_of: date,
  about: z.string(),
  providers: z.array(
    z.strictObject({ name: z.string(), hosts: z.array(z.string()).min(1), source: z.url(), as_of: date, note: z.string().optional(), models: z.array(entrySchema).min(1) }),
  ),
});

/** What is known of a model at its provider. */
export interface ListedModel {
  price: Price;
  /** The most tokens that one reply can have. */
  maxOutput: number;
  /** The day for which the price is vouched, and the page it stands on. */
  asOf: string;
  source: string;
}

/**
 * The list price of a model at an endpoint (`prices.json`), null where none is known. A dated snapshot (`gpt-4o-2024-08-06`,
 * `claude-haiku-4-5-20251001`, `gemini-2.5-flash-001`) costs what its family costs, unless it has an entry of its own.
 */
export function listedModel(model: string, baseUrl: string): ListedModel | null {
  const models = priceList().get(hostOf(baseUrl));
  const id = model.trim().toLowerCase().replace(/^models\//, "");
  return models?.get(id) ?? models?.get(id.replace(SNAPSHOT, "")) ?? null;
}

/** See `listedModel`. */
export function priceOf(model: string, baseUrl: string): Price | null {
  return listedModel(model, baseUrl)?.price ?? null;
}

/** Whether the endpoint is that of a provider in the price list, and so wants a key. */
export function isListedProvider(baseUrl: string): boolean {
  return priceList().has(hostOf(baseUrl));
}

/** Usage as the endpoint reported it; tokens written into the cache, where it counts them, are among the prompt tokens. */
export type BilledUsage = Pick<Usage, "prompt_tokens" | "cached_prompt_tokens" | "completion_tokens"> & { cache_write_tokens?: number };

/** Millionths of a millionth of a dollar: what a token costs is a whole number of them, so that sums are exact. */
export type PicoDollars = bigint;

/**
 * What a request cost, exactly. Cached prompt tokens at their price; where writing the cache has a price and its tokens are not reported,
 * all that was not cached counts as written, so that an account is never below the bill. `discount`: 0.5 for batches.
 */
export function picoCostOf(usage: BilledUsage, price: Price, discount = 1): PicoDollars {
  const rates = price.longPrompt !== undefined && usage.prompt_tokens > price.longPrompt.above ? price.longPrompt : price;
  const cached = Math.min(usage.cached_prompt_tokens, usage.prompt_tokens);
  const fresh = usage.prompt_tokens - cached;
  const written = rates.cacheWrite === undefined ? 0 : Math.min(usage.cache_write_tokens ?? fresh, fresh);
  const full =
    BigInt(fresh - written) * perToken(rates.input) +
    BigInt(written) * perToken(Math.max(rates.cacheWrite ?? 0, rates.input)) +
    BigInt(cached) * perToken(rates.cachedInput) +
    BigInt(usage.completion_tokens) * perToken(rates.output);
  // Rounded up: half of an odd number of units is one unit too much, not too little.
  return discount === 1 ? full : (full * perToken(discount) + MILLION - 1n) / MILLION;
}

/** As `picoCostOf`, in USD. */
export function costOf(usage: BilledUsage, price: Price, discount = 1): number {
  return usd(picoCostOf(usage, price, discount));
}

/** The number nearest to an exact amount, in USD. */
export function usd(amount: PicoDollars): number {
  return Number(amount) / 1e12;
}

/** An amount given in USD, rounded to whole units. */
export function pico(amountUsd: number): PicoDollars {
  return BigInt(Math.round(amountUsd * 1e6)) * MILLION;
}

/** Dollars as people read them: cents, and below one dollar as many places as show two digits that count. */
export function formatUsd(amountUsd: number): string {
  if (amountUsd === 0) return "$0.00";
  if (amountUsd < 0.000_001) return "under $0.000001";
  const places = amountUsd >= 1 ? 2 : Math.min(6, 1 - Math.floor(Math.log10(amountUsd)));
  return `$${amountUsd.toLocaleString("en-US", { minimumFractionDigits: Math.max(2, places), maximumFractionDigits: Math.max(2, places) })}`;
}

const MILLION = 1_000_000n;
const SNAPSHOT = /(?:-\d{4}-\d{2}-\d{2}|[-@]\d{8}|-\d{3}|-latest)$/;

/** Dollars per million tokens are millionths of a dollar per token, and six decimal places of them whole units. */
function perToken(rate: number): PicoDollars {
  return BigInt(Math.round(rate * 1e6));
}

let read: ReadonlyMap<string, ReadonlyMap<string, ListedModel>> | null = null;

function priceList(): ReadonlyMap<string, ReadonlyMap<string, ListedModel>> {
  if (read !== null) return read;
  const hosts = new Map<string, Map<string, ListedModel>>();
  for (const provider of listSchema.parse(list).providers) {
    const models = new Map(
      provider.models.map(({ model, maxOutput, as_of, note: _note, ...price }) => [
        model,
        { price, maxOutput, asOf: as_of ?? provider.as_of, source: provider.source },
      ]),
    );
    for (const host of provider.hosts) hosts.set(host, models);
  }
  read = hosts;
  return hosts;
}

function hostOf(baseUrl: string): string {
  return URL.canParse(baseUrl) ? new URL(baseUrl).hostname : "";
}
