import { describe, expect, it } from "vitest";
import { checkArguments, toolNamed } from "../../../../pipelines/execution/tools/index.ts";
import { parseArgs } from "../../../../pipelines/plan/args.ts";
import { TOOL_NAMES } from "../../../../schemas/domain.ts";
import { processorTime } from "../../../support/processor-time.ts";

describe("the arguments of a tool", () => {
  it.each([
    ["Calculator", "R1 + 1,300"],
    ["Calculator", "gcd(15, 9, 18)"],
    ["SetEquation", "4 * R2 = R1"],
    ["SolveEquation", "R3, R2"],
    ["Count", "[]"],
    ["Define", "x"],
    ["Code", "if R1 > R2: return 'yes, it is'"],
    ["SolveInequality", "x > 3"],
    ["KnowledgeQuery", "Julius Caesar"],
    ["ParagraphRetrieve", "R1, Query: How many kids did he have, and when?"],
    ["ParagraphRetrieve", "R1, R4, Query: How many?"],
    ["QA", "[R2, R3], Question: How many kids did he have?"],
    ["VQA", "image, Question: What is it?"],
    ["CLICK", "Env, QUERY: [button] Search"],
    ["CLICK", "R1, QUERY: [button] Search"],
    ["TYPE", "R1, QUERY: [textbox] To, TEXT: Rome, Italy"],
    ["SELECT", "Env, QUERY: Sort by, TEXT: Price"],
    ["Bash", "ls -l"],
    ["SQL", "SELECT a, b FROM t"],
    ["Nonsense", ""],
  ])("%s(%s) are right", (tool, args) => {
    expect(checkArguments(tool, parseArgs(args))).toBeNull();
  });

  it.each([
    ["Calculator", "", "Calculator takes one formula, found nothing."],
    ["Calculator", "R1, R2", "Calculator takes one formula, found 2 in 'R1, R2'."],
    ["SolveEquation", "R1,, R2", "SolveEquation takes equations and unknowns joined by ', ': one is empty in 'R1,, R2'."],
    ["ParagraphRetrieve", "R1", "ParagraphRetrieve takes (context, Query: q): 'Query:' is missing in 'R1'."],
    ["ParagraphRetrieve", "Query: who?", "ParagraphRetrieve takes (context, Query: q): the context and a comma before 'Query:' are missing."],
    ["QA", "[R1], Question:", "QA takes ([context], Question: q): nothing stands after 'Question:'."],
    ["QA", "", "QA takes ([context], Question: q): 'Question:' is missing in ''."],
    ["CLICK", "page, QUERY: x", "CLICK takes (Env, QUERY: q): the first argument is 'Env' or an earlier variable, found 'page,'."],
    ["CLICK", "Env", "CLICK takes (Env, QUERY: q): 'QUERY:' is missing in 'Env'."],
    ["CLICK", "Env, QUERY: ", "CLICK takes (Env, QUERY: q): nothing stands after 'QUERY:'."],
    ["TYPE", "Env, QUERY: x", "TYPE takes (Env, QUERY: q, TEXT: t): 'TEXT:' is missing in 'Env, QUERY: x'."],
    ["SELECT", "Env, QUERY: x, TEXT:", "SELECT takes (Env, QUERY: q, TEXT: t): nothing stands after 'TEXT:'."],
    ["Bash", " ", "Bash takes a command, found nothing."],
  ])("%s(%s) are wrong", (tool, args, sentence) => {
    expect(checkArguments(tool, parseArgs(args))).toBe(sentence);
  });

  it("every tool of the plan language stands in the registry under its own name", () => {
    for (const name of TOOL_NAMES) expect(toolNamed(name)?.name).toBe(name);
    expect(toolNamed("__proto__")).toBeNull();
  });

  it("are checked, and run, fast on 100,000 characters", () => {
    const spent = processorTime();
    for (const name of TOOL_NAMES) {
      for (const text of [",".repeat(100_000), "query:".repeat(16_000), " ".repeat(100_000), "[".repeat(100_000), "1, ".repeat(33_000)]) {
        checkArguments(name, [text]);
        toolNamed(name)?.run({ args: [text], lookup: () => null, outputs: 1, materials: null, whole: null });
      }
    }
    expect(spent()).toBeLessThan(3000);
  });
});
