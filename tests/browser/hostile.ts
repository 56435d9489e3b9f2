import { request } from "node:http";
import type { Browser } from "playwright-core";
import { describe, expect, it } from "vitest";
import { copyOf, eventually, openAs, openTab, pressThrough, reviewsIn, serveSite, shownId, type Site, startSite } from "./site.ts";

export function hostile(browser: () => Browser, db: () => string): void {
  describe("a page of hostile texts", () => {
    it("shows markup of task, rationale, plan, name and note as text, and nothing of it runs", async () => {
      const site = await serveSite(copyOf(db()), { dataset: "gsm8k", twice: 1 });
      const name = "<img src=x onerror='window.hacked = 1'>";
      const { page, problems } = await openAs(browser(), site, name);
      await goTo(page, "Someone packs 3 bags with 7 nuts");
      expect(await page.locator(".task-text").innerText()).toContain("<script>window.hacked = 1</script>");
      expect(await page.locator(".rationale").innerText()).toContain('<img src=x onerror="window.hacked = 1">');
      await page.keyboard.press("e");
      await page.getByLabel("The plan as text").fill('Subgoal 1: <script>window.hacked = 1</script> <img src=x onerror="window.hacked = 1">\nAction 1-1: R1 = <b>Tool</b>(<i>3</i> * 7) = <u>21</u>\nAction 1-2: R2 = Calculator(3 * 7) = <svg onload=alert(1)>');
      await eventually(() => page.locator(".trace").innerText()).toContain("<svg onload=alert(1)>");
      await page.keyboard.press("Escape");
      await page.keyboard.press("r");
      await page.keyboard.press("9");
      await page.keyboard.type("<script>window.hacked = 1</script><img src=x onerror=alert(1)>");
      const id = await shownId(page);
      await pressThrough(page, "Enter");
      await goTo(page, "Someone packs 3 bags with 7 nuts");
      expect(await shownId(page)).toBe(id);
      expect(await page.locator(".verdict").innerText()).toContain("<script>window.hacked = 1</script><img src=x onerror=alert(1)>");
      expect(await page.evaluate("[window.hacked ?? null, document.querySelectorAll('main img, main script, main svg, main b, main i, main u, header img').length]")).toEqual([null, 0]);
      expect(reviewsIn(site.db)).toMatchObject([{ id, reviewer: name, verdict: "reject" }]);
      expect(problems).toEqual([]);
    });

    it("shows the beginning of 100,000 characters at once, the rest when asked, and nothing is wider than the page", async () => {
      const site = await serveSite(copyOf(db()), { dataset: "gsm8k" });
      const { page } = await openAs(browser(), site, "Ada", { viewport: { width: 360, height: 740 } });
      const began = performance.now();
      await page.getByRole("button", { name: "Queue" }).click();
      await goTo(page, "Someone packs 3 bags with 8 nuts");
      expect(performance.now() - began).toBeLessThan(3000);
      expect((await page.locator(".task-text").innerText()).length).toBeLessThan(5000);
      await page.locator(".task-text").getByRole("button", { name: /^Show all/ }).click();
      expect((await page.locator(".task-text").innerText()).length).toBeGreaterThan(15_000);
      expect(await page.evaluate("document.documentElement.scrollWidth")).toBe(360);
    });
  });

  describe("the server of the page", () => {
    it("runs no script that somebody puts into the page", async () => {
      const site = await serveSite(copyOf(db()));
      const { page, problems } = await openAs(browser(), site, "Ada");
      await page.evaluate(`document.body.insertAdjacentHTML("beforeend", "<img src=data:, onerror='window.hacked = 1'><p style='color: red'>x</p>"); document.body.append(Object.assign(document.createElement("script"), { textContent: "window.hacked = 1" }));`);
      await eventually(async () => problems.filter((each) => each.includes("Content Security Policy")).length).toBeGreaterThanOrEqual(3);
      expect(await page.evaluate("window.hacked ?? null")).toBeNull();
    });

    it("lets nobody in without the token, from another origin or by another name", async () => {
      const site = await serveSite(copyOf(db()));
      const tab = await openTab(browser());
      await tab.page.goto(site.origin);
      expect(await tab.page.getByRole("alert").innerText()).toContain("Open the address it printed when it started");
      // Another token in the address loads the page anew.
      const loaded = tab.page.waitForEvent("load");
      await tab.page.goto(`${site.origin}/#token=wrong`);
      await loaded;
      await eventually(() => tab.page.getByRole("alert").innerText()).toContain("does not let this page in");
      await tab.page.goto(site.url);
      await tab.page.getByLabel("Your name").waitFor();
      expect(await tab.page.evaluate("location.hash")).toBe("");

      const body = JSON.stringify({ reviewer: "Eve" });
      const good = { host: new URL(site.origin).host, origin: site.origin, "x-lumos-token": site.token, "content-type": "application/json" };
      expect(await post(site, body, good)).toBe(404);
      expect(await post(site, body, { ...good, "x-lumos-token": "wrong" })).toBe(401);
      expect(await post(site, body, { ...good, origin: "http://evil.example" })).toBe(403);
      expect(await post(site, body, { ...good, host: "evil.example" })).toBe(403);
    });
  });

  describe("a page that gets no good answer", () => {
    it("says that the server is gone, keeps what was typed, and goes on with the next server", async () => {
      const site = await startSite(copyOf(db()));
      const { page } = await openAs(browser(), site, "Ada");
      for (let n = 0; n < 3; n++) await pressThrough(page, "j");
      const id = await shownId(page);
      await page.keyboard.press("e");
      await page.keyboard.type("KEPT ");
      await page.keyboard.press("Escape");
      await site.stop();
      await page.keyboard.press("a");
      await eventually(() => page.getByRole("alert").innerText()).toContain("lumos review does not answer.");
      const again = await startSite(site.db, new URL(site.origin).port);
      await page.getByRole("button", { name: "Try again" }).click();
      await eventually(() => page.getByRole("alert").innerText()).toContain("does not let this page in");
      // The same tab, another fragment: what the terminal printed anew.
      await page.goto(again.url);
      await page.locator(".kept").waitFor();
      expect(await shownId(page)).toBe(id);
      await pressThrough(page, "a");
      expect(reviewsIn(site.db)).toMatchObject([{ id, verdict: "accept" }]);
    });

    it("says that a plan changed meanwhile, and shows the new one", async () => {
      const site = await serveSite(copyOf(db()));
      const { page } = await openAs(browser(), site, "Ada");
      await page.route("**/api/reviews", (route) => route.fulfill({ status: 409, json: { error: { code: "review.changed", message: "It has another plan now." } } }), { times: 1 });
      await page.keyboard.press("a");
      await eventually(() => page.getByRole("alert").innerText()).toContain("Your verdict was not kept; look at the new plan.");
      await page.getByRole("button", { name: "Show the new plan" }).click();
      await pressThrough(page, "a");
      await page.locator("#notice").waitFor({ state: "hidden" });
      expect(reviewsIn(site.db)).toHaveLength(1);
    });
  });
}

/** Opens the row of the queue whose task begins so. */
async function goTo(page: Awaited<ReturnType<typeof openTab>>["page"], task: string): Promise<void> {
  await page.locator("#queue-list .row").filter({ hasText: task }).click();
  await eventually(() => page.locator(".task-text").innerText()).toContain(task);
}

/** Node's own client: a browser lets no script name another host or origin. */
function post({ origin }: Site, body: string, headers: Record<string, string>): Promise<number | undefined> {
  return new Promise((resolve, reject) => {
    const asked = request(`${origin}/api/undo`, { method: "POST", headers }, (response) => {
      response.resume();
      resolve(response.statusCode);
    });
    asked.on("error", reject);
    asked.end(body);
  });
}
