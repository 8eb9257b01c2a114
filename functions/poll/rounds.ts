import type { Run } from '../../shared/core/run/run.ts';

/**
 * Runs of one lane that are worked on at once: enough to hide the way to the services, few enough for the memory and the connections of
 * one instance.
 */
const AT_ONCE = 20;

export interface Round {
  isOver: () => boolean;
  work: (run: Run) => Promise<void>;
}

/**
 * Works through runs in their order, each lane by itself and some of it at once: a run that waits for an answer keeps a place
 * of its lane, and no other lane from going on. What a round did not reach is first in the next one, in the same order, so that
 * nobody is always last: runs that are followed stay due and would keep their places. The order is kept in memory, since a write
 * a look would cost more than what an instance that goes away forgets: another one begins with the oldest.
 */
export function createRounds() {
  let notReached = new Set<string>();
  return async (due: readonly Run[], { isOver, work }: Round): Promise<void> => {
    const places = new Map([...notReached].map((runId, index) => [runId, index]));
    const placeOf = ({ runId }: Run) => places.get(runId) ?? places.size;
    const order = due.toSorted((a, b) => placeOf(a) - placeOf(b));
    const waiting = new Set(order.map(({ runId }) => runId));
    notReached = waiting;

    const workThrough = async (runs: Iterable<Run>): Promise<void> => {
      for (const run of runs) {
        if (isOver()) return;
        waiting.delete(run.runId);
        await work(run);
      }
    };
    const lanes = [...Map.groupBy(order, laneOf).values()].map((runs) => runs.values());
    await Promise.all(lanes.flatMap((runs) => Array.from({ length: AT_ONCE }, () => workThrough(runs))));
  };
}

/** What is done for runs of one lane stalls together: the jobs of a region, or a topic. */
function laneOf({ status, work }: Run): string {
  return `${work.nextAction} ${status.job?.region}`;
}
