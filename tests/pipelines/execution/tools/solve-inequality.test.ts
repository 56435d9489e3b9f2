import { describe, expect, it } from "vitest";
import { runAction } from "./harness.ts";

describe("a claimed solution of an inequality", () => {
  it.each([
    ["2x + 3 > 7", "x > 2", "computed"],
    ["2x + 3 > 7", "(2, \\infty)", "computed"],
    ["2x + 3 > 7", "x ≥ 2", "contradicted"],
    ["-3x > 6", "x < -2", "computed"],
    ["-3x > 6", "x > -2", "contradicted"],
    ["x^2 - 5x + 6 > 0", "(-\\infty, 2) \\cup (3, \\infty)", "computed"],
    ["x^2 - 5x + 6 > 0", "x < 2 or x > 3", "computed"],
    ["x^2 - 5x + 6 <= 0", "2 ≤ x ≤ 3", "computed"],
    ["x^2 - 5x + 6 <= 0", "2 < x < 3", "contradicted"],
    ["x^2 >= 0", "all real numbers", "computed"],
    ["x^2 < 0", "no solution", "computed"],
    ["x^2 <= 0", "x = 0", "computed"],
    ["(x - 1)^2 > 0", "x ≠ 1", "computed"],
    ["(x - 1)/(x + 2) >= 0", "x < -2 or x ≥ 1", "computed"],
    ["(x - 1)/(x + 2) >= 0", "x ≤ -2 or x ≥ 1", "contradicted"],
    ["x^2 > 2", "x < -√2 or x > √2", "computed"],
    ["x > 1, x < 5", "(1, 5)", "computed"],
    ["1 < 2x < 6", "(1/2, 3)", "computed"],
    ["|x - 3| < 5", "(-2, 8)", "computed"],
    ["x + y > 3", "x > 3 - y", "claimed"],
    ["x > 3", "many", "claimed"],
  ])("%s: %s is %s", (args, claim, evidence) => {
    expect(runAction("SolveInequality", args, claim).evidence).toBe(evidence);
  });
});
