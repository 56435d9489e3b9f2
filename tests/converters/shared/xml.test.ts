import * as fc from "fast-check";
import { describe, expect, it } from "vitest";
import { readXml } from "../../../converters/shared/xml.ts";
import { processorTime } from "../../support/processor-time.ts";
import { file, readAll, values } from "./files.ts";

const document = (body: string): string => `<?xml version="1.0" encoding="UTF-8"?>\n<Set>\n${body}</Set>\n`;

describe("readXml", () => {
  it("gives attributes, children and their text", async () => {
    const body = '<Problem ID="p1" Grade="2"><Body>A &lt; B &amp; <b>C</b> caf&#233;</Body><Note/><Tag>x</Tag><Tag><![CDATA[<y>]]></Tag></Problem>\n<Problem ID="p2">plain</Problem>';
    expect((await readAll(readXml(file(document(body)), "Problem"))).records).toEqual([
      { position: 1, value: { "@ID": "p1", "@Grade": "2", Body: "A < B & C café", Note: "", Tag: ["x", "<y>"] } },
      { position: 2, value: { "@ID": "p2", "#text": "plain" } },
    ]);
  });

  it("takes an element of the name within another as a part of it", async () => {
    expect(values((await readAll(readXml(file("<a><a>x</a></a>"), "a"))).records)).toEqual([{ a: "x" }]);
  });

  it("gives nothing where no element has the name", async () => {
    expect(await readAll(readXml(file(document("<Other/>")), "Problem"))).toEqual({ records: [], error: null });
  });

  it.each<[string, string, number]>([
    ["cut off", '<Set>\n<P ID="1"/>\n<P ID="2"><Body>text', 1],
    ["a wrong end tag", "<Set><P/>\n<P></Q></P></Set>", 1],
    ["no XML at all", '{"a": 1}', 0],
    ["an entity nobody defined", "<Set><P/><P>&lol;</P></Set>", 1],
    ["an entity defined in a DTD", '<!DOCTYPE Set [<!ENTITY lol "lol"><!ENTITY x SYSTEM "file:///etc/hostname">]>\n<Set><P/><P>&x;&lol;</P></Set>', 1],
    ["two roots", "<Set><P/></Set><Set><P/></Set>", 1],
    ["an attribute twice", '<Set><P/><P a="1" a="2"/></Set>', 1],
  ])("gives the records before the break and says where it is: %s", async (_, content, complete) => {
    const { records, error } = await readAll(readXml(file(content), "P"));
    expect(records.length).toBe(complete);
    expect(error).toMatchSnapshot();
  });

  it("says where the bytes are no UTF-8", async () => {
    const content = Buffer.concat([Buffer.from("<Set><P>a</P><P>caf"), Buffer.from([0xe9]), Buffer.from("</P></Set>")]);
    const { records, error } = await readAll(readXml(file(content), "P"));
    expect(values(records)).toEqual([{ "#text": "a" }]);
    expect(error).toMatch(/not UTF-8 at byte 20/);
  });

  it("keeps a __proto__ element as a field", async () => {
    const { records } = await readAll(readXml(file('<P __proto__="a"><__proto__>b</__proto__></P>'), "P"));
    expect(Object.keys(values(records)[0] ?? {})).toEqual(["@__proto__", "__proto__"]);
  });

  it("takes deep nesting quickly", async () => {
    const deep = 100_000;
    const spent = processorTime();
    const { records } = await readAll(readXml(file(`<P>${"<b>".repeat(deep)}x${"</b>".repeat(deep)}</P>`), "P"));
    expect(values(records)).toEqual([{ b: "x" }]);
    expect(spent()).toBeLessThan(3000);
  });

  it("gives back any texts, whatever the chunk size", async () => {
    const text = fc.string({ unit: "grapheme", minLength: 1 }).map((each) => each.replace(/[^\t\n\u0020-\uD7FF\u{10000}-\u{10FFFF}]/gu, ""));
    await fc.assert(
      fc.asyncProperty(fc.array(text), fc.integer({ min: 1, max: 40 }), async (texts, chunkBytes) => {
        const body = texts.map((each) => `<P><T>${each.replace(/&/g, "&amp;").replace(/</g, "&lt;").replace(/>/g, "&gt;")}</T></P>`).join("\n");
        const { records, error } = await readAll(readXml(file(document(body)), "P", { chunkBytes }));
        expect(error).toBeNull();
        expect(values(records)).toEqual(texts.map((each) => ({ T: each })));
      }),
      { numRuns: 60 },
    );
  });
});
