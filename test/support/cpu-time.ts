/** Milliseconds of processor time that a piece of work takes: other than by the clock, a busy machine does not count. */
export function cpuMillisecondsOf(work: () => unknown): number {
  const before = process.cpuUsage();
  work();
  const { user, system } = process.cpuUsage(before);
  return (user + system) / 1000;
}
