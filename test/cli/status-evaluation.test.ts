import { expect, test } from 'vitest';
import { localTime } from '../../cli/command-line/local-time.ts';
import { statusText } from '../../cli/run/status.ts';
import type { EvaluationStatus } from '../../shared/core/evaluation/status.ts';
import { aPlan, aRun, at } from '../support/runs.ts';

const entry = (time: string, from: 'RUNNING' | 'SUCCEEDED', reason: string) => ({
  ...{ time, from, to: 'SUCCEEDED' as const, reason, message: '' },
});
const textOf = (evaluation: EvaluationStatus) =>
  statusText(
    aRun({
      state: 'SUCCEEDED',
      spec: { plan: aPlan() },
      status: {
        evaluation,
        history: [entry(at(60), 'RUNNING', 'JobSucceeded'), entry(at(600), 'SUCCEEDED', 'Compared')],
      },
    }),
    { isLocal: false, columns: 100 },
  );

test('a run has succeeded since its job did, whenever its model was evaluated', () => {
  expect(textOf({ state: 'DONE', reason: 'Compared', message: 'It is better.' })).toContain(
    `SUCCEEDED, since ${localTime(at(60))}`,
  );
});

test('says what came of the evaluation, and before that what is planned', () => {
  expect(textOf({ state: 'DONE', reason: 'Compared', message: 'It is better.' })).toMatch(
    /^Better\? +It is better\.$/m,
  );
  const left = textOf({ state: 'LEFT_OUT', reason: 'NotWanted', message: 'It is not wanted.' });
  expect(left).toMatch(/evaluation +none: It is not wanted\.$/m);
  expect(left).not.toMatch(/^Better/m);
});
