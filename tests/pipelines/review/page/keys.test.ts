import { describe, expect, it } from "vitest";
import { commandOf, COMMANDS } from "../../../../pipelines/review/page/keys.ts";

const pressed = (key: string, more: Partial<Parameters<typeof commandOf>[0]> = {}) => commandOf({ key, ctrlKey: false, metaKey: false, altKey: false, repeat: false, ...more });

describe("a key of the review page", () => {
  it.each([["a", "accept"], ["A", "accept"], ["r", "reject"], ["e", "edit"], ["s", "skip"], ["u", "undo"], ["j", "next"], ["ArrowRight", "next"], ["k", "previous"], ["ArrowLeft", "previous"], ["n", "open"], ["?", "help"]] as const)("%s means %s", (key, command) => {
    expect(pressed(key)).toBe(command);
  });

  it.each(["b", "1", " ", "Enter", "Escape", "Tab", "ArrowDown", "__proto__", "constructor"])("%s means nothing", (key) => {
    expect(pressed(key)).toBeNull();
  });

  it("means nothing together with Ctrl, Meta or Alt: those are the browser's", () => {
    for (const modifier of ["ctrlKey", "metaKey", "altKey"]) expect(pressed("a", { [modifier]: true })).toBeNull();
  });

  it("goes on through the queue while it is held down, and decides nothing then", () => {
    expect(["j", "k", "a", "r", "e", "s", "u"].map((key) => pressed(key, { repeat: true }))).toEqual(["next", "previous", null, null, null, null, null]);
  });

  it("means one thing only", () => {
    const keys = Object.values(COMMANDS).flatMap((command) => [...command.keys]);
    expect(new Set<string>(keys).size).toBe(keys.length);
  });
});
