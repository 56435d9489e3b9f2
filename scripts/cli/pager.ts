import { spawn } from "node:child_process";
import { once } from "node:events";

/** Prints text through the person's pager where stdout is a terminal and the text is longer than it; else as it is. */
export async function page(text: string): Promise<void> {
  const rows = process.stdout.rows ?? 24;
  const pager = process.env["PAGER"] ?? (process.platform === "win32" ? "more" : "less");
  if (process.stdout.isTTY !== true || text.split("\n").length <= rows || pager === "") {
    process.stdout.write(text);
    return;
  }
  const child = spawn(pager, { shell: true, stdio: ["pipe", "inherit", "inherit"], env: { ...process.env, LESS: process.env["LESS"] ?? "FRX" } });
  // Closing the pager early breaks the pipe, which is how a person says "enough".
  child.stdin.on("error", (error: NodeJS.ErrnoException) => {
    if (error.code !== "EPIPE") throw error;
  });
  child.stdin.end(text);
  const [code] = (await once(child, "close")) as [number | null];
  if (code === 127 || code === 9009) process.stdout.write(text);
}
