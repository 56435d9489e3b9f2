import { Command, InvalidArgumentError } from "commander";
import { type StandIn, startStandIn } from "../pipelines/llm/stand-in.ts";
import { FAULTS, PASSING_FAULTS } from "../pipelines/llm/stand-in-faults.ts";
import { planAnswers } from "../pipelines/llm/stand-in-plans.ts";
import { LumosError } from "../schemas/errors.ts";
import { listOf, numberWithin, oneOf, wholeNumber } from "./cli/options.ts";
import { reportError } from "./cli/errors.ts";
import { onInterrupt } from "./cli/interrupt.ts";

/** A stand-in for a model, to try a pipeline for nothing: `npm run stand-in -- --port 8080`. */
interface Options {
  port: number;
  latency: number;
  faults: number;
  kinds?: (typeof FAULTS)[number][];
  wrong: number;
  model?: Map<string, number | null>;
  seed: string;
  rpm?: number;
  tpm?: number;
  burst?: number;
  retryAfter: number;
  slow: number;
  cache?: boolean;
  usage: boolean;
  key?: string;
}

try {
  await command().parseAsync();
} catch (error) {
  process.exitCode = await reportError(error, false);
}

function command(): Command {
  return new Command("stand-in")
    .description("Serves a stand-in for a model on loopback: it speaks OpenAI's chat completions and answers plans made from the task and rationale it is sent.")
    .option("--port <n>", "0: any that is free", wholeNumber(0), 8080)
    .option("--latency <ms>", "before each answer", wholeNumber(0), 0)
    .option("--wrong <share>", "of the plans with a mistake in them, from 0 to 1; asked to repair it, the stand-in does", numberWithin(0, 1), 0)
    .option("--model <name[=wrong]>", "a model and its own share of wrong plans (repeatable; for cascades)", modelValue)
    .option("--faults <share>", "of the requests that go wrong, from 0 to 1", numberWithin(0, 1), 0)
    .option("--kinds <kind,…>", `which faults: ${FAULTS.join(", ")} (default: all but the last ${FAULTS.length - PASSING_FAULTS.length})`, listOf(oneOf(FAULTS)))
    .option("--seed <seed>", "the same faults and mistakes for the same requests", "0")
    .option("--rpm <n>", "requests let through a minute; others get a 429", wholeNumber(1))
    .option("--tpm <n>", "tokens let through a minute", wholeNumber(1))
    .option("--burst <n>", "requests that may come at once under --rpm (default: a minute's)", wholeNumber(1))
    .option("--retry-after <ms>", "what a 429 with Retry-After asks to wait", wholeNumber(0), 50)
    .option("--slow <ms>", "how much longer a slow reply takes", wholeNumber(0), 500)
    .option("--cache", "count the part of a prompt that was sent before as cached")
    .option("--no-usage", "report no tokens")
    .option("--key <key>", "the only key that is let in (default: any, and none)")
    .exitOverride()
    .action(serve);
}

async function serve(options: Options): Promise<void> {
  const models = options.model ?? new Map([["stand-in", null]]);
  const wrong = new Map([...models].map(([name, share]) => [name, share ?? options.wrong]));
  const standIn = await listening(options.port, startStandIn(planAnswers({ wrong: options.model === undefined ? options.wrong : wrong, seed: options.seed }), {
    port: options.port,
    latency: options.latency,
    models: [...models.keys()],
    usage: options.usage,
    cachedTokens: options.cache === true,
    keepRequests: false,
    ...(options.key === undefined ? {} : { key: options.key }),
    ...(options.faults === 0
      ? {}
      : {
          faults: {
            share: options.faults,
            seed: options.seed,
            retryAfterMs: options.retryAfter,
            slowMs: options.slow,
            ...(options.kinds === undefined ? {} : { kinds: options.kinds }),
          },
        }),
    ...(options.rpm === undefined && options.tpm === undefined
      ? {}
      : {
          rateLimit: {
            ...(options.rpm === undefined ? {} : { requests: options.rpm }),
            ...(options.tpm === undefined ? {} : { tokens: options.tpm }),
            ...(options.burst === undefined ? {} : { burst: options.burst }),
          },
        }),
  }));
  // The first line is the address alone, for scripts that start one.
  process.stdout.write(`${standIn.url}\n`);
  const [model] = models.keys();
  process.stderr.write(`Try it: lumos annotate gsm8k --input FILE --base-url ${standIn.url} --model ${model ?? "stand-in"}   (counts at ${standIn.url.replace(/v1$/, "stats")}; Ctrl-C ends)\n`);
  const interrupt = onInterrupt(() => undefined);
  interrupt.signal.addEventListener("abort", () => {
    const { requests, distinct, replies, faults } = standIn.stats();
    const met = Object.entries(faults).map(([kind, n]) => `${n} ${kind}`).join(", ");
    process.stderr.write(`${requests} requests, ${distinct} of them different, ${replies} replies${met === "" ? "" : `; faults: ${met}`}\n`);
    interrupt.dispose();
    void standIn.close();
  });
}

async function listening(port: number, starting: Promise<StandIn>): Promise<StandIn> {
  try {
    return await starting;
  } catch (error) {
    const code: unknown = error instanceof Error ? Reflect.get(error, "code") : undefined;
    if (code !== "EADDRINUSE" && code !== "EACCES") throw error;
    throw new LumosError("endpoint", `Port ${port} can't be listened on (${code}): give another --port, or 0 for any that is free.`, { cause: error });
  }
}

/** `small=0.4` or `small`. */
function modelValue(text: string, previous: Map<string, number | null> | undefined): Map<string, number | null> {
  const at = text.lastIndexOf("=");
  const name = at === -1 ? text : text.slice(0, at);
  if (name === "") throw new InvalidArgumentError("Expected NAME or NAME=SHARE.");
  return new Map([...(previous ?? []), [name, at === -1 ? null : numberWithin(0, 1)(text.slice(at + 1))]]);
}
