import { describe, expect, it } from "vitest";
import { pageElements } from "../../../converters/shared/page-elements.ts";
import { processorTime } from "../../support/processor-time.ts";

describe("the elements of a page", () => {
  it.each([
    ["text of its own", '<a n="1">Home</a>', [{ id: "1", tag: "a", text: "Home" }]],
    ["text of its descendants", '<button n="1"><span n="2"><b>Buy</b> now</span></button>', [{ id: "1", tag: "button", text: "Buy now" }, { id: "2", tag: "span", text: "Buy now" }]],
    ["a label before what it says", '<input n="1" aria-label="Town" value="Turku"/>', [{ id: "1", tag: "input", text: "Town Turku" }]],
    ["attributes as cleaned pages write them", '<input n="1" aria_label="Town" type="search">', [{ id: "1", tag: "search", text: "Town" }]],
    ["a role rather than a tag", '<div n="1" role="Tab">Reviews</div>', [{ id: "1", tag: "tab", text: "Reviews" }]],
    ["entities", '<a n="1">Olive &amp; Thyme &lt;3</a>', [{ id: "1", tag: "a", text: "Olive & Thyme <3" }]],
    ["what closes itself, and what is never closed", '<text n="1"/><li n="2">One<li n="3">Two', [{ id: "2", tag: "li", text: "One" }, { id: "3", tag: "li", text: "Two" }]],
    ["no scripts, no whole page, nothing without text", '<html n="0"><body n="9"><script n="1">x()</script><div n="2"></div></body></html>', []],
    ["no element without an id", "<a>Home</a>", []],
    ["no HTML at all", "< > </ <<<a", []],
  ])("have %s", (_, html, expected) => {
    expect(pageElements(html, { id: "n", first: new Set(), most: 10 })).toEqual(expected);
  });

  it("that are asked for come first whatever they say, then those that can be acted on", () => {
    const html = '<p n="1">Words</p><a n="2">Link</a><i n="3"></i><a n="4">Link</a><a n="5">Link</a>';
    expect(pageElements(html, { id: "n", first: new Set(["3", "4"]), most: 10 }).map(({ id }) => id)).toEqual(["3", "4", "1"]);
    expect(pageElements(html, { id: "n", first: new Set(["4"]), most: 1 }).map(({ id }) => id)).toEqual(["4"]);
  });

  it("have 120 characters at most", () => {
    expect(pageElements(`<a n="1" title="${"t".repeat(500)}">${"x".repeat(500)}</a>`, { id: "n", first: new Set(), most: 1 })[0]?.text).toHaveLength(120);
  });

  it.each([
    ["opened", '<b n="1">x'.repeat(100_000)],
    ["opened and closed by others", `${'<b n="1">'.repeat(100_000)}${"</i>".repeat(100_000)}`],
    ["closed", "</a>".repeat(100_000)],
    ["attributes", `<a ${"x=y ".repeat(100_000)} n="1">t</a>`],
    ["brackets", "<".repeat(100_000)],
    ["blanks", `<a n="1">${" ".repeat(100_000)}</a>`],
    ["entities", "&amp;".repeat(100_000)],
  ])("are found in a moment where 100,000 are %s", (_, html) => {
    const spent = processorTime();
    pageElements(html, { id: "n", first: new Set(), most: 10 });
    expect(spent()).toBeLessThan(1_500);
  });
});
