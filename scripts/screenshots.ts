import { spawn } from "node:child_process";
import { once } from "node:events";
import { mkdirSync, mkdtempSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { createInterface } from "node:readline";
import { fileURLToPath, pathToFileURL } from "node:url";
import type { Browser, Page } from "playwright-core";
import { loadConverters } from "../pipelines/converters.ts";
import { PACKAGE_FOLDER } from "../pipelines/package.ts";
import { LumosError } from "../schemas/errors.ts";
import { reportError } from "./cli/errors.ts";
import { launchChromium } from "./screenshots/chromium.ts";
import { withPalette } from "./screenshots/png.ts";
import { plantWrongPlan } from "./screenshots/planted.ts";

/** Takes the pictures of docs/: the audit report and the review page over the bundled samples and one wrong plan, each light, dark and narrow. */
const LUMOS = fileURLToPath(new URL("lumos.js", import.meta.url));
const IMAGES = join(PACKAGE_FOLDER, "docs", "images");
const LOOKS = {
  light: { colorScheme: "light", viewport: { width: 1280, height: 800 } },
  dark: { colorScheme: "dark", viewport: { width: 1280, height: 800 } },
  narrow: { colorScheme: "light", viewport: { width: 360, height: 740 } },
} as const;

const folder = mkdtempSync(join(tmpdir(), "lumos-screenshots-"));
try {
  await takeAll();
} catch (error) {
  process.exitCode = await reportError(error, true);
} finally {
  rmSync(folder, { recursive: true, force: true });
}

async function takeAll(): Promise<void> {
  for (const { dataset, folder: source, sample, evaluation_set: isEvaluationSet } of await loadConverters()) {
    if (isEvaluationSet !== true) await lumos(["annotate", dataset, "--input", join(source, sample)]);
  }
  await plantWrongPlan(folder, lumos);
  await lumos(["audit", "--out", folder]);
  mkdirSync(IMAGES, { recursive: true });
  const browser = await launchChromium();
  try {
    await eachLook(browser, async (page, look) => {
      await page.goto(pathToFileURL(join(folder, "report.html")).href);
      await take(page, `report-${look}`);
    });
    const server = await startReview();
    try {
      await eachLook(browser, async (page, look) => {
        await openReview(page, server.url);
        await take(page, `review-${look}`);
        if (look !== "light") return;
        await page.keyboard.press("e");
        await page.getByLabel("The plan as text").fill((await page.getByLabel("The plan as text").inputValue()).replace("74", "72").replace("69", "67").replace("29", "27"));
        await page.getByText("As it stands: proven").waitFor();
        await take(page, "review-edit");
      });
    } finally {
      await server.stop();
    }
  } finally {
    await browser.close();
  }
}

async function eachLook(browser: Browser, work: (page: Page, look: string) => Promise<void>): Promise<void> {
  for (const [look, options] of Object.entries(LOOKS)) {
    const context = await browser.newContext({ ...options, reducedMotion: "reduce", locale: "en-GB", timezoneId: "UTC" });
    await work(await context.newPage(), look);
    await context.close();
  }
}

async function openReview(page: Page, url: string): Promise<void> {
  await page.goto(url);
  await page.getByLabel("Your name").fill("Ada");
  await page.keyboard.press("Enter");
  await page.locator(".subgoal").first().waitFor();
}

async function take(page: Page, name: string): Promise<void> {
  // No blinking cursor: the same page gives the same picture.
  writeFileSync(join(IMAGES, `${name}.png`), withPalette(await page.screenshot({ caret: "hide", animations: "disabled" })));
  process.stdout.write(`docs/images/${name}.png\n`);
}

/** Runs lumos where the store is: no configuration of someone's own is found there. */
async function lumos(args: readonly string[]): Promise<void> {
  const child = spawn(process.execPath, [LUMOS, ...args, "--db", "samples.db", "--quiet", "--json"], { cwd: folder, stdio: ["ignore", "ignore", "inherit"] });
  const [code] = (await once(child, "exit")) as [number | null];
  if (code !== 0) throw new LumosError("usage", `lumos ${args.join(" ")} ended with ${code}.`);
}

async function startReview(): Promise<{ url: string; stop(): Promise<void> }> {
  const child = spawn(process.execPath, [LUMOS, "review", "--db", "samples.db", "--port", "0", "--order", "worst", "--twice", "0.2", "--json", "--quiet"], { cwd: folder, stdio: ["ignore", "pipe", "inherit"] });
  const [line] = (await once(createInterface(child.stdout), "line")) as [string];
  const { url } = JSON.parse(line) as { url: string };
  const stop = async (): Promise<void> => {
    child.kill("SIGINT");
    await once(child, "exit");
  };
  return { url, stop };
}
