import { createDocumentReader } from '../../shared/adapters/documents.ts';
import type { LearntLimit } from '../../shared/core/run/admission.ts';
import { ActiveRunSchema, queueRange, WaitingRunSchema } from '../../shared/core/run/queue.ts';
import type { Run } from '../../shared/core/run/run.ts';
import { isTerminalName } from '../../shared/core/run/states.ts';
import type { JobQueues, Logger } from '../../shared/ports.ts';

export interface MemoryJobQueues extends JobQueues {
  /** `queues/{kind}` */
  readonly limits: Map<string, LearntLimit>;
  /** Limits written or deleted so far. */
  writes: number;
}

/** The queues over the documents of a memory run store. Proved equal to Firestore's by the contract suite. */
export function createMemoryJobQueues(
  documents: ReadonlyMap<string, Run>,
  logger: Logger,
  reader = createDocumentReader(logger),
): MemoryJobQueues {
  const limits = new Map<string, LearntLimit>();
  const stored = () => [...documents].map(([runId, data]) => ({ path: `runs/${runId}`, data }));
  const keyOf = (run: Run) => run.work?.queue ?? '';
  const queueOf = (kind: Parameters<JobQueues['first']>[0]) => {
    const { from, before } = queueRange(kind);
    return reader
      .runs(stored())
      .filter((run) => keyOf(run) >= from && keyOf(run) < before)
      .sort((a, b) => (keyOf(a) < keyOf(b) ? -1 : 1));
  };
  const queues: MemoryJobQueues = {
    ...{ limits, writes: 0 },
    isAnyWaiting: async () => [...documents.values()].some((run) => keyOf(run) > ''),
    first: async (kind, most, after = '') =>
      queueOf(kind)
        .filter((run) => keyOf(run) > after)
        .slice(0, most),
    placeOf: async (kind, key) => queueOf(kind).filter((run) => keyOf(run) < key).length + 1,
    before: async (kind, key, most) =>
      queueOf(kind)
        .filter((run) => keyOf(run) < key)
        .slice(0, most)
        .map((run) => WaitingRunSchema.parse(run)),
    active: async () =>
      reader
        .fitting(ActiveRunSchema, stored())
        .filter(
          ({ work, status }) =>
            ['submit', 'observe'].includes(work.nextAction) && !isTerminalName(status.state),
        ),
    learnt: async () => [...limits.values()],
    learntOf: async (kind) => limits.get(kind),
    async saveLearnt(kind, limit) {
      queues.writes += 1;
      if (limit) limits.set(kind, structuredClone(limit));
      else limits.delete(kind);
    },
  };
  return queues;
}
