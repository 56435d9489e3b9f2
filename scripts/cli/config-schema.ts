import { type Command, InvalidArgumentError, type Option } from "commander";
import { z } from "zod";
import { modelsSchema } from "../../pipelines/llm/models.ts";
import type { SourceOption } from "../../schemas/converter.ts";
import { sourcesSchema } from "../../pipelines/project-sources.ts";
import { READING_COMMANDS } from "./reading-commands.ts";
import { sourceOption } from "./source-options.ts";

/**
 * What the configuration file may hold: long option names in camel case for all commands, the same under a command's name for that command
 * alone, `models` and `sources`. It follows from the options themselves.
 */
export function configSchema(program: Command, sourceOptions: readonly SourceOption[] = []): z.ZodObject {
  const members = new Map<string, z.ZodType[]>();
  const add = (name: string, schema: z.ZodType): void => void members.set(name, [...(members.get(name) ?? []), schema]);
  add("$schema", z.string().describe("The JSON Schema of this file."));
  add("models", modelsSchema.describe("Models by the names that --model takes."));
  add("sources", sourcesSchema.describe("Sources of your own by their names: files whose records need no code."));
  const schemas = new Map<string, z.ZodType>();
  for (const command of program.commands) {
    const own = new Map<string, z.ZodType>();
    const more = READING_COMMANDS.has(command.name()) ? sourceOptions.map(sourceOption) : [];
    for (const option of [...optionsOf(command), ...more]) {
      // The same option of several commands is one member; where they read it differently, any of the ways will do.
      const spelled = `${option.flags} ${option.description}`;
      const schema = schemas.get(spelled) ?? optionSchema(option);
      if (!schemas.has(spelled)) add(option.attributeName(), schema);
      schemas.set(spelled, schema);
      own.set(option.attributeName(), schema);
    }
    if (own.size > 0) add(command.name(), objectOf(own).describe(`For 'lumos ${command.name()}' alone.`));
  }
  return objectOf(new Map([...members].map(([name, [first = z.never(), ...more]]) => [name, more.length === 0 ? first : z.union([first, ...more])])));
}

/** The same for editors, as JSON Schema (draft 2020-12). */
export function configJsonSchema(program: Command, sourceOptions: readonly SourceOption[] = []): Record<string, unknown> {
  const { $schema, ...schema } = z.toJSONSchema(configSchema(program, sourceOptions), { io: "input", unrepresentable: "any" });
  return { $schema, title: "lumos.config.json", ...schema };
}

function objectOf(members: ReadonlyMap<string, z.ZodType>): z.ZodObject {
  return z.strictObject(Object.fromEntries([...members].map(([name, schema]) => [name, schema.optional()])));
}

/** The options of a command and of those below it. */
function optionsOf(command: Command): Option[] {
  return [...command.options, ...command.commands.flatMap(optionsOf)];
}

/** The shape of an option's value in the file. */
export function optionSchema(option: Option): z.ZodType {
  const { parseArg, description } = option;
  if (option.isBoolean()) return z.boolean("Expected true or false.").describe(description);
  const inFile: unknown = parseArg === undefined ? undefined : Reflect.get(parseArg, "inFile");
  if (inFile instanceof z.ZodType) return inFile.describe(description);
  const text = z.union([z.string(), z.number()], "Expected text or a number.").describe(description);
  if (parseArg === undefined) return text;
  return text.superRefine((value, context) => {
    try {
      parseArg(String(value), undefined);
    } catch (error) {
      if (!(error instanceof InvalidArgumentError)) throw error;
      context.addIssue({ code: "custom", message: error.message });
    }
  });
}
