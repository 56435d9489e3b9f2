import { readCommand, type ShellStage } from "../../converters/shared/shell/command.ts";
import type { ActionTrace, AnswerEvidence } from "../../schemas/annotation.ts";
import { type Defect, defect } from "../../schemas/defect.ts";
import type { SourceExample } from "../../schemas/example.ts";
import type { Run, Service } from "./service.ts";

/**
 * Serves gold steps that are stages of a command: one between pipes, `&&` and `;`. What counts is the command as a whole: that of the last action, and before it those of
 * actions that no later one goes on with (a person may give `a`, then `b` for `a; b`). Its stages are paired with the source's in order, where
 * name, options and arguments are equal; a stage between two pairs that calls the same program is meant for the gold step there, and what is wrong
 * with it is said (`match.value`). The action that first writes a stage serves it.
 */
export function alignCommands(run: Run, example: SourceExample): Service {
  const { gold, pairs } = pairStages(run, example);
  const served = new Map(gold.map((_, step): [number, Set<number>] => [step, new Set()]));
  for (const { step, stage } of pairs) served.get(step)?.add(stage.action);
  return { checkable: new Set(gold.flatMap((stage, step) => (stage === null ? [] : [step]))), served, neutral: new Set() };
}

/** What comparing a plan's command with the source's gave. `told`: what supports each action, by index, since none has a result to be supported. */
export interface CommandMatches {
  matched: Set<number>;
  defects: Defect[];
  told: Map<number, Pick<ActionTrace, "evidence" | "note">>;
}

/** An action is matched where all stages that it adds are the source's. `match.value`: a stage with other options or arguments; `answer.mismatch`: the whole command is another. */
export function matchCommands(run: Run, example: SourceExample): CommandMatches {
  const { gold, written, pairs, isWhole } = pairStages(run, example);
  const told = new Map(run.actions.map(({ index }): [number, Pick<ActionTrace, "evidence" | "note">] => [index, { evidence: "claimed", note: "not run here" }]));
  const right = new Set(pairs.filter(({ isSame }) => isSame).map(({ stage }) => stage));
  const matched = new Set(run.actions.map(({ index }) => index).filter((index) => written.some(({ action }) => action === index) && written.every((stage) => stage.action !== index || right.has(stage))));
  for (const index of matched) told.set(index, { evidence: "matched", note: "the source's command; not run here" });
  const defects = pairs.flatMap(({ step, stage, isSame }) => {
    const action = run.actions[stage.action];
    if (isSame || action === undefined) return [];
    return [defect("match.value", `'${shown(stage.text)}' in subgoal ${action.subgoal} action ${action.action} is not what the source does in gold step ${example.gold_steps[step]?.id ?? ""}: expected '${shown(shownStage(gold[step] ?? null))}'.`, action)];
  });
  const last = run.actions.at(-1);
  if (last !== undefined && gold.length > 0 && !isWhole) {
    const whole = run.executed[last.index]?.whole ?? "";
    defects.push(defect("answer.mismatch", `The command that the plan ends with, '${shown(whole)}', is not the source's: expected '${shown(example.gold_steps.at(-1)?.action?.target ?? "")}'.`, last));
  }
  return { matched, defects, told };
}

/** What supports the outcome: the plan's command is the source's, stage by stage. */
export function judgeCommand(run: Run, example: SourceExample): AnswerEvidence {
  return pairStages(run, example).isWhole ? "matched" : "none";
}

/** A stage of the plan's command, with the action that first wrote it. `begins`: no command that goes on to it stands before. */
interface WrittenStage extends ShellStage {
  action: number;
  begins: boolean;
}

interface Pair {
  step: number;
  stage: WrittenStage;
  isSame: boolean;
}

interface Paired {
  /** Per gold step its stage; null where it is none. */
  gold: (ShellStage | null)[];
  written: WrittenStage[];
  pairs: Pair[];
  isWhole: boolean;
}

/** A run is compared several times: for its alignment, its matches and its answer. */
const PAIRED = new WeakMap<Run, Paired>();

function pairStages(run: Run, example: SourceExample): Paired {
  const known = PAIRED.get(run);
  if (known !== undefined) return known;
  const gold = example.gold_steps.map(({ action }) => (action?.tool === "Bash" ? (stagesOf(action.target).at(-1) ?? null) : null));
  const { written, ends } = writtenStages(run);
  // Commands that are given one after the other are a list in the source.
  const key = (stage: ShellStage): string => (ends > 1 ? stage.key.replace(/^(?:&&|;)(?= )\s?/, "").trim() : stage.key.trim());
  const pairs = pairInOrder(gold, written, key);
  const last = written.slice(-gold.length);
  // What comes before it is a command of its own: a look around, which `gold.extra_step` tells.
  const isWhole = last.length === gold.length && last[0]?.begins === true && last.every((stage, at) => gold[at] !== undefined && gold[at] !== null && key(stage) === key(gold[at]));
  const paired = { gold, written, pairs, isWhole };
  PAIRED.set(run, paired);
  return paired;
}

/** The stages of the plan's command in order. `ends`: how many actions no later one goes on with. */
function writtenStages({ executed }: Run): { written: WrittenStage[]; ends: number } {
  const wholes = executed.map(({ whole }) => (whole === undefined ? [] : stagesOf(whole)));
  const isContinued = wholes.map((stages, index) => {
    const path = pathsOf(stages).at(-1);
    return path !== undefined && wholes.some((later, at) => at > index && pathsOf(later).includes(path));
  });
  const first = new Map<string, number>();
  for (const [index, stages] of wholes.entries()) for (const path of pathsOf(stages)) if (!first.has(path)) first.set(path, index);
  const ends = wholes.flatMap((stages, index) => (isContinued[index] === true || stages.length === 0 ? [] : [stages]));
  const written = ends.flatMap((stages) => {
    const paths = pathsOf(stages);
    return stages.map((stage, at) => ({ ...stage, action: first.get(paths[at] ?? "") ?? 0, begins: at === 0 }));
  });
  return { written, ends: ends.length };
}

/** What each stage does with all that comes before it, in one spelling; short, since a stage may use several. */
function pathsOf(stages: readonly ShellStage[]): string[] {
  const paths: string[] = [];
  for (const { key, pieces } of stages) {
    const path = `${pieces.flatMap((piece) => (typeof piece === "number" ? [paths[piece] ?? ""] : [])).join("\u0002")}\u0003${key}`;
    paths.push(path.length > 2_000 ? `${path.slice(0, 1_000)}\u0004${path.length}\u0004${path.slice(-1_000)}` : path);
  }
  return paths;
}

function stagesOf(command: string): ShellStage[] {
  const read = readCommand(command);
  return "stages" in read ? read.stages : [];
}

/** The longest common run of equal stages, in order; then those that are left between two pairs and call the same program. */
function pairInOrder(gold: readonly (ShellStage | null)[], written: readonly WrittenStage[], key: (stage: ShellStage) => string): Pair[] {
  const wanted = gold.map((stage) => (stage === null ? null : key(stage)));
  const own = written.map(key);
  // best[g][w]: how many can be paired of the gold steps from g on and the stages from w on.
  const best = Array.from({ length: gold.length + 1 }, () => Array.from({ length: written.length + 1 }, () => 0));
  const at = (g: number, w: number): number => best[g]?.[w] ?? 0;
  for (let g = gold.length - 1; g >= 0; g -= 1) {
    const row = best[g] ?? [];
    for (let w = written.length - 1; w >= 0; w -= 1) row[w] = wanted[g] === own[w] ? at(g + 1, w + 1) + 1 : Math.max(at(g + 1, w), at(g, w + 1));
  }
  const pairs: Pair[] = [];
  let gap: { steps: number[]; stages: WrittenStage[] } = { steps: [], stages: [] };
  const close = (): void => {
    for (const step of gap.steps) {
      const meant = gap.stages.findIndex(({ name }) => name === gold[step]?.name);
      if (meant === -1) continue;
      const stage = gap.stages[meant];
      gap.stages = gap.stages.slice(meant + 1);
      if (stage !== undefined) pairs.push({ step, stage, isSame: false });
    }
    gap = { steps: [], stages: [] };
  };
  for (let g = 0, w = 0; g < gold.length || w < written.length; ) {
    const stage = written[w];
    if (g < gold.length && stage !== undefined && wanted[g] === own[w]) {
      close();
      pairs.push({ step: g, stage, isSame: true });
      g += 1;
      w += 1;
    } else if (g < gold.length && (stage === undefined || at(g + 1, w) >= at(g, w + 1))) gap.steps.push(g++);
    else if (stage !== undefined) {
      gap.stages.push(stage);
      w += 1;
    }
  }
  close();
  return pairs.sort((a, b) => a.step - b.step);
}

function shownStage(stage: ShellStage | null): string {
  return stage === null ? "" : `${stage.operators === "" ? "" : `${stage.operators} `}${stage.text}`;
}

function shown(text: string): string {
  return text.length > 120 ? `${text.slice(0, 120)}…` : text;
}
