import type { Command } from "commander";
import { z } from "zod";
import type { AnnotateSummary } from "../../pipelines/annotate/tally.ts";
import { type LoadedConverter, loadConverters } from "../../pipelines/converters.ts";
import { modelsSchema } from "../../pipelines/llm/models.ts";
import type { Evidence } from "../../schemas/annotation.ts";
import { barredLevels, DEFECT_CODES, type DefectCode } from "../../schemas/defect.ts";
import { DOMAIN_TOOLS } from "../../schemas/domain.ts";
import { planJsonSchema } from "../../schemas/plan.ts";
import { EXIT } from "../cli/exit.ts";
import { createProgram } from "../cli/program.ts";

/** docs/reference.md: the commands as `--help` has them, the sources, the configuration, the plan, defects, summaries, exit codes. */
export async function referencePage(): Promise<string> {
  const sources = await loadConverters(null);
  const program = await createProgram(() => undefined);
  const commands = program.commands.flatMap((command) => [command, ...command.commands]);
  return `${[
    "# Reference",
    "",
    "Made from the program by `npm run docs`: change the program, not this page.",
    "",
    "- [Commands](#commands): " + commands.map((command) => `[${nameOf(command)}](#lumos-${nameOf(command).replaceAll(" ", "-")})`).join(", "),
    "- [Sources](#sources)",
    "- [Configuration](#configuration)",
    "- [Plans](#plans)",
    "- [Evidence](#evidence)",
    "- [Defects](#defects)",
    "- [Summary of annotate](#summary-of-annotate)",
    "- [Exit codes](#exit-codes)",
    "",
    "## Commands",
    "",
    "Each option also comes from the environment (`--max-tokens`: `LUMOS_MAX_TOKENS`) or from `lumos.config.json` (`maxTokens`), in this order.",
    "",
    ...commands.flatMap((command) => [`### lumos ${nameOf(command)}`, "", "```text", helpOf(command), "```", ""]),
    "## Sources",
    "",
    "`lumos datasets` says what to download, and from where.",
    "",
    ...tableOf(["source", "", "domain", "reaches", "gold steps"], sources.map((source) => [code(source.dataset), titleOf(source), code(source.domain), code(source.top_level), source.gold])),
    "",
    "What training on the annotations inherits:",
    "",
    ...tableOf(["source", "licence", "so"], sources.map(({ dataset, licence }) => [code(dataset), licence.name, licence.inherits])),
    "",
    "Options that a source alone has:",
    "",
    ...tableOf(["source", "option", "does"], sources.flatMap(({ dataset, options = [] }) => options.map(({ flag, about }) => [code(dataset), code(flag), about]))),
    "",
    "## Configuration",
    "",
    "`lumos.config.json` is found upwards from where a command runs. It holds options by their long names in camel case (`maxTokens`) for all",
    "commands, the same under a command's name (`\"export\": {\"out\": \"export\"}`) for that one alone, and `models`: names for `--model`, each with",
    "",
    ...tableOf(["member", "value"], modelRows()),
    "",
    "`lumos init` writes the file with its JSON Schema beside it. No key may stand in it: `keyVariable` names the variable that holds one.",
    "",
    "## Plans",
    "",
    "The tools of each domain:",
    "",
    ...tableOf(["domain", "tools"], Object.entries(DOMAIN_TOOLS).map(([domain, tools]) => [code(domain), tools.map(code).join(" ")])),
    "",
    "The JSON spelling of a plan, as JSON Schema; it is what a model is asked for:",
    "",
    "```json",
    JSON.stringify(z.toJSONSchema(planJsonSchema), null, 2),
    "```",
    "",
    "## Evidence",
    "",
    ...tableOf(["evidence", "of a result"], Object.entries(EVIDENCE).map(([name, text]) => [code(name), text])),
    "",
    "## Defects",
    "",
    "Each is `{\"code\", \"severity\", \"subgoal\", \"action\", \"message\"}`. A code bars levels; one that bars none is a warning.",
    "",
    ...tableOf(["code", "bars", "means"], DEFECT_CODES.map((name) => [code(name), barredLevels(name).map(code).join(" ") || "–", DEFECTS[name]])),
    "",
    "## Summary of annotate",
    "",
    "`lumos annotate --json` prints one object with these keys, every one always there; `examples` = `annotated` + `quarantined` + `skipped` + `failed`.",
    "",
    ...tableOf(["key", "value"], Object.entries(SUMMARY).map(([name, text]) => [code(name), text])),
    "",
    "## Exit codes",
    "",
    ...tableOf(["code", "means"], Object.entries(EXITS).map(([name, text]) => [String(Reflect.get(EXIT, name)), text])),
  ].join("\n")}\n`;
}

function titleOf({ title, evaluation_set }: LoadedConverter): string {
  return evaluation_set === true ? `${title}; an evaluation set` : title;
}

function nameOf(command: Command): string {
  return command.parent === null || command.parent.name() === "lumos" ? command.name() : `${nameOf(command.parent)} ${command.name()}`;
}

/** As a terminal of 80 columns shows it, whoever asks. */
function helpOf(command: Command): string {
  command.configureHelp({ ...command.configureHelp(), helpWidth: 80 });
  return command.helpInformation().trim();
}

function modelRows(): string[][] {
  const { additionalProperties } = z.object({ additionalProperties: z.object({ properties: z.record(z.string(), z.unknown()) }) }).parse(z.toJSONSchema(modelsSchema));
  return Object.entries(additionalProperties.properties).map(([name, schema]) => [code(name), MODEL_MEMBERS.get(name) ?? valueOf(schema)]);
}

/** What is more than a number or a text. */
const MODEL_MEMBERS: ReadonlyMap<string, string> = new Map([
  ["model", "the id that is sent; default: the name of the entry"],
  ["baseUrl", "the endpoint, up to its `/v1`"],
  ["keyVariable", "the environment variable that holds the key; default `OPENAI_API_KEY`"],
  ["price", "dollars for a million tokens: `{\"input\", \"cachedInput\", \"output\"}`"],
  ["maxOutput", "the most tokens that one reply can have"],
  ["param", "other request parameters, by name"],
]);

function valueOf(schema: unknown): string {
  const { type, minimum, maximum } = z.object({ type: z.string().optional(), minimum: z.number().optional(), maximum: z.number().optional() }).parse(schema);
  const kind = type === "integer" ? "a whole number" : type === "number" ? "a number" : "text";
  return minimum !== undefined && maximum !== undefined && maximum < 1000 ? `${kind} from ${minimum} to ${maximum}; as the option` : `${kind}; as the option`;
}

function tableOf(heads: readonly string[], rows: readonly (readonly string[])[]): string[] {
  const line = (cells: readonly string[]): string => `| ${cells.map((cell) => cell.replaceAll("|", "\\|")).join(" | ")} |`;
  return [line(heads), line(heads.map(() => "---")), ...rows.map(line)];
}

function code(text: string): string {
  return `\`${text}\``;
}

const EVIDENCE: Record<Evidence, string> = {
  computed: "run here, and the claim holds, exactly or as a correct rounding to two decimals or more",
  contradicted: "run here, and the claim does not hold",
  matched: "can't be run here, and equals what the source's authors wrote for that step",
  claimed: "can't be run here, and only the annotator says so",
};

const DEFECTS: Record<DefectCode, string> = {
  "llm.refusal": "the model refused",
  "llm.truncated": "the reply was cut off, or the prompt was",
  "llm.filtered": "the endpoint's content filter stopped it",
  "llm.empty": "the reply holds no text",
  "parse.no_plan": "the reply holds no plan",
  "parse.json": "the reply is broken JSON, or JSON of another shape",
  "parse.subgoal": "a subgoal can't be read, or a second plan follows",
  "parse.action": "an action can't be read, or lacks its result",
  "plan.no_action": "a subgoal has no action",
  "tool.unknown": "no tool of the domain has this name",
  "tool.arity": "the arguments are too few, too many, or not what the tool takes",
  "ref.undefined": "a variable that no action assigns",
  "ref.forward": "a variable that is used before the action that assigns it",
  "ref.redefined": "a variable that is assigned twice",
  "answer.missing": "the last action has no result",
  "gold.missing_step": "no subgoal serves this gold step",
  "match.paragraph": "the paragraph is none of those that the source's authors used",
  "match.element": "the element is not the one that the source's trajectory acts on",
  "match.value": "the text that is typed or selected is not the source's",
  "match.choice": "the answer is none of the choices",
  "answer.mismatch": "the final result is not the gold answer",
  "exec.mismatch": "running the action gives something else than it claims",
  "exec.error": "running the action fails",
  "exec.limit": "running the action takes too long or gets too large",
  "value.unsourced": "a number in a formula comes from nowhere, or the answer does not move with the task's numbers",
  "answer.copied": "the answer equals gold and follows from no computed or matched result",
  "ref.unused": "a result that nothing uses",
  "plan.value_leak": "a subgoal's sentence tells a result",
  "plan.numbering": "subgoals or actions are numbered otherwise than in order",
  "gold.extra_step": "a subgoal serves no gold step",
  "gold.order": "gold steps are served in another order than the source's",
};

const SUMMARY: Record<keyof AnnotateSummary, string> = {
  run: "the run's name: the dataset and a number unless `--run` says otherwise",
  dataset: "the source",
  annotator: "`rules`, `llm` or `cascade`",
  examples: "all records that were selected, done now or before",
  annotated: "those with a well-formed plan, whatever its level",
  levels: "`{\"parsed\", \"well_formed\", \"aligned\", \"proven\"}`: each example once, at its highest level; `parsed` are quarantined ones",
  quarantined: "the model answered, and no well-formed plan came of it",
  skipped: "the source gives no usable rationale, or a malformed record",
  failed: "the model could not be reached; asked again next time",
  stored_before: "of `examples`, those that were done before",
  skipped_reasons: "`{reason: examples}`",
  defects: "`{code: examples whose stored annotation has it}`",
  repaired: "examples that had a defect and lost it",
  requests: "sent in this run",
  cache_hits: "kept replies that were used again",
  prompt_tokens: "as the endpoint reports them",
  cached_prompt_tokens: "of these, those that it had cached",
  completion_tokens: "as the endpoint reports them",
  cost_usd: "of this run; null where no price is known",
  seconds: "from the first record read to the last outcome stored",
};

const EXITS: Record<keyof typeof EXIT, string> = {
  done: "done",
  error: "an error stopped it, or every selected example failed: one line on stderr says what, where and what to do; `--debug` adds the stack",
  usage: "wrong usage",
  costCap: "stopped by `--max-cost`; what was paid for is stored",
  belowThreshold: "below `--fail-under`",
  interrupted: "interrupted; what was done is stored, and the same command goes on",
};
