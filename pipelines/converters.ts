import { existsSync, readdirSync, realpathSync } from "node:fs";
import { dirname, join } from "node:path";
import { fileURLToPath } from "node:url";
import { z } from "zod";
import { DATASET_NAME } from "../converters/shared/configured/entry.ts";
import { type Converter, type ConverterDefinition, defineConverter } from "../schemas/converter.ts";
import { levelSchema } from "../schemas/defect.ts";
import { domainSchema } from "../schemas/domain.ts";
import { LumosError } from "../schemas/errors.ts";
import { PACKAGE_FOLDER } from "./package.ts";
import { converterEntry, importFromProject, projectConverterNames, shown } from "./project-converters.ts";
import { findProject, type Project } from "./project.ts";
import { loadConfigured, projectSources } from "./project-sources.ts";
import { problemOf } from "./shared/problem.ts";

/** A converter with the folder of its sample and prompt, and whose it is. */
export type LoadedConverter = Converter & {
  folder: string;
  /** `configuration`: the project's, told by its configuration file alone. */
  origin: "package" | "project" | "configuration";
  /** The files that its configuration names, as they are reached from here. */
  files: readonly string[];
  /** The prompt that holds unless another is named: the project's `prompts/DATASET.yaml` where there is one, else the converter's own. */
  promptFile: string;
};

/** The names of all source datasets, in alphabetical order: the package's and those of the project. Throws `converter.invalid` for one that stands twice. */
export function datasetNames(project = ownProject()): string[] {
  const names = packageNames();
  if (project === null) return names;
  const folders = projectConverterNames(project);
  const configured = [...projectSources(project).keys()];
  const twice = [...folders, ...configured].find((name) => names.includes(name));
  if (twice !== undefined) {
    const where = folders.includes(twice) ? shown(join(project.folder, "converters", twice)) : `sources.${twice} of ${shown(project.configFile)}`;
    throw new LumosError(
      "converter.invalid",
      `${where} has the name of a source of this package: give it another name; to change its prompt alone, write prompts/${twice}.yaml.`,
    );
  }
  const both = configured.find((name) => folders.includes(name));
  if (both !== undefined) {
    throw new LumosError("converter.invalid", `${both} is a folder of ${shown(join(project.folder, "converters"))} and one of the sources of ${shown(project.configFile)}: give one of them another name.`);
  }
  return [...names, ...folders, ...configured].sort();
}

/** Loads one converter. Throws `usage` for a name that no folder has, `converter.invalid` for a folder that is malformed. */
export async function loadConverter(name: string, project = ownProject()): Promise<LoadedConverter> {
  const names = datasetNames(project);
  if (!names.includes(name)) {
    throw new LumosError("usage", `Unknown dataset '${name}': expected one of ${names.join(", ")}.`);
  }
  if (packageNames().includes(name)) return loadFromPackage(name, project);
  const entry = project === null ? undefined : projectSources(project).get(name);
  if (project === null || entry === undefined) return loadFromProject(name, project);
  const { converter, files } = await loadConfigured(name, entry, project, join(PACKAGE_FOLDER, "converters", "shared"));
  return { ...converter, folder: project.folder, origin: "configuration", files, promptFile: overriding(name, project) ?? join(project.folder, converter.prompt) };
}

export async function loadConverters(project = ownProject()): Promise<LoadedConverter[]> {
  return Promise.all(datasetNames(project).map((name) => loadConverter(name, project)));
}

/** Compiled into `dist/`; samples and prompts stay where they are written. */
const CODE = join(dirname(fileURLToPath(import.meta.url)), "..", "converters");
const EXTENSION = import.meta.url.endsWith(".ts") ? "ts" : "js";

function packageNames(): string[] {
  return readdirSync(CODE, { withFileTypes: true })
    // What was built of a folder that is gone stays in dist/.
    .filter((entry) => entry.isDirectory() && entry.name !== "shared" && existsSync(join(PACKAGE_FOLDER, "converters", entry.name)))
    .map((entry) => entry.name)
    .sort();
}

/** The project here; a checkout of the package itself is none. */
function ownProject(): Project | null {
  const project = findProject();
  return project === null || realpathSync(project.folder) === realpathSync(PACKAGE_FOLDER) ? null : project;
}

async function loadFromPackage(name: string, project: Project | null): Promise<LoadedConverter> {
  const module: unknown = await import(new URL(`../converters/${name}/index.${EXTENSION}`, import.meta.url).href);
  const folder = join(PACKAGE_FOLDER, "converters", name);
  const converter = checked(module, name, folder, `converters/${name}/index.ts`);
  const promptFile = join(folder, converter.prompt);
  if (!existsSync(promptFile)) throw missing(promptFile, `converters/${name}/index.ts`);
  return { ...converter, folder, origin: "package", files: [], promptFile: overriding(name, project) ?? promptFile };
}

async function loadFromProject(name: string, project: Project | null): Promise<LoadedConverter> {
  const folder = join(project?.folder ?? "", "converters", name);
  const entry = converterEntry(folder);
  const converter = checked(await importFromProject(entry), name, folder, shown(entry));
  return { ...converter, folder, origin: "project", files: [], promptFile: overriding(name, project) ?? join(folder, converter.prompt) };
}

function overriding(name: string, project: Project | null): string | null {
  const file = project === null ? null : join(project.folder, "prompts", `${name}.yaml`);
  return file !== null && existsSync(file) ? file : null;
}

const fn = z.custom((value) => typeof value === "function", "expected a function");

/** What `defineConverter` takes, member for member. */
const definitionSchema = z.strictObject({
  dataset: z.string().regex(DATASET_NAME, "expected small letters, digits and _, a letter first"),
  title: z.string().min(1),
  domain: domainSchema,
  top_level: levelSchema,
  licence: z.strictObject({ name: z.string().min(1), url: z.url().optional(), inherits: z.string().min(1) }),
  homepage: z.url().optional(),
  downloads: z
    .array(z.strictObject({ file: z.string().min(1), url: z.url(), about: z.string().min(1), companion: z.literal(true).optional(), sha256: z.string().regex(/^[0-9a-f]{64}$/, "expected 64 hex digits").optional(), bytes: z.int().positive().optional() }))
    .optional(),
  gold: z.string().min(1),
  sample: z.string().min(1),
  prompt: z.string().min(1).optional(),
  read: fn,
  record: z.custom((value) => value instanceof z.ZodType, "expected a zod schema"),
  map: fn,
  identify: fn.optional(),
  forms: z.array(z.string()).optional(),
  content: fn.optional(),
  evaluation_set: z.literal(true).optional(),
  options: z.array(z.strictObject({ flag: z.string().regex(/^--[a-z][a-z0-9-]*( <[a-z]+>)?$/), about: z.string().min(1) })).optional(),
  configure: fn.optional(),
  rules: z.strictObject({ version: z.string().min(1), annotate: fn }).optional(),
});

function isDefinition(value: unknown): value is ConverterDefinition<unknown> {
  return definitionSchema.safeParse(value).success;
}

/** A module's default export as a converter. `file` is for the messages. */
function checked(module: unknown, name: string, folder: string, file: string): Converter {
  const exported: unknown = typeof module === "object" && module !== null ? Reflect.get(module, "default") : undefined;
  if (!isDefinition(exported)) {
    throw new LumosError("converter.invalid", `${file} is no converter: ${problemWith(exported).replace(/(?<![.?])$/, ".")} Its default export must be a defineConverter({ … }).`);
  }
  const converter = defineConverter(exported);
  if (converter.dataset !== name) {
    throw new LumosError("converter.invalid", `${file} names its dataset '${converter.dataset}': expected '${name}', the name of its folder.`);
  }
  const sample = join(folder, converter.sample);
  if (!existsSync(sample)) throw missing(sample, file);
  return converter;
}

function problemWith(exported: unknown): string {
  if (typeof exported !== "object" || exported === null) return exported === undefined ? "it has no default export" : "its default export is no object";
  const { error } = definitionSchema.safeParse(exported);
  return error === undefined ? "" : problemOf(error, definitionSchema).text;
}

function missing(path: string, file: string): LumosError {
  return new LumosError("converter.invalid", `${shown(path)} is missing, though ${file} names it.`);
}
