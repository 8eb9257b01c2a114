export interface Slots {
  /** Resolves with what gives the slot back, first come, first served; rejects when the signal aborts before. */
  acquire(signal: AbortSignal): Promise<() => void>;
  /** How many wait. */
  waiting(): number;
}

/** So many may work at once; the others wait in line. */
export function createSlots(count: number): Slots {
  let free = count;
  const queue: (() => void)[] = [];

  const next = () => {
    if (free === 0) return;
    const start = queue.shift();
    if (!start) return;
    free -= 1;
    start();
  };

  return {
    waiting: () => queue.length,
    acquire: (signal) =>
      new Promise((resolve, reject) => {
        const leave = () => {
          queue.splice(queue.indexOf(start), 1);
          reject(signal.reason);
        };
        const start = () => {
          signal.removeEventListener('abort', leave);
          resolve(() => {
            free += 1;
            next();
          });
        };
        if (signal.aborted) return reject(signal.reason);
        signal.addEventListener('abort', leave, { once: true });
        queue.push(start);
        next();
      }),
  };
}
