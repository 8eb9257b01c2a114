import { type Database, untoldChanges } from '../core/run/changes.ts';
import { isTold, type Run, toldOf } from '../core/run/run.ts';
import type { ChangePublisher, Logger, RunStore } from '../ports.ts';

export interface TellDeps {
  runs: RunStore;
  changes: ChangePublisher;
  database: Database;
  logger: Logger;
}

/** Tells what is untold of a run. What cannot be told keeps no run from going on; whoever takes the run next tries again. */
export interface Teller {
  /** Gives the run as it is then: who writes it next notes how much was told. */
  tell(run: Run): Promise<Run>;
  /** The same where nobody may write for long: it is noted at once. */
  tellAndNote(run: Run): Promise<Run>;
}

export function createTeller({ runs, changes, database, logger }: TellDeps): Teller {
  const tell = async (run: Run): Promise<Run> => {
    let told = toldOf(run);
    try {
      for (const change of untoldChanges(run, database)) {
        await changes.publish(change);
        told += 1;
      }
    } catch (thrown) {
      logger.thrown('a change of state was not told; it is tried again', thrown, { runId: run.runId });
    }
    return told === toldOf(run) ? run : { ...run, work: { ...run.work, told } };
  };

  return {
    tell,
    async tellAndNote(run) {
      if (isTold(run)) return run;
      const after = await tell(run);
      if (after === run) return run;
      // What was not noted is told once more, under the same id.
      await runs
        .noteTold(run.runId, toldOf(after))
        .catch((thrown) => logger.thrown('what was told was not noted', thrown, { runId: run.runId }));
      return after;
    },
  };
}
