import type { Browser } from "playwright-core";
import { describe, expect, it } from "vitest";
import { repeatAnnotations } from "../../scripts/bench/repeat.ts";
import { copyOf, eventually, openAs, pressThrough, serveSite, shownId } from "./site.ts";

export function many(browser: () => Browser, db: () => string): void {
  describe("a queue of 10,000", () => {
    it("asks for a page of rows, the annotation and the next one, and shows no more than that", async () => {
      const big = copyOf(db());
      repeatAnnotations(big, 10_000);
      const site = await serveSite(big);
      const tab = await openAs(browser(), site, "Ada");
      const { page, asked } = tab;
      await page.waitForLoadState("networkidle");
      expect(asked.toSorted()).toEqual(["/api/annotation", "/api/annotation", "/api/queue", "/api/session", "/api/take"]);
      expect(await page.locator("#queue-list .row").count()).toBe(50);
      expect(await page.locator("#rows-shown").innerText()).toBe("1–50 of 10,000");
      const drawn = await page.evaluate<number>("performance.getEntriesByType('resource').filter(({ name }) => name.includes('/api/queue'))[0].duration");
      // Under 300 ms by itself; this machine has other tests to run.
      expect(drawn).toBeLessThan(1500);

      asked.length = 0;
      await pressThrough(page, "a");
      await page.waitForLoadState("networkidle");
      // The next one was there already: what is asked for is the one after it.
      expect(asked).toEqual(["/api/reviews", "/api/take", "/api/annotation"]);
      await page.getByRole("button", { name: "Later" }).click();
      await eventually(() => page.locator("#rows-shown").innerText()).toBe("51–100 of 10,000");
      const [row] = await page.locator("#queue-list .row").all();
      const before = await shownId(page);
      await row?.click();
      await eventually(() => shownId(page)).not.toBe(before);
      await pressThrough(page, "k");
      expect(await page.locator("#rows-shown").innerText()).toBe("1–50 of 10,000");
    });
  });
}
