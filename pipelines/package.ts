import { existsSync, readFileSync } from "node:fs";
import { dirname, join } from "node:path";
import { fileURLToPath } from "node:url";

const HERE = dirname(fileURLToPath(import.meta.url));

/** The folder of this package: code is compiled into `dist/`, samples and prompts stay where they are written. */
export const PACKAGE_FOLDER = existsSync(join(HERE, "..", "package.json")) ? join(HERE, "..") : join(HERE, "..", "..");

/** The package's own version, as its `package.json` has it. */
export function programVersion(): string {
  const read: unknown = JSON.parse(readFileSync(join(PACKAGE_FOLDER, "package.json"), "utf8"));
  const version: unknown = typeof read === "object" && read !== null ? Reflect.get(read, "version") : undefined;
  if (typeof version !== "string") throw new TypeError(`package.json of ${PACKAGE_FOLDER} names no version.`);
  return version;
}
