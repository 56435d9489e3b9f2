import type { Browser } from "playwright-core";
import { afterAll, afterEach, beforeAll, describe } from "vitest";
import { launchChromium } from "../../scripts/screenshots/chromium.ts";
import { skipsBrowser } from "../support/browser.ts";
import { access } from "./access.ts";
import { hostile } from "./hostile.ts";
import { many } from "./many.ts";
import { report } from "./report.ts";
import { reviewing } from "./reviewing.ts";
import { closeSites, makeStore, removeStores } from "./site.ts";

let running: Browser | null = null;
let store = "";

/** One file, so that one browser is started for all of it. */
describe.skipIf(skipsBrowser)("in a browser,", () => {
  beforeAll(async () => {
    [running, store] = await Promise.all([launchChromium(), makeStore()]);
  });
  afterEach(async () => {
    await Promise.all((running?.contexts() ?? []).map((context) => context.close()));
    await closeSites();
  });
  afterAll(async () => {
    await running?.close();
    removeStores();
  });

  const browser = (): Browser => {
    if (running === null) throw new Error("The browser is not running.");
    return running;
  };
  reviewing(browser, () => store);
  hostile(browser, () => store);
  access(browser, () => store);
  many(browser, () => store);
  report(browser, () => store);
});
