import { expect, test } from 'vitest';
import { shouldHaveRun } from '../../shared/core/run/inbox-audit.ts';
import { at } from '../support/runs.ts';

const HOUR = 3600;
const DAY = 24 * HOUR;
const TIMES = { now: at(0), since: at(-30 * DAY), scale: 1 };

const upload = (timeCreated: string, name = 'reviews/tune.json') => ({
  ...{ bucket: 'inbox', name, generation: '1', timeCreated },
});

test.each<[what: string, should: boolean, timeCreated: string, over: { since?: string; scale?: number }]>([
  ['of an hour ago', true, at(-HOUR), {}],
  ['whose event may be on its way', false, at(-599), {}],
  ['whose event has had ten minutes', true, at(-600), {}],
  ['whose event has had the ten seconds of a fast clock', true, at(-10), { scale: 1 / 60 }],
  ['of almost seven days ago', true, at(-7 * DAY + 1), {}],
  ['of more than seven days ago', false, at(-7 * DAY - 1), {}],
  ['of before the deployment', false, at(-2 * HOUR), { since: at(-HOUR) }],
  ['of the moment of the deployment', true, at(-HOUR), { since: at(-HOUR) }],
])('a manifest %s has to have a run: %s', (_, should, timeCreated, over) => {
  expect(shouldHaveRun(upload(timeCreated), { ...TIMES, ...over })).toBe(should);
});

test.each(['reviews/my-tune.json', 'reviews/tune.json/', 'tune.jsonl'])('%s is no manifest', (name) => {
  expect(shouldHaveRun(upload(at(-HOUR), name), TIMES)).toBe(false);
});
