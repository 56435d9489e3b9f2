import { describe, expect, it } from "vitest";
import intercodeBash from "../../../converters/intercode_bash/index.ts";
import { parsePlan } from "../../../pipelines/plan/parse.ts";
import { verifyPlan } from "../../../pipelines/verify/verify.ts";
import { processorTime } from "../../support/processor-time.ts";

/** What the verifier says of commands, one a subgoal, for a task whose gold command is `gold`. */
function judge(gold: string, commands: readonly string[]) {
  const mapped = intercodeBash.map({ query: "Do what is asked for.", gold }, { file: "x.json", position: 1 });
  if ("skip" in mapped) throw new Error(mapped.skip);
  const { plan, defects } = parsePlan(commands.map((command, at) => `Subgoal ${at + 1}: Do the next thing.\nAction ${at + 1}-1: R${at + 1} = Bash(${command})`).join("\n\n"));
  if (plan === null) throw new Error("no plan");
  const verdict = verifyPlan(plan, { domain: "interactive_bash", example: mapped.example, topLevel: "aligned", parseDefects: defects });
  return { level: verdict.level, answer: verdict.answer, codes: [...new Set(verdict.defects.map(({ code }) => code))], steps: verdict.alignment.map(({ gold: ids }) => ids.map((id) => Number(id.split("#")[1]))), messages: verdict.defects.map(({ message }) => message), trace: verdict.trace };
}

const GOLD = "find /srv -type f -name '*.log' | xargs grep -l timeout | wc -l";

describe("a plan of commands is the source's", () => {
  it.each<[string, string[], number[][], string[]]>([
    ["stage by stage", ["find /srv -type f -name '*.log'", "R1 | xargs grep -l timeout", "R2 | wc -l"], [[1], [2], [3]], []],
    ["in one action, options and quotes otherwise", ['find /srv -name "*.log" -type f | xargs grep --files-with-matches timeout | wc --lines'], [[1, 2, 3]], []],
    ["each command written out", ["find /srv -type f -name '*.log'", "find /srv -type f -name '*.log' | xargs grep -l timeout", GOLD], [[1], [2], [3]], ["ref.unused"]],
    ["after a look around", ["ls /srv", GOLD], [[], [1, 2, 3]], ["ref.unused", "gold.extra_step"]],
  ])("%s", (_, commands, steps, codes) => {
    expect(judge(GOLD, commands)).toMatchObject({ level: "aligned", answer: "matched", steps, codes });
  });

  it("where the parts of a list are given one after the other", () => {
    expect(judge("mkdir a && ls -l | wc -l", ["mkdir a", "ls -l", "R2 | wc -l"])).toMatchObject({ level: "aligned", answer: "matched", steps: [[1], [2], [3]] });
  });

  it("with a substitution put together", () => {
    expect(judge("cat $(ls | sort) | md5sum", ["ls | sort", "cat $(R1)", "R2 | md5sum"])).toMatchObject({ level: "aligned", steps: [[1, 2], [3], [4]] });
  });
});

describe("a plan of commands is not the source's", () => {
  it.each<[string, string[], string[]]>([
    ["with another option", ["find /srv -type f -name '*.log'", "R1 | xargs grep -L timeout", "R2 | wc -l"], ["match.value", "answer.mismatch"]],
    ["with another path", [GOLD.replace("/srv", "/")], ["match.value", "answer.mismatch"]],
    ["with a stage less", ["find /srv -type f -name '*.log'", "R1 | wc -l"], ["answer.mismatch", "gold.missing_step"]],
    ["with a stage more", ["find /srv -type f -name '*.log'", "R1 | xargs grep -l timeout", "R2 | sort | wc -l"], ["answer.mismatch"]],
    ["with stages exchanged", ["find /srv -type f -name '*.log'", "R1 | wc -l", "R2 | xargs grep -l timeout"], ["gold.extra_step", "answer.mismatch", "gold.missing_step"]],
    ["that goes on after the end", [GOLD, "rm -rf /srv"], ["ref.unused", "gold.extra_step", "answer.mismatch"]],
    ["up to a prefix", ["find /srv -type f -name '*.log'"], ["answer.mismatch", "gold.missing_step"]],
  ])("%s", (_, commands, codes) => {
    const { level, answer, codes: found } = judge(GOLD, commands);
    expect({ level, answer }).toEqual({ level: "well_formed", answer: "none" });
    expect([...found].sort()).toEqual([...codes].sort());
  });

  it("with && as ||", () => {
    expect(judge("mkdir a && ls", ["mkdir a || ls"])).toMatchObject({ level: "well_formed", codes: ["match.value", "answer.mismatch"] });
  });

  it("which the messages say", () => {
    expect(judge(GOLD, ["find /srv -type f -name '*.log'", "R1 | xargs grep -L timeout", "R2 | wc -l"]).messages).toMatchInlineSnapshot(`
      [
        "'xargs grep -L timeout' in subgoal 2 action 1 is not what the source does in gold step intercode_bash/7fc5ca1a68a18d8a#2: expected '| xargs grep -l timeout'.",
        "The command that the plan ends with, 'find /srv -type f -name '*.log' | xargs grep -L timeout | wc -l', is not the source's: expected 'find /srv -type f -name '*.log' | xargs grep -l timeout | wc -l'.",
      ]
    `);
    expect(judge(GOLD, ["find /srv -name '*.log"]).messages[0]).toMatchInlineSnapshot(`"Bash takes a command that the shell can read: unterminated single quote in 'find /srv -name '*.log'."`);
  });

  it("and the trace shows what supports each action", () => {
    expect(judge(GOLD, ["find /srv -type f -name '*.log'", "R1 | xargs grep -L timeout", "R2 | wc -l"]).trace.map(({ evidence, note }) => `${evidence}: ${note}`)).toEqual(["matched: the source's command; not run here", "claimed: not run here", "matched: the source's command; not run here"]);
  });
});

it("a plan whose commands double each time is judged in time", () => {
  const spent = processorTime();
  expect(judge(GOLD, ["ls | wc -l", ...Array.from({ length: 60 }, (_, at) => `R${at + 1} | R${at + 1}`)]).level).toBe("well_formed");
  expect(spent()).toBeLessThan(4_000);
});
