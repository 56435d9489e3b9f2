import type { ReviewVerdict } from "../../../schemas/review.ts";
import type { Annotation, Check, QueuePage, Session } from "../shapes.ts";

/** A request that did not go well. `status` 0: nobody answered. */
export class RequestError extends Error {
  readonly status: number;
  readonly code: string;

  constructor(status: number, code: string, message: string) {
    super(message);
    this.status = status;
    this.code = code;
  }
}

export interface NewReview {
  id: string;
  variant: string;
  plan_hash: string;
  reviewer: string;
  queue: string;
  verdict: ReviewVerdict;
  reason?: string;
  note?: string;
  plan?: string;
}

const TOKEN = "lumos.token";

/** Keeps the token of an address that `lumos review` printed; the page asks with it from then on, in this tab. */
export function keepToken(token: string): void {
  sessionStorage.setItem(TOKEN, token);
}

export const requests = {
  session: () => ask<Session>("session"),
  queue: (query: URLSearchParams) => ask<QueuePage>(`queue?${query}`),
  annotation: (query: URLSearchParams) => ask<Annotation>(`annotation?${query}`),
  check: (edit: { id: string; variant: string; plan: string }, signal: AbortSignal) => ask<Check>("check", edit, signal),
  review: (review: NewReview) => ask<{ id: number; verdict: ReviewVerdict; level: string | null }>("reviews", review),
  take: (wish: { reviewer: string; drawn: boolean; candidates: { id: string; variant: string; second: boolean }[] }) => ask<{ index: number | null }>("take", wish),
  undo: (reviewer: string) => ask<{ id: string; variant: string; verdict: ReviewVerdict; queue: string }>("undo", { reviewer }),
};

/** GET, or POST where there is a body. Throws a RequestError; an AbortError where `signal` ended it. */
async function ask<Answer>(path: string, body?: object, signal: AbortSignal | null = null): Promise<Answer> {
  const headers: Record<string, string> = { "x-lumos-token": sessionStorage.getItem(TOKEN) ?? "" };
  if (body) headers["content-type"] = "application/json";
  let response: Response;
  try {
    response = await fetch(`/api/${path}`, { method: body ? "POST" : "GET", headers, signal, ...(body ? { body: JSON.stringify(body) } : {}) });
  } catch (error) {
    if (error instanceof DOMException && error.name === "AbortError") throw error;
    throw new RequestError(0, "unreachable", "No answer from lumos review.");
  }
  const answer: unknown = await response.json().catch(() => null);
  if (!response.ok) throw refusal(response.status, answer);
  // The server is of the same version as this page: its answers are what shapes.ts says.
  return answer as Answer;
}

function refusal(status: number, answer: unknown): RequestError {
  const { error } = (answer ?? {}) as { error?: { code?: string; message?: string } };
  return new RequestError(status, error?.code ?? "unknown", error?.message ?? `The server answered with ${status}.`);
}
