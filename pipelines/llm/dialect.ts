import type { Complete } from "./client.ts";
import { FORMAT_NAMES, inDialect, nextFormat, readFacts, UNKNOWN_DIALECT } from "./dialect-facts.ts";
import type { DialectFacts } from "./dialect-facts.ts";
import { changeFor, concernsExample, quote, readRefusal, stepDown } from "./dialect-refusal.ts";
import type { DialectChange } from "./dialect-refusal.ts";
import { RequestFailure } from "./failure.ts";
import { canonicalJson } from "./hash.ts";
import { PROMPT_CUT, readReply } from "./reply.ts";
import type { RawReply } from "./reply.ts";
import type { ModelRequest } from "./request.ts";

export interface DialectOptions {
  /** As people know it, for what is said: the base URL. */
  endpoint: string;
  model: string;
  /** What was found out earlier, as it was saved; anything else is ignored. */
  load(): unknown;
  save(facts: DialectFacts): void;
  /** A line about what was found out: each thing once, ever, as long as what is saved is loaded again. */
  say(line: string): void;
  /** Whether the endpoint counted so few prompt tokens that it can't have read all of what was sent. */
  promptWasCut?(request: ModelRequest, reply: RawReply): boolean;
}

/** So many usable replies in a row that are not what the format guarantees mean that it is ignored. */
const IGNORED_REPLIES = 3;
/** How long a request waits for another one that is finding the dialect out. */
const PATIENCE_MS = 10_000;

type Sender<Reply extends RawReply> = (request: ModelRequest, signal: AbortSignal) => Promise<Reply>;

export interface Dialect {
  /** Goes around what sends, inside of limits and retries: a request that waited for its turn goes out in the dialect known by then. */
  speak<Reply extends RawReply>(send: Sender<Reply>): Sender<Reply>;
  /** Goes around everything: finds out from refusals what to change, and sends again. */
  ask(complete: Complete): Complete;
}

/**
 * Asks in the dialect of one endpoint and model: the name of the output cap, without the parameters it refuses, JSON by a strict schema,
 * else by JSON mode, else by the prompt alone. What it is, refusals and replies tell: where many requests are refused at once, one finds out
 * and the others are sent again as it found. The prompt says which spelling is wanted in any case, so that messages and hash never change.
 * A refusal that concerns one example (too long, filtered) changes nothing and is passed on.
 */
export function createDialect(options: DialectOptions): Dialect {
  const finder = dialectFinder(options);
  /** How a request was sent that was refused. */
  const refusedAs = new WeakMap<RequestFailure, Sent>();
  return {
    speak: (send) => async (request, signal) => {
      const facts = finder.facts();
      const body = inDialect(request.body, facts);
      try {
        const reply = await send({ ...request, body }, signal);
        finder.judge(reply, body, facts);
        return reply;
      } catch (error) {
        if (isRefusal(error)) refusedAs.set(error, { body, facts });
        throw error;
      }
    },
    ask: (complete) => async (request, signal) => {
      let release: (() => void) | null = null;
      try {
        for (;;) {
          if (release === null) await finder.patience(signal);
          try {
            return marked(request, await complete(request, signal), options, finder);
          } catch (error) {
            const sent = isRefusal(error) ? refusedAs.get(error) : undefined;
            if (!isRefusal(error) || sent === undefined) throw error;
            const better = inDialect(request.body, finder.facts());
            if (finder.facts() !== sent.facts && canonicalJson(better) !== canonicalJson(sent.body)) continue;
            const refusal = readRefusal(error.body, error.message);
            if (concernsExample(refusal)) throw error;
            const change = changeFor(refusal, sent.body, finder.facts());
            if (change === null && release === null && finder.isBusy()) continue;
            if (!finder.isBusy()) release = finder.begin();
            if (change !== null) finder.adopt(change);
            else return await finder.tryPlainly(error, sent.body, () => complete(request, signal));
          }
        }
      } finally {
        release?.();
      }
    },
  };
}

/** Both halves of a dialect around what sends at once. */
export function withDialect(complete: Complete, options: DialectOptions): Complete {
  const dialect = createDialect(options);
  return dialect.ask(dialect.speak(complete));
}

interface Sent {
  body: Readonly<Record<string, unknown>>;
  facts: DialectFacts;
}

type Finder = ReturnType<typeof dialectFinder>;

/** What is known, and who is finding out more. */
function dialectFinder({ endpoint, model, load, save, say }: DialectOptions) {
  const stored = readFacts(load());
  let facts = stored ?? UNKNOWN_DIALECT;
  let finding: Promise<void> | null = null;
  /** Usable replies since the present format is asked for that don't keep to it; null once one did. */
  let ignored: number | null = 0;
  let triedPlainly = false;
  /** The facts are a guess that is being tried. */
  let isTrial = false;
  let saidCut = false;

  const settle = (): void => {
    if (facts.settled) return;
    facts = { ...facts, settled: true };
    save(facts);
  };
  const adopt = (change: DialectChange): void => {
    isTrial = false;
    facts = { ...change.facts, settled: false };
    ignored = 0;
    save(facts);
    say(`${endpoint} (model '${model}') ${change.said}`);
  };

  return {
    facts: () => facts,
    adopt,
    isBusy: () => finding !== null,

    /** Makes the caller the one who finds out, until it calls what it is given. */
    begin(): () => void {
      let done = (): void => undefined;
      finding = new Promise((resolve) => {
        done = resolve;
      });
      return () => {
        finding = null;
        done();
      };
    },

    /** Waits for who is finding out, but not for long: what it is at may hang. */
    async patience(signal: AbortSignal): Promise<void> {
      if (finding === null || signal.aborted) return;
      let timer: NodeJS.Timeout | undefined;
      const enough = new Promise<void>((resolve) => {
        timer = setTimeout(resolve, PATIENCE_MS);
      });
      await Promise.race([finding, enough]);
      clearTimeout(timer);
    },

    /** Whether replies keep to the format that they were asked for in. */
    judge(reply: RawReply, body: Readonly<Record<string, unknown>>, tried: DialectFacts): void {
      if (facts.settled && (ignored === null || body["response_format"] === undefined)) return;
      const { content, defects } = readReply(reply);
      if (isTrial || defects.length > 0 || tried.format !== facts.format) return;
      settle();
      if (body["response_format"] === undefined || ignored === null) return;
      ignored = isJsonObject(content) ? null : ignored + 1;
      if (ignored === null || ignored < IGNORED_REPLIES) return;
      const change = stepDown(facts, `ignores it (${IGNORED_REPLIES} replies were not JSON)`);
      if (change !== null) adopt(change);
    },

    /**
     * A refusal that nobody understands, before any usable reply came in this format: one request tries the lesser formats. Where one of them
     * works that was it; else, or where it has been tried already, the refusal stands.
     */
    async tryPlainly(refused: RequestFailure, body: Readonly<Record<string, unknown>>, send: () => Promise<RawReply>): Promise<RawReply> {
      if (triedPlainly || facts.settled || body["response_format"] === undefined) throw refused;
      const before = facts;
      triedPlainly = true;
      isTrial = true;
      try {
        for (let format = nextFormat(before.format); format !== null; format = nextFormat(format)) {
          facts = { ...before, format };
          try {
            const reply = await send();
            const why = `refuses it (${quote(readRefusal(refused.body, refused.message))})`;
            adopt({ facts, said: `was asked for ${FORMAT_NAMES[before.format]} and ${why}: from now on ${FORMAT_NAMES[format]}.` });
            return reply;
          } catch (error) {
            if (isRefusal(error)) continue;
            triedPlainly = false;
            throw error;
          }
        }
        throw refused;
      } finally {
        if (isTrial) facts = before;
        isTrial = false;
      }
    },

    sayCut(reply: RawReply): void {
      if (saidCut) return;
      saidCut = true;
      say(`${endpoint} (model '${model}') read only ${reply.usage?.prompt_tokens ?? 0} tokens of a longer prompt: raise its context length (see docs/servers.md).`);
    },
  };
}

/** A reply to half a question is no reply, however good it looks. */
function marked(request: ModelRequest, reply: RawReply, { promptWasCut }: DialectOptions, finder: Finder): RawReply {
  // Some servers count none for a prompt that they have in their cache.
  if ((reply.usage?.prompt_tokens ?? 0) === 0 || promptWasCut?.(request, reply) !== true) return reply;
  finder.sayCut(reply);
  return { ...reply, finish_reason: PROMPT_CUT };
}

/** The endpoint won't have the request as it is; where a redirection is meant, no dialect helps. */
function isRefusal(error: unknown): error is RequestFailure {
  return error instanceof RequestFailure && error.reason === "bad_request" && !error.fatal;
}

/** Without fence or prose around it. */
function isJsonObject(content: string): boolean {
  if (!content.startsWith("{")) return false;
  try {
    return typeof JSON.parse(content) === "object";
  } catch (error) {
    if (error instanceof SyntaxError) return false;
    throw error;
  }
}
