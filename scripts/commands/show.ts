import { Command } from "commander";
import { nearest } from "../../pipelines/shared/nearest.ts";
import type { Selection, StoredOutcome } from "../../pipelines/store/annotations.ts";
import { openStore, type Store } from "../../pipelines/store/open.ts";
import { ANNOTATORS } from "../../pipelines/store/runs.ts";
import { DEFECT_CODES, LEVELS } from "../../schemas/defect.ts";
import { STATES } from "../../schemas/annotation.ts";
import { LumosError } from "../../schemas/errors.ts";
import { EXIT, type Finish } from "../cli/exit.ts";
import { type CommonOptions, commonOptions, listOf, oneOf, option, wholeNumber } from "../cli/options.ts";
import { page } from "../cli/pager.ts";
import { renderExample } from "../cli/render.ts";
import { type StoryLength, storyOf } from "../cli/story.ts";
import { count, createTerminal, type Terminal, wrap } from "../cli/terminal.ts";

interface ShowOptions extends CommonOptions {
  sample?: number;
  seed: string;
  dataset?: string[];
  defect?: (typeof DEFECT_CODES)[number];
  level?: (typeof LEVELS)[number][];
  state?: (typeof STATES)[number][];
  model?: string[];
  annotator?: (typeof ANNOTATORS)[number][];
  run?: string[];
  variant?: string[];
  reason?: string;
  disagree?: boolean;
  replies?: boolean;
}

export function showCommand(finish: Finish): Command {
  const command = new Command("show")
    .description("one annotation with its trace, or a paged sample")
    .argument("[id]", "an example id, or a unique beginning of one")
    .addOption(option("--sample <n>", "so many drawn at random (50 where no id is given)").argParser(wholeNumber(1)))
    .addOption(option("--seed <seed>", "draws the same sample each time").default("0"))
    .addOption(option("--dataset <name>", "only of these (repeatable)").argParser(listOf(String)))
    .addOption(option("--defect <code>", "only with this defect").argParser(oneOf(DEFECT_CODES)))
    .addOption(option("--level <level>", `only of these levels: ${LEVELS.join(", ")}`).argParser(listOf(oneOf(LEVELS))))
    .addOption(option("--state <state>", `only in these states: ${STATES.join(", ")} (default: annotated, quarantined)`).argParser(listOf(oneOf(STATES))))
    .addOption(option("--reason <reason>", "only skipped or failed for this reason"))
    .addOption(option("--model <name>", "only by these models; 'rules' is one (repeatable)").argParser(listOf(String)))
    .addOption(option("--annotator <name>", `only by these: ${ANNOTATORS.join(", ")} (repeatable)`).argParser(listOf(oneOf(ANNOTATORS))))
    .addOption(option("--run <name>", "only of these runs (repeatable)").argParser(listOf(String)))
    .addOption(option("--variant <hash>", "only by these variants (repeatable)").argParser(listOf(String)))
    .addOption(option("--disagree", "only examples on which variants (of these models, runs, …) differ in level or answer, side by side"))
    .addOption(option("--replies", "with all that the models said"));
  for (const each of commonOptions()) command.addOption(each);
  return command.action(async (id: string | undefined, options: ShowOptions) => {
    const terminal = createTerminal(options);
    const store = openStore(options.db, { mode: "read" });
    try {
      const shown = id === undefined ? drawn(store, options) : { fits: null, examples: [one(store, id, options)] };
      if (terminal.json) {
        const outcomes = shown.examples.flat().map((outcome) => (id === undefined && !options.replies ? outcome : { ...outcome, attempts: attemptsOf(store, outcome, options) }));
        terminal.print(JSON.stringify({ ...(shown.fits === null ? {} : { fits: shown.fits, seed: options.seed }), outcomes }));
      } else {
        await page(text(store, shown, options, terminal));
      }
      if (id === undefined && shown.examples.length === 0) for (const line of unknownNames(store, options)) terminal.warn(line);
    } finally {
      store.close();
    }
    finish(EXIT.done);
  });
}

/** Examples with the outcomes that are shown of each; `fits`: how many there are to draw from, null where one was asked for. */
interface Shown {
  fits: number | null;
  examples: StoredOutcome[][];
}

function one(store: Store, prefix: string, options: ShowOptions): StoredOutcome[] {
  const examples = store.findByPrefix(prefix, 4);
  const ids = examples.length > 0 ? examples : store.recordsByPrefix(prefix, 4);
  const [id, second] = ids;
  if (id === undefined) throw new LumosError("not_found", `No example '${prefix}' in ${store.file}: see 'lumos show --sample 5' for ids.`);
  if (second !== undefined) throw new LumosError("not_found", `'${prefix}' is the beginning of several ids (${ids.slice(0, 3).join(", ")}${ids.length > 3 ? ", …" : ""}): give more of it.`);
  if (examples.length === 0) return store.outcomesOfKey(id);
  const outcomes = store.outcomesOfExample(id, selectionOf(options));
  if (outcomes.length === 0) throw new LumosError("not_found", `${id} is in ${store.file}, but not with ${filtersOf(options).join(" ")}: leave that out.`);
  return outcomes;
}

function drawn(store: Store, options: ShowOptions): Shown {
  const n = options.sample ?? 50;
  const selection = selectionOf(options);
  if (options.disagree) {
    const { examples, outcomes } = store.disagreements(selection, n, options.seed);
    return { fits: examples, examples: outcomes };
  }
  const usual: Selection = options.state || options.reason ? selection : { ...selection, states: ["annotated", "quarantined"] };
  return { fits: store.countSelected(usual), examples: store.sample(usual, n, options.seed).map((outcome) => [outcome]) };
}

function selectionOf(options: ShowOptions): Selection {
  return {
    ...(options.dataset ? { datasets: options.dataset } : {}),
    ...(options.model ? { models: options.model } : {}),
    ...(options.annotator ? { annotators: options.annotator } : {}),
    ...(options.run ? { runs: options.run } : {}),
    ...(options.variant ? { variants: options.variant } : {}),
    ...(options.level ? { levels: options.level } : {}),
    ...(options.state ? { states: options.state } : {}),
    ...(options.defect ? { defect: options.defect } : {}),
    ...(options.reason ? { reason: options.reason } : {}),
  };
}

/** What a person who reads many wants to know first: how many there are, which these are, and what the words beside the actions mean. */
function heading({ fits, examples }: Shown, options: ShowOptions, terminal: Terminal): string[] {
  if (fits === null) return [];
  const what = options.disagree ? `${fits === 1 ? "example" : "examples"} on which variants disagree` : fits === 1 ? "outcome" : "outcomes";
  const all = examples.length === fits ? `All ${count(fits)} ${what}` : `${count(examples.length)} of ${count(fits)} ${what}, drawn with --seed ${options.seed}`;
  const filters = filtersOf(options);
  const title = wrap(`${all}; ${options.db}${filters.length > 0 ? ` with ${filters.join(" ")}` : ""}`, terminal.columns);
  const legend = "computed: run here, and it holds. contradicted: run here, and it does not. matched: the source has it so. claimed: only the annotator says so. [#n]: the gold step it serves.";
  return [...title.split("\n").map(terminal.colours.bold), ...wrap(legend, terminal.columns).split("\n").map(terminal.colours.dim)];
}

/** The filters as they were given. */
function filtersOf(options: ShowOptions): string[] {
  const { dataset, model, annotator, run, variant, level, state, defect, reason } = options;
  const given = { dataset, model, annotator, run, variant, level, state, defect: defect && [defect], reason: reason === undefined ? undefined : [reason] };
  return Object.entries(given).flatMap(([name, values]) => (values ? [`--${name} ${values.join(",")}`] : []));
}

/** Lines of a text of the source in a sample: enough for a task, not for a web page. */
const MOST_LINES = 24;

function text(store: Store, shown: Shown, options: ShowOptions, terminal: Terminal): string {
  const { fits, examples } = shown;
  if (examples.length === 0) return `Nothing in ${options.db} fits${filtersOf(options).map((each) => ` ${each}`).join("")}${options.disagree ? " --disagree" : ""}.\n`;
  const length: StoryLength = options.replies ? "full" : fits === null ? "short" : "line";
  const lines = heading(shown, options, terminal);
  let before: string | null = null;
  for (const [index, [first, ...others]] of examples.entries()) {
    if (first === undefined) continue;
    const place = (n: number): string => `${n}/${examples.length}`;
    lines.push(
      ...renderExample([first, ...others], terminal, {
        ...(fits === null ? {} : { number: place(index + 1) }),
        ...(before === first.key ? { above: place(index) } : {}),
        mostLines: fits === null ? Number.POSITIVE_INFINITY : MOST_LINES,
        // What a quarantined reply said is all there is to see of it.
        story: (outcome) => storyOf(store, outcome, length === "line" && outcome.state === "quarantined" && outcome.annotation === null ? "short" : length, terminal),
      }),
      ...(fits === null ? [""] : []),
    );
    before = first.key;
  }
  return `${lines.join("\n")}\n`.replace(/\n+$/, "\n");
}

function attemptsOf(store: Store, { variant, key }: StoredOutcome, { replies }: ShowOptions) {
  return store.attemptsOf(variant, key).map((attempt) => (replies ? { ...attempt, body: attempt.reply === null ? null : (store.replyFor(attempt.reply)?.body ?? null) } : attempt));
}

/** Where a name that was asked for is in no outcome: which one is meant. */
function unknownNames(store: Store, { dataset, model, run }: ShowOptions): string[] {
  const states = store.countStates();
  const there = { dataset: states.map((row) => row.dataset), model: states.map((row) => row.model ?? row.annotator), run: store.runs().map(({ id }) => id) };
  return Object.entries({ dataset, model, run }).flatMap(([kind, names]) =>
    (names ?? []).flatMap((name) => {
      const known = kind === "dataset" ? there.dataset : kind === "model" ? there.model : there.run;
      const near = nearest(name, known);
      return known.includes(name) ? [] : [`No ${kind} '${name}' in the store${near === null ? "." : `: did you mean '${near}'?`}`];
    }),
  );
}
