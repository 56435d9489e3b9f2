import { type Level, levelRank } from "../../schemas/defect.ts";
import { parseExample } from "../store/examples.ts";
import type { Attempt, RepliedOutcome } from "../store/replies.ts";
import type { VerificationReader } from "../store/reader.ts";
import type { IdRange } from "../store/verdicts.ts";
import { annotateByModel, type ModelPorts } from "../annotate/llm.ts";
import type { Outcome } from "../annotate/outcome.ts";
import { RequestFailure } from "../llm/failure.ts";
import { rawReply, type RawReply } from "../llm/reply.ts";
import { topLevelOf, type VerifyScope } from "./scope.ts";

/** An example whose kept replies give more than what is stored of it. `outcome.attempts`: the asks that were read again. */
export interface Rescue {
  stored: Omit<RepliedOutcome, "example">;
  outcome: Extract<Outcome, { state: "annotated" | "quarantined" }>;
  attempts: Attempt[];
}

/** The examples of a range that their kept replies raise. */
export interface RepliesShare {
  kind: "replies";
  reparsed: number;
  rescued: Rescue[];
}

/**
 * Reads the kept replies of examples again, as if the model answered now: what a newer parser makes of them. Only what reaches a
 * higher level than the stored plan is given. Nothing is asked.
 */
export async function reparseReplies(reader: VerificationReader, range: IdRange, scope: VerifyScope): Promise<RepliesShare> {
  const result: RepliesShare = { kind: "replies", reparsed: 0, rescued: [] };
  for (const { example, ...stored } of reader.repliedIn(range, scope.datasets)) {
    const topLevel = topLevelOf(scope, stored.dataset);
    if (levelRank(stored.level) >= levelRank(topLevel)) continue;
    result.reparsed += 1;
    const rescue = await reparse(reader, { ...stored, example }, topLevel);
    if (rescue !== null) result.rescued.push({ stored, ...rescue });
  }
  return result;
}

async function reparse(reader: VerificationReader, stored: RepliedOutcome, topLevel: Level): Promise<Omit<Rescue, "stored"> | null> {
  const example = parseExample(stored.example);
  let best: Omit<Rescue, "stored"> | null = null;
  for (const asks of conversations(reader.attemptsOf(stored.variant, stored.key))) {
    const [first, last] = [asks[0]?.ask ?? 1, asks.at(-1)?.ask ?? 1];
    const outcome = await annotateByModel(
      example,
      replay(reader, asks),
      {
        model: stored.model,
        parameters: {},
        // Decides what is asked, and nothing of what is read from a reply.
        prompt: { file: "", version: "", instruction: "", few_shots: [], hash: "" },
        reply: stored.replyForm,
        attempts: last - first + 1,
        samples: Math.max(...asks.map(({ sample }) => sample)) + 1,
        topLevel,
      },
      first,
    );
    if (outcome.state !== "annotated" && outcome.state !== "quarantined") continue;
    if (levelRank(levelOf(outcome)) > levelRank(best === null ? stored.level : levelOf(best.outcome))) best = { outcome, attempts: readAgain(asks, outcome) };
  }
  return best;
}

/** The asks of each run about an example: one that was annotated again begins with another ask for a plan, though there was something to repair. */
function conversations(attempts: readonly Attempt[]): Attempt[][] {
  const all: Attempt[][] = [];
  for (const attempt of attempts) {
    const current = all.at(-1);
    const goesOn = attempt.kind === "repair" || attempt.ask === current?.at(-1)?.ask || current?.every(({ outcome, reply }) => outcome === "unusable" || reply === null);
    if (current !== undefined && goesOn === true) current.push(attempt);
    else all.push([attempt]);
  }
  return all;
}

/** A model that answers what it has answered, by the number of the ask: the words that it was asked in may be others now. */
function replay(reader: VerificationReader, asks: readonly Attempt[]): ModelPorts {
  return {
    kept: () => null,
    keep: () => undefined,
    signal: new AbortController().signal,
    complete({ ask, sample }): Promise<RawReply> {
      const hash = asks.find((each) => each.ask === ask && each.sample === sample)?.reply ?? null;
      const reply = hash === null ? null : reader.replyFor(hash);
      // As an endpoint that takes no more: what there is so far counts.
      if (reply === null) return Promise.reject(new RequestFailure("bad_request", "No reply is kept.", false));
      return Promise.resolve(rawReply({ status: reply.status, body: reply.body, finish_reason: reply.finishReason, latency_ms: reply.latencyMs }));
    },
  };
}

function levelOf(outcome: Rescue["outcome"]): Level | null {
  return outcome.state === "annotated" ? outcome.annotation.verdict.level : (outcome.verdict?.level ?? null);
}

/** The stored asks, with what is found in their replies now. */
function readAgain(asks: readonly Attempt[], { attempts }: Rescue["outcome"]): Attempt[] {
  return attempts.flatMap(({ ask, sample, level, defects, outcome }): Attempt[] => {
    const stored = asks.find((each) => each.ask === ask && each.sample === sample && each.reply !== null);
    return stored === undefined ? [] : [{ ...stored, level, defects, outcome }];
  });
}
