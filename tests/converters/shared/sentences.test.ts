import fc from "fast-check";
import { describe, expect, it } from "vitest";
import { choiceTask, namesChoice } from "../../../converters/shared/choices.ts";
import { sentencesOf, statementsOf } from "../../../converters/shared/sentences.ts";
import { processorTime } from "../../support/processor-time.ts";

describe("sentences", () => {
  it.each<[string, string[]]>([
    ["Bats fly. Owls fly, too!", ["Bats fly.", "Owls fly, too!"]],
    ["Dr. Moss lives in the U.S. capital. She swims.", ["Dr. Moss lives in the U.S. capital.", "She swims."]],
    ["1. The jar is full.\n- It holds 2.5 liters\n\n---", ["The jar is full.", "It holds 2.5 liters"]],
    ['He said "No." Then he left.', ['He said "No."', "Then he left."]],
    ["", []],
  ])("of %j are %j", (text, expected) => {
    expect(sentencesOf(text)).toEqual(expected);
  });

  it("keep every letter of the text, in order", () => {
    const letters = (text: string): string => text.replace(/[^\p{L}]/gu, "");
    fc.assert(
      fc.property(fc.string({ unit: "grapheme", maxLength: 300 }), (text) => {
        expect(letters(sentencesOf(text).join(" "))).toBe(letters(text));
      }),
    );
  });

  it.each(["a. ", "A.", "- ", "1.", "“", " "])("of 100,000 times %j are found at once", (piece) => {
    const spent = processorTime();
    sentencesOf(piece.repeat(100_000));
    statementsOf(`To decide ${piece.repeat(100_000)}`);
    expect(spent()).toBeLessThan(1500);
  });
});

describe("statements", () => {
  it("leave out what only announces, and choices that are only quoted", () => {
    const text = "Look at the jars.\nTo decide, I will compare both jars.\nBoth jars are full.\nBoth are empty.\nNeither is empty.";
    expect(statementsOf(text, ["Both are empty."])).toEqual(["Both jars are full.", "Neither is empty."]);
  });

  it("are all sentences where nothing else is said", () => {
    expect(statementsOf("Put the words in order.")).toEqual(["Put the words in order."]);
  });
});

describe("a multiple-choice task", () => {
  it("is the question as published, with its choices by letter", () => {
    expect(choiceTask(" Which floats? ", ["a\ncork", "a nail"])).toBe(" Which floats?  Choices: (A) a cork (B) a nail");
  });

  it.each<[string, number, boolean]>([
    ["So the cork floats.", 0, true],
    ["So the corkscrew floats.", 0, false],
    ["Option B is right.", 1, true],
    ["It is (b).", 1, true],
    ["The second answer choice sinks.", 1, true],
    ["Vitamin B is good.", 1, false],
  ])("is told by %j about choice %i: %s", (sentence, index, expected) => {
    expect(namesChoice(sentence, ["a cork", "a nail"], index)).toBe(expected);
  });
});
