import { describe, expect, test } from 'vitest';
import { decideClaim, isPoison } from '../../shared/core/run/claim.ts';
import { askedAgain, functionDied } from '../../shared/core/run/events.ts';
import type { RunClaims } from '../../shared/core/run/run.ts';
import { type RunEventType, transition } from '../../shared/core/run/transitions.ts';
import { aRun, at } from '../support/runs.ts';

const DAY = 86_400;
const claims = (over: Partial<RunClaims> = {}): RunClaims => ({
  ...{ version: 'v1', tries: 10, since: at(0), last: at(DAY) },
  ...over,
});
const claimedBy = (version: string | undefined, before: RunClaims | undefined, seconds: number) =>
  decideClaim(aRun({ work: { claims: before } }), {
    ...{ owner: 'event', leaseMs: 600_000, action: 'validate', now: at(seconds), version },
  }).run.work.claims;

describe('claims of which nothing came', () => {
  test.each<[what: string, RunClaims | undefined, string | undefined, RunClaims | undefined]>([
    ['the first', undefined, 'v1', claims({ tries: 1, since: at(60), last: at(60) })],
    ['another of the same version', claims({ last: at(9) }), 'v1', claims({ tries: 11, last: at(60) })],
    [
      'the first of another version',
      claims(),
      'v2',
      { version: 'v2', tries: 1, since: at(60), last: at(60) },
    ],
    ['one that is not counted', claims(), undefined, claims()],
  ])('are counted with %s', (_, before, version, after) => {
    expect(claimedBy(version, before, 60)).toEqual(after);
  });

  test('are not counted where somebody else holds the run', () => {
    const run = aRun({ work: { owner: 'other', leaseUntil: at(600), claims: claims() } });
    const request = { owner: 'event', leaseMs: 600_000, action: 'validate', now: at(60), version: 'v1' };
    expect(decideClaim(run, { ...request, action: 'validate' }).run.work.claims).toEqual(claims());
  });

  test.each<[RunEventType, 'kept' | 'forgotten']>([
    ['AskedAgain', 'kept'],
    ['CancelRequested', 'kept'],
    ['DatasetMissing', 'forgotten'],
    ['CheckDeferred', 'forgotten'],
    ['Validated', 'forgotten'],
    ['Rejected', 'forgotten'],
  ])('%s: they are %s', (type, then) => {
    const run = aRun({ work: { claims: claims() } });
    const after = transition(run, { type, reason: 'Any', message: 'any', next: null }, at(60)).run;
    expect(after.work.claims).toEqual(then === 'kept' ? claims() : undefined);
  });
});

describe('a run is poison', () => {
  test.each<[what: string, RunClaims | undefined, scale: number, boolean]>([
    ['never, of which no claim is open', undefined, 1, false],
    ['after ten claims over a day', claims(), 1, true],
    ['and not after nine', claims({ tries: 9 }), 1, false],
    ['and not after a hundred within the day', claims({ tries: 100, last: at(DAY - 1) }), 1, false],
    ['sooner where every wait is shorter', claims({ last: at(DAY / 100) }), 0.01, true],
  ])('%s', (_, open, scale, expected) => {
    expect(isPoison(aRun({ work: { claims: open } }), scale)).toBe(expected);
  });

  test('and says how often the function ended over it, why most likely, and what to do', () => {
    const event = functionDied(aRun({ work: { claims: claims() } }));
    expect(event).toMatchObject({ type: 'DeadLettered', reason: 'FunctionDied', next: null });
    expect(event.message).toContain(
      `The validate function took this run up 10 times since ${at(0)}, the last time at ${at(DAY)}, and ended each time`,
    );
    expect(event.message).toContain('its memory or its time does not suffice');
    expect(event.remedy).toMatch(/smaller files.*more memory.*upload the manifest again/);
  });

  test('and until then its document says that the function ends over it, once it was asked in vain for long', () => {
    const run = aRun({ work: { requests: 4, claims: claims({ tries: 3 }) } });
    expect(askedAgain(run, at(900)).message).toContain('was asked 5 times');
    expect(askedAgain(run, at(900)).message).toContain('It took this run up 3 times');
    expect(askedAgain(aRun({ work: { requests: 4 } }), at(900)).message).not.toContain('took this run up');
  });
});
