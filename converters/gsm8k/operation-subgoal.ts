const SMALL = "zero one two three four five six seven eight nine ten".split(" ");

/**
 * What is left to say of a bare calculation: the operation, with the numbers it writes and the steps whose results it uses. `args`:
 * its formula with references; `from`: the variables of the step before; `computed`: the numbers that no subgoal may name.
 */
export function operationSubgoal(args: string, from: ReadonlySet<string>, computed: ReadonlySet<number>): string {
  const operand = (text: string): string | null => operandWords(text, from, computed);
  const two = /^(\S+) ([-+*/]) (\S+)$/.exec(args);
  const [left, right] = [operand(two?.[1] ?? ""), operand(two?.[3] ?? "")];
  if (two !== null && left !== null && right !== null && (left !== right || !/result/.test(left))) {
    switch (two[2]) {
      case "+":
        return `Add ${right} to ${left}.`;
      case "-":
        return `Subtract ${right} from ${left}.`;
      case "*":
        return `Multiply ${left} by ${right}.`;
      default:
        return `Divide ${left} by ${right}.`;
    }
  }
  const share = /^(\S+) \/ (\S+) \* (\S+)$|^(\S+) \* \(?(\S+) \/ ([^\s)]+)\)?$/.exec(args);
  const [over, below, whole] = share === null ? [] : share[1] === undefined ? [share[5], share[6], share[4]] : [share[1], share[2], share[3]];
  const base = operand(whole ?? "");
  if (base !== null && /^\d+$/.test(over ?? "") && /^\d+$/.test(below ?? "")) return below === "100" ? `Find ${over}% of ${base}.` : `Find ${over}/${below} of ${base}.`;
  const signs = new Set(args.match(/ ([-+*/]) /g) ?? []);
  const refs = args.match(/\bR\d+\b/g)?.length ?? 0;
  if (signs.size === 1 && signs.has(" + ")) return refs > 1 ? "Add the results so far together." : "Add these numbers together.";
  if (signs.size === 1 && signs.has(" - ")) return "Take away what is used up.";
  if (signs.size === 1 && signs.has(" * ")) return refs > 1 ? "Multiply the results with each other." : "Multiply these numbers.";
  if (signs.size === 1 && signs.has(" / ")) return refs > 1 ? "Divide the one result by the other." : "Work out the quotient.";
  return refs > 0 ? "Work out the next amount from the results so far." : "Work out the next amount from the given numbers.";
}

function operandWords(text: string, from: ReadonlySet<string>, computed: ReadonlySet<number>): string | null {
  if (/^R\d+$/.test(text)) return from.has(text) ? "the previous result" : "an earlier result";
  if (!/^(?:\d+(?:\.\d+)?|\.\d+)%?$/.test(text) || computed.has(Number(text.replace("%", "")))) return null;
  return SMALL[Number(text)] ?? text.replace(/^\./, "0.");
}
