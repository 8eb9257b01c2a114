import { isSameJson } from '../../shared/core/json/same-json.ts';
import type { Run } from '../../shared/core/run/run.ts';
import type { Clock, DeploymentNotes, Logger } from '../../shared/ports.ts';

export interface UnansweredDeps {
  deployment: DeploymentNotes;
  clock: Clock;
  logger: Logger;
}

/** Since when the jobs of runs could not be followed. */
export interface Unanswered {
  /** A tick begins: once in an instance, what those before it noted is read. */
  begin(): Promise<void>;
  /** A job could not be followed now; gives since when, RFC 3339 UTC. */
  failed(runId: string): string;
  /** It could be followed, or there is another reason why not. */
  ended(runId: string): void;
  /** Notes what is new, of these runs: those that are due. */
  note(due: readonly Run[]): Promise<void>;
}

/**
 * Kept in memory, and in one document for the whole deployment, since an instance may not live for an hour. It is written when an outage
 * begins and when it is over, not once a run and not in between. An outage that one tick sees and the next does not is not written: only
 * an instance that has just begun cannot tell, and notes what it sees.
 */
export function createUnanswered({ deployment, clock, logger }: UnansweredDeps): Unanswered {
  let since = new Map<string, string>();
  let noted: Record<string, string> | undefined;
  let isFirst = true;
  let began = '';

  return {
    async begin() {
      began = clock.now().toISOString();
      isFirst = noted === undefined;
      if (noted) return;
      try {
        noted = await deployment.unanswered();
        since = new Map([...since, ...Object.entries(noted)]);
      } catch (thrown) {
        logger.thrown('which jobs did not answer before could not be read; the next tick does it', thrown);
      }
    },
    failed(runId) {
      const first = since.get(runId) ?? clock.now().toISOString();
      since.set(runId, first);
      return first;
    },
    ended: (runId) => void since.delete(runId),
    async note(due) {
      if (noted === undefined) return;
      const ids = new Set(due.map(({ runId }) => runId));
      since = new Map([...since].filter(([runId]) => ids.has(runId)));
      const lasting = Object.fromEntries([...since].filter(([, first]) => isFirst || first < began));
      if (isSameJson(lasting, noted)) return;
      try {
        await deployment.noteUnanswered(lasting);
        noted = lasting;
      } catch (thrown) {
        logger.thrown('which jobs do not answer was not noted; the next tick does it', thrown);
      }
    },
  };
}
