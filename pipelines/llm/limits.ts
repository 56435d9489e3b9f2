import { setMaxListeners } from "node:events";
import { createAimd } from "./aimd.ts";
import type { Complete, Send, SentReply } from "./client.ts";
import { RequestFailure } from "./failure.ts";
import { createRateBucket } from "./rate-bucket.ts";
import type { RateHeaders } from "./rate-headers.ts";
import type { ModelRequest } from "./request.ts";
import { isRefusal, judgeFailure } from "./retry.ts";
import { createWaitingLine } from "./waiting-line.ts";

export interface LimitOptions {
  /** Requests under way at once: never more, fewer while the endpoint is busy. */
  concurrency: number;
  /** Requests a minute; null: as the endpoint says, else none. */
  rpm?: number | null;
  /** Tokens a minute, prompts and replies; null: as the endpoint says, else none. */
  tpm?: number | null;
  /** How many tokens a request will come to, reply included. Needed for tokens a minute; asked only where there is such a limit. */
  estimateTokens?: (body: ModelRequest["body"]) => number;
  /** How long a request waits for an endpoint that is busy or away. Default 600. */
  patienceSeconds?: number;
}

/** What the limits are lent of the world. */
export interface LimitPorts {
  /** Milliseconds on a steady clock. */
  now(): number;
  /** Runs something later; returns what takes it back. */
  after(ms: number, run: () => void): () => void;
  /** From 0 on and below 1. */
  random(): number;
}

/** Why requests wait, or waited last. */
type WaitReason = "requests_per_minute" | "tokens_per_minute" | "retry_after" | "back_off" | "concurrency";

export interface LimitState {
  inFlight: number;
  /** How many may be in flight now; at most `concurrency`. */
  allowed: number;
  waiting: number;
  /** Requests sent so far, retries included. */
  sent: number;
  retries: number;
  lastWait: WaitReason | null;
  /** Limits a minute as they are kept now; null where none is known. */
  rpm: number | null;
  tpm: number | null;
}

export interface Limits {
  /** The same requests, each sent when the limits let it and again where it failed for a passing reason. */
  wrap(send: Send): Complete;
  state(): LimitState;
  /** Lets what is under way finish; what waits, and what is asked later, fails as interrupted. */
  drain(): void;
}

/** So long the first request goes alone, until its answer tells the endpoint's limits: some take no more than ten at once. */
const FIRST_ALONE_MS = 1000;
/** So many failures in a row, and as many as are under way, are more than chance. */
const STANDSTILL = 4;
/** So many requests in a row that were given up mean that the endpoint is not going to answer any. */
const GIVEN_UP_IN_A_ROW = 5;

/**
 * Keeps requests to one endpoint and model within its limits: so many at once, so many requests and tokens a minute, corrected by
 * what the endpoint says. Busy endpoints (429, 503) get fewer requests at once; `Retry-After` holds for all. 408, 409, 429, 5xx,
 * time-outs and broken connections are sent again, which is no attempt at the example. A failure that all others would share is fatal.
 */
export function createLimits(options: LimitOptions, ports: LimitPorts = SYSTEM): Limits {
  const { concurrency, estimateTokens = () => 0 } = options;
  const patienceMs = (options.patienceSeconds ?? 600) * 1000;
  const aimd = createAimd(concurrency, ports.now);
  const requests = createRateBucket(options.rpm ?? null, ports.now);
  const tokens = createRateBucket(options.tpm ?? null, ports.now);
  const line = createWaitingLine<Ticket>(ports, freeIn);
  let inFlight = 0;
  let tokensInFlight = 0;
  let sent = 0;
  let firstSentAt = 0;
  let retries = 0;
  let lastWait: WaitReason | null = null;
  let closedUntil = Number.NEGATIVE_INFINITY;
  let everAnswered = false;
  let lastReplyAt = Number.NEGATIVE_INFINITY;
  let givenUpInARow = 0;
  let failuresInARow = 0;

  /** Milliseconds until the first in line may be sent; null: when another one is done. */
  function freeIn(ticket: Ticket): number | null {
    if (inFlight >= aimd.allowed()) {
      lastWait = "concurrency";
      return null;
    }
    if (inFlight > 0 && !everAnswered && requests.limit() === null) {
      const alone = firstSentAt + FIRST_ALONE_MS - ports.now();
      if (alone > 0) return alone;
    }
    if (tokens.limit() !== null) ticket.tokens ??= Math.max(0, estimateTokens(ticket.request.body));
    const waits: [WaitReason, number][] = [
      ["retry_after", closedUntil - ports.now()],
      ["requests_per_minute", requests.waitFor(1)],
      ["tokens_per_minute", tokens.waitFor(ticket.tokens ?? 0)],
    ];
    let longest = 0;
    for (const [reason, wait] of waits) {
      if (wait <= longest) continue;
      longest = wait;
      lastWait = reason;
    }
    if (longest > 0) return longest;
    requests.take(1);
    tokens.take(ticket.tokens ?? 0);
    tokensInFlight += ticket.tokens ?? 0;
    inFlight += 1;
    if (sent === 0) firstSentAt = ports.now();
    sent += 1;
    return 0;
  }

  async function sendOnce(send: Send, ticket: Ticket, signal: AbortSignal): Promise<SentReply | RequestFailure> {
    let answer: SentReply | RequestFailure;
    try {
      answer = await send(ticket.request, signal);
    } catch (error) {
      if (!(error instanceof RequestFailure)) {
        leave(ticket);
        line.move();
        throw error;
      }
      answer = error;
    }
    leave(ticket);
    observe(answer.rate);
    const used = "usage" in answer ? answer.usage : null;
    if (used !== null) tokens.giveBack((ticket.tokens ?? 0) - used.prompt_tokens - used.completion_tokens);
    return answer;
  }

  function leave(ticket: Ticket): void {
    inFlight -= 1;
    tokensInFlight -= ticket.tokens ?? 0;
  }

  function observe(rate: RateHeaders | null): void {
    if (rate?.requests) requests.observe(rate.requests, inFlight);
    if (rate?.tokens) tokens.observe(rate.tokens, tokensInFlight);
  }

  function replied(): void {
    everAnswered = true;
    lastReplyAt = ports.now();
    givenUpInARow = 0;
    failuresInARow = 0;
    aimd.succeeded(inFlight + 1);
  }

  /** Where it is sent again: how long to wait first. Else the failure to pass on. */
  function failed(failure: RequestFailure, ticket: Ticket, sentAt: number): number | RequestFailure {
    if (failure.status !== null) everAnswered = true;
    if (!failure.transient) return failure;
    const now = ports.now();
    ticket.failedAt ??= now;
    ticket.failures += 1;
    if (!isRefusal(failure) && !failure.away) ticket.breakdowns += 1;
    failuresInARow += 1;
    // Any failure may come singly; where nothing else has come for as many as are under way, they all wait for one to try.
    const nothingGoes = failure.away || failuresInARow >= Math.max(STANDSTILL, aimd.allowed());
    if (nothingGoes || isRefusal(failure) || failure.reason === "timeout") aimd.refused(sentAt);
    const { failures, breakdowns, failedAt } = ticket;
    const verdict = judgeFailure(failure, { failures, breakdowns, elapsedMs: now - failedAt, everAnswered }, patienceMs, ports.random);
    if (verdict.again) {
      if (!verdict.forAll && !nothingGoes) return verdict.waitMs;
      closedUntil = Math.max(closedUntil, now + verdict.waitMs);
      return 0;
    }
    givenUpInARow += 1;
    const silent = breakdowns === 0 && lastReplyAt < failedAt;
    const fatal = verdict.dead || silent || givenUpInARow >= GIVEN_UP_IN_A_ROW;
    const last = new RequestFailure(failure.reason, `${failure.message} ${verdict.why}`, fatal, failure);
    if (fatal) line.close(() => last);
    return last;
  }

  return {
    wrap: (send) => async (request, signal) => {
      const ticket: Ticket = { request, tokens: null, failures: 0, breakdowns: 0, failedAt: null };
      // As many listen as requests wait: no leak, whatever Node thinks of more than ten.
      setMaxListeners(0, signal);
      await line.turn(ticket, signal, "last");
      for (;;) {
        const sentAt = ports.now();
        const answer = await sendOnce(send, ticket, signal);
        if (!(answer instanceof RequestFailure)) {
          replied();
          line.move();
          const { rate: _rate, ...reply } = answer;
          return reply;
        }
        const wait = failed(answer, ticket, sentAt);
        line.move();
        if (wait instanceof RequestFailure) throw wait;
        retries += 1;
        if (wait > 0) {
          lastWait = "back_off";
          await line.pause(wait, signal);
        }
        await line.turn(ticket, signal, "first");
      }
    },
    state: () => ({
      inFlight,
      allowed: aimd.allowed(),
      waiting: line.size(),
      sent,
      retries,
      lastWait,
      rpm: requests.limit(),
      tpm: tokens.limit(),
    }),
    drain: () => line.close(() => new RequestFailure("interrupted", "The run was interrupted before this request was sent.", false)),
  };
}

/** One request on its way, through all its tries. */
interface Ticket {
  request: ModelRequest;
  /** As estimated; null until there is a limit for them. */
  tokens: number | null;
  failures: number;
  breakdowns: number;
  /** When it failed first. */
  failedAt: number | null;
}

/** The process's own clock, timers and chance. */
const SYSTEM: LimitPorts = {
  now: () => performance.now(),
  after: (ms, run) => {
    const timer = setTimeout(run, Math.min(ms, 2 ** 31 - 1));
    return () => clearTimeout(timer);
  },
  random: Math.random,
};
