import { existsSync, readdirSync, readFileSync } from "node:fs";
import { dirname, join } from "node:path";
import { fileURLToPath } from "node:url";
import { LumosError } from "../../schemas/errors.ts";
import { PACKAGE_FOLDER } from "../package.ts";

/** A file of the page as it is sent. */
export interface Asset {
  type: string;
  body: Buffer;
}

/**
 * The files of the page by their path in the address, read once: what is not among them is not served, whatever is asked for. Markup and style stay where they are
 * written, scripts are compiled beside this code.
 */
export function loadAssets(): ReadonlyMap<string, Asset> {
  const written = join(PACKAGE_FOLDER, "pipelines", "review", "page");
  const here = dirname(fileURLToPath(import.meta.url));
  const compiled = import.meta.url.endsWith(".ts") ? join(PACKAGE_FOLDER, "dist", "pipelines", "review", "page") : join(here, "page");
  if (!existsSync(join(written, "index.html")) || !existsSync(compiled)) {
    throw new LumosError("input.missing", `The review page is missing in ${existsSync(compiled) ? written : compiled}: npm run build makes it.`);
  }
  const html: Asset = { type: "text/html; charset=utf-8", body: readFileSync(join(written, "index.html")) };
  const scripts = readdirSync(compiled).filter((name) => name.endsWith(".js"));
  return new Map<string, Asset>([
    ["/", html],
    ["/index.html", html],
    ["/icon.svg", { type: "image/svg+xml", body: readFileSync(join(written, "icon.svg")) }],
    ["/style.css", { type: "text/css; charset=utf-8", body: readFileSync(join(written, "style.css")) }],
    ...scripts.map((name): [string, Asset] => [`/${name}`, { type: "text/javascript; charset=utf-8", body: readFileSync(join(compiled, name)) }]),
  ]);
}
