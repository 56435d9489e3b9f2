import { join } from "node:path";
import { pathToFileURL } from "node:url";
import type { Browser } from "playwright-core";
import { describe, expect, it } from "vitest";
import { lumos, temporaryFolder } from "../support/lumos.ts";
import { faults } from "./access.ts";
import { openTab } from "./site.ts";

export function report(browser: () => Browser, db: () => string): void {
  describe("the audit report", () => {
    it("has no serious fault of accessibility, runs nothing, loads nothing and is never wider than the page: light, dark, narrow, opened out", async () => {
      const folder = temporaryFolder();
      expect(await lumos(["audit", "--db", db(), "--out", folder, "--quiet"])).toMatchObject({ code: 0 });
      const file = pathToFileURL(join(folder, "report.html")).href;
      for (const options of [{ colorScheme: "light" }, { colorScheme: "dark" }, { viewport: { width: 360, height: 740 } }] as const) {
        const tab = await openTab(browser(), { ...options, bypassCSP: true });
        const loaded: string[] = [];
        tab.page.on("request", (request) => loaded.push(request.url()));
        await tab.page.goto(file);
        await tab.page.evaluate("for (const each of document.querySelectorAll('details')) each.open = true");
        expect(await faults(tab.page)).toEqual([]);
        expect(await tab.page.evaluate("document.documentElement.scrollWidth <= document.documentElement.clientWidth")).toBe(true);
        expect(await tab.page.evaluate("[window.hacked ?? null, document.querySelectorAll('script[src], main script, main img').length]")).toEqual([null, 0]);
        expect(loaded).toEqual([file]);
        expect(tab.problems).toEqual([]);
        await tab.page.context().close();
      }
    });
  });
}
