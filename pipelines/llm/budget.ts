import { setMaxListeners } from "node:events";
import { LumosError } from "../../schemas/errors.ts";
import { RequestFailure } from "./failure.ts";
import type { ModelConfig } from "./models.ts";
import { formatUsd, pico, picoCostOf, usd } from "./prices.ts";
import type { PicoDollars, Price } from "./prices.ts";
import type { RawReply } from "./reply.ts";
import type { ModelRequest } from "./request.ts";
import { mostPromptTokens, outputCap } from "./tokens.ts";

/** The next request could cost more than the cap leaves. Nothing is lost: what was paid for is stored. One line. */
export class BudgetExceeded extends Error {
  override readonly name = "BudgetExceeded";
}

/** Money that is set aside for one request. Only the first call of either counts. */
interface Reservation {
  /** The request is done and cost so much; null where that isn't known: the whole reservation stays taken. */
  settle(cost: PicoDollars | null): void;
  /** Nothing was billed. */
  release(): void;
}

export interface Budget {
  maxUsd: number | null;
  /**
   * Sets aside what a request can cost at worst. Waits while what is in flight could still leave room; rejects with `BudgetExceeded`
   * where it can't, and with a `RequestFailure` (`interrupted`) when `signal` is aborted meanwhile. First come, first served.
   */
  reserve(worst: PicoDollars, signal?: AbortSignal): Promise<Reservation>;
  /** USD that requests are known to have cost. */
  spent(): number;
  /** USD set aside for requests in flight, and for those that may have been billed without saying how much. */
  reserved(): number;
}

/** A cap in USD that all models of a run share; null: no cap, only accounts. */
export function createBudget(maxUsd: number | null): Budget {
  const max = maxUsd === null ? null : pico(maxUsd);
  const queue: Waiting[] = [];
  let spent = 0n;
  /** Of requests that may have been billed without saying how much: taken for good. */
  let kept = 0n;
  let inFlight = 0n;

  const take = (worst: PicoDollars): Reservation => {
    inFlight += worst;
    let open = true;
    const close = (account: () => void): void => {
      if (!open) return;
      open = false;
      inFlight -= worst;
      account();
      serve();
    };
    return {
      settle: (cost) =>
        close(() => {
          if (cost === null) kept += worst;
          else spent += cost;
        }),
      release: () => close(() => undefined),
    };
  };
  const serve = (): void => {
    for (let next = queue[0]; next !== undefined; next = queue[0]) {
      if (max !== null && spent + kept + next.worst > max) next.refuse(exceeded(max, spent + kept, next.worst));
      else if (max === null || spent + kept + inFlight + next.worst <= max) next.grant(take(next.worst));
      else return;
      queue.shift();
    }
  };

  return {
    maxUsd,
    reserve: (worst, signal) =>
      new Promise((resolve, reject) => {
        if (signal?.aborted === true) return reject(interrupted());
        const onAbort = (): void => {
          queue.splice(queue.indexOf(waiting), 1);
          reject(interrupted());
          serve();
        };
        const done = (): void => signal?.removeEventListener("abort", onAbort);
        const waiting: Waiting = {
          worst,
          grant(reservation) {
            done();
            resolve(reservation);
          },
          refuse(error) {
            done();
            reject(error);
          },
        };
        queue.push(waiting);
        serve();
        if (signal === undefined || !queue.includes(waiting)) return;
        // As many listen as requests wait: no leak, whatever Node thinks of more than ten.
        setMaxListeners(0, signal);
        signal.addEventListener("abort", onAbort, { once: true });
      }),
    spent: () => usd(spent),
    reserved: () => usd(kept + inFlight),
  };
}

interface Waiting {
  worst: PicoDollars;
  grant(reservation: Reservation): void;
  refuse(error: BudgetExceeded): void;
}

type Ask<Reply> = (request: ModelRequest, signal: AbortSignal) => Promise<Reply>;
type Priced = Pick<ModelConfig, "price" | "maxOutput">;

/**
 * Keeps what is sent within a budget: sets the worst case of a request aside before it is sent, and takes what the reply reports to have
 * been used afterwards. To be put right around what sends one HTTP request, inside of retries and dialects, since each of these can be
 * billed. A failure after which a bill may come (no answer, or a gateway that gave up) keeps its reservation.
 */
export function withBudget<Reply extends RawReply>(send: Ask<Reply>, budget: Budget, model: Priced): Ask<Reply> {
  const { price } = model;
  if (price === null) return send;
  return async (request, signal) => {
    const worst = worstCase(request.body, { ...model, price });
    const reservation = await budget.reserve(worst, signal);
    try {
      const reply = await send(request, signal);
      reservation.settle(billOf(reply, price, () => worstPrompt(request.body, price)));
      return reply;
    } catch (error) {
      if (error instanceof RequestFailure && !mayBeBilled(error)) reservation.release();
      else reservation.settle(null);
      throw error;
    }
  };
}

/**
 * What a request can cost at most: every prompt token at its full price, and a reply as long as the output cap, else as long as the model
 * can write, else `UNKNOWN_MAX_OUTPUT` tokens. `discount`: 0.5 for batches.
 */
export function worstCase(body: Readonly<Record<string, unknown>>, model: Priced & { price: Price }, discount = 1): PicoDollars {
  const completion_tokens = outputCap(body) ?? model.maxOutput ?? UNKNOWN_MAX_OUTPUT;
  return picoCostOf({ prompt_tokens: mostPromptTokens(body), cached_prompt_tokens: 0, completion_tokens }, uncached(model.price), discount);
}

/** Refuses a cap that can't be held (`usage`): without a price, nobody knows when it is reached. */
export function assertPriced(maxUsd: number | null, models: readonly Pick<ModelConfig, "name" | "baseUrl" | "price">[]): void {
  const unpriced = maxUsd === null ? undefined : models.find((model) => model.price === null);
  if (unpriced === undefined) return;
  const example = `{"models": {"${unpriced.name}": {"price": {"input": 0.15, "cachedInput": 0.075, "output": 0.6}}}}`;
  throw new LumosError(
    "usage",
    `--max-cost can't be held: no price is known for model '${unpriced.name}' at ${unpriced.baseUrl}. Give it in lumos.config.json, in USD per million tokens, as ${example}, or leave --max-cost out.`,
  );
}

/** What a cap takes for granted of requests without an output cap, as a line for people; null where there is nothing to say. */
export function outputAssumption(model: ModelConfig): string | null {
  if (model.price === null || model.price.output === 0 || outputCap(model.parameters) !== null) return null;
  const tokens = (model.maxOutput ?? UNKNOWN_MAX_OUTPUT).toLocaleString("en-US");
  const why = model.maxOutput === null ? "what the largest models can write; its own limit isn't known" : "as many as the model can write";
  return `No output cap: each request of ${model.name} reserves ${tokens} tokens (${why}) of --max-cost. Give --max-tokens to reserve less.`;
}

/** As much as the largest models write. */
const UNKNOWN_MAX_OUTPUT = 128_000;

function billOf(reply: RawReply, price: Price, promptAtMost: () => PicoDollars): PicoDollars | null {
  // No prompt is empty: who reports that of it did not count.
  if (reply.usage !== null && reply.usage.prompt_tokens > 0) return picoCostOf(reply.usage, price);
  // A refusal by status (a content filter) wrote nothing; that the prompt was looked at may be billed.
  return reply.status >= 400 ? promptAtMost() : null;
}

function worstPrompt(body: Readonly<Record<string, unknown>>, price: Price): PicoDollars {
  return picoCostOf({ prompt_tokens: mostPromptTokens(body), cached_prompt_tokens: 0, completion_tokens: 0 }, uncached(price));
}

/** A price at which no prompt token is cheaper for where it comes from. */
function uncached({ longPrompt, ...rates }: Price): Price {
  return longPrompt === undefined ? dearest(rates) : { ...dearest(rates), longPrompt: { ...dearest(longPrompt), above: longPrompt.above } };
}

function dearest({ input, cachedInput, cacheWrite = 0, output }: Price): Price {
  return { input: Math.max(input, cachedInput, cacheWrite), cachedInput, output };
}

/** No answer came, and the model may have written one: after a time-out, a broken connection, or a gateway that gave up waiting. */
function mayBeBilled({ status, away }: RequestFailure): boolean {
  return status === null ? !away : GAVE_UP_WAITING.has(status);
}

const GAVE_UP_WAITING: ReadonlySet<number> = new Set([408, 499, 504, 524]);

function exceeded(max: PicoDollars, taken: PicoDollars, worst: PicoDollars): BudgetExceeded {
  const left = max > taken ? max - taken : 0n;
  return new BudgetExceeded(
    `--max-cost ${formatUsd(usd(max))} leaves ${formatUsd(usd(left))}, and the next request could cost ${formatUsd(usd(worst))}: raise the cap to go on, or lower --max-tokens.`,
  );
}

function interrupted(): RequestFailure {
  return new RequestFailure("interrupted", "The request was interrupted before it was sent.", false);
}
