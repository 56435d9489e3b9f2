import Database from "better-sqlite3";
import type { Browser } from "playwright-core";
import { describe, expect, it } from "vitest";
import { copyOf, eventually, openAs, pressThrough, reviewsIn, serveSite, shownId } from "./site.ts";

/** What reviewers do. `browser` and `db` are there when the tests run. */
export function reviewing(browser: () => Browser, db: () => string): void {
  describe("a reviewer", () => {
    it("decides on twenty by keyboard alone, and takes one back", async () => {
      const site = await serveSite(copyOf(db()));
      const { page, problems } = await openAs(browser(), site, "Ada");
      for (let n = 0; n < 20; n++) {
        if (n % 5 === 3) {
          await page.keyboard.press("r");
          await page.keyboard.press("2");
          if (n === 8) await page.keyboard.type("a and r are letters here");
          await pressThrough(page, "Enter");
        } else {
          await pressThrough(page, n % 5 === 4 ? "s" : "a");
        }
      }
      expect(await page.locator("#progress-text").innerText()).toMatch(/^16 of \d+ decided, 4 skipped$/);
      const last = await shownId(page);
      await pressThrough(page, "u");
      expect(await page.locator("#progress-text").innerText()).toMatch(/^16 of \d+ decided, 3 skipped$/);
      await pressThrough(page, "s");
      expect(await shownId(page)).toBe(last);

      const rows = reviewsIn(site.db);
      const given = (wanted: string) => rows.filter(({ verdict }) => verdict === wanted);
      expect(["accept", "reject", "skip", "undo"].map((verdict) => given(verdict).length)).toEqual([12, 4, 5, 1]);
      expect(given("reject").map(({ reason, note }) => [reason, note])).toEqual([["wrong_step", null], ["wrong_step", "a and r are letters here"], ["wrong_step", null], ["wrong_step", null]]);
      expect(new Set(rows.map(({ id }) => id)).size).toBe(20);
      expect(new Set(rows.map(({ reviewer, queue }) => `${reviewer} ${queue}`))).toEqual(new Set(["Ada random"]));
      expect(problems).toEqual([]);
    });

    it("edits a plan with a wrong value into a proven one, told at once what each change does", async () => {
      const site = await serveSite(copyOf(db()), { order: "worst" });
      const { page, problems } = await openAs(browser(), site, "Ada");
      const id = await shownId(page);
      expect(await page.locator(".head .level").innerText()).toContain("well formed");
      expect(await page.locator(".subgoal").first().innerText()).toContain("R1 = Calculator(6 * 12) is 72, but the plan says 74.");
      await page.keyboard.press("e");
      const text = page.getByLabel("The plan as text");
      const state = page.locator(".check-state");
      const plan = await text.inputValue();
      await text.fill("Subgoal 1");
      await eventually(() => state.innerText()).toContain("It is no plan yet");
      const nearly = plan.replace("74", "72").replace("69", "67");
      await text.fill(nearly);
      await eventually(() => page.locator(".trace").innerText()).toContain("that is 67 - 40, is 27, but the plan says 29.");
      await text.fill(nearly.replace("29", "27"));
      await eventually(() => state.innerText()).toContain("As it stands: proven, no defects.");
      expect(await page.locator(".trace .evidence").allInnerTexts()).toEqual(["✓ computed", "✓ computed", "✓ computed"]);
      await pressThrough(page, "Control+Enter");

      const store = new Database(site.db, { readonly: true });
      const edited = store.prepare("SELECT a.level FROM annotations a JOIN variants v ON v.hash = a.variant WHERE a.example_id = ? AND v.annotator = 'person'").all(id);
      store.close();
      expect(edited).toEqual([{ level: "proven" }]);
      expect(reviewsIn(site.db)).toMatchObject([{ id, verdict: "edit", queue: "worst" }]);
      expect(problems).toEqual([]);
    });

    it("finds place, queue and half an edit as they were after a reload", async () => {
      const site = await serveSite(copyOf(db()));
      const { page } = await openAs(browser(), site, "Ada");
      await page.locator("#view-summary").click();
      await page.getByLabel("Source", { exact: true }).selectOption("asdiv");
      await page.getByRole("button", { name: "Show this queue" }).click();
      await eventually(() => shownId(page)).toMatch(/^asdiv\//);
      await pressThrough(page, "j");
      await pressThrough(page, "ArrowRight");
      const id = await shownId(page);
      await page.keyboard.press("r");
      await page.keyboard.press("3");
      await page.keyboard.type("half a note");
      await page.keyboard.press("Escape");
      await page.keyboard.press("e");
      await page.keyboard.type("HALF ");
      await page.reload();
      const text = page.getByLabel("The plan as text");
      await text.waitFor();
      expect(await shownId(page)).toBe(id);
      expect(await text.inputValue()).toMatch(/^HALF Subgoal 1/);
      expect(await page.locator("#view-summary").innerText()).toBe("random · asdiv");
      expect(new URL(page.url()).hash).not.toContain("token");
      await page.keyboard.press("Escape");
      expect(await page.locator(".kept").innerText()).toContain("kept and not saved");
      await page.keyboard.press("r");
      expect(await page.getByLabel("Note").inputValue()).toBe("half a note");
      expect(await page.getByRole("radio", { name: "missing step" }).isChecked()).toBe(true);
      await pressThrough(page, "Enter");
      expect(reviewsIn(site.db)).toMatchObject([{ id, verdict: "reject", reason: "missing_step", note: "half a note" }]);
    });

    it("is told at the end of a queue, and can still go back", async () => {
      const site = await serveSite(copyOf(db()), { level: "well_formed" });
      const { page } = await openAs(browser(), site, "Ada");
      const id = await shownId(page);
      await pressThrough(page, "a");
      expect(await shownId(page)).toBe("You are through: everything in this queue is decided.");
      expect(await page.locator("#do-accept").isDisabled()).toBe(true);
      await page.keyboard.press("a");
      await page.keyboard.press("r");
      await pressThrough(page, "u");
      expect(await shownId(page)).toBe(id);
      expect(reviewsIn(site.db).map(({ verdict }) => verdict)).toEqual(["accept", "undo"]);
      await page.locator("#view-summary").click();
      await page.getByLabel("Source", { exact: true }).selectOption("strategyqa");
      await page.getByRole("button", { name: "Show this queue" }).click();
      await eventually(() => shownId(page)).toBe("Nothing fits these filters.");
    });

    it("may open one annotation by its id: a verdict on it counts as chosen", async () => {
      const site = await serveSite(copyOf(db()));
      const { page } = await openAs(browser(), site, "Ada");
      for (let n = 0; n < 3; n++) await pressThrough(page, "j");
      const place = new URLSearchParams(new URL(page.url()).hash.slice(1));
      const [id, variant] = [place.get("id") ?? "", place.get("variant") ?? ""];
      await page.goto("about:blank");
      await page.goto(`${site.url}&${new URLSearchParams({ id, variant })}`);
      await eventually(() => shownId(page)).toBe(id);
      await pressThrough(page, "a");
      expect(reviewsIn(site.db)).toMatchObject([{ id, queue: "chosen" }]);
    });

    it("may pick a row of the list: it counts as chosen, and comes up again in its turn", async () => {
      const site = await serveSite(copyOf(db()));
      const { page } = await openAs(browser(), site, "Ada");
      const first = await shownId(page);
      const row = page.locator("#queue-list .row").nth(4);
      const id = (await row.getAttribute("title")) ?? "";
      await row.click();
      await eventually(() => shownId(page)).toBe(id);
      expect(await page.locator(".kept").innerText()).toContain("You picked this from the list");
      await page.reload();
      await eventually(() => shownId(page)).toBe(id);
      await pressThrough(page, "a");
      expect(await shownId(page)).toBe(first);
      for (let n = 0; n < 4; n++) await pressThrough(page, "a");
      expect(await shownId(page)).toBe(id);
      expect(await page.locator(".kept").count()).toBe(0);
      expect(await page.locator(".head .verdict").innerText()).toContain("You accepted this out of its turn.");
      await pressThrough(page, "a");
      expect(reviewsIn(site.db).filter((each) => each.id === id)).toMatchObject([{ queue: "chosen" }, { queue: "random" }]);
      expect(reviewsIn(site.db).filter(({ queue }) => queue === "random")).toHaveLength(5);
    });

    it("edits from the plan's first line, however long the plan is", async () => {
      const site = await serveSite(copyOf(db()), { order: "worst" });
      const { page } = await openAs(browser(), site, "Ada", { viewport: { width: 360, height: 740 } });
      await page.keyboard.press("e");
      const text = page.getByLabel("The plan as text");
      expect(await text.evaluate((field) => field.scrollHeight > field.clientHeight)).toBe(true);
      expect(await text.evaluate((field) => field.scrollTop)).toBe(0);
    });

    it("gives no verdict while typing, with a key held down, or with single keys switched off", async () => {
      const site = await serveSite(copyOf(db()));
      const { page } = await openAs(browser(), site, "Ada");
      const first = await shownId(page);
      await page.keyboard.press("e");
      await page.keyboard.type("aaa");
      // Out of the field by Tab, to a button: the edit is still open.
      await page.keyboard.press("Tab");
      await page.keyboard.press("a");
      expect(await page.locator("#do-accept").isDisabled()).toBe(true);
      await page.locator("#plan-text").focus();
      await page.keyboard.press("Escape");
      await page.keyboard.press("Control+a");
      await page.keyboard.press("?");
      await page.keyboard.press("a");
      await page.getByLabel("Single keys give verdicts").uncheck();
      await page.keyboard.press("Escape");
      await page.keyboard.press("a");
      expect(await shownId(page)).toBe(first);
      expect(reviewsIn(site.db)).toEqual([]);
      await page.locator("#show-help").click();
      await page.getByLabel("Single keys give verdicts").check();
      await page.keyboard.press("Escape");
      await page.keyboard.down("a");
      await page.keyboard.down("a");
      await page.keyboard.down("a");
      await page.keyboard.up("a");
      await eventually(() => shownId(page)).not.toBe(first);
      expect(reviewsIn(site.db)).toHaveLength(1);
    });
  });

  describe("two reviewers at once", () => {
    it("both have their say on what both looked at, and share the rest", async () => {
      const site = await serveSite(copyOf(db()));
      const [ada, ben] = [await openAs(browser(), site, "Ada"), await openAs(browser(), site, "Ben")];
      const both = await shownId(ada.page);
      // Each begins with one of their own.
      expect(await shownId(ben.page)).not.toBe(both);
      await pressThrough(ben.page, "k");
      expect(await shownId(ben.page)).toBe(both);
      await pressThrough(ada.page, "a");
      await ben.page.keyboard.press("r");
      await ben.page.keyboard.press("1");
      await pressThrough(ben.page, "Enter");
      expect(reviewsIn(site.db).map(({ id, reviewer, verdict }) => [id, reviewer, verdict])).toEqual([[both, "Ada", "accept"], [both, "Ben", "reject"]]);
      for (let n = 0; n < 4; n++) await pressThrough(ada.page, "a");
      const decided = reviewsIn(site.db).filter(({ reviewer }) => reviewer === "Ada").map(({ id }) => id);
      for (let n = 0; n < 4; n++) {
        expect([...decided, await shownId(ada.page)]).not.toContain(await shownId(ben.page));
        await pressThrough(ben.page, "a");
      }
    });

    it("do not see each other's verdict before their own", async () => {
      const site = await serveSite(copyOf(db()), { twice: 1 });
      const ada = await openAs(browser(), site, "Ada");
      await pressThrough(ada.page, "a");
      const ben = await openAs(browser(), site, "Ben");
      expect(await ben.page.locator("#annotation").innerText()).not.toContain("Ada");
      await pressThrough(ben.page, "a");
      await pressThrough(ben.page, "k");
      expect(await ben.page.getByRole("region", { name: "Reviews of others" }).innerText()).toBe("Ada accepted");
    });
  });
}
