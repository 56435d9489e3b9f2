import { InvalidArgumentError, Option } from "commander";

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

/** A whole number of at least `least`. */
export function wholeNumber(least: number): (text: string) => number {
  return (text) => {
    const value = Number(text);
    if (!/^\d+$/.test(text) || !Number.isSafeInteger(value) || value < least) {
      throw new InvalidArgumentError(`Expected a whole number from ${least} on.`);
    }
    return value;
  };
}

/** A number within bounds, both included. */
export function numberWithin(least: number, most: number): (text: string) => number {
  return (text) => {
    const value = Number(text);
    if (text.trim() === "" || !Number.isFinite(value) || value < least || value > most) {
      throw new InvalidArgumentError(`Expected a number from ${least} to ${most}.`);
    }
    return value;
  };
}

/** One of a closed list. */
export function oneOf<T extends string>(values: readonly T[]): (text: string) => T {
  return (text) => {
    const found = values.find((value) => value === text);
    if (found === undefined) throw new InvalidArgumentError(`Expected one of ${values.join(", ")}.`);
    return found;
  };
}

/** A repeatable option, each time also a list with commas. */
export function listOf<T>(parse: (text: string) => T): (text: string, previous: T[] | undefined) => T[] {
  return (text, previous) => [...(previous ?? []), ...text.split(",").filter(Boolean).map(parse)];
}

/** A repeatable option whose values may hold commas (file names). */
export function repeated(text: string, previous: string[] | undefined): string[] {
  return [...(previous ?? []), text];
}
