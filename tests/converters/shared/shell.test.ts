import fc from "fast-check";
import { describe, expect, it } from "vitest";
import { readCommand } from "../../../converters/shared/shell/command.ts";
import { processorTime } from "../../support/processor-time.ts";

function keys(command: string): string[] {
  const read = readCommand(command);
  return "problem" in read ? [read.problem] : read.stages.map(({ key }) => key);
}

function wholes(command: string): string[] {
  const read = readCommand(command);
  return "problem" in read ? [read.problem] : read.stages.map(({ whole }) => whole);
}

describe("the stages of a command", () => {
  it.each([
    ["find . -type f | sort | head -3", ["find . -type f", "find . -type f | sort", "find . -type f | sort | head -3"]],
    ["cat $(ls *.txt | sort)", ["ls *.txt", "ls *.txt | sort", "cat $(ls *.txt | sort)"]],
    ["cd `which node`", ["which node", "cd `which node`"]],
    ["comm <(sort a) <(sort b) | wc -l", ["sort a", "sort b", "comm <(sort a) <(sort b)", "comm <(sort a) <(sort b) | wc -l"]],
    ["mkdir a && ls a | wc -l", ["mkdir a", "ls a", "mkdir a && ls a | wc -l"]],
    ["x=$(date); echo \"$x\" &", ["date", "x=$(date)", "x=$(date); echo \"$x\" &"]],
    ["for f in *; do wc -l $f; done | sort", ["for f in *; do wc -l $f; done", "for f in *; do wc -l $f; done | sort"]],
  ])("of %s grow to the whole", (command, expected) => {
    expect(wholes(command)).toEqual(expected);
  });

  it.each([
    ["cat 'a", "unterminated single quote"],
    ["ls | | wc", "expected command after '|'"],
    ["echo $(ls", /./],
    ["", "no command"],
    ["ls; ".repeat(200), "more than 100 stages"],
    ["a".repeat(10_001), "more than 10000 characters"],
  ])("are not told of %.20s", (command, problem) => {
    const read = readCommand(command);
    expect("problem" in read ? read.problem : "stages").toEqual(typeof problem === "string" ? problem : expect.stringMatching(problem));
  });
});

describe("two commands are the same", () => {
  it.each([
    ["ls -la /x", "ls -a -l /x"],
    ["head -5 f", "head -n 5 f"],
    ["head f -n5", "head --lines=5 f"],
    ["cut -d: -f1 f", "cut -f 1 -d ':' f"],
    ["sort -nr", "sort --reverse --numeric-sort"],
    ["find . -type f -name '*.c'", 'find . -name "*.c" -type f -print'],
    ["find . -name a -or -name b", "find . -name a -o -name b"],
    ["xargs -I{} cp -R {} /t", "xargs -I {} cp -R '{}' /t"],
    ["xargs -0 grep -il x", "xargs -0 grep -l -i x"],
    ["echo ${HOME}", 'echo "$HOME"'],
    ["ls > f", "ls 1> f"],
    ["awk '{print $1}' f", "awk \"{print \\$1}\" f"],
    ["ls|wc  -l", "ls | wc -l"],
  ])("%s and %s", (one, other) => {
    expect(keys(one)).toEqual(keys(other));
  });
});

describe("two commands are different", () => {
  it.each([
    ["sort -n", "sort -nr"],
    ["grep -l x", "grep -L x"],
    ["find /a -type f", "find /b -type f"],
    ["find . -name a -o -type f -print", "find . -type f -o -name a -print"],
    ["find . -delete -name a", "find . -name a -delete"],
    ["sed -e a -e b", "sed -e b -e a"],
    ["echo '$1'", "echo $1"],
    ["echo -n a", "echo a"],
    ["cp a b", "cp b a"],
    ["ls > a", "ls >> a"],
    ["ls 2> a", "ls > a"],
    ["a && b", "a || b"],
    ["a | b", "a && b"],
    ["sort &", "sort"],
    ["head -c 5", "head -n 5"],
    ["xargs rm -f", "xargs -f rm"],
    ["cat $(ls | sort)", "cat $(ls)"],
    ["foo -ab", "foo -ba"],
  ])("%s and %s", (one, other) => {
    expect(keys(one)).not.toEqual(keys(other));
  });
});

it("reading a command is total and quick", () => {
  fc.assert(fc.property(fc.string({ unit: "binary", maxLength: 200 }), (text) => void readCommand(text)));
  fc.assert(fc.property(fc.array(fc.constantFrom("ls", " | ", "$(", ")", "'", '"', "`", "<(", "{", "}", "&&", ";", "\\", "-n1", "if ", "${a:-")), (pieces) => void readCommand(pieces.join(""))));
  const spent = processorTime();
  for (const piece of ["(", "$(", "`", "<(", "ls|", "{ ", '"$(', "${a:-", "if true; then ", "\\", "find ( "]) readCommand(piece.repeat(Math.floor(9_999 / piece.length)));
  for (const piece of ["(", "$(", "ls|"]) readCommand(piece.repeat(50_000));
  expect(spent()).toBeLessThan(3_000);
});
