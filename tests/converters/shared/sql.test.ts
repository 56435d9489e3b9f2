import fc from "fast-check";
import { describe, expect, it } from "vitest";
import { statementFacts, tablesOf } from "../../../converters/shared/sql/facts.ts";
import { scanSql, splitScript } from "../../../converters/shared/sql/scan.ts";
import { conjuncts, printSelect, readStatement, subqueries } from "../../../converters/shared/sql/select.ts";
import { processorTime } from "../../support/processor-time.ts";

describe("a script", () => {
  it.each([
    ["select 1; select ';' ; ", ["select 1", "select ';'"]],
    ["insert into a values ('it''s; so') -- a; b\n; select 2", ["insert into a values ('it''s; so') -- a; b", "select 2"]],
    ['select "a;b", [c;d], `e;f` /* ; */', ['select "a;b", [c;d], `e;f` /* ; */']],
    ["select 'never closed; at all", ["select 'never closed; at all"]],
  ])("%j is split at its semicolons", (script, statements) => {
    expect(splitScript(script)).toEqual(statements);
  });

  it("scans in linear time, whatever stands there", () => {
    fc.assert(
      fc.property(fc.string({ unit: "binary" }), (text) => {
        for (const { text: own, start } of scanSql(text)) expect(text.startsWith(own, start)).toBe(true);
      }),
    );
    const spent = processorTime();
    for (const piece of ["'", '"', "[", "/*", "--", "(", "a", "''"]) scanSql(piece.repeat(100_000));
    expect(spent()).toBeLessThan(1_500);
  });
});

describe("a statement", () => {
  it("is split into its clauses", () => {
    const sql = "SELECT DISTINCT a, count(*) FROM t JOIN u ON t.x = u.x WHERE a > (SELECT max(b) FROM v WHERE c = 'FROM') AND d BETWEEN 1 AND 2 GROUP BY a HAVING count(*) > 1 ORDER BY a DESC LIMIT 3";
    const read = readStatement(sql);
    expect(read?.operators).toEqual([]);
    expect(read?.selects[0]).toEqual({
      columns: "DISTINCT a, count(*)",
      from: "t JOIN u ON t.x = u.x",
      where: "a > (SELECT max(b) FROM v WHERE c = 'FROM') AND d BETWEEN 1 AND 2",
      group: "a",
      having: "count(*) > 1",
      order: "a DESC",
      limit: "3",
    });
    expect(read?.selects.map(printSelect)).toEqual([sql]);
    expect(conjuncts(read?.selects[0]?.where ?? "")).toEqual(["a > (SELECT max(b) FROM v WHERE c = 'FROM')", "d BETWEEN 1 AND 2"]);
    expect(subqueries(read?.selects[0]?.where ?? "").map((each) => each.sql)).toEqual(["SELECT max(b) FROM v WHERE c = 'FROM'"]);
  });

  it.each(["WITH x AS (SELECT 1) SELECT * FROM x", "VALUES (1)", "", "DELETE FROM a", "SELECT 1 WHERE 1 WHERE 2"])("%j is none that is split", (sql) => {
    expect(readStatement(sql)).toBeNull();
  });

  it("of several queries keeps what stands between them", () => {
    expect(readStatement("SELECT a FROM t UNION ALL SELECT b FROM u ORDER BY 1;")).toMatchObject({ operators: ["UNION ALL"], selects: [{ from: "t" }, { from: "u", order: "1" }] });
  });

  it("names its tables", () => {
    expect(tablesOf("people AS p LEFT JOIN `Pets` q ON p.id = q.id AND q.age > 2, (SELECT 1) r, x JOIN y USING (k)")).toEqual([
      { name: "people", conditions: [] },
      { name: "pets", conditions: ["p.id = q.id", "q.age > 2"] },
      { name: null, conditions: [] },
      { name: "x", conditions: [] },
      { name: "y", conditions: ["k = k"] },
    ]);
  });
});

describe("what two statements ask for", () => {
  it.each([
    ["SELECT T1.name FROM people AS T1 JOIN pets AS T2 ON T1.id = T2.owner WHERE T2.age > 3", "select p.name from people p, pets q where q.owner = p.id and q.age > 3"],
    ['SELECT a FROM t WHERE b = "x" AND c != 2', "SELECT a FROM t WHERE c <> 2 AND b = 'x'"],
    ["SELECT a, count(*) FROM t GROUP BY a ORDER BY count(*) DESC LIMIT 1", "SELECT a, count(*) AS n FROM t GROUP BY a ORDER BY n DESC LIMIT 1"],
    ["SELECT a FROM t ORDER BY a ASC", "SELECT a FROM t ORDER BY a"],
  ])("is the same of %s and %s", (one, other) => {
    expect([...(statementFacts(one) ?? [])].sort()).toEqual([...(statementFacts(other) ?? [])].sort());
  });

  it("is told of what stands in brackets, too", () => {
    expect([...(statementFacts("SELECT name FROM (SELECT name, age FROM people WHERE age > 3) ORDER BY age") ?? [])]).toEqual(["select name", "select age", "table people", "where age > 3", "order age"]);
  });

  it("is told in time of text that is made to be slow", () => {
    const spent = processorTime();
    for (const piece of ["(SELECT ", "SELECT a FROM ", " AND ", "a AS b, ", "JOIN t ON "]) statementFacts(`SELECT a FROM t WHERE ${piece.repeat(1_500)}`);
    statementFacts("SELECT a FROM ".concat("(SELECT a FROM ".repeat(1_000), "t", ")".repeat(1_000)));
    expect(spent()).toBeLessThan(3_000);
  });
});
