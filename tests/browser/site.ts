import { spawn } from "node:child_process";
import { randomBytes } from "node:crypto";
import { once } from "node:events";
import { copyFileSync, mkdtempSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { createInterface } from "node:readline";
import { fileURLToPath } from "node:url";
import Database from "better-sqlite3";
import type { Browser, BrowserContextOptions, Page } from "playwright-core";
import { expect } from "vitest";
import { type Start, createApi } from "../../pipelines/review/api.ts";
import { loadAssets } from "../../pipelines/review/assets.ts";
import { createReviewBook } from "../../pipelines/review/decide.ts";
import { serveReview } from "../../pipelines/review/server.ts";
import { storedTopLevels } from "../../pipelines/review/top-levels.ts";
import { openStore } from "../../pipelines/store/open.ts";
import { plantWrongPlan } from "../../scripts/screenshots/planted.ts";
import { lumos } from "../support/lumos.ts";

const ROOT = fileURLToPath(new URL("../..", import.meta.url));
const open = new Set<() => Promise<void>>();
const folder = mkdtempSync(join(tmpdir(), "lumos-browser-"));

/** Ends every server. */
export async function closeSites(): Promise<void> {
  await Promise.all([...open].map((stop) => stop()));
}

export function removeStores(): void {
  rmSync(folder, { recursive: true, force: true });
}

const SCRIPT = "<script>window.hacked = 1</script>";
const IMAGE = '<img src=x onerror="window.hacked = 1">';
/** A task, rationale and plan that would run something if any of them were markup. */
const HOSTILE = {
  question: `${SCRIPT} Someone packs 3 bags with 7 nuts each ${IMAGE}. How many nuts are there?`,
  answer: `${IMAGE} In all there are 3*7=<<3*7=21>>21 nuts ${SCRIPT}\n#### 21`,
};
const LONG = { question: `Someone packs 3 bags with 8 nuts each. ${"And so on. ".repeat(10_000)}How many nuts are there?`, answer: `There are 3*8=<<3*8=24>>24 nuts.\n${"x".repeat(100_000)}\n#### 24` };

/** Makes a store of bundled samples, with those problems and a model's wrong plan among them. */
export async function makeStore(): Promise<string> {
  const db = join(folder, "samples.db");
  const annotate = async (args: readonly string[]): Promise<void> => {
    expect(await lumos([...args, "--db", db, "--quiet", "--json"])).toMatchObject({ code: 0 });
  };
  const own = join(folder, "own.jsonl");
  writeFileSync(own, [HOSTILE, LONG].map((each) => `${JSON.stringify(each)}\n`).join(""));
  for (const [dataset, file] of [["gsm8k", own], ["gsm8k", sample("gsm8k", "jsonl")], ["asdiv", sample("asdiv", "xml")], ["strategyqa", sample("strategyqa", "json")]] as const) {
    await annotate(["annotate", dataset, "--input", file]);
  }
  await plantWrongPlan(folder, annotate);
  return db;
}

function sample(dataset: string, extension: string): string {
  return join(ROOT, "converters", dataset, `sample.${extension}`);
}

let copies = 0;

/** A store of a test's own. */
export function copyOf(db: string): string {
  const copy = join(folder, `copy-${(copies += 1)}.db`);
  copyFileSync(db, copy);
  return copy;
}

export interface Site {
  db: string;
  /** With its token. */
  url: string;
  origin: string;
  token: string;
  stop(): Promise<void>;
}

/** Serves the page of a store, on a free port, as `lumos review` does. */
export async function serveSite(db: string, start: Partial<Start> = {}): Promise<Site> {
  const store = openStore(db, { mode: "write" });
  const topLevels = await storedTopLevels(store);
  const token = randomBytes(16).toString("base64url");
  const book = createReviewBook(store, { now: () => new Date(), topLevels, programVersion: "test" });
  const api = createApi({ store, book, topLevels, start: { order: "random", seed: "0", sample: null, dataset: null, annotator: null, level: null, defect: null, twice: 0, ...start } });
  const errors: unknown[] = [];
  const server = await serveReview({ host: "127.0.0.1", port: 0, token, assets: loadAssets(), api, onError: (error) => errors.push(error) });
  const stop = async (): Promise<void> => {
    if (!open.delete(stop)) return;
    await server.close();
    store.close();
    expect(errors).toEqual([]);
  };
  open.add(stop);
  const origin = `http://127.0.0.1:${server.place.port}`;
  return { db, origin, token, url: `${origin}/#token=${token}`, stop };
}

/** Starts `lumos review` as a user would: a process of its own. */
export async function startSite(db: string, port = "0"): Promise<Site> {
  const child = spawn(process.execPath, [join(ROOT, "dist", "scripts", "lumos.js"), "review", "--db", db, "--port", port, "--json", "--quiet"], { stdio: ["ignore", "pipe", "inherit"], cwd: folder });
  const stop = async (): Promise<void> => {
    if (!open.delete(stop)) return;
    child.kill("SIGINT");
    await once(child, "exit");
  };
  open.add(stop);
  const [line] = (await once(createInterface(child.stdout), "line")) as [string];
  const { url } = JSON.parse(line) as { url: string };
  const { origin, hash } = new URL(url);
  return { db, url, origin, token: hash.slice("#token=".length), stop };
}

/** A tab with what went wrong in it, and what was asked for. */
export interface Tab {
  page: Page;
  problems: string[];
  /** Paths of `/api/…`, in order. */
  asked: string[];
}

export async function openTab(browser: Browser, options: BrowserContextOptions = {}): Promise<Tab> {
  const context = await browser.newContext({ viewport: { width: 1280, height: 800 }, reducedMotion: "reduce", ...options });
  const page = await context.newPage();
  page.setDefaultTimeout(10_000);
  const problems: string[] = [];
  const asked: string[] = [];
  page.on("pageerror", (error) => problems.push(error.message));
  page.on("console", (message) => {
    if (message.type() === "error" && !message.text().includes("Failed to load resource")) problems.push(message.text());
  });
  page.on("dialog", (dialog) => {
    problems.push(`dialog: ${dialog.message()}`);
    void dialog.dismiss();
  });
  page.on("request", (request) => {
    const { pathname } = new URL(request.url());
    if (pathname.startsWith("/api/")) asked.push(pathname);
  });
  return { page, problems, asked };
}

/** Opens the page as somebody who gives a name, and waits for the first annotation. */
export async function openAs(browser: Browser, site: Site, name: string, options: BrowserContextOptions = {}): Promise<Tab> {
  const tab = await openTab(browser, options);
  await tab.page.goto(site.url);
  await tab.page.getByLabel("Your name").fill(name);
  await tab.page.keyboard.press("Enter");
  await tab.page.locator(".subgoal").first().waitFor();
  return tab;
}

/** What becomes so, sooner or later: a machine may have other things to do. */
export function eventually<Value>(read: () => Promise<Value>) {
  return expect.poll(read, { interval: 10, timeout: 10_000 });
}

/** The id of the annotation that is shown. */
export function shownId(page: Page): Promise<string> {
  return page.locator("#annotation-id").innerText();
}

/** Presses a key and waits until another annotation (or the end) is shown. */
export async function pressThrough(page: Page, key: string): Promise<void> {
  const before = await shownId(page);
  await page.keyboard.press(key);
  await eventually(() => shownId(page)).not.toBe(before);
}

export interface StoredReview {
  id: string;
  reviewer: string;
  verdict: string;
  reason: string | null;
  note: string | null;
  queue: string;
}

/** All rows of the reviews, those that were taken back too, as they stand in the file. */
export function reviewsIn(db: string): StoredReview[] {
  const store = new Database(db, { readonly: true });
  const rows = store.prepare<[], StoredReview>("SELECT example_id AS id, reviewer, verdict, reason, note, queue FROM reviews ORDER BY reviews.id").all();
  store.close();
  return rows;
}
