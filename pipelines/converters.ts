import { existsSync, readFileSync, readdirSync } from "node:fs";
import { dirname, join } from "node:path";
import { fileURLToPath } from "node:url";
import { z } from "zod";
import type { Converter } from "../schemas/converter.ts";
import { levelSchema } from "../schemas/defect.ts";
import { domainSchema } from "../schemas/domain.ts";
import { LumosError } from "../schemas/errors.ts";

/** A converter with the folder of its sample and prompt. */
export type LoadedConverter = Converter & { folder: string };

/** The names of all source datasets: the folders of `converters/`, in alphabetical order. */
export function datasetNames(): string[] {
  return readdirSync(CODE, { withFileTypes: true })
    .filter((entry) => entry.isDirectory() && entry.name !== "shared")
    .map((entry) => entry.name)
    .sort();
}

/** Loads one converter. Throws `usage` for a name that no folder has, `converter.invalid` for a folder that is malformed. */
export async function loadConverter(name: string): Promise<LoadedConverter> {
  const names = datasetNames();
  if (!names.includes(name)) {
    throw new LumosError("usage", `Unknown dataset '${name}': expected one of ${names.join(", ")}.`);
  }
  return loadFolder(name);
}

export async function loadConverters(): Promise<LoadedConverter[]> {
  return Promise.all(datasetNames().map(loadFolder));
}

/** The package's own version, as its `package.json` has it. */
export function programVersion(): string {
  const { version } = z.object({ version: z.string() }).parse(JSON.parse(readFileSync(join(ROOT, "package.json"), "utf8")));
  return version;
}

const HERE = dirname(fileURLToPath(import.meta.url));
/** Code is compiled into `dist/`; samples and prompts stay where they are written. */
const CODE = join(HERE, "..", "converters");
const ROOT = existsSync(join(HERE, "..", "package.json")) ? join(HERE, "..") : join(HERE, "..", "..");
const EXTENSION = import.meta.url.endsWith(".ts") ? "ts" : "js";

const converterSchema = z.object({
  dataset: z.string().regex(/^[a-z][a-z0-9_]*$/),
  title: z.string().min(1),
  domain: domainSchema,
  top_level: levelSchema,
  licence: z.object({ name: z.string().min(1), url: z.url(), inherits: z.string().min(1) }),
  homepage: z.url(),
  downloads: z.array(z.object({ file: z.string().min(1), url: z.url(), about: z.string().min(1) })).min(1),
  gold: z.string().min(1),
  sample: z.string().min(1),
  prompt: z.string().min(1),
  read: z.custom<Converter["read"]>(isFunction, "expected a function"),
  record: z.custom<Converter["record"]>((value) => value instanceof z.ZodType, "expected a zod schema"),
  map: z.custom<Converter["map"]>(isFunction, "expected a function"),
  identify: z.custom<NonNullable<Converter["identify"]>>(isFunction, "expected a function").optional(),
  forms: z.array(z.string()).optional(),
  rules: z.object({ version: z.string().min(1), annotate: z.custom<Converter["rules"]["annotate"]>(isFunction, "expected a function") }),
});

async function loadFolder(name: string): Promise<LoadedConverter> {
  const module: unknown = await import(new URL(`../converters/${name}/index.${EXTENSION}`, import.meta.url).href);
  const exported = z.object({ default: converterSchema }).safeParse(module);
  if (!exported.success) {
    const issue = exported.error.issues[0];
    const where = issue ? `${issue.path.join(".")}: ${issue.message}` : "no default export";
    throw new LumosError("converter.invalid", `converters/${name}/index.ts is no converter (${where}): its default export must be a defineConverter({ … }).`);
  }
  const { forms, identify, ...converter } = exported.data.default;
  const folder = join(ROOT, "converters", name);
  if (converter.dataset !== name) {
    throw new LumosError("converter.invalid", `converters/${name}/index.ts names its dataset '${converter.dataset}': expected '${name}', the name of its folder.`);
  }
  for (const file of [converter.sample, converter.prompt]) {
    if (!existsSync(join(folder, file))) {
      throw new LumosError("converter.invalid", `converters/${name}/${file} is missing, though converters/${name}/index.ts names it.`);
    }
  }
  return { ...converter, ...(forms ? { forms } : {}), ...(identify ? { identify } : {}), folder };
}

function isFunction(value: unknown): boolean {
  return typeof value === "function";
}
