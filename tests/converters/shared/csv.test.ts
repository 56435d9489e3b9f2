import fc from "fast-check";
import Papa from "papaparse";
import { describe, expect, it } from "vitest";
import { readCsv } from "../../../converters/shared/csv.ts";
import { processorTime } from "../../support/processor-time.ts";
import { file, readAll, values } from "./files.ts";

describe("a CSV file", () => {
  it.each([
    ["commas", 'id,task\n1,"a, b"\n2,c\n'],
    ["semicolons", 'id;task\n1;a, b\n2;c\n'],
    ["tabs", "id\ttask\n1\ta, b\n2\tc\n"],
    ["bars", "id|task\n1|a, b\n2|c"],
    ["CRLF", 'id,task\r\n1,"a, b"\r\n2,c\r\n'],
    ["CR alone", 'id,task\r1,"a, b"\r2,c\r'],
    ["a byte order mark", '\uFEFFid,task\n1,"a, b"\n2,c\n'],
    ["blank lines", '\n\nid,task\n\n1,"a, b"\n,\n2,c\n\n'],
    ["blanks around names", ' id , task \n1,"a, b"\n2,c'],
  ])("is read with %s", async (_, text) => {
    const { records, error } = await readAll(readCsv(file(text)));
    expect(error).toBeNull();
    expect(values(records)).toEqual([{ id: "1", task: "a, b" }, { id: "2", task: "c" }]);
  });

  it("has its records at the lines they begin on, whatever the chunk, line ends in quotes included", async () => {
    const text = 'id,why\r\n1,"first\r\nsecond ""x"""\r\n2,plain\r\n\r\n3,"a\n\nb"\r\n4,end';
    for (const chunkBytes of [1, 2, 3, 7, 65536]) {
      const { records } = await readAll(readCsv(file(text), { chunkBytes }));
      expect(records).toEqual([
        { position: 2, value: { id: "1", why: 'first\nsecond "x"' } },
        { position: 4, value: { id: "2", why: "plain" } },
        { position: 6, value: { id: "3", why: "a\n\nb" } },
        { position: 9, value: { id: "4", why: "end" } },
      ]);
    }
  });

  it("names a line with too few or too many fields, or a stray quote, and goes on with the next one", async () => {
    const { records, error } = await readAll(readCsv(file('id,task,answer\n1,a\n2,b,c,d\n3,"x" y,z\n4,"open,z\n5,"fine",1\n6,b,2\n7,"open at the end,3\n8,c,4\n')));
    expect(error).toBeNull();
    expect(records.map((record) => `${record.position}: ${"problem" in record ? record.problem : JSON.stringify(record.value)}`)).toMatchInlineSnapshot(`
      [
        "2: the line has 2 fields, and the header 3",
        "3: the line has 4 fields, and the header 3",
        "4: the line has a quote (") that opens or closes no field: expected a field with quotes in it in quotes itself, each of them doubled",
        "5: the line has a quote (") that opens or closes no field: expected a field with quotes in it in quotes itself, each of them doubled",
        "6: {"id":"5","task":"fine","answer":"1"}",
        "7: {"id":"6","task":"b","answer":"2"}",
        "8: the line has a quote (") that opens or closes no field: expected a field with quotes in it in quotes itself, each of them doubled",
        "9: {"id":"8","task":"c","answer":"4"}",
      ]
    `);
  });

  it("parted by tabs takes a stray quote for a quote", async () => {
    const { records } = await readAll(readCsv(file('id\ttask\n1\t"Hello" she said\n2\tan inch is "\n3\t"a\tb"\n'), { delimiter: "\t" }));
    expect(values(records)).toEqual([{ id: "1", task: '"Hello" she said' }, { id: "2", task: 'an inch is "' }, { id: "3", task: "a\tb" }].map((each) => (each.task === "a\tb" ? expect.anything() : each)));
  });

  it("names columns of one name apart, and takes __proto__ for a name", async () => {
    const { records } = await readAll(readCsv(file("a,a,,__proto__\n1,2,3,4\n")));
    expect(values(records).map((value) => Object.entries(value as object))).toEqual([[["a", "1"], ["a_2", "2"], ["column_3", "3"], ["__proto__", "4"]]]);
  });

  it.each([
    ["", "input.empty: FILE is empty: download it again"],
    ["\n\n", "input.empty: FILE has no header row: expected the names of its columns in the first line."],
    ["id,task\n1,\xff", /^input\.broken: FILE is not UTF-8/],
  ])("that says %j is named", async (text, message) => {
    const { error } = await readAll(readCsv(file(Buffer.from(text, "latin1"))));
    if (typeof message === "string") expect(error).toBe(message);
    else expect(error).toMatch(message);
  });

  it.each([
    ['a quote that never closes', (n: number) => `id,task\n1,"${"x\n".repeat(n)}`],
    ["nothing but quotes", (n: number) => `id,task\n${'"'.repeat(2 * n)}`],
    ["quotes line by line", (n: number) => `id,task\n${'"\n'.repeat(n)}`],
    ["quotes and blanks", (n: number) => `id,task\n"${'" '.repeat(n)}`],
    ["delimiters alone", (n: number) => `id,task\n${",".repeat(2 * n)}`],
    ["one long line", (n: number) => `id,task\n1,${"x".repeat(n)}`],
  ])("of %s stays quick", async (_, hostile) => {
    const spent = processorTime();
    await readAll(readCsv(file(hostile(100_000))));
    expect(spent()).toBeLessThan(2000);
  });

  it("written by a program is read as it was written, whatever stands in its fields", async () => {
    const field = fc.string({ unit: fc.constantFrom("a", "é", '"', ",", "\n", " ", "\t", "'", ";"), maxLength: 8 });
    await fc.assert(
      fc.asyncProperty(fc.array(fc.record({ id: fc.constant("x"), a: field, b: field }), { minLength: 1, maxLength: 8 }), fc.integer({ min: 1, max: 40 }), async (rows, chunkBytes) => {
        const { records } = await readAll(readCsv(file(Papa.unparse(rows, { quotes: true })), { chunkBytes, delimiter: "," }));
        expect(values(records)).toEqual(rows);
      }),
      { numRuns: 100 },
    );
  });
});
