import { type Database, unpublishedChanges } from '../core/run/changes.ts';
import { isPublished, type Run } from '../core/run/run.ts';
import type { ChangePublisher, Logger, RunStore } from '../ports.ts';

export interface OutboxDeps {
  runs: RunStore;
  changes: ChangePublisher;
  database: Database;
  logger: Logger;
}

/**
 * Publishes the changes of a run that were not published yet. What cannot be published keeps no run from going on; whoever
 * takes the run next tries again.
 */
export interface Outbox {
  /** Gives the run as it is then: who writes it next notes how many changes were published. */
  publish(run: Run): Promise<Run>;
  /** The same where nobody may write for long: it is noted at once. */
  publishAndNote(run: Run): Promise<Run>;
}

export function createOutbox({ runs, changes, database, logger }: OutboxDeps): Outbox {
  const publish = async (run: Run): Promise<Run> => {
    let published = run.work.published;
    try {
      for (const change of unpublishedChanges(run, database)) {
        await changes.publish(change);
        published += 1;
      }
    } catch (thrown) {
      logger.thrown('a change of state was not published; it is tried again', thrown, { runId: run.runId });
    }
    return published === run.work.published ? run : { ...run, work: { ...run.work, published } };
  };

  return {
    publish,
    async publishAndNote(run) {
      if (isPublished(run)) return run;
      const after = await publish(run);
      if (after === run) return run;
      // What was not noted is published once more, under the same id.
      await runs
        .notePublished(run.runId, after.work.published)
        .catch((thrown) => logger.thrown('what was published was not noted', thrown, { runId: run.runId }));
      return after;
    },
  };
}
