import { createHash, timingSafeEqual } from "node:crypto";
import type { IncomingMessage, OutgoingHttpHeaders } from "node:http";
import { isIP } from "node:net";
import { hostname, networkInterfaces } from "node:os";

/** Sent with every answer: nothing is loaded but the page's own files, nothing is framed, kept or guessed. */
export const SAFE_HEADERS: Readonly<OutgoingHttpHeaders> = {
  "content-security-policy":
    "default-src 'none'; script-src 'self'; style-src 'self'; connect-src 'self'; img-src 'self'; font-src 'self'; frame-ancestors 'none'; base-uri 'none'; form-action 'none'",
  "x-content-type-options": "nosniff",
  "x-frame-options": "DENY",
  "referrer-policy": "no-referrer",
  "cache-control": "no-store",
  "cross-origin-opener-policy": "same-origin",
  "cross-origin-resource-policy": "same-origin",
  "permissions-policy": "camera=(), geolocation=(), microphone=(), payment=(), usb=()",
};

/** Why a request is not answered. */
export interface Refusal {
  status: number;
  code: string;
  message: string;
}

/** Where a server listens, as its visitors may name it. */
export interface Place {
  host: string;
  port: number;
}

/**
 * Whether a request names this server as it is: a name that somebody else's DNS points here (rebinding) is refused, and so is what a page of another origin sends.
 * Null where nothing is wrong.
 */
export function refusalOf(request: IncomingMessage, place: Place): Refusal | null {
  const host = request.headers.host?.toLowerCase() ?? "";
  if (!allowedHosts(place).has(host)) return { status: 403, code: "host", message: "This server goes by another name: use the address that lumos review printed." };
  const site = request.headers["sec-fetch-site"];
  if (request.method === "POST" && request.headers.origin?.toLowerCase() !== `http://${host}`) {
    return { status: 403, code: "origin", message: "Changes are taken from the page of this server alone (Origin)." };
  }
  if (isApi(request) && site !== undefined && site !== "same-origin" && site !== "none") {
    return { status: 403, code: "origin", message: "This server answers its own page alone (Sec-Fetch-Site)." };
  }
  return null;
}

/** Compares without telling by its time how much of the token was right. */
export function hasToken(request: IncomingMessage, token: string): boolean {
  const given = request.headers["x-lumos-token"];
  const digest = (text: string): Buffer => createHash("sha256").update(text).digest();
  return typeof given === "string" && timingSafeEqual(digest(given), digest(token));
}

/** Whether only this machine reaches a server there. */
export function isLoopback(host: string): boolean {
  return host === "localhost" || host === "::1" || /^127(?:\.\d{1,3}){3}$/.test(host);
}

/** The address to open. A server that listens everywhere is opened by this machine's first address. */
export function addressOf({ host, port }: Place): string {
  const name = isWildcard(host) ? (ownAddresses().find((each) => !isLoopback(each) && isIP(each) === 4) ?? "127.0.0.1") : host;
  return `http://${inAddress(name)}:${port}`;
}

function isApi(request: IncomingMessage): boolean {
  return request.url?.startsWith("/api/") === true;
}

function isWildcard(host: string): boolean {
  return host === "0.0.0.0" || host === "::";
}

function allowedHosts({ host, port }: Place): Set<string> {
  const names = isWildcard(host) ? [...ownAddresses(), "localhost", hostname()] : isLoopback(host) ? [host, "127.0.0.1", "localhost", "[::1]"] : [host];
  // Browsers leave the usual port out.
  return new Set(names.flatMap((name) => [`${inAddress(name)}:${port}`.toLowerCase(), ...(port === 80 ? [inAddress(name).toLowerCase()] : [])]));
}

function ownAddresses(): string[] {
  return Object.values(networkInterfaces()).flatMap((each) => (each ?? []).map(({ address }) => address));
}

function inAddress(name: string): string {
  return isIP(name) === 6 ? `[${name}]` : name;
}
