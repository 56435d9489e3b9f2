import { createLogUpdate } from "log-update";
import { count, type Terminal } from "./terminal.ts";

/** What is shown while a long command works. */
export interface Progress {
  /** `done` of `total` (null while unknown); `details` gives further lines when they are shown. */
  update(done: number, total: number | null, details?: () => readonly string[]): void;
  /** Takes the live lines away. */
  stop(): void;
}

const REDRAW_MS = 100;
const LINE_MS = 10_000;

/** One live display on a terminal; otherwise a line every ten seconds; nothing with --quiet. All on stderr. */
export function createProgress(terminal: Terminal, label: string): Progress {
  if (terminal.quiet) return { update: () => undefined, stop: () => undefined };
  const live = process.stderr.isTTY === true ? createLogUpdate(process.stderr) : null;
  const started = Date.now();
  let last = live ? 0 : started;
  return {
    update(done, total, details = () => []) {
      const now = Date.now();
      if (now - last < (live ? REDRAW_MS : LINE_MS)) return;
      last = now;
      const lines = [progressLine(label, done, total, (now - started) / 1000), ...details().filter((line) => line !== "")];
      const width = (process.stderr.columns ?? 80) - 1;
      if (live) live(lines.map((line, index) => `${index === 0 ? "" : "  "}${line}`.slice(0, width)).join("\n"));
      else terminal.say(lines.join("  |  "));
    },
    stop() {
      live?.clear();
    },
  };
}

/** `gsm8k  3,200/7,473  43 %  812/s  5 s left`. */
function progressLine(label: string, done: number, total: number | null, seconds: number): string {
  const rate = seconds > 0 ? done / seconds : 0;
  const parts = [label, total === null ? count(done) : `${count(done)}/${count(total)}`];
  if (total !== null && total > 0) parts.push(`${Math.floor((100 * done) / total)} %`);
  if (rate > 0) parts.push(rate >= 10 ? `${count(Math.round(rate))}/s` : `${rate.toFixed(1)}/s`);
  if (total !== null && rate > 0 && done < total) parts.push(`${duration((total - done) / rate)} left`);
  return parts.join("  ");
}

/** `42 s`, `3 min 10 s`, `2 h 5 min`. */
function duration(seconds: number): string {
  const whole = Math.max(1, Math.round(seconds));
  if (whole < 60) return `${whole} s`;
  if (whole < 3600) return `${Math.floor(whole / 60)} min ${whole % 60} s`;
  return `${Math.floor(whole / 3600)} h ${Math.floor((whole % 3600) / 60)} min`;
}
