import { later } from '../errors/backoff.ts';
import type { TuneError } from '../errors/errors.ts';
import { remedyWhileWaiting } from '../tuning/causes.ts';
import type { ExpectedDuration } from '../tuning/duration.ts';
import type { RunCost } from '../tuning/run-cost.ts';
import { type ExpectedTurn, turnText } from '../tuning/turn.ts';
import { checksPassed, type Findings } from './events.ts';
import { type JobKind, WORDS_OF_KIND } from './job-kinds.ts';
import { isHeldBack, type QueuePlace } from './queue.ts';
import { remedyFactsOf } from './remedy-facts.ts';
import type { Run, RunSpending } from './run.ts';
import type { RunEvent } from './transitions.ts';

/** The events of a run that waits for its turn, in words. Pure; times are RFC 3339 UTC. */

/** How long a run may wait for its turn, for quota, or for a function that is away, from its upload on. */
export interface WaitLimit {
  maximumWaitMs: number;
}

/** When a run stops waiting for its job. */
export function waitEndsAt({ status }: Run, { maximumWaitMs }: WaitLimit): string {
  return later(status.createTime, maximumWaitMs);
}

const IN_QUEUE = 'InQueue';
const LOOKS = 'The oldest upload goes first; the run is looked at every minute.';
const NOTHING_TO_DO =
  'Nothing to do: the run goes on by itself. Its deployment sets how many jobs may be active, or the quota of the project does; "cancel": true takes it out of the queue.';

/** What is said of its turn, after its place. */
const turnIn = ({ turn }: QueuePlace) => (turn ? ` Its turn is ${turnText(turn, (time) => time)}.` : '');
const numberIn = ({ place, kind }: QueuePlace) => `number ${place} of the ${WORDS_OF_KIND[kind]} that wait`;

/** Checked and planned; the job is made when it is the run's turn. */
export function validatedInQueue(
  run: Run,
  found: Findings,
  { queue, ...limit }: WaitLimit & { queue: QueuePlace },
): RunEvent {
  const passed = checksPassed(
    found,
    `its job is made when it is its turn: it is ${numberIn(queue)}.${turnIn(queue)} ${LOOKS}`,
  );
  return {
    ...passed,
    reason: IN_QUEUE,
    remedy: NOTHING_TO_DO,
    status: { ...passed.status, queue },
    next: { action: 'admit', at: waitEndsAt(run, limit) },
  };
}

/** The run has come further in its queue, or its folder holds it no longer. */
export function movedInQueue(
  run: Run,
  { place, turn, ...limit }: WaitLimit & { place: number; turn: ExpectedTurn },
): RunEvent | undefined {
  if (!run.status.queue) return undefined;
  const { held: _money, heldForDay: _day, ...left } = run.status.queue;
  const wasHeld = isHeldBack(run.status.queue);
  const queue = { ...left, place, turn };
  return {
    type: 'Queued',
    reason: wasHeld ? IN_QUEUE : run.status.reason,
    message: `The run waits for its turn: it is ${numberIn(queue)}.${turnIn(queue)} ${LOOKS}`,
    remedy: wasHeld ? NOTHING_TO_DO : run.status.remedy,
    status: { queue, expectedDuration: run.status.expectedDuration },
    next: { action: 'admit', at: waitEndsAt(run, limit) },
  };
}

const WAITED_FOR: Readonly<Record<string, string>> = { CapacityShort: 'free machines' };

/** Vertex AI refused the job because a quota is used up, or no machine is free: the run goes to its place in the queue. */
export function refusedForQuota(
  run: Run,
  error: TuneError,
  { kind, place, now, ...limit }: WaitLimit & { kind: JobKind; place: number; now: string },
): RunEvent {
  const turn: ExpectedTurn = { unknown: 'vertexLimit', asOf: now, changes: 0 };
  const queue = { kind, place, refusedTime: now, turn };
  return {
    type: 'Queued',
    reason: error.reason,
    message: `${error.message} The run waits for ${WAITED_FOR[error.reason] ?? 'quota'}: it is ${numberIn(queue)}. It goes on as soon as another job ends, and is tried anew from time to time. ${LOOKS}`,
    remedy:
      remedyWhileWaiting(error.reason, remedyFactsOf(run, error.message)) ?? error.remedy ?? NOTHING_TO_DO,
    status: { queue },
    next: { action: 'admit', at: waitEndsAt(run, limit) },
  };
}

/** It is the run's turn; the submit function is asked, and asked again if it does not answer until `askAgainAt`. */
export function admitted(
  askAgainAt: string,
  {
    spending,
    expectedDuration,
    cost,
  }: {
    spending?: RunSpending;
    expectedDuration?: ExpectedDuration | undefined;
    cost?: RunCost | undefined;
  } = {},
): RunEvent {
  return {
    type: 'Admitted',
    reason: 'Admitted',
    message: 'It is the run’s turn: the job is about to be created.',
    spending,
    status: { expectedDuration, cost },
    next: { action: 'submit', at: askAgainAt },
  };
}

/** The run waited for its job as long as this deployment lets it. */
export function waitedTooLong(run: Run, { maximumWaitMs }: WaitLimit): RunEvent {
  const days = Math.round((maximumWaitMs / 86_400_000) * 10) / 10;
  return {
    type: 'WaitedTooLong',
    reason: 'WaitedTooLong',
    message: `No job could be made in ${days} days, as long as this deployment lets a run wait. The last word was: ${run.status.message}`,
    remedy:
      'Ask Google for more quota, or the administrator of the deployment for more active jobs (docs/operations.md), then upload the manifest again.',
    next: null,
  };
}
