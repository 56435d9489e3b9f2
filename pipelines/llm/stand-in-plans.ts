import asdiv from "../../converters/asdiv/index.ts";
import gsm8k from "../../converters/gsm8k/index.ts";
import type { Mapped, Rules } from "../../schemas/converter.ts";
import { DEFECT_CODES } from "../../schemas/defect.ts";
import { DOMAINS, DOMAIN_TOOLS } from "../../schemas/domain.ts";
import type { Domain } from "../../schemas/domain.ts";
import type { ActionJson, PlanJson } from "../../schemas/plan.ts";
import { rulesKit } from "../execution/kit.ts";
import { planFromJson } from "../plan/parse.ts";
import { printPlan } from "../plan/print.ts";
import { uniform } from "./stand-in-faults.ts";
import { breakPlan } from "./stand-in-mistakes.ts";
import type { Answer, ChatBody } from "./stand-in.ts";

export interface PlanAnswers {
  /** Share of the plans with a mistake in them, from 0 to 1, for all models or for each by its name. Default 0. */
  wrong?: number | ReadonlyMap<string, number>;
  seed?: string | number;
}

/**
 * Answers the project's own prompts as a model would: a plan made from the task and its rationale, in the spelling asked for. A seeded
 * share has a mistake; asked again, or asked to repair it, the plan may be, or is, right. What it can't read gets a small well-formed plan.
 */
export function planAnswers({ wrong = 0, seed = 0 }: PlanAnswers = {}): Answer {
  return (body, { repeat }) => {
    const asked = readAsked(body);
    const right = asked === null ? FALLBACK : planFor(asked);
    const share = typeof wrong === "number" ? wrong : (wrong.get(body.model) ?? 0);
    const drawn = uniform(`wrong|${seed}|${repeat}|${body.model}|${asked?.task ?? ""}`);
    const plan = asked?.repair === false && drawn < share ? breakPlan(right, drawn / share) : right;
    return spelled(plan, wantsJson(body), wantedSubgoals(body, plan));
  };
}

interface Asked {
  domain: Domain;
  task: string;
  rationale: string;
  answer: string;
  /** The model is shown what was wrong with an earlier plan. */
  repair: boolean;
}

/** The last question of a conversation, as `renderMessages` puts it; null where there is none. */
function readAsked(body: ChatBody): Asked | null {
  const at = body.messages.findLastIndex(({ role, content }) => role === "user" && content.includes(TASK) && content.includes(ANSWER));
  const content = body.messages[at]?.content ?? "";
  const taskAt = content.indexOf(TASK);
  const answerAt = content.lastIndexOf(ANSWER);
  const rationaleAt = content.indexOf(RATIONALE, taskAt);
  if (at === -1 || answerAt < taskAt) return null;
  const environmentAt = content.indexOf(ENVIRONMENT, taskAt);
  const taskEnd = Math.min(...[environmentAt, rationaleAt, answerAt].filter((end) => end > taskAt));
  const answer = content.slice(answerAt + ANSWER.length).split("\n", 1)[0] ?? "";
  return {
    domain: domainOf(body),
    task: content.slice(taskAt + TASK.length, taskEnd).slice(0, MAX_TEXT),
    rationale: rationaleAt === -1 ? "" : content.slice(rationaleAt + RATIONALE.length, answerAt).slice(0, MAX_TEXT).trim(),
    answer: answer.slice(0, MAX_ANSWER).replace(/ \(unit: [^()]*\)$/, "").trim(),
    repair: at < body.messages.length - 1 || DEFECT_CODES.some((code) => content.includes(code)),
  };
}

/** More than this is no task of ours. */
const MAX_TEXT = 20_000;
const MAX_ANSWER = 200;
const TASK = "Task:\n";
const ENVIRONMENT = "\n\nEnvironment:\n";
const RATIONALE = "\n\nRationale:\n";
const ANSWER = "\n\nAnswer: ";

/** The domain with the most tools among those that the instruction names all the tools of. */
function domainOf({ messages }: ChatBody): Domain {
  const system = messages.find(({ role }) => role === "system")?.content ?? "";
  const known = DOMAINS.filter((domain) => DOMAIN_TOOLS[domain].every((tool) => system.includes(`- ${tool}(`)));
  return known.sort((a, b) => DOMAIN_TOOLS[b].length - DOMAIN_TOOLS[a].length)[0] ?? "maths";
}

function wantsJson({ response_format: format, messages }: ChatBody): boolean {
  const type: unknown = typeof format === "object" && format !== null ? Reflect.get(format, "type") : undefined;
  return type === "json_schema" || type === "json_object" || messages.some(({ role, content }) => role === "system" && content.includes("one JSON object"));
}

/** The numbers of the subgoals that a repair asks for (`renderRepair`: "Reply with subgoals 1 and 3, and any other …"); null: the whole plan. */
function wantedSubgoals({ messages }: ChatBody, { subgoals }: PlanJson): number[] | null {
  const closing = messages.at(-1)?.content.split("\n").at(-1)?.slice(0, 1000) ?? "";
  const numbers = /^Reply with subgoals? ([\d, and]+), and any other/.exec(closing)?.[1]?.match(/\d+/g)?.map(Number) ?? [];
  return numbers.length > 0 && numbers.every((number) => number >= 1 && number <= subgoals.length) ? numbers : null;
}

/** In JSON a subgoal that stands alone has its number at the beginning of its text. */
function spelled(json: PlanJson, wantJson: boolean, wanted: readonly number[] | null): string {
  const isWanted = (index: number): boolean => wanted === null || wanted.includes(index + 1);
  if (wantJson) {
    const subgoals = json.subgoals.map(({ text, actions }, index) => ({ text: wanted === null ? text : `Subgoal ${index + 1}: ${text}`, actions }));
    return JSON.stringify({ subgoals: subgoals.filter((_, index) => isWanted(index)) });
  }
  const { plan } = planFromJson(json, { results: "optional" });
  const blocks = plan === null ? [] : printPlan(plan, "text").split("\n\n");
  return blocks.filter((_, index) => isWanted(index)).join("\n\n");
}

function planFor(asked: Asked): PlanJson {
  switch (asked.domain) {
    case "maths":
      return byRules(asked) ?? smallPlan(asked);
    case "complex_qa":
      return fromQuestions(asked) ?? smallPlan(asked);
    default:
      return smallPlan(asked);
  }
}

/** The converters' rules, on a record put together from what the prompt tells. */
function byRules({ task, rationale, answer }: Asked): PlanJson | null {
  const place = { file: "stand-in", position: 1 };
  const formula = /^[A-Z][\w ,-]{0,80}: (.+)$/.exec(rationale)?.[1];
  const inLines = (): PlanJson | null => fromMapped(gsm8k.map({ question: task, answer: `${rationale}\n#### ${answer}` }, place), gsm8k.rules);
  if (formula === undefined) return inLines();
  const record = { "@ID": "1", Body: "", Question: task, "Solution-Type": "", Answer: answer, Formula: formula };
  return fromMapped(asdiv.map(record, place), asdiv.rules) ?? inLines();
}

function fromMapped(mapped: Mapped, rules: Rules): PlanJson | null {
  if ("skip" in mapped) return null;
  const made = rules.annotate(mapped.example, rulesKit);
  return "skip" in made ? null : made.plan;
}

/** A subgoal for every numbered question: its pages fetched, its paragraphs found, its answer given (made up, but for the last). */
function fromQuestions({ rationale, answer }: Asked): PlanJson | null {
  const questions = rationale.split("\n").flatMap((line) => {
    const [, text, , paragraphs] = QUESTION_LINE.exec(line) ?? [];
    return text === undefined ? [] : [{ text, paragraphs: paragraphs?.split(", ") ?? [] }];
  });
  if (questions.length === 0) return null;
  let last = 0;
  const pages = new Map<string, string>();
  const answers: string[] = [];
  const act = (actions: ActionJson[], tool: string, args: string, result: string): string => {
    const variable = `R${++last}`;
    actions.push({ outputs: [variable], tool, args, result });
    return variable;
  };
  const subgoals = questions.map(({ text, paragraphs }, index) => {
    const actions: ActionJson[] = [];
    const references = [...text.matchAll(/#(\d{1,3})/g)].flatMap(([, number]) => answers[Number(number) - 1] ?? []);
    const query = text.replace(/#(\d{1,3})/g, (hash, number: string) => answers[Number(number) - 1] ?? hash);
    const found = paragraphs.map((paragraph) => {
      const page = paragraph.replace(/-\d+$/, "");
      const variable = pages.get(page) ?? act(actions, "KnowledgeQuery", page, `WikipediaPage(${page})`);
      pages.set(page, variable);
      return act(actions, "ParagraphRetrieve", `${variable}, Query: ${query}`, `Paragraph(${paragraph})`);
    });
    const context = [...new Set([...found, ...references])];
    const sources = context.length > 0 ? context : answers;
    const given = index === questions.length - 1 ? answer : MADE_UP[index % MADE_UP.length];
    answers.push(act(actions, "QA", `[${sources.join(", ")}], Question: ${query}`, given ?? answer));
    const said = text.replace(/#\d{1,3}/g, "what was found").replace(/[?.]+$/, "");
    return { text: `Find out: ${said}.`, actions };
  });
  return { subgoals };
}

const QUESTION_LINE = /^\d{1,3}\. (.{1,500}?)( \[(?:paragraphs: (.{1,2000})|no paragraph needed)\])?$/;
const MADE_UP = ["a thing of that kind", "the usual one", "somewhere else", "more than one"];

/** Well-formed and no more: one action that gives the answer. */
function smallPlan({ domain, task, answer }: Asked): PlanJson {
  const result = answer === "" ? "1" : answer;
  const subject = task.replace(/[\s()[\]]+/g, " ").trim().slice(0, 60);
  const action = (tool: string, args: string, gives = result): ActionJson => ({ outputs: ["R1"], tool, args, result: gives });
  const text = "Find out what the task asks for.";
  switch (domain) {
    case "maths":
      return { subgoals: [{ text, actions: [/^-?[\d.]+$/.test(result) ? action("Calculator", `${result} + 0`) : action("Define", result)] }] };
    case "complex_qa": {
      const page = action("KnowledgeQuery", subject, `WikipediaPage(${subject})`);
      return { subgoals: [{ text, actions: [page, { ...action("QA", `[R1], Question: ${subject}`), outputs: ["R2"] }] }] };
    }
    case "web_agent":
      return { subgoals: [{ text, actions: [action("CLICK", `Env, QUERY: ${subject}`, "")] }] };
    case "multimodal":
      return { subgoals: [{ text, actions: [action("VQA", `Env, Question: ${subject}`)] }] };
    case "interactive_bash":
      return { subgoals: [{ text, actions: [action("Bash", "ls")] }] };
    case "interactive_sql":
      return { subgoals: [{ text, actions: [action("SQL", "SELECT 1")] }] };
  }
}

const FALLBACK: PlanJson = { subgoals: [{ text: "Find out what is asked.", actions: [{ outputs: ["R1"], tool: "Calculator", args: "1 + 1", result: "2" }] }] };
