// Makes a fresh clone ready: installs the dependencies when they are absent or older than the lock file.
// Plain JavaScript on purpose: it runs before anything is installed.
import { spawnSync } from "node:child_process";
import { existsSync, statSync } from "node:fs";
import { fileURLToPath } from "node:url";

const root = fileURLToPath(new URL("..", import.meta.url));
const [major = 0, minor = 0] = process.versions.node.split(".").map(Number);
if (major < 20 || (major === 20 && minor < 19)) {
  fail(`Node ${process.versions.node} is too old: expected 20.19 or newer.`);
}
if (!isInstalled()) {
  console.error("Installing dependencies (once). better-sqlite3 may be compiled here, which takes up to two minutes …");
  const npm = process.env.npm_execpath;
  const result = npm
    ? spawnSync(process.execPath, [npm, "ci"], { cwd: root, stdio: ["ignore", 2, 2] })
    : spawnSync("npm ci", { cwd: root, stdio: ["ignore", 2, 2], shell: true });
  if (result.status !== 0) fail("npm ci failed (see above): mend what it names and run this again.");
}

function isInstalled() {
  const installed = `${root}node_modules/.package-lock.json`;
  if (!existsSync(installed) || !existsSync(`${root}node_modules/better-sqlite3/build/Release/better_sqlite3.node`)) return false;
  return statSync(installed).mtimeMs >= statSync(`${root}package-lock.json`).mtimeMs;
}

function fail(message) {
  console.error(message);
  process.exit(1);
}
