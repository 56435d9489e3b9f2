import type { RulesKit } from "../../schemas/converter.ts";
import type { ActionJson, PlanJson } from "../../schemas/plan.ts";
import type { Algebra, Unknown } from "./algebra.ts";
import { measureOf, whatAsks } from "./asked.ts";

/**
 * Defines the unknowns, sets the source's equations and solves them for what the question asks. Null where that is not sure, or they
 * have not exactly one solution.
 */
export function algebraPlan(read: Algebra, question: string, finalSubgoal: string, kit: RulesKit): PlanJson | null {
  const algebra = { ...read, unknowns: read.unknowns.map(({ name, meaning }) => ({ name, meaning: meaning ?? measureOf(name, question) })) };
  const asked = whatAsks(question, read);
  const names = algebra.unknowns.map(({ name }) => name);
  const values = asked === null ? null : kit.solve(algebra.equations, names);
  if (asked === null || values === null) return null;
  const writer = new Writer();
  const unknowns = new Map(algebra.unknowns.map(({ name }) => [name, writer.write("Define", name, name)]));
  const equations = algebra.equations.map((equation) => writer.write("SetEquation", replaced(equation, (name) => unknowns.get(name) ?? name), equation));
  const subgoals: PlanJson["subgoals"] = [{ text: setting(algebra), actions: writer.take() }];
  const valueOf = new Map(names.map((name, index) => [name, values[index] ?? ""]));
  const solveFor = (wanted: readonly string[]): string =>
    writer.write("SolveEquation", [...equations, ...wanted.map((name) => unknowns.get(name) ?? name)].join(", "), listed(wanted.map((name) => valueOf.get(name) ?? "")));
  if (asked.formulas.every((formula) => valueOf.has(formula))) {
    solveFor(asked.formulas);
    const unnamed = asked.formulas.length > 1 && /\b(?:them|they|each|dimensions|pieces)\b/.test(finalSubgoal);
    const text = unnamed ? `Find ${joined(algebra.unknowns.map(meaningOf))}.` : finalSubgoal;
    return { subgoals: [...subgoals, { text, actions: writer.take() }] };
  }
  // One by one: each value is an operand of what is asked.
  const needed = algebra.unknowns.filter(({ name }) => asked.formulas.some((formula) => formula.includes(name)));
  const solved = new Map(needed.map(({ name }) => [name, solveFor([name])]));
  subgoals.push({ text: `Find ${joined(needed.map(meaningOf))}.`, actions: writer.take() });
  const results = asked.formulas.map((formula) => kit.evaluate(replaced(formula, (name) => `(${valueOf.get(name) ?? name})`)));
  if (!results.every((result) => result !== null)) return null;
  const formulas = asked.formulas.map((formula) => replaced(formula, (name) => solved.get(name) ?? name));
  writer.write(formulas.length === 1 ? "Calculator" : "Code", listed(formulas), listed(results));
  return { subgoals: [...subgoals, { text: finalSubgoal, actions: writer.take() }] };
}

/** Numbers actions' variables. */
class Writer {
  private actions: ActionJson[] = [];
  private count = 0;

  write(tool: string, args: string, result: string): string {
    this.count += 1;
    const variable = `R${this.count}`;
    this.actions.push({ outputs: [variable], tool, args, result });
    return variable;
  }

  take(): ActionJson[] {
    const { actions } = this;
    this.actions = [];
    return actions;
  }
}

/** `Let x stand for the number of dimes, and write an equation.` */
function setting({ unknowns, equations }: Algebra): string {
  const write = equations.length === 1 ? "write an equation" : `write ${["", "", "two", "three", "four"][equations.length] ?? "the"} equations`;
  const [only] = unknowns;
  if (unknowns.length === 1 && only?.meaning === null) return `Let ${only.name} stand for what is unknown, and ${write}.`;
  return `Let ${joined(unknowns.map((each, index) => `${each.name}${index === 0 ? " stand" : ""} for ${meaningOf(each)}`))}, and ${write}.`;
}

/** `The number of dimes` → `the number of dimes`; `Speed of train` → `the speed of train`; `Amy's books` stays. */
function meaningOf({ name, meaning }: Unknown): string {
  if (meaning === null) return name;
  const text = meaning.replace(/^A (?=[aeiou])/, "an ").replace(/\bdigital\b/, "digit").replace(/^The number of (?:the )?(?=\w+ digit|(?:numer|denomin)ator)/, "The ");
  if (/^[A-Z][a-z]+['’]s? /.test(text) && !/^(?:Father|Mother|Son|Daughter)['’]/.test(text)) return text;
  const lower = `${text.charAt(0).toLowerCase()}${text.slice(1)}`;
  return /^(?:the|an?|one|each|my|present)\b/.test(lower) && !lower.startsWith("present") ? lower : `the ${lower}`;
}

function joined(texts: readonly string[]): string {
  return texts.length < 2 ? (texts[0] ?? "") : `${texts.slice(0, -1).join(", ")} and ${texts.at(-1) ?? ""}`;
}

function listed(texts: readonly string[]): string {
  return texts.length === 1 ? (texts[0] ?? "") : `[${texts.join(", ")}]`;
}

function replaced(formula: string, by: (name: string) => string): string {
  return formula.replace(/[A-Za-z]/g, by);
}
