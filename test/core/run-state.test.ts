import * as fc from 'fast-check';
import { describe, expect, test } from 'vitest';
import { isTerminal, RUN_STATES, type RunState } from '../../shared/core/run/states.ts';
import {
  type RunEvent,
  type RunEventType,
  TRANSITIONS,
  transition,
} from '../../shared/core/run/transitions.ts';
import { aRun, at, NOW } from '../support/runs.ts';

const STATES = Object.keys(RUN_STATES) as RunState[];
const EVENTS = Object.keys(TRANSITIONS) as RunEventType[];

const anEvent = (type: RunEventType, over: Partial<RunEvent> = {}): RunEvent => ({
  type,
  reason: 'Reason',
  message: 'What happened.',
  next: { action: 'observe', at: NOW },
  ...over,
});

describe('a run', () => {
  test('enters a state with its reason, its sentence, its time and its place in the history', () => {
    const result = transition(aRun({ state: 'VALIDATED' }), anEvent('Submitted'), at(5));
    expect(result).toMatchObject({
      outcome: 'changed',
      run: { status: { state: 'SUBMITTED', reason: 'Reason', submitTime: at(5), updateTime: at(5) } },
      history: { from: 'VALIDATED', to: 'SUBMITTED', time: at(5) },
    });
  });

  test('that says the same again is unchanged, so nothing is written', () => {
    const first = transition(aRun({ state: 'SUBMITTED' }), anEvent('JobRunning'), at(1));
    expect(transition(first.run, anEvent('JobRunning'), at(2)).outcome).toBe('unchanged');
  });

  test('that waits longer keeps when the wait began', () => {
    const wait = (seconds: number) =>
      anEvent('SubmitDeferred', { failedTry: true, next: { action: 'submit', at: at(seconds) } });
    const first = transition(aRun({ state: 'VALIDATED' }), wait(60), at(1));
    const second = transition(first.run, wait(180), at(61));
    expect(second.run.work).toMatchObject({ attempts: 2, waitingSince: at(1), nextActionAt: at(180) });
    const third = transition(second.run, anEvent('Submitted'), at(181));
    expect(third.run.work).toMatchObject({ attempts: 0, waitingSince: null });
  });

  test('keeps what is known of it where an event says nothing of that', () => {
    const running = transition(aRun({ state: 'SUBMITTED' }), anEvent('JobRunning'), at(1)).run;
    const silent = anEvent('JobSucceeded', { next: null, status: { startTime: undefined, model: 'm' } });
    expect(transition(running, silent, at(2)).run.status).toMatchObject({ startTime: at(1), model: 'm' });
  });

  test('has in its history that its end was asked for, once', () => {
    const ask = (by: string) =>
      anEvent('CancelRequested', { status: { cancelRequested: { time: at(1), by } } });
    const asked = transition(aRun({ state: 'RUNNING' }), ask('7'), at(1));
    expect(asked).toMatchObject({
      history: { from: 'RUNNING', to: 'RUNNING', time: at(1), reason: 'Reason' },
    });
    const again = transition(asked.run, ask('8'), at(2));
    expect(again).toMatchObject({ outcome: 'changed', history: null });
    expect(again.run.status.history).toEqual(asked.run.status.history);
  });

  test('that goes on no longer carries the remedy of the state before', () => {
    const waiting = transition(aRun(), anEvent('DatasetMissing', { remedy: 'Upload it.' }), at(1));
    expect(waiting.run.status.remedy).toBe('Upload it.');
    expect(transition(waiting.run, anEvent('Validated'), at(2)).run.status.remedy).toBeUndefined();
  });
});

test('every state but the first can be reached, and only the ends have no way out', () => {
  const reached = new Set(EVENTS.map((event) => TRANSITIONS[event].to));
  expect(STATES.filter((state) => !reached.has(state as never))).toEqual(['RECEIVED']);
  for (const state of STATES) {
    const leaves = EVENTS.some((event) => {
      const row: { from: readonly RunState[]; to: RunState | null } = TRANSITIONS[event];
      return row.from.includes(state) && row.to !== null && row.to !== state;
    });
    expect(leaves, state).toBe(!isTerminal(state));
  }
});

test('whatever happens in whatever order, a run never goes back and never leaves its end', () => {
  fc.assert(
    fc.property(fc.array(fc.constantFrom(...EVENTS), { maxLength: 30 }), (events) => {
      let run = aRun();
      for (const [second, type] of events.entries()) {
        const before = run.status.state;
        ({ run } = transition(run, anEvent(type), at(second)));
        const after = run.status.state;
        expect(RUN_STATES[after].rank).toBeGreaterThanOrEqual(RUN_STATES[before].rank);
        if (isTerminal(before)) expect(after).toBe(before);
      }
    }),
  );
});

test('a change raises the revision by one, and nothing else does', () => {
  fc.assert(
    fc.property(fc.array(fc.constantFrom(...EVENTS), { maxLength: 30 }), (events) => {
      let run = aRun();
      for (const [second, type] of events.entries()) {
        const result = transition(run, anEvent(type), at(second));
        expect(result.run.work.revision).toBe(run.work.revision + (result.outcome === 'changed' ? 1 : 0));
        run = result.run;
      }
    }),
  );
});
