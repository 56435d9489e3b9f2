import { resourceUsage } from "node:process";
import { Command } from "commander";
import { chooseKept, clustersOf, findNearPairs, NEAR_DEFAULTS, type NearOptions } from "../../pipelines/dedupe/near.ts";
import { wordsOf } from "../../pipelines/dedupe/words.ts";
import { taskHash } from "../../pipelines/store/hashes.ts";
import { numberWithin, repeated, wholeNumber } from "../cli/options.ts";
import { changeNumber, paraphrase, randomNumbers, slip } from "./paraphrase.ts";
import { megabytes, print, row, seconds } from "./support.ts";
import { sourceTasks } from "./tasks.ts";

/** How quick near-duplicates are found among real tasks and among made ones, and how many of planted pairs are found. */
const options = new Command("bench/near-duplicates")
  .option("--input <dataset=file>", "source files (repeatable)", repeated)
  .option("--generated <n>", "made tasks, a tenth of them near-duplicates of others; 0: none", wholeNumber(0), 100_000)
  .option("--pairs <n>", "planted pairs of each kind", wholeNumber(1), 500)
  .option("--threshold <share>", "", numberWithin(0.3, 1), NEAR_DEFAULTS.threshold)
  .option("--shingle <words>", "", wholeNumber(1), NEAR_DEFAULTS.shingle)
  .parse()
  .opts<{ input?: string[]; generated: number; pairs: number; threshold: number; shingle: number }>();
/** A word that says how quantities hang together, and one that says another thing of them. */
const OTHERWISE = new Map(
  `more fewer,less more,fewer more,older younger,younger older,longer shorter,taller shorter,before after,after before,twice half,half twice,each altogether,every all,per for,total difference,
   altogether each,left altogether,remaining total,spend save,spends saves,spent saved,earn spend,earns spends,earned spent,bought sold,sold bought,buys sells,sells buys,gave got,gives gets,received gave,
   lost won,won lost,borrowed lent,hours minutes,minutes hours,days weeks,weeks months,months years,dollars cents,feet inches,miles kilometers,first last,added removed,increased decreased,perimeter area,
   length width,average total,all none,without with,not also,above below,maximum minimum,profit cost`.split(",").map((pair): [string, string] => {
    const [word = "", other = ""] = pair.trim().split(" ");
    return [word, other];
  }),
);
/** The same of words that the program has no list for. */
const OTHERWISE_TOO = new Map("collected scattered,packed unpacked,caught freed,built wrecked,saw hid,hired fired,paints cleans,painted cleaned,washed dirtied,delivered stole,cut glued,stacked toppled,typed erased,walked rested,drove parked,wrote read,reads writes,read wrote,counted hid,scored missed,killed fed,melted froze,folded tore,wrapped tore,mowed watered,visited avoided,invited dismissed,sent destroyed,called ignored,climbed descended".split(",").map((pair): [string, string] => {
  const [word = "", other = ""] = pair.split(" ");
  return [word, other];
}));
/** Other words than `paraphrase` has. */
const SYNONYMS_TOO = new Map(
  "decides chooses,decided chose,bakes cooks,baked cooked,large huge,garden yard,mother mom,father dad,books volumes,wants desires,school academy,party celebration,movie film,movies films,street road,shoes sneakers,teacher instructor,collected amassed,collects amasses,visited toured,garbage trash,money funds,each every,works labours,read perused,pages sheets,office bureau,friends mates,family household,plans intends,marbles beads,flowers blossoms,contains holds".split(",").map((pair): [string, string] => {
    const [word = "", other = ""] = pair.split(" ");
    return [word, other];
  }),
);
const near: NearOptions = { ...NEAR_DEFAULTS, threshold: options.threshold, shingle: options.shingle };

print(`node dist/scripts/bench/near-duplicates.js ${process.argv.slice(2).join(" ")}`.trim());
const real: string[] = [];
for (const input of options.input ?? []) real.push(...(await sourceTasks(input)).map(({ task }) => task));
if (real.length > 0) {
  const started = performance.now();
  const pairs = findNearPairs(real.length, (at) => ({ task: real[at] ?? "", environment: null }), near);
  row(`${real.length} real tasks`, seconds((performance.now() - started) / 1000), `${pairs.length} pairs, ${chooseKept(pairs).length} left out, ${clustersOf(pairs).length} clusters`, "wanted: under 5 s");
  plantedPairs(real);
}
if (options.generated > 0) generated(options.generated);

/** Pairs made of real tasks, those that are duplicates and those that only look so; each pair is judged among all tasks. */
function plantedPairs(tasks: readonly string[]): void {
  const random = randomNumbers(7);
  const long = tasks.filter((task) => task.split(" ").length >= 12 && /\d/.test(task));
  const questions = tasks.filter((task) => task.split(" ").length >= 12 && !wordsOf(task).some((word) => /\d/.test(word)));
  const drawn = (from: readonly string[]): string => from[Math.floor(random() * from.length)] ?? "";
  const thing = (task: string): string => drawn(task.split(" ").filter((word) => /^\p{L}{4,}$/u.test(word)));
  const kinds: { kind: string; isDuplicate: boolean | null; from?: readonly string[]; make: (task: string) => string | null }[] = [
    { kind: "exact but for case, blanks, marks", isDuplicate: true, make: (task) => task.toUpperCase().replaceAll(/[.?!](?= |$)/g, " ") },
    { kind: "a word left out", isDuplicate: true, make: (task) => slip(task, random) },
    { kind: "clauses in another order", isDuplicate: true, make: (task) => paraphrase(task, random, { order: true }) },
    { kind: "persons renamed", isDuplicate: true, make: (task) => paraphrase(task, random, { names: true }) },
    { kind: "the thing that is counted renamed", isDuplicate: true, make: (task) => renameThing(task) },
    { kind: "synonyms, each time by chance", isDuplicate: true, make: (task) => paraphrase(task, random, { synonyms: true }) },
    { kind: "other synonyms, each time", isDuplicate: true, make: (task) => replaceAll(task, SYNONYMS_TOO) },
    { kind: "one number changed", isDuplicate: false, make: (task) => changeNumber(task, random) },
    { kind: "two numbers changed places", isDuplicate: false, make: (task) => swapNumbers(task) },
    { kind: "one word of quantities for another", isDuplicate: false, make: (task) => replaceOne(task, OTHERWISE, random) },
    // Another verb may be another word for the same, or not: nobody can say without knowing the word.
    { kind: "a verb that is in no list for another", isDuplicate: null, make: (task) => replaceOne(task, OTHERWISE_TOO, random) },
    { kind: "one thing of the story for another", isDuplicate: false, make: (task) => askOther(task) },
    { kind: "a question about something else", isDuplicate: false, from: questions, make: (task) => replaceWord(task, thing(task), thing(drawn(questions))) },
    { kind: "another task of the source", isDuplicate: false, make: () => drawn(long) },
  ];
  const total = { hit: 0, planted: 0, wrong: 0, exactHit: 0, exactWrong: 0 };
  print(`  ${"planted pairs".padEnd(36)} pairs   exactly  nearly  either way`);
  for (const { kind, isDuplicate, from = long, make } of kinds) {
    const pairs: [string, string][] = [];
    for (let tries = 0; pairs.length < options.pairs && tries < 40 * options.pairs; tries++) {
      const task = drawn(from);
      const other = make(task);
      if (other !== null && other !== task) pairs.push([task, other]);
    }
    const exact = pairs.filter(([a, b]) => taskHash(a, null) === taskHash(b, null)).length;
    const isNear = (pair: [string, string]): boolean => findNearPairs(2, (at) => ({ task: pair[at] ?? "", environment: null }), near).length > 0;
    const [found, either] = [pairs.filter(isNear).length, pairs.filter((pair) => isNear(pair) || taskHash(pair[0], null) === taskHash(pair[1], null)).length];
    print(`  ${kind.padEnd(36)} ${String(pairs.length).padStart(5)} ${String(exact).padStart(9)} ${String(found).padStart(7)} ${String(either).padStart(11)}`);
    if (isDuplicate === null) continue;
    if (isDuplicate) {
      total.hit += either;
      total.planted += pairs.length;
      total.exactHit += exact;
    } else {
      total.wrong += either;
      total.exactWrong += exact;
    }
  }
  row("exact: recall", percent(total.exactHit, total.planted), `precision ${percent(total.exactHit, total.exactHit + total.exactWrong)}`);
  row("exact and near: recall", percent(total.hit, total.planted), `precision ${percent(total.hit, total.hit + total.wrong)}`);
}

function replaceWord(task: string, word: string, other: string): string {
  return task.split(" ").map((each) => (each === word ? other : each)).join(" ");
}

/** One of the words that the map has, drawn by chance, in one place. */
function replaceOne(task: string, others: ReadonlyMap<string, string>, random: () => number): string | null {
  const places = [...task.matchAll(/\p{L}+/gu)].filter(([word]) => others.has(word));
  const chosen = places[Math.floor(random() * places.length)];
  if (chosen === undefined) return null;
  return task.slice(0, chosen.index) + (others.get(chosen[0]) ?? "") + task.slice(chosen.index + chosen[0].length);
}

function replaceAll(task: string, others: ReadonlyMap<string, string>): string {
  return task.replaceAll(/\p{L}+/gu, (word) => others.get(word) ?? word);
}

/** `How many rolls …`: lanterns, everywhere. */
function renameThing(task: string): string | null {
  const thing = /\bhow many (\p{Ll}{3,})s\b/iu.exec(task)?.[1];
  return thing === undefined ? null : task.replaceAll(new RegExp(`\\b${thing}(s?)\\b`, "gu"), "lantern$1").replaceAll(new RegExp(`\\b${thing.slice(0, 1).toUpperCase()}${thing.slice(1)}(s?)\\b`, "gu"), "Lantern$1");
}

/** The same story with a question about another plural of it. */
function askOther(task: string): string | null {
  const asked = /\bhow many (\p{Ll}{3,}s)\b/iu.exec(task);
  const other = [...task.matchAll(/\b\d+ (\p{Ll}{3,}s)\b/gu)].map(([, thing = ""]) => thing).find((thing) => thing !== asked?.[1]);
  if (asked === null || other === undefined) return null;
  return task.slice(0, asked.index) + asked[0].replace(asked[1] ?? "", other) + task.slice(asked.index + asked[0].length);
}

/** The first two numbers in digits that differ. */
function swapNumbers(task: string): string | null {
  const numbers = [...task.matchAll(/\d+/g)];
  const one = numbers[0];
  const other = numbers.find(([digits]) => digits !== one?.[0]);
  if (one === undefined || other === undefined) return null;
  return task.slice(0, one.index) + other[0] + task.slice(one.index + one[0].length, other.index) + one[0] + task.slice(other.index + other[0].length);
}

/** Made tasks of some thirty words; one of ten is another one with a word added. */
function generated(count: number): void {
  const random = randomNumbers(11);
  const words = Array.from({ length: 5000 }, (_, at) => `w${at.toString(36).replaceAll(/\d/g, (digit) => "ghijklmnop"[Number(digit)] ?? "")}`);
  const seeds = new Uint32Array(count);
  for (let at = 0; at < count; at++) seeds[at] = at % 10 === 9 ? (seeds[Math.floor(random() * at)] ?? 0) : Math.floor(random() * 2 ** 32);
  const taskAt = (at: number): { task: string; environment: null } => {
    const own = randomNumbers(seeds[at] ?? 0);
    const length = 20 + Math.floor(own() * 40);
    const text = Array.from({ length }, (_, place) => (place % 9 === 4 ? String(Math.floor(own() * 50)) : (words[Math.floor(own() * own() * words.length)] ?? "")));
    if (at % 10 === 9) text.push("now");
    return { task: text.join(" "), environment: null };
  };
  const making = performance.now();
  for (let at = 0; at < count; at++) taskAt(at);
  const made = (performance.now() - making) / 1000;
  const started = performance.now();
  const pairs = findNearPairs(count, taskAt, near);
  const taken = (performance.now() - started) / 1000;
  row(`${count} made tasks`, seconds(taken), `of them ${seconds(made)} to make the texts`, `${chooseKept(pairs).length} left out`, `most memory ${megabytes(resourceUsage().maxRSS * 1024)}`);
}

function percent(part: number, whole: number): string {
  return `${((100 * part) / whole).toFixed(1)} % (${part}/${whole})`;
}
