import { describe, expect, test } from 'vitest';
import {
  type ExpectedTurn,
  type PlacedJob,
  type ReckonedTurn,
  turnsOf,
  turnText,
  turnToTell,
} from '../../shared/core/tuning/turn.ts';
import { at, NOW } from '../support/runs.ts';

const minutes = (low: number, high = low) => ({ seconds: { low: low * 60, high: high * 60 }, runs: 3 });
/** Began so many minutes ago. */
const job = (ago: number, low: number, high = low): PlacedJob => ({
  startTime: at(-60 * ago),
  expected: minutes(low, high),
});
const inMinutes = (from: number, until = from): ReckonedTurn => ({
  from: at(60 * from),
  until: at(60 * until),
});

interface Case {
  name: string;
  places?: number;
  active?: PlacedJob[];
  line?: (ReturnType<typeof minutes> | undefined)[];
  turns: ReckonedTurn[];
}

describe('when its turn comes', () => {
  test.each<Case>([
    { name: 'at once, where there is room', places: 2, active: [job(5, 10)], turns: [inMinutes(0)] },
    { name: 'at once, where nothing limits it', places: Number.POSITIVE_INFINITY, turns: [inMinutes(0)] },
    {
      name: 'when the job that holds the place ends, counted from its start',
      ...{ active: [job(5, 10, 20)], turns: [inMinutes(5, 15)] },
    },
    {
      name: 'after those before it',
      ...{ active: [job(5, 10, 20)], line: [minutes(30, 40), minutes(1, 2)] },
      turns: [inMinutes(5, 15), inMinutes(35, 55), inMinutes(36, 57)],
    },
    {
      name: 'in the place that is free first',
      ...{ places: 2, active: [job(0, 10), job(0, 60)], line: [minutes(20), minutes(20)] },
      turns: [inMinutes(10), inMinutes(30), inMinutes(50)],
    },
    {
      name: 'not when the first job ends, where more are active than may be',
      ...{ active: [job(0, 10), job(0, 60)], turns: [inMinutes(60)] },
    },
    {
      name: 'now at the earliest, where a job has had its least time',
      ...{ active: [job(15, 10, 20)], turns: [inMinutes(0, 5)] },
    },
    {
      name: 'to the whole minute, outwards',
      active: [{ startTime: NOW, expected: { seconds: { low: 61, high: 119 }, runs: 3 } }],
      turns: [inMinutes(1, 2)],
    },
    {
      name: 'nobody knows, where an active job has not begun',
      ...{ active: [{ expected: minutes(10) }], turns: [{ unknown: 'notBegun' }] },
    },
    {
      name: 'nobody knows, where an active job has no likes',
      ...{ active: [{ startTime: NOW }], turns: [{ unknown: 'durations' }] },
    },
    {
      name: 'nobody knows, where a job takes longer than any like it',
      ...{ active: [job(21, 10, 20)], turns: [{ unknown: 'overdue' }] },
    },
    {
      name: 'nobody knows behind a run that has no likes, and everybody before it does',
      ...{ active: [job(0, 10)], line: [minutes(10), undefined, minutes(10)] },
      turns: [inMinutes(10), inMinutes(20), { unknown: 'durations' }, { unknown: 'durations' }],
    },
    {
      name: 'is known of whoever has room, whatever is unknown of the others',
      ...{ places: 3, active: [{ expected: minutes(10) }], line: [undefined, undefined] },
      turns: [inMinutes(0), inMinutes(0), { unknown: 'notBegun' }],
    },
  ])('$name', ({ places = 1, active = [], line = [], turns }) => {
    expect(turnsOf({ places, active, line, now: NOW })).toEqual(turns);
  });

  test('is between the two times, however long each job takes within what is expected of it', () => {
    let seed = 7;
    const chance = () => {
      seed = (seed * 48_271) % 2_147_483_647;
      return seed / 2_147_483_647;
    };
    const some = () => {
      const low = Math.ceil(chance() * 50);
      return minutes(low, low + Math.ceil(chance() * 50));
    };
    for (let round = 0; round < 200; round++) {
      const places = 1 + Math.floor(chance() * 4);
      const line = Array.from({ length: 12 }, some);
      const active = Array.from({ length: places }, () => ({ startTime: NOW, expected: some() }));
      const turns = turnsOf({ places, active, line, now: NOW });
      const took = ({ seconds }: ReturnType<typeof minutes>) =>
        seconds.low + chance() * (seconds.high - seconds.low);
      const freeAt = active.map(({ expected }) => took(expected));
      for (const [index, run] of line.entries()) {
        freeAt.sort((a, b) => a - b);
        const [begins = 0] = freeAt;
        const { from = '', until = '' } = turns[index] ?? {};
        expect([from <= at(begins), at(begins) <= until]).toEqual([true, true]);
        freeAt[0] = begins + took(run);
      }
    }
  });
});

const UNKNOWN: ReckonedTurn = { unknown: 'notBegun' };
const told = (turn: ReckonedTurn, changes = 0): ExpectedTurn => ({ ...turn, asOf: at(-60), changes });

describe('what a run in the same place is told anew', () => {
  test.each<[string, ExpectedTurn | undefined, ReckonedTurn, ReckonedTurn | undefined, number?]>([
    ['nothing, while the times may come true', told(inMinutes(1, 9)), inMinutes(5, 30), undefined],
    ['nothing, while they may come true and nobody knows better', told(inMinutes(1, 9)), UNKNOWN, undefined],
    ['times, once they are known', told(UNKNOWN), inMinutes(5, 9), inMinutes(5, 9), 1],
    ['times that are all later', told(inMinutes(1, 4)), inMinutes(5, 9), inMinutes(5, 9), 1],
    ['times that are all earlier', told(inMinutes(20, 30)), inMinutes(5, 9), inMinutes(5, 9), 1],
    ['that they did not come true, and nobody knows', told(inMinutes(-9, -1)), UNKNOWN, UNKNOWN, 1],
    ['nothing else that is unknown', told(UNKNOWN), { unknown: 'durations' }, undefined],
    [
      'that times do not hold, the second time',
      told(inMinutes(-9, -1), 1),
      inMinutes(5, 9),
      { unknown: 'putOff' },
      2,
    ],
    ['nothing a second time before that', told(inMinutes(1, 4), 1), inMinutes(5, 9), undefined],
    ['nothing any more after that', told({ unknown: 'putOff' }, 2), inMinutes(5, 9), undefined],
    ['times, of a document that knows of no turn', undefined, inMinutes(5, 9), inMinutes(5, 9), 0],
    ['nothing unknown, of such a document', undefined, UNKNOWN, undefined],
  ])('is %s', (_name, before, turn, expected, changes) => {
    const anew = turnToTell(before, turn, NOW);
    expect(anew).toEqual(expected && { ...expected, asOf: NOW, changes });
  });
});

test.each<[ReckonedTurn, string]>([
  [inMinutes(0), 'with the next look, within a minute'],
  [inMinutes(5, 9), `expected between ${at(300)} and ${at(540)}`],
  [{ unknown: 'overdue' }, 'unknown, since a job before it takes longer than the jobs like it took'],
])('%j in words', (turn, text) => {
  expect(turnText({ ...turn, asOf: NOW, changes: 0 }, (time) => time)).toBe(text);
});
