import axe from "axe-core";
import type { Browser, Page } from "playwright-core";
import { describe, expect, it } from "vitest";
import { copyOf, eventually, openAs, openTab, serveSite } from "./site.ts";

export function access(browser: () => Browser, db: () => string): void {
  describe("the review page", () => {
    it.each([
      ["light", { colorScheme: "light" }],
      ["dark", { colorScheme: "dark" }],
      ["narrow", { viewport: NARROW }],
    ] as const)("has no serious fault of accessibility and is no wider than the window, %s: empty, with an annotation, its dialogs and its editor", async (_, options) => {
      const site = await serveSite(copyOf(db()), { order: "worst" });
      const first = await openTab(browser(), { ...options, bypassCSP: true });
      await first.page.goto(site.url);
      await first.page.getByLabel("Your name").waitFor();
      await isSound(first.page);
      const { page } = await openAs(browser(), site, "Ada", { ...options, bypassCSP: true });
      if ("viewport" in options) await page.getByRole("button", { name: "Queue" }).click();
      await page.locator("#view-summary").click();
      await page.locator(".chip").first().hover();
      expect(await page.locator(".lit").count()).toBeGreaterThan(1);
      await isSound(page);
      for (const key of ["?", "r"]) {
        await page.keyboard.press(key);
        await page.locator("dialog[open]").waitFor();
        await isSound(page);
        await page.keyboard.press("Escape");
      }
      await page.keyboard.press("e");
      await page.locator(".trace .defects").first().waitFor();
      await isSound(page);
      await page.keyboard.press("Escape");
      await page.keyboard.press("a");
      await page.keyboard.press("k");
      await page.locator(".verdict").waitFor();
      await site.stop();
      await page.keyboard.press("a");
      await page.locator("#notice").waitFor();
      await isSound(page);
    });

    it("tells a screen reader what each key did, and puts it at the new annotation", async () => {
      const site = await serveSite(copyOf(db()), { order: "worst" });
      const { page } = await openAs(browser(), site, "Ada");
      await page.keyboard.press("a");
      await eventually(() => page.locator("#live").innerText()).toMatch(/^Accepted\. 2 of \d+: [a-z ]+, 0 defects\.$/);
      expect(await page.evaluate("document.activeElement?.id")).toBe("annotation-id");
      await page.keyboard.press("u");
      await eventually(() => page.locator("#live").innerText()).toMatch(/^Taken back: accepted\. 1 of \d+: well formed, 2 defects\.$/);
      await page.keyboard.press("k");
      await eventually(() => page.locator("#live").innerText()).toBe("This is the first one.");
    });

    it("lights a step and the subgoals that serve it together, by pointer and by keyboard", async () => {
      const site = await serveSite(copyOf(db()), { order: "worst" });
      const { page } = await openAs(browser(), site, "Ada");
      await page.locator(".rationale .chip").nth(1).focus();
      expect(await page.locator(".subgoal.lit h4").allInnerTexts()).toEqual(["Subgoal 2"]);
      await page.locator(".subgoal .chip").nth(0).hover();
      expect(await page.locator(".rationale-step.lit .chip").allInnerTexts()).toEqual(["step 1"]);
    });
  });
}

const NARROW = { width: 360, height: 740 };

async function isSound(page: Page): Promise<void> {
  expect(await page.evaluate("document.documentElement.scrollWidth <= document.documentElement.clientWidth")).toBe(true);
  // What is narrow has no other colours and names.
  if (page.viewportSize()?.width !== NARROW.width) expect(await faults(page)).toEqual([]);
}

/** Serious and critical findings of axe, with what they were found on. */
export async function faults(page: Page): Promise<unknown[]> {
  if (!(await page.evaluate("'axe' in window"))) await page.evaluate(axe.source);
  const found = await page.evaluate<unknown[]>(
    "axe.run().then(({ violations }) => violations.filter(({ impact }) => impact === 'serious' || impact === 'critical').map(({ id, nodes }) => ({ id, nodes: nodes.map(({ html, failureSummary }) => html.slice(0, 200) + ' ' + failureSummary) })))",
  );
  return found;
}
