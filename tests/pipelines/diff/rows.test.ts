import { writeFileSync } from "node:fs";
import { join } from "node:path";
import { expect, test } from "vitest";
import { rowsOf } from "../../../pipelines/diff/rows.ts";
import { temporaryFolder } from "../store/fixture.ts";

test("each row has a key of its own, whatever the ids of examples look like", () => {
  const file = join(temporaryFolder(), "dpo_maths_plan_onetime.jsonl");
  const ids = ["x", "x", "x#2", "2 x", "__proto__"];
  writeFileSync(file, ids.map((_, n) => `{"row":${n}}\n`).join(""));
  writeFileSync(`${file}.provenance.jsonl`, ids.map((id) => `${JSON.stringify({ id, level: "proven", run: "r" })}\n`).join(""));
  const rows = [...rowsOf(file)];
  expect(rows.map(({ id }) => id)).toEqual(ids);
  expect(new Set(rows.map(({ key }) => key)).size).toBe(ids.length);
});
