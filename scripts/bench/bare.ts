import { createReadStream } from "node:fs";
import { createInterface } from "node:readline";
import { join } from "node:path";
import pLimit from "p-limit";
import gsm8k from "../../converters/gsm8k/index.ts";
import { loadConverter } from "../../pipelines/converters.ts";
import { openClient } from "../../pipelines/llm/client.ts";
import { buildRequest } from "../../pipelines/llm/request.ts";
import type { ModelRequest } from "../../pipelines/llm/request.ts";
import { loadPrompt } from "../../pipelines/prompts/load.ts";
import { renderMessages } from "../../pipelines/prompts/render.ts";

/**
 * The bare loop that the engine is compared with: the same client, the same requests (built before the clock starts), p-limit, and
 * nothing done with the replies. `node bare.js FILE URL CONCURRENCY` prints `{"seconds", "requests"}`.
 */
const [file = "", baseUrl = "", concurrency = "100"] = process.argv.slice(2);
const requests = await requestsOf(file);
const { complete } = openClient({ baseUrl, key: "stand-in" });
const { signal } = new AbortController();
const limit = pLimit(Number(concurrency));
const started = performance.now();
await Promise.all(requests.map((request) => limit(() => complete(request, signal))));
process.stdout.write(`${JSON.stringify({ seconds: (performance.now() - started) / 1000, requests: requests.length })}\n`);

async function requestsOf(path: string): Promise<ModelRequest[]> {
  const { folder, prompt: name, domain } = await loadConverter("gsm8k");
  const prompt = loadPrompt(join(folder, name), domain);
  const built: ModelRequest[] = [];
  for await (const line of createInterface(createReadStream(path))) {
    const mapped = gsm8k.map(gsm8k.record.parse(JSON.parse(line)), { file: path, position: built.length + 1 });
    if ("skip" in mapped) continue;
    built.push(buildRequest({ model: "stand-in", messages: renderMessages(prompt, mapped.example, { reply: "json" }), parameters: {}, reply: "json", ask: 1 }));
  }
  return built;
}
