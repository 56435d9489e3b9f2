/**
 * Milliseconds of processor time that this process has spent since the call, each time the function that it gives is called. What a machine busy with
 * other things makes one wait for does not count, so that a limit on it can be a close one.
 */
export function processorTime(): () => number {
  const began = process.cpuUsage();
  return () => {
    const { user, system } = process.cpuUsage(began);
    return (user + system) / 1000;
  };
}
