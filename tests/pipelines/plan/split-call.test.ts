import { describe, expect, it } from "vitest";
import { splitCall, splitCallOverLines } from "../../../pipelines/plan/split-call.ts";
import { processorTime } from "../../support/processor-time.ts";

describe("the closing parenthesis of a call", () => {
  it.each([
    ["2 + 2) = 4", "2 + 2", "4"],
    ["Pan (god)) = WikipediaPage(Pan (god))", "Pan (god)", "WikipediaPage(Pan (god))"],
    ["(R1 - 6) / 13 = 2) = (x - 6) / 13 = 2", "(R1 - 6) / 13 = 2", "(x - 6) / 13 = 2"],
    ["f(x) = 2) = f(x) = 2", "f(x) = 2", "f(x) = 2"],
    ["[R2], Question: Is it 3) or 4?) = 4", "[R2], Question: Is it 3) or 4?", "4"],
    ["[R2], Question: Is it 3) or (x) = 4?) = f(x) = 4", "[R2], Question: Is it 3) or (x) = 4?", "f(x) = 4"],
    ["x \\in [0, 1)) = [0, 1)", "x \\in [0, 1)", "[0, 1)"],
    ["(0, 1]) = (0, 1]", "(0, 1]", "(0, 1]"],
    ["(R1 + 2) = 5", "(R1 + 2", "5"],
    ["[R2], Question: What is :-( for?) = sadness", "[R2], Question: What is :-( for?", "sadness"],
    ["[R3], Question: Is Jen's (the 1st) or Bob's bigger?) = Jen's (1st)", "[R3], Question: Is Jen's (the 1st) or Bob's bigger?", "Jen's (1st)"],
    ['echo "a) = b") = x', 'echo "a) = b"', "x"],
    ["echo 'a) = b' c) = x", "echo 'a) = b' c", "x"],
    ["(R1 + 2) == 5) = True", "(R1 + 2) == 5", "True"],
    ["2 + 2).=4", "2 + 2", "4"],
    ["Env, QUERY: [button]  Go (now) = yes)", "Env, QUERY: [button]  Go (now) = yes", ""],
    ["2 + 2) =", "2 + 2", ""],
  ])("of Tool(%s", (text, args, result) => {
    const split = splitCall(text);
    expect({ args: split?.args, result: split?.result.trim() }).toEqual({ args, result });
  });

  it.each(["2 + 2 = 4", "2 + 2) is 4", "", "(2 + 2"])("is missing in Tool(%s", (text) => {
    expect(splitCall(text)).toBeNull();
  });

  it("may stand on a later line", () => {
    expect(splitCallOverLines("f(x):\n  g(x)\n) = 3\nmore")).toMatchObject({ args: "f(x):\n  g(x)\n", result: " 3", lines: 3 });
    expect(splitCallOverLines("f(x):\n  g(x)\n) is 3")).toBeNull();
    expect(splitCallOverLines("f(x):\n")).toBeNull();
  });

  it("is found in linear time", () => {
    const spent = processorTime();
    for (const piece of ["(", ")", ") = ", "()", '"', "'a' ", "' ", ") ", "[", "“"]) {
      splitCall(piece.repeat(100_000));
      splitCall(`${piece.repeat(100_000)}x`);
      splitCallOverLines(`${piece}\n`.repeat(50_000));
    }
    expect(spent()).toBeLessThan(5000);
  });
});
