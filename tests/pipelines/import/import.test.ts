import { readFileSync, writeFileSync } from "node:fs";
import { join } from "node:path";
import { gzipSync } from "node:zlib";
import { describe, expect, it } from "vitest";
import { chatFiles, chatRow, importInto, PAIRS, PLANS, PROBLEMS, sourceFile, stored, writeLines } from "./fixture.ts";
import { newStore, temporaryFolder } from "../store/fixture.ts";

const [MIRA, SHELF, ONO] = PAIRS.map(({ task }) => task) as [string, string, string];

describe("a set of published chat files", () => {
  it("is joined by task, row to row and plan to source, and proven again", async () => {
    const folder = temporaryFolder();
    const store = newStore(folder);
    const { summary } = await importInto(store, chatFiles(folder, PAIRS), { source: sourceFile(folder) });
    expect(summary).toMatchObject({ records: 12, imported: 3, merged: 9, skipped: 0, joined: { gsm8k: 3 }, levels: { proven: 3 }, computed_results: 1, lacks: {} });
    const outcomes = [...store.outcomesFor({ levels: ["proven"] })];
    expect(outcomes.map(({ annotator, dataset, file, position }) => `${annotator} ${dataset} ${file}:${position}`)).toEqual([
      "imported gsm8k lumos_maths_plan_iterative.jsonl:1", "imported gsm8k lumos_maths_plan_iterative.jsonl:2", "imported gsm8k lumos_maths_plan_iterative.jsonl:3",
    ]);
    const shelf = outcomes.find(({ example }) => example?.task === SHELF);
    // The result of an action within a subgoal is in no row; `Output` is in the onetime one alone.
    expect(shelf?.annotation?.plan.subgoals[0]).toEqual({
      text: "Find how many jars are full; the others are empty.",
      actions: [
        { outputs: ["R1"], tool: "Calculator", args: "5 * 8", result: "40" },
        { outputs: ["Output"], tool: "Calculator", args: "R1 - 6", result: "34" },
      ],
    });
  });

  it("stays at well_formed without its sources", async () => {
    const folder = temporaryFolder();
    const store = newStore(folder);
    const { summary } = await importInto(store, chatFiles(folder, PAIRS));
    expect(summary).toMatchObject({ imported: 3, joined: {}, unjoined: 3, unjoined_reasons: { no_sources_given: 3 }, levels: { well_formed: 3, aligned: 0, proven: 0 } });
    expect(stored(store).every((each) => /^imported\/[0-9a-f]{16} well_formed$/.test(each))).toBe(true);
  });

  it.each([
    { given: "all four files", files: [0, 1, 2, 3], levels: { proven: 3 }, lacks: {}, skipped: {} },
    { given: "the iterative ones", files: [0, 2], levels: { proven: 3 }, lacks: {}, skipped: {} },
    { given: "the onetime ones", files: [1, 3], levels: { proven: 3 }, lacks: { no_result_row: 3 }, skipped: {} },
    { given: "plan iterative and ground onetime", files: [0, 3], levels: { proven: 3 }, lacks: {}, skipped: {} },
    { given: "ground alone", files: [2, 3], levels: { proven: 3 }, lacks: { no_plan_row: 3, no_result_row: 3 }, skipped: {} },
    { given: "plan alone, which has no actions", files: [0, 1], levels: { proven: 0 }, lacks: {}, skipped: { no_ground_row: 6 } },
  ])("takes the most of $given", async ({ files, levels, lacks, skipped }) => {
    const folder = temporaryFolder();
    const all = chatFiles(folder, PAIRS);
    const { summary } = await importInto(newStore(folder), files.map((i) => all[i] ?? ""), { source: sourceFile(folder) });
    expect(summary).toMatchObject({ levels, lacks, skipped_reasons: skipped });
  });

  it("says which plans are wrong, where they stand and why", async () => {
    const folder = temporaryFolder();
    const wrong = [
      { task: MIRA, plan: (PLANS[0] ?? "").replace("= 24", "= 25") },
      { task: SHELF, plan: (PLANS[1] ?? "").replace("R1 - 6) = 34", "R1 - 8) = 32") },
      { task: ONO, plan: PLANS[2] ?? "" },
    ];
    const store = newStore(folder);
    const list = join(folder, "wrong.jsonl");
    const { summary } = await importInto(store, chatFiles(folder, wrong), { source: sourceFile(folder), wrong: list });
    expect(summary).toMatchObject({ wrong: 2, levels: { proven: 1, well_formed: 2 }, defects: { "answer.mismatch": 1, "exec.mismatch": 1 } });
    const lines = readFileSync(list, "utf8").trim().split("\n").map((line) => JSON.parse(line) as { id: string; defects: { message: string }[] });
    expect(lines.map((line) => ({ ...line, id: line.id.replace(/[0-9a-f]{16}/, "…") }))).toMatchInlineSnapshot(`
      [
        {
          "claimed": "36",
          "codes": [
            "exec.mismatch",
          ],
          "computed": "36",
          "defects": [
            {
              "action": 1,
              "claimed": "25",
              "code": "exec.mismatch",
              "computed": "24",
              "message": "R1 = Calculator(12 * 2) is 24, but the plan says 25.",
              "subgoal": 1,
            },
          ],
          "gold": "36",
          "id": "gsm8k/…",
          "level": "well_formed",
          "place": "lumos_maths_plan_iterative.jsonl:1",
        },
        {
          "claimed": "32",
          "codes": [
            "answer.mismatch",
          ],
          "computed": "32",
          "defects": [
            {
              "action": 2,
              "claimed": "32",
              "code": "answer.mismatch",
              "computed": "32",
              "message": "The final result 32 is not the gold answer 34.",
              "subgoal": 1,
            },
          ],
          "gold": "34",
          "id": "gsm8k/…",
          "level": "well_formed",
          "place": "lumos_maths_plan_iterative.jsonl:2",
        },
      ]
    `);
    expect(stored(store).filter((each) => each.includes("exec.mismatch"))).toEqual([`${lines[0]?.id} well_formed exec.mismatch`]);
  });

  it("counts what it can't join or read, each with file and line", async () => {
    const folder = temporaryFolder();
    const planned = (task: string, plan: string) => chatRow(task, plan, "plan", "iterative");
    const grounded = (task: string, plan: string) => chatRow(task, plan, "ground", "iterative");
    const other = (PLANS[2] ?? "").replace("how far", "the way that");
    const plan = writeLines(join(folder, "plan.jsonl"), [
      planned(MIRA, PLANS[0] ?? ""),
      planned(MIRA, PLANS[0] ?? ""),
      planned(ONO, PLANS[2] ?? ""),
      planned(ONO, other),
      planned(SHELF, PLANS[1] ?? ""),
      { dataset: "maths", id: 7, messages: [{ role: "user", content: "What is 2 + 2?" }, { role: "assistant", content: "4" }] },
    ]);
    const ground = writeLines(join(folder, "ground.jsonl"), [
      grounded(MIRA, PLANS[0] ?? ""),
      grounded(MIRA, (PLANS[0] ?? "").replace("12 + R1", "R1 + 12")),
      grounded(ONO, PLANS[2] ?? ""),
      grounded(ONO, other),
      '{"messages": 3, "__proto__": {"x": 1}}',
      '{"dataset": "maths", "messages": [{"role": "user", "content": "cut',
    ]);
    const store = newStore(folder);
    const { summary, firstSkipped } = await importInto(store, [plan, ground], { source: sourceFile(folder) });
    expect(summary).toMatchObject({ records: 12, imported: 3, merged: 3, skipped: 6, further_plans: 1 });
    expect(summary.skipped_reasons).toEqual({ ambiguous_task: 1, duplicate_row: 1, malformed_record: 1, no_ground_row: 1, other_module: 1, unreadable_record: 1 });
    expect(firstSkipped.map(({ place, reason }) => `${place.file}:${place.position} ${reason}`).toSorted()).toEqual([
      "ground.jsonl:2 ambiguous_task", "ground.jsonl:5 malformed_record", "ground.jsonl:6 unreadable_record",
      "plan.jsonl:2 duplicate_row", "plan.jsonl:5 no_ground_row", "plan.jsonl:6 other_module",
    ]);
    expect(stored(store).filter((each) => each.includes("skipped"))).toHaveLength(6);
  });
});

describe("rows as other writers vary them", () => {
  const written = (end: string) => JSON.parse(JSON.stringify(chatRow(ONO, PLANS[2] ?? "", "plan", "iterative")).replace(/; Initial Environment Description: None\.(?:\\n)?/, end.replaceAll("\n", "\\n"))) as unknown;
  const ground = chatRow(ONO, PLANS[2] ?? "", "ground", "iterative");

  it.each(["; Initial Environment Description: None.", "; Initial Environment Description:none", "\nInitial environment description: None.\n", "", "; Initial Environment Description: A road."])("are read with the environment as '%s'", async (end) => {
    const folder = temporaryFolder();
    const file = writeLines(join(folder, "rows.jsonl"), [written(end), ground]);
    expect((await importInto(newStore(folder), [file], { source: sourceFile(folder) })).summary).toMatchObject({ records: 2, imported: 1, merged: 1, levels: { proven: 1 } });
  });

  it("are of two plans where they are of two domains", async () => {
    const folder = temporaryFolder();
    const other = (PLANS[2] ?? "").replace("3 * 4", "4 * 3");
    const rows = [PLANS[2] ?? "", other].flatMap((plan, i) => (["plan", "ground"] as const).map((module) => ({ ...chatRow(ONO, plan, module, "iterative"), dataset: i === 0 ? "maths" : "complex_qa" })));
    expect((await importInto(newStore(folder), [writeLines(join(folder, "rows.jsonl"), rows)])).summary).toMatchObject({ imported: 2, merged: 2, skipped: 0 });
  });

  it("of other modules are counted beside the others, and alone are another set", async () => {
    const folder = temporaryFolder();
    const cot = writeLines(join(folder, "cot.jsonl"), [{ dataset: "maths", id: 1, messages: [{ role: "user", content: "Solve it." }, { role: "assistant", content: "12" }] }]);
    const store = newStore(folder);
    expect((await importInto(store, [cot, ...chatFiles(folder, PAIRS)])).summary).toMatchObject({ records: 13, imported: 3, skipped_reasons: { other_module: 1 } });
    await expect(importInto(newStore(temporaryFolder()), [cot])).rejects.toThrow(/cot\.jsonl holds no record of such a set/);
  });
});

describe("a second import", () => {
  it("adds nothing", async () => {
    const folder = temporaryFolder();
    const store = newStore(folder);
    const files = chatFiles(folder, PAIRS);
    const source = sourceFile(folder);
    const first = await importInto(store, files, { source });
    const before = stored(store);
    const second = await importInto(store, files, { source });
    expect(second.summary).toEqual({ ...first.summary, stored_before: 3, computed_results: 0 });
    expect(stored(store)).toEqual(before);
  });

  it("with the sources takes the place of one without, and one without leaves what was joined", async () => {
    const folder = temporaryFolder();
    const store = newStore(folder);
    const files = chatFiles(folder, PAIRS);
    const ofTwo = sourceFile(folder, PROBLEMS.slice(0, 2));
    await importInto(store, files);
    expect(stored(store)).toHaveLength(3);
    await importInto(store, files.toReversed(), { source: ofTwo });
    expect(stored(store).map((each) => each.replace(/[0-9a-f]{16}/, "…")).toSorted()).toEqual(["gsm8k/… proven", "gsm8k/… proven", "imported/… well_formed"]);
    const third = await importInto(store, files);
    expect(third.summary).toMatchObject({ stored_before: 3, joined: { gsm8k: 2 }, unjoined: 1 });
    expect(stored(store)).toHaveLength(3);
    expect(store.findByPrefix("imported/")).toHaveLength(1);
  });

  it("under another name stands beside the first", async () => {
    const folder = temporaryFolder();
    const store = newStore(folder);
    const files = chatFiles(folder, PAIRS);
    const source = sourceFile(folder);
    const one = await importInto(store, files, { source, name: "gpt-4" });
    const two = await importInto(store, files, { stored: true, name: "small" });
    expect(two.summary.joined).toEqual({ gsm8k: 3 });
    expect(one.summary.variant).not.toBe(two.summary.variant);
    expect(stored(store, two.summary.variant)).toEqual(stored(store, one.summary.variant));
    expect(new Set([...store.outcomesFor()].map(({ model }) => model))).toEqual(new Set(["gpt-4", "small"]));
  });

  it("goes on where one was stopped", async () => {
    const folder = temporaryFolder();
    const store = newStore(folder);
    const files = chatFiles(folder, PAIRS);
    const stopped = await importInto(store, files, { signal: AbortSignal.abort() });
    expect(stopped).toMatchObject({ interrupted: true, summary: { imported: 0 } });
    expect((await importInto(store, files)).summary.imported).toBe(3);
  });
});

describe("several plans of one example", () => {
  const [first, second] = [PLANS[2] ?? "", (PLANS[2] ?? "").replace("3 * 4", "4 * 3")];
  const set = (folder: string, plans: readonly string[]) => writeLines(join(folder, "set.jsonl"), plans.map((plan) => ({ task: ONO, subgoal_plan: plan })));

  it("are all kept, each under a variant of its own, and a repeated one is not", async () => {
    const folder = temporaryFolder();
    const store = newStore(folder);
    const wrong = join(folder, "wrong.jsonl");
    const file = set(folder, [first, second, first, second.replace("= 12", "= 13")]);
    const { summary } = await importInto(store, [file], { source: sourceFile(folder), wrong });
    expect(summary).toMatchObject({ records: 4, imported: 3, further_plans: 2, skipped_reasons: { duplicate_plan: 1 }, levels: { proven: 2, well_formed: 1 }, joined: { gsm8k: 3 }, wrong: 1 });
    const kept = [...store.outcomesFor({ states: ["annotated"] })];
    expect(new Set(kept.map(({ key }) => key)).size).toBe(1);
    expect(kept.map(({ variant }) => store.variantOf(variant)?.parameters).toSorted((a, b) => JSON.stringify(a).localeCompare(JSON.stringify(b)))).toEqual([
      { format: "converted", plan: 2 }, { format: "converted", plan: 3 }, { format: "converted" },
    ]);
    expect((await importInto(store, [file], { source: sourceFile(folder) })).summary).toMatchObject({ stored_before: 3, further_plans: 2 });
    expect((await importInto(store, [file])).summary).toMatchObject({ stored_before: 3, joined: { gsm8k: 3 } });
  });

  it("move to their source together when it is given later", async () => {
    const folder = temporaryFolder();
    const store = newStore(folder);
    // Two ids as long as no source says that they are of one example.
    const file = writeLines(join(folder, "set.jsonl"), [{ task: ONO, subgoal_plan: first }, { task: ONO, subgoal_plan: second }, { task: `${ONO}  `, subgoal_plan: second.replace("4 * 3", "3 + 9") }]);
    await importInto(store, [file]);
    const renamed = join(folder, "renamed.jsonl");
    writeFileSync(renamed, readFileSync(file));
    expect((await importInto(store, [renamed], { source: sourceFile(folder) })).summary.joined).toEqual({ gsm8k: 3 });
    expect([...store.outcomesFor()].map(({ key }) => key.split("/")[0])).toEqual(["gsm8k", "gsm8k", "gsm8k"]);
    expect(store.findByPrefix("imported/")).toEqual([]);
  });

  it("are no more than sixteen", async () => {
    const folder = temporaryFolder();
    const plans = Array.from({ length: 20 }, (_, i) => `Subgoal 1: Add.\nAction 1-1: R1 = Calculator(${i} + 1) = ${i + 1}`);
    expect((await importInto(newStore(folder), [set(folder, plans)])).summary).toMatchObject({ imported: 16, further_plans: 15, skipped_reasons: { too_many_plans: 4 } });
  });
});

describe("a plan that an earlier import joined", () => {
  const scene = (id: string, file: string) => ({ id: `gsm8k/${id}`, dataset: "gsm8k", domain: "maths" as const, task: "What is on the table?", rationale: "", answer: id, gold_steps: [], environment: null, place: { file: "t", position: 1 }, image: { file, caption: null } });

  it("stays joined; another one of the same question, about another picture, is not joined to the first's", async () => {
    const folder = temporaryFolder();
    const store = newStore(folder);
    store.saveExample(scene("a", "a.jpg"), { contentHash: "x", licence: null });
    const line = (plan: string) => ({ task: "What is on the table?", subgoal_plan: plan });
    const one = writeLines(join(folder, "one.jsonl"), [line(PLANS[0] ?? "")]);
    expect((await importInto(store, [one], { stored: true })).summary.joined).toEqual({ gsm8k: 1 });
    const two = writeLines(join(folder, "two.jsonl"), [line(PLANS[1] ?? ""), line(PLANS[0] ?? "")]);
    expect((await importInto(store, [two])).summary).toMatchObject({ joined: { gsm8k: 1 }, unjoined: 1 });
    expect(stored(store).map((each) => each.split("/")[0]).toSorted()).toEqual(["gsm8k", "imported"]);
  });

  it("stays joined where the source's task says more than its own", async () => {
    const folder = temporaryFolder();
    const store = newStore(folder);
    store.saveExample({ ...scene("a", "a.jpg"), task: "What is on the table? Choices: a cup, a hat.", extra: { question: "What is on the table?" } }, { contentHash: "x", licence: null });
    const file = writeLines(join(folder, "one.jsonl"), [{ task: "What is on the table?", subgoal_plan: PLANS[0] ?? "" }]);
    expect((await importInto(store, [file], { stored: true })).summary.joined).toEqual({ gsm8k: 1 });
    expect((await importInto(store, [file])).summary).toMatchObject({ joined: { gsm8k: 1 }, stored_before: 1 });
    expect(stored(store)).toHaveLength(1);
  });
});

describe("a set of converted records", () => {
  it("is read as models write plans, and what is none is quarantined", async () => {
    const folder = temporaryFolder();
    const file = writeLines(join(folder, "converted.json"), [
      { task: MIRA, ans: "36", natural_language_plan: "…", subgoal_plan: `Subgoal-based plan:\n\n${(PLANS[0] ?? "").replaceAll("Subgoal", "**Subgoal")}` },
      { task: SHELF, subgoal_plan: "Rate limit reached: try again in 20 s." },
      { task: ` ${ONO.replace("miles", "MILES")}\n`, subgoal_plan: PLANS[2] },
      { task: MIRA, subgoal_plan: PLANS[0] },
      { task: "", subgoal_plan: PLANS[0] },
      { question: MIRA },
    ]);
    const store = newStore(folder);
    const { summary } = await importInto(store, [file], { source: sourceFile(folder) });
    expect(summary).toMatchObject({
      format: "converted", records: 6, imported: 3, merged: 0, skipped: 3, annotated: 2, quarantined: 1, levels: { proven: 2 }, defects: { "parse.no_plan": 1 },
      skipped_reasons: { malformed_record: 2, duplicate_plan: 1 },
    });
  });

  it.each([
    ["with a byte order mark and CRLF", (text: string) => `\uFEFF${text.replaceAll("\n", "\r\n")}`],
    ["gzipped", (text: string) => gzipSync(text)],
    ["as one array", (text: string) => `[${text.trim().replaceAll("\n", ",")}]`],
    ["as one indented array", (text: string) => `\uFEFF ${JSON.stringify(JSON.parse(`[${text.trim().replaceAll("\n", ",")}]`), null, 2)}`],
    ["without a final newline", (text: string) => text.trimEnd()],
  ])("may be %s", async (_, written) => {
    const folder = temporaryFolder();
    const file = join(folder, "set.jsonl");
    writeFileSync(file, written(PAIRS.map(({ task, plan }) => `${JSON.stringify({ task, subgoal_plan: plan })}\n`).join("")));
    expect((await importInto(newStore(folder), [file])).summary).toMatchObject({ records: 3, imported: 3 });
  });

  it("that breaks off is an error, after what stands before the break is stored", async () => {
    const folder = temporaryFolder();
    const file = join(folder, "set.jsonl.gz");
    const lines = Array.from({ length: 3000 }, (_, i) => JSON.stringify({ task: `${i * 7919} + ${i}?`, subgoal_plan: `Subgoal 1: Add ${i}.\nAction 1-1: R1 = Calculator(${i * 7919} + ${i}) = ${i * 7920}` }));
    const whole = gzipSync(lines.join("\n"));
    writeFileSync(file, whole.subarray(0, whole.length - 2000));
    const store = newStore(folder);
    await expect(importInto(store, [file])).rejects.toThrow(/ends in the middle of its gzip data.* plans before the break are stored/);
    expect(stored(store).length).toBeGreaterThan(100);
  });

  it.each([
    ["is of neither format", '{"question": "2 + 2?"}\n', /is no set of plans: expected JSON lines with 'messages'.* or with 'task' and 'subgoal_plan'/],
    ["is empty", "", /is empty/],
    ["is no JSON", "Subgoal 1: Add.\n", /is no set of plans/],
  ])("is refused where it %s", async (_, text, message) => {
    const folder = temporaryFolder();
    const file = join(folder, "set.jsonl");
    writeFileSync(file, text);
    await expect(importInto(newStore(folder), [file])).rejects.toThrow(message);
  });

  it("takes hostile records for what they are", async () => {
    const folder = temporaryFolder();
    const deep = `${"[".repeat(5000)}${"]".repeat(5000)}`;
    const file = writeLines(join(folder, "set.jsonl"), [
      { task: MIRA, subgoal_plan: PLANS[0] },
      `{"task": ${deep}, "subgoal_plan": "x"}`,
      { task: ["a"], subgoal_plan: "x" },
      { task: "constructor", subgoal_plan: "__proto__" },
      { task: "long", subgoal_plan: "Subgoal 1: ".repeat(100_000) },
      { task: "t".repeat(30_000), subgoal_plan: "x" },
      { task: "<script>alert(1)</script>", subgoal_plan: "Subgoal 1: <img src=x>\nAction 1-1: R1 = Calculator(1 + 1) = 2" },
      "null",
      '"text"',
    ]);
    const { summary } = await importInto(newStore(folder), [file], { source: sourceFile(folder) });
    expect(summary).toMatchObject({ records: 9, imported: 4, skipped: 5, quarantined: 2, levels: { proven: 1, well_formed: 1 } });
  });
});

describe("an export of ours", () => {
  const provenance = (id: string, about: object = {}) => ({
    id, source: { dataset: "gsm8k", file: "train.jsonl", position: 1, licence: "MIT" }, steps: [{ subgoal: 1, gold: [`${id}#1`] }], annotator: "llm", model: "small", prompt: null,
    variant: "v1-x", level: "proven", evidence: { computed: 1, matched: 0, claimed: 0 }, answer: "computed", by_construction: false, defects: [], repaired: ["ref.forward"], run: "gsm8k-1", ...about,
  });
  const exported = (folder: string, id: string) => {
    const file = writeLines(join(folder, "lumos_maths_ground_onetime.jsonl"), [chatRow(ONO, PLANS[2] ?? "", "ground", "onetime", id)]);
    writeLines(`${file}.provenance.jsonl`, [provenance(id)]);
    return file;
  };

  it("has its ids, places, licences and steps back without the sources, at well_formed", async () => {
    const folder = temporaryFolder();
    const store = newStore(folder);
    const { summary } = await importInto(store, [exported(folder, "gsm8k/abc")]);
    expect(summary).toMatchObject({ imported: 1, unjoined: 1, provenance: { same_level: 0, other_level: 0, no_source: 1 } });
    expect(stored(store)).toEqual(["gsm8k/abc well_formed"]);
    const [outcome] = store.outcomesOfExample("gsm8k/abc");
    expect(outcome).toMatchObject({ dataset: "gsm8k", repaired: ["ref.forward"], annotation: { verdict: { alignment: [{ subgoal: 1, gold: ["gsm8k/abc#1"] }] } } });
    expect([...store.examplesInOrder()]).toMatchObject([{ id: "gsm8k/abc", dataset: "gsm8k", file: "train.jsonl", position: 1, licence: "MIT" }]);
    // The record of the source, when it is read, is that example and no second one of its name.
    expect(store.knownExample("gsm8k/abc")).toBeNull();
  });

  it("is proven again with the sources, under the same ids, even when it came without them first", async () => {
    const folder = temporaryFolder();
    const store = newStore(folder);
    const source = sourceFile(folder);
    const { summary: made } = await importInto(newStore(temporaryFolder()), chatFiles(temporaryFolder(), PAIRS), { source });
    expect(made.levels.proven).toBe(3);
    const id = (await idOf(ONO)) ?? "";
    const file = exported(folder, id);
    await importInto(store, [file]);
    expect(stored(store)).toEqual([`${id} well_formed`]);
    const { summary } = await importInto(store, [file], { source });
    expect(summary.provenance).toEqual({ same_level: 1, other_level: 0, no_source: 0, no_line: 0 });
    expect(stored(store)).toEqual([`${id} proven`]);
    expect(store.knownExample(id)).not.toBeNull();
  });

  it("is believed nothing that its sources do not bear out", async () => {
    const folder = temporaryFolder();
    const store = newStore(folder);
    const file = writeLines(join(folder, "rows.jsonl"), [chatRow(ONO, (PLANS[2] ?? "").replace("3 * 4) = 12", "3 + 4) = 7"), "ground", "onetime", "gsm8k/zzz")]);
    writeLines(`${file}.provenance.jsonl`, [provenance("gsm8k/zzz", { by_construction: true, answer: "copied" })]);
    const { summary } = await importInto(store, [file], { source: sourceFile(folder) });
    // Its id is no example's: the task joins it.
    expect(summary).toMatchObject({ joined: { gsm8k: 1 }, levels: { proven: 0, aligned: 0, well_formed: 1 }, provenance: { other_level: 1 } });
    expect(stored(store)).toEqual([`${await idOf(ONO)} well_formed answer.mismatch gold.extra_step gold.missing_step`]);
  });

  it("leaves no second row under the id of its provenance when its task joins it to another", async () => {
    const folder = temporaryFolder();
    const store = newStore(folder);
    const file = exported(folder, "gsm8k/zzz");
    await importInto(store, [file]);
    expect(stored(store)).toEqual(["gsm8k/zzz well_formed"]);
    await importInto(store, [file], { source: sourceFile(folder) });
    expect(stored(store)).toEqual([`${await idOf(ONO)} proven`]);
    expect(store.findByPrefix("gsm8k/zzz")).toEqual([]);
  });

  it("says where the provenance file is cut or of another export", async () => {
    const folder = temporaryFolder();
    const file = exported(folder, "gsm8k/abc");
    writeLines(`${file}.provenance.jsonl`, [provenance("gsm8k/other")]);
    expect((await importInto(newStore(folder), [file])).summary.provenance).toEqual({ same_level: 0, other_level: 0, no_source: 0, no_line: 1 });
    writeLines(`${file}.provenance.jsonl`, ['{"id": "gsm8k/a']);
    expect((await importInto(newStore(temporaryFolder()), [file])).summary.provenance.no_line).toBe(1);
  });

  it("is an empty file where it has no row of a module", async () => {
    const folder = temporaryFolder();
    const file = exported(folder, "gsm8k/abc");
    const empty = join(folder, "lumos_maths_plan_iterative.jsonl");
    writeFileSync(empty, "");
    writeFileSync(`${empty}.provenance.jsonl`, "");
    expect((await importInto(newStore(folder), [empty, file])).summary).toMatchObject({ format: "lumos", records: 1, imported: 1 });
  });
});

async function idOf(task: string): Promise<string | undefined> {
  const folder = temporaryFolder();
  const store = newStore(folder);
  await importInto(store, chatFiles(folder, PAIRS), { source: sourceFile(folder) });
  return [...store.outcomesFor()].find(({ example }) => example?.task === task)?.key;
}
