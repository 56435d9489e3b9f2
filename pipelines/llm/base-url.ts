import { isIPv4, isIPv6 } from "node:net";
import { LumosError } from "../../schemas/errors.ts";

/**
 * A base URL as people paste it, made right: blanks and slashes at the end, the path of a single call, a missing scheme, and the missing
 * path of an endpoint that is known by its host. Throws (`endpoint`) what is no base URL; credentials in it are never repeated.
 */
export function normalBaseUrl(pasted: string): string {
  const text = pasted.trim();
  const host = /^(?:\[[^\]]*\]|[^/:?#]*)/.exec(text)?.[0] ?? "";
  const spelled = text.includes("://") ? text : `${isLocalHost(host.replace(/^\[|\]$/g, "")) ? "http" : "https"}://${text}`;
  if (text === "" || !URL.canParse(spelled)) throw wrong(`'${text.includes("@") ? "…" : text}' is no URL`);
  const url = new URL(spelled);
  if (url.protocol !== "http:" && url.protocol !== "https:") throw wrong(`of ${url.host} is not http or https`);
  if (url.username !== "" || url.password !== "") throw wrong(`of ${url.host} holds a user name or password, and a key belongs in its variable`);
  if (url.search !== "" || url.hash !== "") throw wrong(`'${url.origin}${url.pathname}…' has a query or fragment`);
  const path = url.pathname.replace(CALL, "").replace(/\/{1,1000}$/, "");
  return `${url.origin}${path === "" ? pathOf(url.hostname) : path}`;
}

/** This machine or one in a private network: whose requests nobody bills. */
export function isLocalHost(hostname: string): boolean {
  const host = hostname.toLowerCase().replace(/^\[|\]$/g, "").replace(/\.$/, "");
  if (isIPv4(host)) return isPrivateIPv4(host);
  if (isIPv6(host)) return host === "::1" || host === "::" || /^(?:f[cd]|fe[89ab])/.test(host) || /^::ffff:(?:7f|a[0-9a-f]{2}:|c0a8:|ac1[0-9a-f]:)/.test(host);
  // A name without a dot is one that only the own network resolves.
  return host !== "" && (!host.includes(".") || /\.(?:localhost|local|internal|lan|home\.arpa)$/.test(host));
}

function isPrivateIPv4(address: string): boolean {
  const [a = 0, b = 0] = address.split(".").map(Number);
  return a === 127 || a === 10 || a === 0 || (a === 172 && b >= 16 && b <= 31) || (a === 192 && b === 168) || (a === 169 && b === 254);
}

const CALL = /\/(?:chat\/completions|completions|responses|messages|models)\/{0,10}$/;

/** Where the OpenAI-compatible interface of a host begins. */
function pathOf(host: string): string {
  if (host === "generativelanguage.googleapis.com") return "/v1beta/openai";
  if (host === "openrouter.ai") return "/api/v1";
  if (host === "api.groq.com") return "/openai/v1";
  return host.endsWith(".openai.azure.com") || host.endsWith(".services.ai.azure.com") ? "/openai/v1" : "/v1";
}

function wrong(problem: string): LumosError {
  const expected = "expected one such as https://api.openai.com/v1 or http://localhost:8000/v1";
  return new LumosError("endpoint", `Base URL ${problem}: ${expected}. Give it with --base-url or OPENAI_BASE_URL.`);
}
