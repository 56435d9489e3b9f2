import { randomBytes } from "node:crypto";
import { Command } from "commander";
import { programVersion } from "../../pipelines/package.ts";
import { useDatabases } from "../../pipelines/execution/sql/databases.ts";
import { createApi, type Start } from "../../pipelines/review/api.ts";
import { loadAssets } from "../../pipelines/review/assets.ts";
import { createReviewBook, type ReviewBook } from "../../pipelines/review/decide.ts";
import { addressOf, isLoopback } from "../../pipelines/review/guard.ts";
import { reviewReport } from "../../pipelines/review/report.ts";
import { serveReview } from "../../pipelines/review/server.ts";
import { exportReviews, importReviews } from "../../pipelines/review/spreadsheet.ts";
import { storedTopLevels } from "../../pipelines/review/top-levels.ts";
import { openStore, type Store } from "../../pipelines/store/open.ts";
import { type Order, ORDERS, type QueueRequest, type ReviewSelection } from "../../pipelines/store/review-queues.ts";
import { DEFECT_CODES, type DefectCode, type Level, LEVELS, levelRank } from "../../schemas/defect.ts";
import { LumosError } from "../../schemas/errors.ts";
import { reportError } from "../cli/errors.ts";
import { EXIT, type Finish } from "../cli/exit.ts";
import { onInterrupt } from "../cli/interrupt.ts";
import { type CommonOptions, commonOptions, numberWithin, oneOf, option, wholeNumber } from "../cli/options.ts";
import { reviewLines } from "../cli/review-output.ts";
import { refuseUnstored } from "../cli/stored.ts";
import { count, createTerminal, oneLine, type Terminal } from "../cli/terminal.ts";

interface ReviewOptions extends CommonOptions {
  order: Order;
  seed: string;
  sample?: number;
  dataset?: string;
  annotator?: string;
  level?: Level;
  defect?: DefectCode;
  twice: number;
  reviewer?: string;
  status?: boolean;
  export?: string;
  import?: string;
  host: string;
  port: number;
  databases?: string;
}

export function reviewCommand(finish: Finish): Command {
  const command = new Command("review")
    .description("the review page on a loopback port: people accept, reject or correct annotations")
    .argument("[id]", "opens the page at this example (its id, or a unique beginning of it)")
    .addOption(option("--order <order>", `how the queue stands: ${ORDERS.join(", ")}`).argParser(oneOf(ORDERS)).default("random"))
    .addOption(option("--seed <seed>", "draws the same order each time").default("0"))
    .addOption(option("--sample <n>", "only the first so many of the order (default: all)").argParser(wholeNumber(1)))
    .addOption(option("--dataset <name>", "only of this one"))
    .addOption(option("--annotator <name>", "only by this one: rules, llm, imported, person, or a model's name"))
    .addOption(option("--level <level>", `only of this level: ${LEVELS.join(", ")}`).argParser(oneOf(LEVELS)))
    .addOption(option("--defect <code>", "only with this defect").argParser(oneOf(DEFECT_CODES)))
    .addOption(option("--twice <share>", "the share that two people review, from 0 to 1").argParser(numberWithin(0, 1)).default(0))
    .addOption(option("--status", "instead: what was reviewed, the estimated accuracy, agreement"))
    .addOption(option("--export <file>", "instead: writes the queue with its reviews as CSV, for a spreadsheet"))
    .addOption(option("--import <file>", "instead: takes the verdicts of such a file in"))
    .addOption(option("--reviewer <name>", "whose the verdicts of the file are where it names nobody; exports that person's alone"))
    .addOption(option("--port <n>", "0: any that is free").argParser(wholeNumber(0, 65_535)).default(8311))
    .addOption(option("--host <address>", "where to listen: others than this machine reach it only if you say so").default("127.0.0.1"))
    .addOption(option("--databases <dir>", "the SQLite databases that SQL examples are about, to run edits on: DIR/<name>/<name>.sqlite"));
  for (const each of commonOptions()) command.addOption(each);
  return command.action(async (id: string | undefined, options: ReviewOptions) => {
    const asked = [options.status && "--status", options.export && "--export", options.import && "--import"].filter(Boolean);
    if (asked.length > 1) throw new LumosError("usage", `${asked.join(" and ")} do different things: give one of them.`);
    if (options.databases !== undefined) useDatabases(options.databases);
    const terminal = createTerminal(options);
    const reads = options.status === true || options.export !== undefined;
    const store = openStore(options.db, { mode: reads ? "read" : "write", command: "review" });
    try {
      refuseUnstored(store, options.dataset === undefined ? undefined : [options.dataset]);
      finish(await review(store, id, options, terminal));
    } finally {
      store.close();
    }
  });
}

async function review(store: Store, id: string | undefined, options: ReviewOptions, terminal: Terminal): Promise<number> {
  const topLevels = await storedTopLevels(store);
  if (options.status === true) {
    const report = reviewReport(store, { topLevels, selection: selectionOf(options) });
    if (terminal.json) terminal.print(JSON.stringify(report));
    else for (const line of reviewLines(report, options.db, terminal)) terminal.print(line);
    return EXIT.done;
  }
  if (options.export !== undefined) {
    const exported = exportReviews(store, queueOf(options, topLevels), options.export);
    if (terminal.json) terminal.print(JSON.stringify(exported));
    else terminal.print(`${exported.file}: ${count(exported.rows)} ${exported.rows === 1 ? "row" : "rows"}, ${count(exported.reviews)} with a verdict.`);
    return EXIT.done;
  }
  const book = createReviewBook(store, { now: () => new Date(), topLevels, programVersion: programVersion() });
  if (options.import !== undefined) return importFile(store, book, options.import, options, terminal);
  const opened = id === undefined ? null : openedAt(store, id);
  return serve(store, book, topLevels, { ...options, opened }, terminal);
}

/** More lines than these are in `--json`. */
const MOST_PROBLEMS = 20;

async function importFile(store: Store, book: ReviewBook, path: string, { reviewer }: ReviewOptions, terminal: Terminal): Promise<number> {
  const imported = await importReviews(store, book, path, reviewer ?? null);
  const { rows, added, known, open, problems } = imported;
  for (const { line, problem } of problems.slice(0, MOST_PROBLEMS)) terminal.warn(`${path}, line ${line}: ${oneLine(problem)}`);
  if (problems.length > MOST_PROBLEMS) terminal.warn(`… and ${count(problems.length - MOST_PROBLEMS)} more lines (--json has all).`);
  if (terminal.json) terminal.print(JSON.stringify(imported));
  else terminal.print(`${path}: ${count(rows)} ${rows === 1 ? "row" : "rows"}: ${count(added)} added, ${count(known)} known before, ${count(open)} without a verdict, ${count(problems.length)} kept out.`);
  return problems.length > 0 && problems.length === rows ? EXIT.error : EXIT.done;
}

function queueOf(options: ReviewOptions, topLevels: ReadonlyMap<string, Level>): QueueRequest {
  const { order, seed, reviewer = null, twice, sample = null } = options;
  return { selection: selectionOf(options), order, seed, reviewer, twice, sample, topLevels };
}

/** Serves until Ctrl-C. Each review is stored before it is answered, so that there is nothing left to save then. */
async function serve(store: Store, book: ReviewBook, topLevels: ReadonlyMap<string, Level>, options: ReviewOptions & { opened: string | null }, terminal: Terminal): Promise<number> {
  const token = randomBytes(32).toString("base64url");
  const interrupt = onInterrupt(() => undefined);
  try {
    const server = await serveReview({
      host: options.host,
      port: options.port,
      token,
      assets: loadAssets(),
      api: createApi({ store, book, start: startOf(options), topLevels }),
      onError: (error) => void reportError(error, options.debug === true),
    });
    const url = `${addressOf(server.place)}/#token=${token}${options.opened === null ? "" : `&${options.opened}`}`;
    if (!isLoopback(server.place.host)) terminal.warn("Warning: others on your network can reach this page and, with its address, change reviews; it is not encrypted.");
    if (terminal.json) terminal.print(JSON.stringify({ url, store: options.db, annotations: store.countToReview().annotations }));
    else terminal.print(url);
    terminal.say(`Open it in a browser. ${options.db} is open to review; Ctrl-C ends it.`);
    await new Promise<void>((resolve) => {
      if (interrupt.signal.aborted) resolve();
      interrupt.signal.addEventListener("abort", () => resolve());
    });
    await server.close();
    return EXIT.interrupted;
  } finally {
    interrupt.dispose();
  }
}

/** Where the page opens for an example: at its best annotation. */
function openedAt(store: Store, prefix: string): string {
  const [id, second] = store.findByPrefix(prefix, 2);
  if (id === undefined) throw new LumosError("not_found", `No example '${prefix}' in ${store.file}: see 'lumos show --sample 5' for ids.`);
  if (second !== undefined) throw new LumosError("not_found", `'${prefix}' is the beginning of several ids (${id}, ${second}, …): give more of it.`);
  const [best] = store.outcomesOfExample(id).flatMap(({ variant, annotation }) => (annotation === null ? [] : [{ variant, level: annotation.level }])).sort((a, b) => levelRank(b.level) - levelRank(a.level));
  if (best === undefined) throw new LumosError("not_found", `${id} has no plan to review: 'lumos show ${id}' says why.`);
  return new URLSearchParams({ id, variant: best.variant }).toString();
}

function startOf({ order, seed, sample, dataset, annotator, level, defect, twice }: ReviewOptions): Start {
  return { order, seed, sample: sample ?? null, dataset: dataset ?? null, annotator: annotator ?? null, level: level ?? null, defect: defect ?? null, twice };
}

function selectionOf({ dataset, annotator, level, defect }: ReviewOptions): ReviewSelection {
  return {
    ...(dataset === undefined ? {} : { datasets: [dataset] }),
    ...(annotator === undefined ? {} : { annotators: [annotator] }),
    ...(level === undefined ? {} : { levels: [level] }),
    ...(defect === undefined ? {} : { defect }),
  };
}
