import { InvalidArgumentError, Option } from "commander";
import { z } from "zod";

/** An option that can also come from the environment: `--max-tokens` from `LUMOS_MAX_TOKENS`. */
export function option(flags: string, description: string): Option {
  const made = new Option(flags, description);
  return made.env(`LUMOS_${made.name().toUpperCase().replaceAll("-", "_")}`);
}

/** What every long command takes. */
export interface CommonOptions {
  db: string;
  json?: boolean;
  quiet?: boolean;
  debug?: boolean;
}

export function commonOptions(): Option[] {
  return [
    option("--db <file>", "the store").default("lumos.db"),
    option("--json", "one summary object on stdout, progress on stderr"),
    option("--quiet", "no progress and no remarks"),
    option("--debug", "the stack of an error, too"),
  ];
}

/** Reads the text of an option's value; `inFile` is the shape that the value has in the configuration file. */
export type Reader<T> = ((text: string) => T) & { inFile: z.ZodType };

/** A whole number of at least `least`, and at most `most` where that is given. */
export function wholeNumber(least: number, most = Number.MAX_SAFE_INTEGER): Reader<number> {
  const expected = `Expected a whole number from ${least} ${most === Number.MAX_SAFE_INTEGER ? "on" : `to ${most}`}.`;
  const read = (text: string): number => {
    const value = Number(text);
    if (!/^\d+$/.test(text) || !Number.isSafeInteger(value) || value < least || value > most) throw new InvalidArgumentError(expected);
    return value;
  };
  return Object.assign(read, { inFile: z.int(expected).min(least, expected).max(most, expected) });
}

/** A number within bounds, both included. */
export function numberWithin(least: number, most: number): Reader<number> {
  const expected = `Expected a number from ${least} to ${most}.`;
  const read = (text: string): number => {
    const value = Number(text);
    if (text.trim() === "" || !Number.isFinite(value) || value < least || value > most) throw new InvalidArgumentError(expected);
    return value;
  };
  return Object.assign(read, { inFile: z.number(expected).min(least, expected).max(most, expected) });
}

/** One of a closed list. */
export function oneOf<T extends string>(values: readonly T[]): Reader<T> {
  const expected = `Expected one of ${values.join(", ")}.`;
  const read = (text: string): T => {
    const found = values.find((value) => value === text);
    if (found === undefined) throw new InvalidArgumentError(expected);
    return found;
  };
  return Object.assign(read, { inFile: z.enum([...values], expected) });
}

type Repeatable<T> = ((text: string, previous: T[] | undefined) => T[]) & { inFile: z.ZodType };

/** A repeatable option, each time also a list with commas. */
export function listOf<T>(parse: ((text: string) => T) & { inFile?: z.ZodType }): Repeatable<T> {
  const read = (text: string, previous: T[] | undefined): T[] => [...(previous ?? []), ...text.split(",").filter(Boolean).map(parse)];
  return Object.assign(read, { inFile: oneOrMore(parse.inFile ?? z.string()) });
}

/** A repeatable option whose values may hold commas (file names). */
export const repeated: Repeatable<string> = Object.assign((text: string, previous: string[] | undefined): string[] => [...(previous ?? []), text], {
  inFile: oneOrMore(z.string()),
});

function oneOrMore(each: z.ZodType): z.ZodType {
  return z.union([each, z.array(each)]);
}
