import { Command } from "commander";
import type { StoredOutcome } from "../../pipelines/store/annotations.ts";
import { openStore } from "../../pipelines/store/open.ts";
import { DEFECT_CODES, LEVELS } from "../../schemas/defect.ts";
import { STATES } from "../../schemas/annotation.ts";
import { LumosError } from "../../schemas/errors.ts";
import { EXIT, type Finish } from "../cli/exit.ts";
import { type CommonOptions, commonOptions, listOf, oneOf, option, wholeNumber } from "../cli/options.ts";
import { page } from "../cli/pager.ts";
import { renderOutcome } from "../cli/render.ts";
import { createTerminal } from "../cli/terminal.ts";

interface ShowOptions extends CommonOptions {
  sample?: number;
  seed: string;
  dataset?: string[];
  defect?: (typeof DEFECT_CODES)[number];
  level?: (typeof LEVELS)[number][];
  state?: (typeof STATES)[number][];
  model?: string[];
  run?: string[];
  reason?: string;
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
    .addOption(option("--state <state>", `only in these states: ${STATES.join(", ")}`).argParser(listOf(oneOf(STATES))))
    .addOption(option("--reason <reason>", "only skipped or failed for this reason"))
    .addOption(option("--model <name>", "only by these models (repeatable)").argParser(listOf(String)))
    .addOption(option("--run <name>", "only of these runs (repeatable)").argParser(listOf(String)));
  for (const each of commonOptions()) command.addOption(each);
  return command.action(async (id: string | undefined, options: ShowOptions) => {
    const terminal = createTerminal(options);
    const store = openStore(options.db, { mode: "read" });
    try {
      const outcomes = id === undefined ? sample(store, options) : [...one(store, id)];
      if (terminal.json) {
        terminal.print(JSON.stringify({ outcomes }));
      } else {
        const text = outcomes.flatMap((outcome) => [...renderOutcome(outcome, terminal), ""]).join("\n");
        await page(outcomes.length === 0 ? "Nothing in the store fits.\n" : `${text}\n`);
      }
    } finally {
      store.close();
    }
    finish(EXIT.done);
  });
}

type Store = ReturnType<typeof openStore>;

function one(store: Store, prefix: string): StoredOutcome[] {
  const ids = store.findByPrefix(prefix, 4);
  const [id, second] = ids;
  if (id === undefined) throw new LumosError("not_found", `No example '${prefix}' in ${store.file}: see 'lumos show --sample 5' for ids.`);
  if (second !== undefined) throw new LumosError("not_found", `'${prefix}' is the beginning of several ids (${ids.slice(0, 3).join(", ")}${ids.length > 3 ? ", …" : ""}): give more of it.`);
  return store.outcomesOfExample(id);
}

function sample(store: Store, options: ShowOptions): StoredOutcome[] {
  return store.sample(
    {
      ...(options.dataset ? { datasets: options.dataset } : {}),
      ...(options.model ? { models: options.model } : {}),
      ...(options.run ? { runs: options.run } : {}),
      ...(options.level ? { levels: options.level } : {}),
      ...(options.state ? { states: options.state } : options.reason ? {} : { states: ["annotated", "quarantined"] }),
      ...(options.defect ? { defect: options.defect } : {}),
      ...(options.reason ? { reason: options.reason } : {}),
    },
    options.sample ?? 50,
    options.seed,
  );
}
