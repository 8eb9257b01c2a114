import type { LearntLimit } from '../../shared/core/run/admission.ts';
import type { JobKind } from '../../shared/core/run/job-kinds.ts';
import { isHeldBack, isOfKind, type QueuePlace, queueKeyOf } from '../../shared/core/run/queue.ts';
import { queueTurns } from '../../shared/core/run/queue-turns.ts';
import type { Run } from '../../shared/core/run/run.ts';
import type { ReckonedTurn } from '../../shared/core/tuning/turn.ts';
import type { ValidateDeps } from './deps.ts';

/** Behind more runs than these no turn is reckoned. */
const MOST_BEFORE = 100;

interface Queue {
  kind: JobKind;
  learnt: LearntLimit | undefined;
  now: string;
}

/** Where a run comes to wait, and when its turn is expected. */
export async function placeInQueue(
  { queues, config }: Pick<ValidateDeps, 'queues' | 'config'>,
  run: Run,
  { kind, learnt, now }: Queue,
): Promise<QueuePlace> {
  const key = queueKeyOf(kind, run);
  const [place, before, active] = await Promise.all([
    queues.placeOf(kind, key),
    queues.before(kind, key, MOST_BEFORE),
    queues.active(),
  ]);
  const turns = queueTurns({
    ...{ configured: config.maxActiveJobs[kind], isRefused: learnt !== undefined, now },
    active: active.filter((one) => isOfKind(one, kind)),
    line: before.filter(({ status }) => !isHeldBack(status.queue)),
  });
  const turn: ReckonedTurn = (place <= MOST_BEFORE + 1 ? turns.at(-1) : undefined) ?? {
    unknown: 'manyBefore',
  };
  return { kind, place, turn: { ...turn, asOf: now, changes: 0 } };
}
