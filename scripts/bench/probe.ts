/**
 * Loaded before a program that is measured (`node --import probe.js program.js`): tells the parent how much memory and processor time it
 * takes, ten times a second and at its end.
 */
export interface Probe {
  /** Milliseconds since the process started. */
  at: number;
  /** Bytes. */
  rss: number;
  heapUsed: number;
  external: number;
  /** Milliseconds of processor time, user and system. */
  cpu: number;
}

const send = (): void => {
  if (process.send === undefined || !process.connected) return;
  const { rss, heapUsed, external } = process.memoryUsage();
  const { user, system } = process.cpuUsage();
  process.send({ at: performance.now(), rss, heapUsed, external, cpu: (user + system) / 1000 } satisfies Probe);
};

setInterval(send, 100).unref();
process.on("exit", send);
