import { describe, expect, it } from "vitest";
import { identifyMind2web, mapMind2web } from "../../../converters/mind2web/map.ts";
import { readRepresentation } from "../../../converters/mind2web/representation.ts";
import type { Mind2webRecord } from "../../../converters/mind2web/record.ts";
import { processorTime } from "../../support/processor-time.ts";
import { pageOf, taskOf } from "./records.ts";

const PLACE = { file: "train_0.json", position: 1 };

describe("a task", () => {
  const { example } = mapped(
    taskOf([
      { repr: "[searchbox]  Search  books -> TYPE: the  lantern", value: "the  lantern ", html: pageOf(["input", "7", ""], ["a", "8", "Home"]), right: ["7"] },
      { repr: "[button]  Go -> ENTER", op: "CLICK", value: "", right: ["9", "9", "10"] },
    ]),
  );

  it("has the person's actions as gold steps, under the ids of the source", () => {
    expect(example.gold_steps).toEqual([
      { id: "u1", text: "[searchbox] Search books -> TYPE: the lantern", action: { tool: "TYPE", target: "[searchbox] Search books", value: "the lantern", elements: ["7"] } },
      { id: "u2", text: "[button] Go -> ENTER", action: { tool: "CLICK", target: "[button] Go", elements: ["9", "10"] } },
    ]);
  });

  it("has no answer and no environment, and its rationale lists the actions", () => {
    expect(example).toMatchObject({ id: "mind2web/t1", task: "Buy the book", answer: "", environment: null });
    expect(example.rationale).toMatchInlineSnapshot(`
      "Website: bookbarn (Shopping, Books)
      What a person did there, in order ([role] element -> operation):
      1. [searchbox] Search books -> TYPE: the lantern
      2. [button] Go -> ENTER"
    `);
  });

  it("keeps of its pages the elements alone", () => {
    expect(example.materials?.pages).toEqual([
      { gold_step: "u1", elements: [{ id: "7", tag: "input", text: "" }, { id: "8", tag: "a", text: "Home" }] },
      { gold_step: "u2", elements: [] },
    ]);
  });
});

it.each([
  ["HOVER", "CLICK"],
  ["ENTER", "CLICK"],
  ["type", "TYPE"],
])("takes the operation %s for %s", (op, tool) => {
  expect(mapped(taskOf([{ repr: "[a]  X -> Y", op, value: "v" }])).example.gold_steps[0]?.action?.tool).toBe(tool);
});

it("numbers steps whose action_uid is missing or repeated", () => {
  const { example } = mapped(taskOf([{ repr: "[a]  X -> CLICK", uid: "same" }, { repr: "[a]  Y -> CLICK", uid: "same" }, { repr: "[a]  Z -> CLICK", uid: " " }]));
  expect(example.gold_steps.map(({ id }) => id)).toEqual(["same", "mind2web/t1#2", "mind2web/t1#3"]);
});

it.each<[string, Mind2webRecord]>([
  ["no_id", taskOf([{ repr: "[a]  X -> CLICK" }], { annotation_id: " " })],
  ["no_task", taskOf([{ repr: "[a]  X -> CLICK" }], { confirmed_task: "" })],
  ["too_long", taskOf([{ repr: "[a]  X -> CLICK" }], { confirmed_task: "x".repeat(6000) })],
  ["no_action", taskOf([])],
  ["reprs_mismatch", taskOf([{ repr: "[a]  X -> CLICK" }], { action_reprs: [] })],
  ["reprs_mismatch", taskOf([{ repr: "  " }])],
  ["unknown_operation", taskOf([{ repr: "[a]  X -> DRAG", op: "DRAG" }])],
])("skips with the reason %s", (reason, record) => {
  const made = mapMind2web(record, PLACE);
  expect(made).toMatchObject({ skip: reason });
  expect(identifyMind2web(record)).toBeNull();
});

describe("a representation", () => {
  it.each([
    ["[combobox]  Departing from -> TYPE: ATLANTA", { role: "combobox", name: "Departing from", done: "TYPE" }],
    ["[link]  Home -> Garden -> CLICK", { role: "link", name: "Home -> Garden", done: "CLICK" }],
    ["[img]   -> HOVER", { role: "img", name: "", done: "HOVER" }],
    ["Search", { role: "", name: "Search", done: "" }],
    ["[", { role: "", name: "[", done: "" }],
  ])("%s", (text, read) => expect(readRepresentation(text)).toEqual(read));

  it("of 100,000 brackets or arrows is read in a moment", () => {
    const spent = processorTime();
    for (const text of ["[".repeat(100_000), " -> ".repeat(25_000), `[a]${" ".repeat(100_000)}`]) readRepresentation(text);
    expect(spent()).toBeLessThan(500);
  });
});

function mapped(record: Mind2webRecord) {
  const made = mapMind2web(record, PLACE);
  if ("skip" in made) throw new Error(made.detail);
  return made;
}
