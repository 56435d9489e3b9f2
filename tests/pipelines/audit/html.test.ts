import fc from "fast-check";
import { parseHTML } from "linkedom";
import { describe, expect, it } from "vitest";
import { escapeHtml, html } from "../../../pipelines/audit/html.ts";
import { processorTime } from "../../support/processor-time.ts";

describe("html", () => {
  it.each([
    ["a tag", "<script>alert(1)</script>", "&lt;script&gt;alert(1)&lt;/script&gt;"],
    ["quotes that would end an attribute", `" onload='x`, "&quot; onload=&#39;x"],
    ["an entity", "&lt;", "&amp;lt;"],
    ["what turns the writing around", "a\u202eb\u2066c", "a‹U+202E›b‹U+2066›c"],
    ["control characters, but tab and line end", "a\u0000\u001b[2J\tb\nc\r\nd\u0085", "a‹U+0000›‹U+001B›[2J\tb\nc\nd‹U+0085›"],
    ["half a character", "\ud83d!", "‹U+D83D›!"],
    ["an emoji and another script, as they are", "🍎 naïve 数学 עברית", "🍎 naïve 数学 עברית"],
  ])("shows %s as text", (_, text, shown) => {
    expect(html`<p>${text}</p>`.text).toBe(`<p>${shown}</p>`);
  });

  it("joins lists, keeps markup of its own and leaves out what is nothing", () => {
    expect(html`<ul>${["a<", "b"].map((each) => html`<li>${each}</li>`)}${null}${false}${undefined}${0}</ul>`.text).toBe("<ul><li>a&lt;</li><li>b</li>0</ul>");
  });

  it("puts any text into an element and an attribute so that a parser reads one element", () => {
    fc.assert(
      fc.property(fc.string({ unit: fc.oneof(fc.constantFrom("<", ">", "&", '"', "'", "`", "/", "=", " ", "script", "\u0000"), fc.string({ unit: "binary", maxLength: 3 })), maxLength: 40 }), (text) => {
        const { document } = parseHTML(`<html><body>${html`<p title="${text}">${text}</p>`.text}</body></html>`);
        expect([...document.querySelectorAll("body *")].map(({ tagName, attributes }) => [tagName, attributes.length])).toEqual([["P", 1]]);
      }),
      { numRuns: 40 },
    );
  });

  it("is quick on a long hostile text", () => {
    const spent = processorTime();
    escapeHtml("<&\u202e".repeat(100_000));
    expect(spent()).toBeLessThan(1_000);
  });
});
