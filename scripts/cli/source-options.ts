import type { Command, Option } from "commander";
import { datasetNames, type LoadedConverter, loadConverter, loadConverters } from "../../pipelines/converters.ts";
import { assertTrainable, configureConverter } from "../../pipelines/sources/options.ts";
import type { GivenOptions, SourceOption } from "../../schemas/converter.ts";
import { LumosError } from "../../schemas/errors.ts";
import { option, repeated } from "./options.ts";

/** The sources named by arguments of the command line, loaded: others' options are not asked for, since loading all takes its time. */
export async function namedSources([, ...words]: readonly string[]): Promise<LoadedConverter[]> {
  const names = new Set(datasetNames());
  return Promise.all([...new Set(words.filter((word) => names.has(word)))].map((name) => loadConverter(name)));
}

/** The options of all sources, or of the package's alone, each once. */
export async function allSourceOptions(of: "all" | "package" = "all"): Promise<SourceOption[]> {
  const options = (await (of === "all" ? loadConverters() : loadConverters(null))).flatMap((converter) => converter.options ?? []);
  return [...new Map(options.map((each) => [each.flag, each])).values()];
}

/** A source's own option as one of a command's: repeatable where it takes a value. */
export function sourceOption({ flag, about }: SourceOption): Option {
  const made = option(flag, about);
  return made.isBoolean() ? made : made.argParser(repeated);
}

/** Adds the options of the sources that are named; sources may share one. Throws `converter.invalid` for an option that the command has itself. */
export function addSourceOptions(command: Command, sources: readonly LoadedConverter[]): Command {
  const added = new Set<string>();
  for (const { dataset, options = [] } of sources) {
    for (const each of options) {
      const made = sourceOption(each);
      if (added.has(made.attributeName())) continue;
      if (command.options.some((own) => own.attributeName() === made.attributeName())) {
        throw new LumosError("converter.invalid", `${dataset} has an option ${each.flag}, which 'lumos ${command.name()}' has itself: give the source's another name.`);
      }
      added.add(made.attributeName());
      const sharing = sources.filter((source) => source.options?.some(({ flag }) => flag === each.flag)).map((source) => source.dataset);
      command.addOption(made.helpGroup(`Of ${sharing.join(", ")} alone:`));
    }
  }
  return command;
}

/** A source as its own options make it that were given. Throws `usage` for an evaluation set unless it was asked for. */
export async function openSource(dataset: string, options: { allowEvaluationSet?: boolean }): Promise<LoadedConverter> {
  const converter = await loadConverter(dataset);
  assertTrainable(converter, options.allowEvaluationSet === true);
  return configureConverter(converter, givenOptions(converter, options));
}

function givenOptions({ options = [] }: LoadedConverter, values: object): GivenOptions {
  const given = new Map<string, readonly string[]>();
  for (const each of options) {
    const made = sourceOption(each);
    const value: unknown = Reflect.get(values, made.attributeName());
    if (value === true) given.set(made.name(), []);
    else if (Array.isArray(value)) given.set(made.name(), value.map(String));
  }
  return given;
}
