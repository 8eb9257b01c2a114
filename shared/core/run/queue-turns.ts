import { type ReckonedTurn, turnsOf } from '../tuning/turn.ts';
import type { ActiveRun, WaitingRun } from './queue.ts';

export interface QueueTurns {
  /** The deployment's number of active jobs of this kind; undefined: as many as Vertex AI takes. */
  configured: number | undefined;
  /** Whether Vertex AI has refused a job lately: when it takes the next, nobody knows. */
  isRefused: boolean;
  /** Every run of this kind whose job is being made or lives. */
  active: readonly ActiveRun[];
  /** The runs that wait, oldest first. */
  line: readonly WaitingRun[];
  /** RFC 3339 UTC. */
  now: string;
}

/** When the turn of each run of a queue comes, and that of one behind it. */
export function queueTurns({ configured, isRefused, active, line, now }: QueueTurns): ReckonedTurn[] {
  if (isRefused) return [...line, undefined].map(() => ({ unknown: 'vertexLimit' }));
  return turnsOf({
    places: configured ?? Number.POSITIVE_INFINITY,
    active: active.map(({ status: { job, expectedDuration } }) => ({
      // A job that failed and is to be followed by another has not begun.
      startTime: job?.nextAttemptAt === undefined ? job?.startTime : undefined,
      expected: expectedDuration,
    })),
    line: line.map(({ status }) => status.expectedDuration),
    now,
  });
}
