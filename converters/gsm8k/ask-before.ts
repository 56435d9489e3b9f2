import { good, type Asked, type Draft } from "./draft.ts";
import { quantityPhrase, splitUnit } from "./quantity.ts";
import { finite, lowerFirst, mainClause, stripLead, strongVerb } from "./segment.ts";

/**
 * `Quinn will read 2 books a week for 10 weeks, so □ books`: the clause before tells who does it, up to where it states an amount.
 */
export function askBefore(before: string, right: string, asked: Asked): Draft | null {
  const { clause } = mainClause(`${before.replace(/[,;:\s]+$/, "")} `);
  const whole = stripLead(clause.trim() === "" ? before : clause).replace(/^(?:if|since|because|as|when)\s+/i, "");
  const tip = /\b(a|an|the|his|her|their)(?: [$\d.%]+)?((?: \p{L}+){1,3}),?(?: (?:which|that))?$/u.exec(whole);
  if (tip !== null && /^ (?:\p{L}+ )?(?:tip|discount|tax|fee|raise|bonus|profit|deposit|interest|commission|rest|remainder|difference|reduction|increase|down payment)$/u.test(tip[2] ?? "")) {
    return good(`find the${tip[2] ?? ""}`);
  }
  const cut = STATED_AMOUNT.exec(` ${whole}`);
  if (cut === null || cut.index < 3) return null;
  const subject = whole.slice(0, Math.max(0, cut.index - 1) + 1).trim();
  const { unit, rest } = splitUnit(right.split(/\s+/).filter((word) => word !== ""));
  const verb = subject.split(" ").at(-1) ?? "";
  if (!strongVerb(verb) && !finite(verb)) return null;
  if (subject.split(" ").length > 9 || /[,:(]/.test(subject)) return null;
  if (asked.money && unit.length === 0) {
    const spends = BUYS.get(verb.toLowerCase());
    const subjectNoun = lowerFirst(subject.slice(0, -verb.length).trim());
    if (/^(?:is|are|was|were|costs?)$/i.test(verb) && /^(?:the|his|her|their|each|\p{Lu}[\p{L}’']*[’']s|\p{Ll}+s)\b/u.test(subjectNoun) && !/\b(?:that|which|there|this|it)\b/.test(subjectNoun)) {
      return good(`find how much ${subjectNoun} ${/^(?:are|were|cost)$/i.test(verb) ? "come" : "comes"} to in total`);
    }
    if (spends !== undefined) return good(`find how much ${lowerFirst(subject.slice(0, -verb.length))}${spends}`);
    if (!/^(?:costs?|earns?|earned|pays?|paid|spends?|spent|makes?|made|charges?|charged|saves?|saved|sells?|sold|owes?|owed)$/i.test(verb)) return null;
  } else if (/^(?:is|are|was|were|be|cost|costs)$/i.test(verb)) return null;
  const quantity = quantityPhrase(unit, { ...asked, verb });
  return quantity === null ? null : good(`find ${quantity} ${lowerFirst(subject)} ${rest.join(" ")}`.trim());
}

const STATED_AMOUNT = /\s(?:\$|\d|(?:half|twice|double|triple|thrice|one|two|three|four|five|six|seven|eight|nine|ten|twelve|an? additional|another|a|an)\s|(?:\p{L}+ ){0,2}(?:as many|as much|times)\b)/u;

const BUYS: ReadonlyMap<string, string> = new Map([
  ["bought", "spent"],
  ["buys", "spends"],
  ["buy", "spend"],
  ["purchased", "spent"],
  ["purchases", "spends"],
  ["purchase", "spend"],
  ["ordered", "spent"],
  ["orders", "spends"],
  ["weighed", "cost"],
  ["weighs", "costs"],
]);
