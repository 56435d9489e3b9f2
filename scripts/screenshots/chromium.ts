import { statSync } from "node:fs";
import { delimiter, join } from "node:path";
import { type Browser, chromium } from "playwright-core";
import { LumosError } from "../../schemas/errors.ts";

const NAMES = process.platform === "win32" ? ["chrome.exe"] : ["chromium", "chromium-browser", "google-chrome"];

/** The Chromium of this machine: what LUMOS_CHROMIUM names, else one on the PATH; null where there is none. Nothing is downloaded. */
export function findChromium(): string | null {
  const named = process.env["LUMOS_CHROMIUM"] ?? "";
  if (named !== "") return named;
  const folders = (process.env["PATH"] ?? "").split(delimiter).filter((folder) => folder !== "");
  return folders.flatMap((folder) => NAMES.map((name) => join(folder, name))).find((path) => statSync(path, { throwIfNoEntry: false })?.isFile() === true) ?? null;
}

/** Starts it without a window. Throws `usage` where there is none. */
export async function launchChromium(): Promise<Browser> {
  const executablePath = findChromium();
  if (executablePath === null) throw new LumosError("usage", `No Chromium: expected ${NAMES.join(", ")} on the PATH, or its path in LUMOS_CHROMIUM. On Debian: apt-get install chromium.`);
  // In a container there is often no user for its sandbox; only pages of this project are opened.
  return chromium.launch({ executablePath, args: ["--no-sandbox"] });
}
