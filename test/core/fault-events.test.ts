import { describe, expect, test } from 'vitest';
import { asTuneError, TuneError } from '../../shared/core/errors/errors.ts';
import { postponed } from '../../shared/core/run/fault-events.ts';
import type { RunState } from '../../shared/core/run/states.ts';
import { transition } from '../../shared/core/run/transitions.ts';
import { A_JOB, aRun, at } from '../support/runs.ts';

const defect = asTuneError(new TypeError('undefined is no plan'));
const times = (version: string, seconds: number) => ({ version, now: at(seconds), scale: 1 });

describe('a run that waits for a fault that is not its own', () => {
  test('is tried again after 1, 2, 4, 8 and then every 15 minutes', () => {
    const pauses = Array.from({ length: 6 }, (_, tries) => {
      const run = aRun({ work: { fault: { version: 'v1', tries, since: at(0) } } });
      const next = postponed(run, defect, times('v1', 0)).next?.at ?? '';
      return (Date.parse(next) - Date.parse(at(0))) / 60_000;
    });
    expect(pauses).toEqual([1, 2, 4, 8, 15, 15]);
  });

  test('is counted anew once another version is deployed, which has a day of its own', () => {
    const run = aRun({ work: { fault: { version: 'v1', tries: 90, since: at(0) } } });
    expect(postponed(run, defect, times('v1', 90_000))).toMatchObject({ type: 'CheckFailed', next: null });
    expect(postponed(run, defect, times('v2', 90_000))).toMatchObject({
      type: 'CheckDeferred',
      fault: { version: 'v2', tries: 1, since: at(90_000) },
      next: { action: 'validate', at: at(90_060) },
    });
  });

  test.each<[RunState, 'validate' | 'submit' | 'observe']>([
    ['RECEIVED', 'validate'],
    ['WAITING', 'validate'],
    ['VALIDATED', 'submit'],
    ['SUBMITTING', 'submit'],
    ['SUBMITTED', 'observe'],
    ['RUNNING', 'observe'],
    ['CANCELLED', 'observe'],
  ])('stays %s, and does the same next', (state, nextAction) => {
    const run = aRun({ state, work: { nextAction, requests: 7, attempts: 3 } });
    const result = transition(run, postponed(run, defect, times('v1', 0)), at(0));
    expect(result).toMatchObject({
      outcome: 'changed',
      run: {
        status: { state },
        work: { nextAction, nextActionAt: at(60), requests: 0, fault: { tries: 1 } },
      },
    });
  });

  test('never ends where a job may live, whatever it meets and for how long', () => {
    const fault = { version: 'v1', tries: 10_000, since: '2020-01-01T00:00:00.000Z' };
    const run = aRun({ state: 'RUNNING', status: { job: A_JOB }, work: { nextAction: 'observe', fault } });
    for (const error of [defect, new TuneError('permanent', 'gone', { reason: 'RequestRefused' })]) {
      expect(postponed(run, error, times('v1', 0))).toMatchObject({
        type: 'JobUnseen',
        next: { at: at(900) },
      });
    }
  });

  test('forgets the fault with the next thing that it learns', () => {
    const run = aRun({ work: { fault: { version: 'v1', tries: 3, since: at(0) } } });
    const event = { reason: 'DatasetMissing', message: 'waits', next: null } as const;
    const after = transition(run, { type: 'DatasetMissing', ...event }, at(60)).run;
    expect(after.work.fault).toBeUndefined();
    const asked = transition(run, { type: 'AskedAgain', ...event }, at(60)).run;
    expect(asked.work.fault?.tries).toBe(3);
  });
});
