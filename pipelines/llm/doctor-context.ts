import { isLocalHost } from "./base-url.ts";
import type { Answer, Fetch } from "./doctor-http.ts";

/** What a server says of a model's context length, in tokens. */
export interface ContextLength {
  /** Of the model as it is served now: what counts. */
  served: number | null;
  /** What the model was made for, where the server may be serving less. */
  model: number | null;
  /** Where it stands. */
  source: string;
}

/**
 * The context length: from the entry of `/v1/models` (vLLM `max_model_len`, OpenRouter `context_length`, Groq `context_window`, llama.cpp `meta`), and of
 * a local server from its own pages (llama.cpp `/props`, Ollama `/api/ps` and `/api/show`, LM Studio `/api/v0/models`). Null where nothing says.
 */
export async function contextLength(entry: unknown, { url, model, fetch }: { url: string; model: string; fetch: Fetch }): Promise<ContextLength | null> {
  const listed = firstCount(entry, ["max_model_len", "context_length", "context_window", "max_context_length", "n_ctx"]);
  if (listed !== null) return { served: listed.count, model: null, source: `/models ${listed.name}` };
  const trained = count(at(entry, "meta", "n_ctx_train"));
  const local = isLocalHost(new URL(url).hostname) ? await localContext(new URL(url).origin, model, fetch) : null;
  if (local !== null) return { ...local, model: local.model ?? trained };
  return trained === null ? null : { served: null, model: trained, source: "/models meta.n_ctx_train" };
}

async function localContext(origin: string, model: string, fetch: Fetch): Promise<ContextLength | null> {
  const props = await bodyOf(fetch(`${origin}/props`));
  const slot = count(at(props, "default_generation_settings", "n_ctx"));
  if (slot !== null) return { served: slot, model: null, source: "llama.cpp /props" };

  const shown = await bodyOf(fetch(`${origin}/api/show`, { model }));
  const info = at(shown, "model_info");
  const made = count(Object.entries(typeof info === "object" && info !== null ? info : {}).find(([name]) => name.endsWith(".context_length"))?.[1]);
  if (made !== null) {
    const running = at(await bodyOf(fetch(`${origin}/api/ps`)), "models");
    const loaded = (Array.isArray(running) ? running : []).find((each: unknown) => [at(each, "name"), at(each, "model")].some((name) => name === model || name === `${model}:latest`));
    return { served: count(at(loaded, "context_length")), model: made, source: "Ollama /api/show, /api/ps" };
  }

  const studio = await bodyOf(fetch(`${origin}/api/v0/models/${encodeURIComponent(model)}`));
  const served = count(at(studio, "loaded_context_length"));
  const most = count(at(studio, "max_context_length"));
  return served === null && most === null ? null : { served, model: most, source: "LM Studio /api/v0/models" };
}

async function bodyOf(answering: Promise<Answer | { failure: string }>): Promise<unknown> {
  const answer = await answering;
  return "failure" in answer || answer.status !== 200 ? undefined : answer.body;
}

function firstCount(entry: unknown, names: readonly string[]): { name: string; count: number } | null {
  for (const name of names) {
    const found = count(at(entry, name));
    if (found !== null) return { name, count: found };
  }
  return null;
}

function count(value: unknown): number | null {
  return typeof value === "number" && Number.isSafeInteger(value) && value > 0 ? value : null;
}

/** A member of a member of a foreign value, never of a prototype. */
function at(value: unknown, ...path: readonly string[]): unknown {
  let found = value;
  for (const name of path) {
    if (typeof found !== "object" || found === null || !Object.hasOwn(found, name)) return undefined;
    found = Reflect.get(found, name);
  }
  return found;
}
