import * as z from 'zod';
import { openObject } from '../json/open-object.ts';
import type { ExpectedDuration } from './duration.ts';

/** When the turn of a run comes that waits for a place, as far as finished jobs tell. Pure. */

/** Why nobody can say when it comes. */
export const UNKNOWN_TURNS = [
  'durations',
  'notBegun',
  'overdue',
  'vertexLimit',
  'manyBefore',
  'putOff',
] as const;
export type UnknownTurn = (typeof UNKNOWN_TURNS)[number];

/** `status.queue.turn`. */
export const ExpectedTurnSchema = openObject({
  asOf: z.string().describe('When this was reckoned.'),
  from: z
    .string()
    .optional()
    .describe(
      'The earliest that the jobs like those before it point to. It may come earlier, where a job before it fails or is cancelled.',
    ),
  until: z
    .string()
    .optional()
    .describe('The latest. Waits of jobs for quota and machines of Vertex AI are not in it.'),
  unknown: z
    .enum(UNKNOWN_TURNS)
    .optional()
    .describe('Why no time is said, in place of one; `status.message` has it in words.'),
  changes: z.number().describe('How often something else was said without a change of place; twice at most.'),
});
export type ExpectedTurn = z.infer<typeof ExpectedTurnSchema>;

/** The same, before anybody was told. */
export type ReckonedTurn =
  | { from: string; until: string; unknown?: undefined }
  | { unknown: UnknownTurn; from?: undefined; until?: undefined };

/** A job that holds a place. */
export interface PlacedJob {
  /** When Vertex AI began it; undefined while it has not. */
  startTime?: string | undefined;
  expected?: ExpectedDuration | undefined;
}

export interface TurnInput {
  /** Jobs that may be active at once. */
  places: number;
  active: readonly PlacedJob[];
  /** How long the jobs of the runs that wait take, oldest first. */
  line: readonly (ExpectedDuration | undefined)[];
  /** RFC 3339 UTC. */
  now: string;
}

/**
 * When the turn of each run of a line comes, and that of one behind it. The line is gone through twice, as if every job took as little
 * as is expected, and as if each took as long: a job that ends later lets nobody in earlier, so that the truth is in between where
 * each of them is. What is unknown of one job is unknown of every turn that comes after it.
 */
export function turnsOf({ places, active, line, now }: TurnInput): ReckonedTurn[] {
  const nowMs = Date.parse(now);
  const free = Math.min(places - active.length, line.length + 1);
  let unknown = unknownOf(active, nowMs);
  const soonest = placesFreeAt(active, { end: 'low', free, nowMs });
  const latest = placesFreeAt(active, { end: 'high', free, nowMs });
  return [...line, undefined].map((expected, index): ReckonedTurn => {
    const [from = nowMs, until = nowMs] = [soonest[0], latest[0]];
    const turn: ReckonedTurn =
      index < free
        ? { from: now, until: now }
        : unknown
          ? { unknown }
          : { from: wholeMinute(from, Math.floor), until: wholeMinute(until, Math.ceil) };
    if (expected === undefined) unknown ??= 'durations';
    takePlace(soonest, expected?.seconds.low);
    takePlace(latest, expected?.seconds.high);
    return turn;
  });
}

function unknownOf(active: readonly PlacedJob[], nowMs: number): UnknownTurn | undefined {
  if (active.some(({ startTime }) => startTime === undefined)) return 'notBegun';
  if (active.some(({ expected }) => expected === undefined)) return 'durations';
  return active.some((job) => endOf(job, 'high') < nowMs) ? 'overdue' : undefined;
}

function endOf({ startTime = '', expected }: PlacedJob, end: 'low' | 'high'): number {
  return Date.parse(startTime) + (expected?.seconds[end] ?? 0) * 1000;
}

/** When each place becomes free, soonest first. Where more jobs are active than may be, the first to end make no room. */
function placesFreeAt(
  active: readonly PlacedJob[],
  { end, free, nowMs }: { end: 'low' | 'high'; free: number; nowMs: number },
): number[] {
  const ends = active.map((job) => Math.max(nowMs, endOf(job, end))).sort((a, b) => a - b);
  return [...Array<number>(Math.max(0, free)).fill(nowMs), ...ends.slice(Math.max(0, -free))];
}

/** The next run takes the place that is free first, for so many seconds. */
function takePlace(freeAt: number[], seconds = 0): void {
  const [first = 0] = freeAt;
  freeAt[0] = first + seconds * 1000;
  freeAt.sort((a, b) => a - b);
}

const MINUTE_MS = 60_000;

function wholeMinute(ms: number, round: (minutes: number) => number): string {
  return new Date(round(ms / MINUTE_MS) * MINUTE_MS).toISOString();
}

/** So often other times are said to a run that stays in its place; the last time it is told that they did not hold. */
const MOST_CHANGES = 2;

/**
 * What a run in the same place is to be told anew of its turn; undefined where that is nothing: while what it was told may still come
 * true, the document stays as it is.
 */
export function turnToTell(
  told: ExpectedTurn | undefined,
  turn: ReckonedTurn,
  now: string,
): ExpectedTurn | undefined {
  // Of an earlier version: that it is unknown is no news to it.
  if (told === undefined) return turn.unknown ? undefined : { ...turn, asOf: now, changes: 0 };
  const { changes } = told;
  const isOver = told.until !== undefined && told.until < now;
  if (changes >= MOST_CHANGES - 1) {
    return isOver ? { unknown: 'putOff', asOf: now, changes: MOST_CHANGES } : undefined;
  }
  const isNews = turn.unknown === undefined && !overlaps(told, turn);
  return isOver || isNews ? { ...turn, asOf: now, changes: changes + 1 } : undefined;
}

function overlaps(told: ExpectedTurn, turn: { from: string; until: string }): boolean {
  if (told.from === undefined || told.until === undefined) return false;
  return turn.from <= told.until && told.from <= turn.until;
}

const WORDS_OF_UNKNOWN: Readonly<Record<UnknownTurn, string>> = {
  durations: 'fewer than 3 jobs like one before it are known to have ended',
  notBegun: 'Vertex AI has not begun a job before it',
  overdue: 'a job before it takes longer than the jobs like it took',
  vertexLimit: 'it waits for a limit of Vertex AI’s own',
  manyBefore: 'too many runs stand before it',
  putOff: 'the times that were said before did not hold',
};

/** What follows on “its turn is”: when, with the times as they are to be written, or that it is unknown and why. */
export function turnText(
  { asOf, from, until, unknown }: ExpectedTurn,
  written: (time: string) => string,
): string {
  if (from === undefined || until === undefined)
    return `unknown, since ${WORDS_OF_UNKNOWN[unknown ?? 'durations']}`;
  if (until === asOf) return 'with the next look, within a minute';
  return `expected between ${written(from)} and ${written(until)}`;
}
