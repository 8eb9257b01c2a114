import { describe, expect, test } from 'vitest';
import { decideAdmission, type LearntLimit } from '../../shared/core/run/admission.ts';
import type { ActiveRun } from '../../shared/core/run/queue.ts';
import type { Run } from '../../shared/core/run/run.ts';
import { aRun, at, NOW } from '../support/runs.ts';

/** A run that waits; `refused`: when Vertex AI refused its job. */
const waiting = (place: number, { told = place, refused }: { told?: number; refused?: string } = {}): Run =>
  aRun({
    folder: `run-${place}`,
    status: { queue: { kind: 'gemini', place: told, refusedTime: refused } },
  });
const line = (count: number) => Array.from({ length: count }, (_, index) => waiting(index + 1));

const active = (over: Partial<ActiveRun['work'] & ActiveRun['status']> = {}): ActiveRun => ({
  runId: 'r',
  status: { state: 'RUNNING', reason: over.reason ?? 'JobRunning' },
  work: { nextAction: over.nextAction ?? 'observe', fault: over.fault },
  spec: {},
});
const many = (count: number) => Array.from({ length: count }, () => active());

const refused = (over: Partial<LearntLimit> = {}): LearntLimit => ({
  ...{ kind: 'gemini', limit: 2, because: 'refused', since: NOW, tries: 1, batch: 1, nextTryAt: at(300) },
  ...over,
});

interface Case {
  name: string;
  configured?: number;
  learnt?: LearntLimit;
  waits: Run[];
  works: ActiveRun[];
  seconds?: number;
  lets: number;
  after?: Partial<LearntLimit> | undefined;
}

describe('whose turn it is', () => {
  test.each<Case>([
    { name: 'as many as there is room for', configured: 5, waits: line(9), works: many(3), lets: 2 },
    {
      name: 'nobody, where more are active than may be',
      configured: 2,
      waits: line(9),
      works: many(3),
      lets: 0,
    },
    { name: 'everybody, where nothing limits them', waits: line(9), works: many(3), lets: 9 },
    {
      ...{
        name: 'nobody right after a refusal, which shows the limit',
        waits: [waiting(1, { refused: NOW })],
      },
      ...{ works: many(2), lets: 0, after: { limit: 2, because: 'refused', nextTryAt: at(300) } },
    },
    {
      ...{
        name: 'the oldest, once a job has ended',
        learnt: refused(),
        waits: line(3),
        works: many(1),
        lets: 1,
      },
      after: refused(),
    },
    {
      ...{
        name: 'one more than the limit, after a pause',
        learnt: refused(),
        waits: line(3),
        works: many(2),
      },
      ...{ seconds: 300, lets: 1, after: { limit: 3, batch: 2, nextTryAt: at(300) } },
    },
    {
      ...{
        name: 'twice as many as the last time that went well',
        waits: line(9),
        works: many(3),
        seconds: 360,
      },
      ...{
        learnt: refused({ limit: 3, batch: 2, nextTryAt: at(300) }),
        lets: 2,
        after: { limit: 5, batch: 4 },
      },
    },
    {
      ...{
        name: 'nobody while the last try has no answer',
        learnt: refused({ nextTryAt: NOW }),
        waits: line(3),
      },
      ...{ works: [active(), active({ nextAction: 'submit' })], lets: 0 },
    },
    {
      ...{ name: 'one more, where the last try waits because of a fault', waits: line(3), lets: 1 },
      learnt: refused({ nextTryAt: NOW }),
      works: [active(), active({ nextAction: 'submit', fault: { version: 'v1' } })],
    },
    {
      ...{ name: 'nobody while a job waits at Vertex AI', waits: line(3), lets: 0 },
      ...{ works: [active(), active({ reason: 'JobWaitsForQuota' })] },
      after: { limit: 2, because: 'waitsForQuota', since: NOW },
    },
    {
      ...{
        name: 'no more than the deployment allows, whatever Vertex AI takes',
        waits: line(9),
        works: many(2),
      },
      ...{ configured: 3, learnt: refused({ nextTryAt: NOW, batch: 8 }), lets: 1 },
    },
    {
      ...{
        name: 'and the second refusal in a row doubles the pause',
        waits: [waiting(1, { refused: at(300) })],
      },
      ...{ learnt: refused(), works: many(1), seconds: 360, lets: 0 },
      after: { limit: 1, tries: 2, nextTryAt: at(360 + 600) },
    },
    {
      name: 'and what was learnt is forgotten when nobody waits',
      learnt: refused(),
      waits: [],
      works: [],
      lets: 0,
    },
    {
      ...{ name: 'but not while the last that waited is being submitted', learnt: refused(), waits: [] },
      ...{ works: [active({ nextAction: 'submit' })], lets: 0, after: refused() },
    },
  ])('$name', ({ waits, works, lets, after, seconds = 0, ...over }) => {
    const decided = decideAdmission({
      ...{ kind: 'gemini', configured: undefined, learnt: undefined, now: at(seconds), scale: 1, ...over },
      ...{ line: waits, active: works },
    });
    expect(decided.admitted).toEqual(waits.slice(0, lets));
    if (after) expect(decided.learnt).toMatchObject(after);
    else if (over.learnt && waits.length === 0) expect(decided.learnt).toBeUndefined();
  });

  test('a run is told its place anew when a quarter of what it was told is left, when it is next, and when it was told too little', () => {
    const told = [3, 8, 13, 13, 2, 6];
    const waits = told.map((place, index) => waiting(index + 1, { told: place }));
    const { moved } = decideAdmission({
      ...{
        kind: 'gemini',
        configured: 1,
        learnt: undefined,
        now: NOW,
        scale: 1,
        line: waits,
        active: many(1),
      },
    });
    expect(moved.map(({ place }) => place)).toEqual([1, 2, 3, 5]);
  });
});
