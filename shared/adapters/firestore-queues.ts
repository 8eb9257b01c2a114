import type { CollectionReference, Firestore, Query } from '@google-cloud/firestore';
import { LearntLimitSchema } from '../core/run/admission.ts';
import type { JobKind } from '../core/run/job-kinds.ts';
import { ActiveRunSchema, queueRange, WaitingRunSchema } from '../core/run/queue.ts';
import { isTerminalName } from '../core/run/states.ts';
import type { JobQueues, Logger } from '../ports.ts';
import { createDocumentReader } from './documents.ts';
import { stored } from './firestore.ts';

const KEY = 'work.queue';
/** All that is read of an active run: there may be hundreds. */
const OF_ACTIVE = [
  'runId',
  'status.state',
  'status.reason',
  'status.job.name',
  'status.job.startTime',
  'status.job.nextAttemptAt',
  'status.expectedDuration',
  'work.nextAction',
  'work.fault',
  'spec.plan.backend',
  'spec.plan.baseModel',
];

/** All that is read of a run that waits, to reckon the turn of those behind it. */
const OF_WAITING = [
  'runId',
  'status.state',
  'status.expectedDuration',
  'status.queue.held',
  'status.queue.heldForDay',
];

/** The queues in Firestore: runs that have a key, in its order, and one small document for each kind of job. */
export function createFirestoreJobQueues(firestore: Firestore, { logger }: { logger: Logger }): JobQueues {
  const runs = firestore.collection('runs');
  const limits = firestore.collection('queues');
  const reader = createDocumentReader(logger);
  return {
    isAnyWaiting: async () => !(await runs.where(KEY, '>', '').select(KEY).limit(1).get()).empty,

    async first(kind, most, after) {
      const queue = queueOf(runs, kind);
      const rest = after === undefined ? queue : queue.startAfter(after);
      const { docs } = await rest.limit(most).get();
      return reader.runs(docs.map(stored));
    },

    async placeOf(kind, key) {
      const before = await queueOf(runs, kind).where(KEY, '<', key).count().get();
      return before.data().count + 1;
    },

    async before(kind, key, most) {
      const queue = queueOf(runs, kind).where(KEY, '<', key);
      const { docs } = await queue
        .limit(most)
        .select(...OF_WAITING)
        .get();
      return reader.fitting(WaitingRunSchema, docs.map(stored));
    },

    async active() {
      const { docs } = await runs
        .where('work.nextAction', 'in', ['submit', 'observe'])
        .select(...OF_ACTIVE)
        .get();
      const active = reader.fitting(ActiveRunSchema, docs.map(stored));
      // After a cancel somebody looks once more whether a job was made.
      return active.filter(({ status }) => !isTerminalName(status.state));
    },

    async learnt() {
      return reader.fitting(LearntLimitSchema, (await limits.get()).docs.map(stored));
    },
    async learntOf(kind) {
      const found = await limits.doc(kind).get();
      return found.exists ? reader.fitting(LearntLimitSchema, [stored(found)])[0] : undefined;
    },
    async saveLearnt(kind, limit) {
      if (limit) await limits.doc(kind).set(limit);
      else await limits.doc(kind).delete();
    },
  };
}

function queueOf(runs: CollectionReference, kind: JobKind): Query {
  const { from, before } = queueRange(kind);
  return runs.where(KEY, '>=', from).where(KEY, '<', before).orderBy(KEY);
}
