import type { ModelPorts, ModelSettings } from "../../../pipelines/annotate/llm.ts";
import { RequestFailure } from "../../../pipelines/llm/failure.ts";
import type { FailureReason } from "../../../pipelines/llm/failure.ts";
import { rawReply } from "../../../pipelines/llm/reply.ts";
import type { RawReply } from "../../../pipelines/llm/reply.ts";
import type { Message, ModelRequest } from "../../../pipelines/llm/request.ts";
import { parsePlan } from "../../../pipelines/plan/parse.ts";
import { printPlan } from "../../../pipelines/plan/print.ts";
import { SMALL_PROMPT } from "../../support/prompt.ts";

/** What the next request is answered with: a reply's text, the way it ended, or nothing at all. */
export type Line = string | { finish_reason: string; text?: string } | { failure: FailureReason };

/** Ports on a model that answers by a script, the last line again and again, with kept replies in a map as a store would have them. */
export function scripted(script: readonly Line[], kept = new Map<string, RawReply>()) {
  const requests: ModelRequest[] = [];
  const ports: ModelPorts = {
    signal: new AbortController().signal,
    kept: (hash) => kept.get(hash) ?? null,
    keep: ({ hash }, reply) => void kept.set(hash, reply),
    complete(request) {
      const line = script[Math.min(requests.length, script.length - 1)] ?? "";
      requests.push(request);
      if (typeof line === "object" && "failure" in line) return Promise.reject(new RequestFailure(line.failure, `No reply: ${line.failure}.`, false));
      const { text = "", finish_reason } = typeof line === "string" ? { text: line, finish_reason: "stop" } : line;
      const body = JSON.stringify({ choices: [{ message: { content: text }, finish_reason }] });
      return Promise.resolve(rawReply({ status: 200, body, latency_ms: 1 }));
    },
  };
  return { ports, kept, requests, messages: (index: number) => messagesOf(requests[index]) };
}

export function settings(fields: Partial<ModelSettings> = {}): ModelSettings {
  return { model: "small", parameters: {}, prompt: SMALL_PROMPT, reply: "text", attempts: 3, topLevel: "proven", ...fields };
}

/** A plan in the text spelling as JSON. Labels of its subgoals go to the beginning of their texts where they are no plan's own (`Subgoal 2` first). */
export function inJson(text: string, labelled = false): string {
  const { plan } = parsePlan(text);
  if (plan === null) throw new Error(`No plan: ${text}`);
  if (!labelled) return printPlan(plan, "json");
  const numbers = [...text.matchAll(/^Subgoal ([0-9]+):/gm)].map(([, number]) => number);
  return printPlan({ subgoals: plan.subgoals.map((subgoal, index) => ({ ...subgoal, text: `Subgoal ${numbers[index]}: ${subgoal.text}` })) }, "json");
}

function messagesOf(request: ModelRequest | undefined): Message[] {
  const messages: unknown = request?.body["messages"];
  return Array.isArray(messages) ? messages : [];
}
