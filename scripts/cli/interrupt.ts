import { EXIT } from "./exit.ts";

/**
 * Ctrl-C (and SIGTERM) once: `signal` aborts, and what is under way is finished and stored. Twice: the program ends at once.
 */
export function onInterrupt(say: () => void): { signal: AbortSignal; dispose(): void } {
  const controller = new AbortController();
  const handler = (): void => {
    if (controller.signal.aborted) process.exit(EXIT.interrupted);
    controller.abort();
    say();
  };
  process.on("SIGINT", handler);
  process.on("SIGTERM", handler);
  return {
    signal: controller.signal,
    dispose: () => {
      process.off("SIGINT", handler);
      process.off("SIGTERM", handler);
    },
  };
}
