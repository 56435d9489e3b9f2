import type { Verdict } from "../../schemas/annotation.ts";
import type { Defect, Level } from "../../schemas/defect.ts";
import type { SourceExample } from "../../schemas/example.ts";
import type { Plan } from "../../schemas/plan.ts";
import type { Complete } from "../llm/client.ts";
import { RequestFailure } from "../llm/failure.ts";
import { readReply } from "../llm/reply.ts";
import type { RawReply } from "../llm/reply.ts";
import { buildRequest } from "../llm/request.ts";
import type { ModelParameters, ModelRequest, ReplyForm } from "../llm/request.ts";
import { parsePlan } from "../plan/parse.ts";
import type { LoadedPrompt } from "../prompts/load.ts";
import { renderMessages } from "../prompts/render.ts";
import { verifyPlan } from "../verify/verify.ts";
import { planOutcome } from "./outcome.ts";
import type { Attempt, Outcome } from "./outcome.ts";

/** Raised whenever the wording of the messages around the prompt, or the way a reply is asked for, changes: part of the variant. */
export const MODEL_ANNOTATOR_VERSION = "1";

export interface ModelSettings {
  model: string;
  parameters: ModelParameters;
  prompt: LoadedPrompt;
  reply: ReplyForm;
  /** Asks per example, at least 1. Transport retries are the client's and don't count. */
  attempts: number;
  /** The highest level that the source can reach. */
  topLevel: Level;
}

/** What the work on an example is lent of the world. */
export interface ModelPorts {
  complete: Complete;
  /** The reply that is kept under a request's hash, or null. */
  kept(hash: string): RawReply | null | Promise<RawReply | null>;
  /** Keeps a reply, whatever it is; when it returns (or resolves), the reply survives a kill. */
  keep(request: ModelRequest, reply: RawReply): void | Promise<void>;
  signal: AbortSignal;
}

/**
 * Annotates by a model. A reply with an `llm.*` defect is asked for again, under the next ask number, until the attempts are used up.
 * `firstAsk` is above 1 where an example is annotated again and its kept replies are not to serve once more.
 * A reply is kept before anything is read from it, and one that is kept is not asked for. `failed`: no reply came, ask another time.
 */
export async function annotateByModel(example: SourceExample, ports: ModelPorts, settings: ModelSettings, firstAsk = 1): Promise<Outcome> {
  const messages = renderMessages(settings.prompt, example, { reply: settings.reply });
  const attempts: Attempt[] = [];
  for (let ask = firstAsk; ; ask++) {
    const request = buildRequest({ model: settings.model, messages, parameters: settings.parameters, reply: settings.reply, ask });
    const answered = await answerTo(request, ports);
    if ("failure" in answered) {
      const { reason, fatal, message } = answered.failure;
      attempts.push({ ...attemptBase(request), reply: null, cached: false, level: null, outcome: reason, defects: [], usage: null, latency_ms: 0 });
      return { state: "failed", reason, detail: message, fatal, attempts };
    }
    const judged = judgeReply(answered.reply, example, settings.topLevel);
    attempts.push(attemptOf(request, answered, judged));
    if (attempts.length >= settings.attempts || !judged.unusable) {
      return planOutcome({ ...judged, attempts, byConstruction: false, answerCopied: false });
    }
  }
}

interface JudgedReply {
  plan: Plan | null;
  verdict: Verdict | null;
  defects: readonly Defect[];
  /** There is nothing in it to work with, so that only asking again can help. */
  unusable: boolean;
}

/** Reads, parses, checks and runs a reply. */
function judgeReply(reply: RawReply, example: SourceExample, topLevel: Level): JudgedReply {
  const read = readReply(reply);
  if (read.defects.length > 0) return { plan: null, verdict: null, defects: read.defects, unusable: true };
  const { plan, defects } = parsePlan(read.content);
  if (plan === null) return { plan: null, verdict: null, defects, unusable: false };
  const verdict = verifyPlan(plan, { domain: example.domain, example, topLevel, parseDefects: defects });
  return { plan, verdict, defects: verdict.defects, unusable: false };
}

type Answered = { reply: RawReply; cached: boolean } | { failure: RequestFailure };

async function answerTo(request: ModelRequest, ports: ModelPorts): Promise<Answered> {
  const kept = await ports.kept(request.hash);
  if (kept !== null) return { reply: kept, cached: true };
  try {
    const reply = await ports.complete(request, ports.signal);
    await ports.keep(request, reply);
    return { reply, cached: false };
  } catch (error) {
    if (error instanceof RequestFailure) return { failure: error };
    throw error;
  }
}

function attemptOf(request: ModelRequest, { reply, cached }: { reply: RawReply; cached: boolean }, judged: JudgedReply): Attempt {
  const { unusable, verdict, defects } = judged;
  return {
    ...attemptBase(request),
    reply: request.hash,
    cached,
    level: verdict?.level ?? null,
    outcome: unusable ? "unusable" : (verdict?.level ?? "no_plan"),
    defects,
    usage: reply.usage,
    latency_ms: reply.latency_ms,
  };
}

function attemptBase({ model, ask, sample }: ModelRequest): Pick<Attempt, "model" | "ask" | "sample" | "kind"> {
  return { model, ask, sample, kind: "ask" };
}
