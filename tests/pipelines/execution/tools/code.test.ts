import fc from "fast-check";
import { describe, expect, it } from "vitest";
import { processorTime } from "../../../support/processor-time.ts";
import { runAction } from "./harness.ts";

const EARLIER = { R1: "906 feet", R2: "about 1,250 feet", R3: "yes", R4: "[3, 5, 8]", R5: "June 5, 1944", R6: "44 BC" };

function evidence(code: string, claim: string): string | null {
  return runAction("Code", code, claim, ["R9"], EARLIER).evidence;
}

describe("pseudo-code is run", () => {
  it.each([
    ["if R1 > R2: return 'Eiffel Tower' else: return 'Empire State Building'", "Empire State Building"],
    ["'Eiffel Tower' if R1 > R2 else 'Empire State Building'", "empire state building"],
    ["R1 > R2 ? 'yes' : 'no'", "no"],
    ["if R1 < R2 then True else False", "True"],
    ["if (R1 < R2) { return \"first\" } else { return \"second\" }", "first"],
    ["if R3 == 'yes' and R1 < R2: return 1", "1"],
    ["R5 > R6", "True"],
    ["max(R1, R2) - min(R1, R2)", "344"],
    ["floor(7 / 2) + ceil(7 / 2) + 7 mod 2", "8"],
    ["round(3.14159, 2)", "3.14"],
    ["sum(R4) / len(R4)", "16/3"],
    ["sum(i for i in range(1, 11) if i % 2 == 0)", "30"],
    ["len([x for x in range(1,101) if x % 3 == 0 and x % 5 == 0])", "6"],
    ["total = 0; for i in range(1, 101): total += i", "5050"],
    ["count = 0\nfor n in range(1, 20):\n  if n % 2 == 0:\n    count += 1\n  elif n == 7:\n    count += 10\nprint(count)", "19"],
    ["n = 1\nwhile n < 100:\n  n *= 2\nreturn n", "128"],
    ["any(x > 7 for x in R4)", "True"],
    ["sorted([3, 1, 2])[0]", "1"],
    ["5 in R4", "True"],
    ["min([1,300, 200])", "1"],
  ])("%j gives %s", (code, claim) => {
    expect(evidence(code, claim)).toBe("computed");
  });

  it.each([
    ["if R1 > R2: return 'A' else: return 'B'", "A"],
    ["sum(range(1, 11))", "54"],
    ["R1 > R2", "True"],
  ])("%j contradicts %s", (code, claim) => {
    expect(evidence(code, claim)).toBe("contradicted");
  });

  it.each(["import os", "__import__('os').system('ls')", "open('/etc/passwd').read()", "constructor", "x.__proto__", "def f(n): return n", "process.exit(1)", "if R1 > R2: 'first'", "R9 + 1", "compare the two"])(
    "%j is not run, and its result claimed",
    (code) => {
      expect(runAction("Code", code, "1", ["R9"], EARLIER)).toMatchObject({ evidence: "claimed", computed: null });
    },
  );

  it("leaves open what hangs on words that differ", () => {
    expect(runAction("Code", "R1 == 'Paris'", "True", ["R9"], { R1: "the city of Paris" }).evidence).toBe("claimed");
  });

  it.each(["while True: x = 1", "[i for i in range(100000000)]", "x = 2; while x > 0: x = x * x", "return 9**9**9**9", "x = 'a'; for i in range(100): x = x + x", "(".repeat(1000), "1 + ".repeat(990), "x = [1]; for i in range(50): x = x + x", "-".repeat(900)])(
    "%# ends at a limit within a second",
    (code) => {
      const spent = processorTime();
      expect(runAction("Code", code, "1").defect?.code).toBe("exec.limit");
      expect(spent()).toBeLessThan(1000);
    },
  );

  it("never throws, whatever it is given", () => {
    const pieces = fc.constantFrom("if", "else", ":", "(", ")", "[", "]", "x", "=", "1", "R1", "for", "in", "range", "return", "\n", "  ", "'a'", ",", ";", "{", "}", "?", "not", "-", "+=", "while");
    fc.assert(fc.property(fc.array(pieces, { maxLength: 15 }), (parts) => typeof runAction("Code", parts.join(" "), "1").evidence === "string"), { numRuns: 2000 });
  });
});
