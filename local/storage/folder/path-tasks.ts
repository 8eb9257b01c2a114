/** One task a path: never two for one path at once, and a path that is named meanwhile is done again. */

interface Running {
  again: boolean;
  done: Promise<void>;
}

/** `task` does one path and must not reject. */
export function createPathTasks(task: (path: string, changeTimeCounts: boolean) => Promise<void>) {
  const running = new Map<string, Running>();

  const run = async (path: string, entry: Running, changeTimeCounts: boolean): Promise<void> => {
    do {
      entry.again = false;
      await task(path, changeTimeCounts);
    } while (entry.again);
    running.delete(path);
  };

  return {
    /** Something may have changed here. Resolves once that is done. */
    touch(path: string, changeTimeCounts = false): Promise<void> {
      const known = running.get(path);
      if (known) {
        known.again = true;
        return known.done;
      }
      const entry: Running = { again: false, done: Promise.resolve() };
      running.set(path, entry);
      entry.done = run(path, entry, changeTimeCounts);
      return entry.done;
    },

    /** Resolves once nothing is being done any more. */
    async idle(): Promise<void> {
      while (running.size > 0) await Promise.all([...running.values()].map(({ done }) => done));
    },
  };
}
