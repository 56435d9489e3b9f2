import { readdirSync, readFileSync } from "node:fs";
import { dirname, join, relative, resolve, sep } from "node:path";
import { fileURLToPath } from "node:url";
import { parseSync } from "oxc-parser";
import { describe, expect, it } from "vitest";

const ROOT = fileURLToPath(new URL("../..", import.meta.url));
const FOLDERS = ["schemas", "converters", "pipelines", "scripts", "tests"] as const;

/** Who may import whom: folder → folders. Packages are free, but for `schemas`, which takes zod alone. */
const MAY_IMPORT: Record<string, (from: string, to: string) => boolean> = {
  schemas: (_, to) => to.startsWith("schemas/"),
  converters: (from, to) => to.startsWith("schemas/") || to.startsWith("converters/shared/") || to.startsWith(`${converterOf(from)}/`),
  pipelines: (_, to) => ["schemas/", "converters/", "pipelines/"].some((folder) => to.startsWith(folder)),
  scripts: (_, to) => ["schemas/", "converters/", "pipelines/", "scripts/"].some((folder) => to.startsWith(folder)),
  tests: () => true,
};

describe("the import rules", () => {
  it("hold for every import of every file", () => {
    const broken = sources().flatMap((file) =>
      importsOf(file).flatMap((specifier) => (isAllowed(file, specifier) ? [] : [`${file} imports ${specifier}`])),
    );
    expect(broken).toEqual([]);
  });

  it.each([
    ["schemas/plan.ts", "node:fs"],
    ["schemas/plan.ts", "../pipelines/plan/parse.ts"],
    ["converters/gsm8k/index.ts", "../asdiv/index.ts"],
    ["converters/gsm8k/index.ts", "../../pipelines/execution/kit.ts"],
    ["converters/shared/ids.ts", "../gsm8k/index.ts"],
    ["pipelines/converters.ts", "../scripts/lumos.ts"],
    ["scripts/lumos.ts", "../tests/support/stand-in.ts"],
  ])("would catch %s importing %s", (file, specifier) => {
    expect(isAllowed(file, specifier)).toBe(false);
  });

  it("let the review page, which runs in a browser, take nothing but types from outside its folder", () => {
    const page = "pipelines/review/page/";
    const taken = sources().filter((file) => file.startsWith(page)).flatMap((file) =>
      parseSync(file, readFileSync(join(ROOT, file), "utf8")).module.staticImports
        .filter(({ moduleRequest, entries }) => !moduleRequest.value.startsWith("./") && !entries.every(({ isType }) => isType))
        .map(({ moduleRequest }) => `${file} imports ${moduleRequest.value}`),
    );
    expect(taken).toEqual([]);
  });

  it("leave only the folders of the layout at the root", () => {
    const folders = readdirSync(ROOT, { withFileTypes: true }).filter((entry) => entry.isDirectory() && !entry.name.startsWith("."));
    const allowed = new Set<string>([...FOLDERS, "data", "docs", "dist", "node_modules", "coverage"]);
    expect(folders.map((folder) => folder.name).filter((name) => !allowed.has(name))).toEqual([]);
  });
});

function isAllowed(file: string, specifier: string): boolean {
  const folder = file.split("/")[0] ?? "";
  if (!specifier.startsWith(".")) return folder !== "schemas" || specifier === "zod";
  const target = relative(ROOT, resolve(ROOT, dirname(file), specifier)).split(sep).join("/");
  return MAY_IMPORT[folder]?.(file, target) ?? false;
}

function converterOf(file: string): string {
  return file.split("/").slice(0, 2).join("/");
}

function sources(): string[] {
  return FOLDERS.flatMap((folder) =>
    readdirSync(join(ROOT, folder), { recursive: true, withFileTypes: true })
      .filter((entry) => entry.isFile() && entry.name.endsWith(".ts"))
      .map((entry) => relative(ROOT, join(entry.parentPath, entry.name)).split(sep).join("/")),
  );
}

function importsOf(file: string): string[] {
  const { module } = parseSync(file, readFileSync(join(ROOT, file), "utf8"));
  const exported = module.staticExports.flatMap(({ entries }) => entries.flatMap(({ moduleRequest }) => (moduleRequest ? [moduleRequest.value] : [])));
  return [...module.staticImports.map(({ moduleRequest }) => moduleRequest.value), ...exported];
}
