import * as z from 'zod';
import { later } from '../errors/backoff.ts';
import { openObject } from '../json/open-object.ts';
import { type ExpectedTurn, turnToTell } from '../tuning/turn.ts';
import { JOB_KINDS, type JobKind } from './job-kinds.ts';
import { type ActiveRun, isHeldBack, isWorthTelling, WAITS_FOR_QUOTA } from './queue.ts';
import { queueTurns } from './queue-turns.ts';
import type { Run } from './run.ts';

/** `queues/{kind}`: how many jobs of a kind Vertex AI takes at once, as its refusals have shown; absent where it has refused none. */
export const LearntLimitSchema = openObject({
  kind: z.enum(JOB_KINDS).describe('The kind of job.'),
  limit: z.number().describe('Jobs that may be active at once for now.'),
  because: z
    .enum(['refused', 'waitsForQuota'])
    .describe('`refused`: Vertex AI refused another one. `waitsForQuota`: it keeps one waiting.'),
  since: z.string().describe('When that was seen, RFC 3339 UTC.'),
  tries: z.number().describe('Refusals in a row.'),
  batch: z
    .number()
    .describe('Jobs that are tried next beyond the limit; it doubles while Vertex AI takes them.'),
  nextTryAt: z.string().describe('From when on more are tried, though no job has ended. RFC 3339 UTC.'),
});
export type LearntLimit = z.infer<typeof LearntLimitSchema>;

const FIELDS = Object.keys(LearntLimitSchema.shape) as (keyof LearntLimit)[];

/** Whether two limits say the same; then there is nothing to write. */
export function isSameLimit(a: LearntLimit | undefined, b: LearntLimit | undefined): boolean {
  return FIELDS.every((field) => a?.[field] === b?.[field]);
}

export interface AdmissionInput {
  kind: JobKind;
  /** The deployment's number of active jobs of this kind; undefined: as many as Vertex AI takes. */
  configured: number | undefined;
  learnt: LearntLimit | undefined;
  /** The runs that wait, oldest first, as far as they were read. */
  line: readonly Run[];
  /** Every run of this kind whose job is being made or lives. */
  active: readonly ActiveRun[];
  /** RFC 3339 UTC. */
  now: string;
  /** Multiplies every wait; 1 in production. */
  scale: number;
}

/** A run that waits, where, and what it is told of its turn. */
export interface Moved {
  run: Run;
  place: number;
  turn: ExpectedTurn;
}

export interface Admission {
  /** Those whose turn it is. */
  admitted: Run[];
  /** Those that are to be told how far they have come, or when their turn is. */
  moved: Moved[];
  /** What is known of the limit from now on; undefined where there is none. */
  learnt: LearntLimit | undefined;
}

/** Pauses between two tries beyond a limit that Vertex AI has shown: as long as quota of other people's jobs may be taken. */
const FIRST_PAUSE_MS = 5 * 60_000;
const LAST_PAUSE_MS = 60 * 60_000;

/**
 * Whose turn it is: as many as there is room for, oldest first. Where Vertex AI itself is the limit, a job that ends makes room;
 * from time to time one more is tried, and twice as many as long as that goes well.
 */
export function decideAdmission(input: AdmissionInput): Admission {
  const { configured = Number.POSITIVE_INFINITY, line, active, now } = input;
  const learnt = learn(input);
  const allowed = configured - active.length;
  const room = Math.min(allowed, learnt ? learnt.limit - active.length : Number.POSITIVE_INFINITY);
  if (room > 0 || !learnt || !isTimeToTry(learnt, active, now)) return admitting(input, room, learnt);
  const tried = Math.max(0, Math.min(learnt.batch, allowed, line.length));
  if (tried === 0) return admitting(input, 0, learnt);
  return admitting(input, tried, {
    ...learnt,
    ...{ limit: active.length + tried, batch: learnt.batch * 2, nextTryAt: now },
  });
}

function admitting(input: AdmissionInput, room: number, learnt: LearntLimit | undefined): Admission {
  const { line, now } = input;
  const count = Math.max(0, Math.min(room, line.length));
  const turns = queueTurns({ ...input, isRefused: learnt !== undefined });
  const moved = line.flatMap((run, index): Moved[] => {
    const turn = turns[index];
    if (index < count || turn === undefined) return [];
    const { queue } = run.status;
    const place = index - count + 1;
    if (isHeldBack(queue) || isWorthTelling(queue?.place ?? 0, place)) {
      return [{ run, place, turn: { ...turn, asOf: now, changes: queue?.turn?.changes ?? 0 } }];
    }
    const anew = turnToTell(queue?.turn, turn, now);
    return anew ? [{ run, place, turn: anew }] : [];
  });
  return { admitted: line.slice(0, count), moved, learnt };
}

/** What was tried last has an answer, and none waits at Vertex AI for what the next would wait for too. */
function isTimeToTry({ nextTryAt }: LearntLimit, active: readonly ActiveRun[], now: string): boolean {
  return now >= nextTryAt && !active.some((run) => isBeingSubmitted(run) || waitsForQuota(run));
}

/** Its answer is awaited; a run that waits because of a fault keeps no other waiting. */
const isBeingSubmitted = ({ work }: ActiveRun): boolean =>
  work.nextAction === 'submit' && work.fault === undefined;
const waitsForQuota = ({ status }: ActiveRun): boolean => status.reason === WAITS_FOR_QUOTA;

/** What refusals and waits show of the limit. It is forgotten when nobody waits any more. */
function learn({ kind, learnt, line, active, now, scale }: AdmissionInput): LearntLimit | undefined {
  if (active.some(waitsForQuota)) {
    const isKnown = learnt?.because === 'waitsForQuota';
    const since = isKnown ? learnt.since : now;
    const nextTryAt = isKnown ? learnt.nextTryAt : now;
    return { kind, limit: active.length, because: 'waitsForQuota', since, tries: 0, batch: 1, nextTryAt };
  }
  const refusedTime = newestRefusal(line);
  if (refusedTime !== undefined && refusedTime > (learnt?.since ?? '')) {
    const tries = learnt?.because === 'refused' ? learnt.tries + 1 : 1;
    const pauseMs = Math.min(LAST_PAUSE_MS, FIRST_PAUSE_MS * 2 ** Math.min(tries - 1, 20));
    const nextTryAt = later(now, pauseMs * scale);
    return { kind, limit: active.length, because: 'refused', since: refusedTime, tries, batch: 1, nextTryAt };
  }
  const isOver = line.length === 0 && !active.some(isBeingSubmitted);
  return isOver ? undefined : learnt;
}

function newestRefusal(line: readonly Run[]): string | undefined {
  return line
    .flatMap(({ status }) => status.queue?.refusedTime ?? [])
    .sort()
    .at(-1);
}
