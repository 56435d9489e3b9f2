import { readdirSync, readFileSync } from "node:fs";
import { join } from "node:path";
import { PACKAGE_FOLDER } from "../pipelines/package.ts";
import { writeFileAtomic } from "../pipelines/shared/atomic-file.ts";
import { refreshPage } from "./docs/pages.ts";
import { referencePage } from "./docs/reference.ts";

/** Brings docs/ up to date with the program: writes reference.md anew, runs the examples of every page and puts what they print below them. */
const DOCS = join(PACKAGE_FOLDER, "docs");

update("reference.md", await referencePage());
for (const page of readdirSync(DOCS).filter((name) => name.endsWith(".md"))) {
  const { text, failures } = await refreshPage(readFileSync(join(DOCS, page), "utf8"));
  update(page, text);
  for (const failure of failures) process.stderr.write(`docs/${page}: ${failure}\n`);
  if (failures.length > 0) process.exitCode = 1;
}

function update(page: string, text: string): void {
  const file = join(DOCS, page);
  if (readdirSync(DOCS).includes(page) && readFileSync(file, "utf8") === text) return;
  writeFileAtomic(file, text);
  process.stdout.write(`docs/${page} changed.\n`);
}
