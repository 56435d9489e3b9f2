import { type Defect, defect } from "../../schemas/defect.ts";
import type { SourceExample } from "../../schemas/example.ts";
import { argRefs, argsText, parseArgs } from "../plan/args.ts";
import type { Run, Service } from "./service.ts";
import type { PlacedAction } from "./dataflow.ts";
import { type EvidencePlaces, evidencePlaces, foldTitle, namedPages, namedParagraphs, pageOf } from "./places.ts";

/**
 * Compares pages and paragraphs with the evidence of the source. `match.paragraph`: a paragraph that is evidence for no gold step, a page that
 * has none, or a paragraph retrieved from other pages than its own. What is evidence for a step that it serves is matched. What a search
 * in the example's own paragraphs finds (computed) is compared, too: it must be evidence for a step that it serves, if it serves any.
 */
export function matchPlaces(run: Run, example: SourceExample, service: Service): { matched: Set<number>; defects: Defect[] } {
  const evidence = evidencePlaces(example);
  const matched = new Set<number>();
  if (evidence.paragraphs.size === 0) return { matched, defects: [] };
  const expected = expectedPlaces(run, example, service);
  const defects = run.actions.flatMap((action) => {
    const { index } = action;
    const { evidence: support } = run.executed[index] ?? {};
    const isFound = support === "computed" && FETCHING.has(action.node.tool);
    if (support !== "claimed" && !isFound) return [];
    const paragraphs = namedParagraphs(action.node.result, evidence.paragraphs);
    const pages = namedPages(action.node.result, evidence.pages);
    const wrong = wrongPlaces(action, paragraphs, pages, evidence) ?? wrongContext(run, action, paragraphs, evidence);
    if (wrong !== null) return [defect("match.paragraph", wrong, action)];
    const own = expected.get(index);
    const named = [...paragraphs, ...pages];
    if (own !== undefined && named.length > 0 && paragraphs.every((name) => own.paragraphs.has(name)) && pages.every((name) => own.pages.has(name))) matched.add(index);
    else if (isFound && own !== undefined && ![...paragraphs, ...pages].some((name) => own.paragraphs.has(name) || own.pages.has(name))) {
      return [defect("match.paragraph", otherStep(action, named, own), action)];
    }
    return [];
  });
  return { matched, defects };
}

/** The evidence of the steps that each action serves, itself or by what uses it to fetch more. */
function expectedPlaces(run: Run, example: SourceExample, { served }: Service): Map<number, EvidencePlaces> {
  const steps = new Map<number, Set<number>>();
  for (const [step, actions] of served) {
    const reached = new Set(actions);
    for (const index of reached) for (const used of run.uses[index] ?? []) if (FETCHING.has(run.actions[used]?.node.tool ?? "")) reached.add(used);
    for (const index of reached) steps.set(index, (steps.get(index) ?? new Set()).add(step));
  }
  return new Map([...steps].map(([index, own]) => [index, evidencePlaces({ gold_steps: example.gold_steps.filter((_, step) => own.has(step)) })]));
}

const FETCHING: ReadonlySet<string> = new Set(["KnowledgeQuery", "ParagraphRetrieve"]);

function wrongPlaces({ subgoal, action }: PlacedAction, paragraphs: readonly string[], pages: readonly string[], evidence: EvidencePlaces): string | null {
  const at = `in subgoal ${subgoal} action ${action}`;
  const unknown = paragraphs.filter((name) => !evidence.paragraphs.has(name));
  if (unknown.length > 0) return `Paragraph ${listed(unknown, 3)} ${at} is evidence for no gold step: expected ${first(evidence.paragraphs)}.`;
  const foreign = pages.filter((name) => !evidence.pages.has(name));
  return foreign.length > 0 ? `Page ${listed(foreign, 3)} ${at} has no paragraph that is evidence for a gold step: expected ${first(evidence.pages)}.` : null;
}

function otherStep({ subgoal, action }: PlacedAction, named: readonly string[], own: EvidencePlaces): string {
  return `${listed(named, 3)} in subgoal ${subgoal} action ${action} is evidence for another step than the one it serves: expected ${first(own.paragraphs)}.`;
}

/** What is wrong with the pages that a retrieval takes its paragraphs from; null where they are theirs, or where it can't be told which pages are meant. */
function wrongContext(run: Run, action: PlacedAction, paragraphs: readonly string[], evidence: EvidencePlaces): string | null {
  if (action.node.tool !== "ParagraphRetrieve" || paragraphs.length === 0) return null;
  const [written = ""] = argsText(action.node.args).split(/(?:query|question):/i);
  const variables = new Set(argRefs(parseArgs(written)));
  const used = (run.uses[action.index] ?? []).flatMap((index) => {
    const node = run.actions[index]?.node;
    return node?.outputs.some((name) => variables.has(name)) === true ? [node.result] : [];
  });
  const context = [...used, written.replace(/,\s*$/, "").trim()];
  const pages = new Set(context.flatMap((text) => pagesIn(text, evidence)));
  const elsewhere = paragraphs.filter((name) => !pages.has(pageOf(name)));
  // Without a result a page is known to nobody.
  if (elsewhere.length === 0 || used.includes("")) return null;
  const from = pages.size === 0 ? "no page" : listed([...pages], 3);
  return `Paragraph ${listed(elsewhere, 3)} in subgoal ${action.subgoal} action ${action.action} is retrieved from ${from}: expected the variable of ${listed([...new Set(elsewhere.map(pageOf))], 3)}.`;
}

/** The pages that a result or a context names: as such, by their paragraphs, or by their bare title. */
function pagesIn(text: string, evidence: EvidencePlaces): string[] {
  const pages = namedPages(text, evidence.pages);
  if (pages.length > 0) return pages;
  const paragraphs = namedParagraphs(text, evidence.paragraphs);
  const title = foldTitle(text);
  return paragraphs.length > 0 ? paragraphs.map(pageOf) : evidence.pages.has(title) ? [title] : [];
}

function listed(names: readonly string[], most: number): string {
  return names.slice(0, most).map((name) => `'${name.slice(0, 80)}'`).join(", ");
}

function first(names: ReadonlySet<string>): string {
  return [...names].slice(0, 8).join("; ");
}
