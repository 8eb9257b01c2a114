import { describe, expect, test } from 'vitest';
import {
  checkpointEndpoints,
  compareCheckpoints,
  otherCheckpoints,
} from '../../../shared/core/evaluation/checkpoints.ts';
import { findModel } from '../../../shared/core/models/models.ts';
import type { TuningPlan } from '../../../shared/core/tuning/plan.ts';
import { aPlan } from '../../support/runs.ts';

const gemini = (epochs: number, over: Partial<TuningPlan> = {}): TuningPlan => ({
  ...{ backend: 'tuningJobs', runId: 'r', project: 'p', baseModel: 'gemini-3.1-flash-lite', labels: {} },
  ...{ isDryRun: false, notes: [], apiVersion: 'v1', region: 'us-central1', method: 'supervised' },
  ...{ training: { epochs }, trainingDatasetUri: 'gs://r/t', hyperParameters: { epochCount: epochs } },
  ...over,
});

test.each([
  ['one for each epoch but the last', gemini(4), 3],
  ['ten at most, the last among them', gemini(40), 9],
  ['none of one epoch', gemini(1), 0],
  ['none where only the last is kept', gemini(4, { exportLastCheckpointOnly: true }), 0],
  ['none of a pipeline', aPlan(), 0],
])('other checkpoints of a job: %s', (_name, plan, most) => {
  expect(otherCheckpoints(plan)).toBe(most);
});

describe('where the other checkpoints answer', () => {
  const base = findModel('gemini-3.1-flash-lite');
  const at = (id: number) => `projects/1/locations/us-central1/endpoints/${id}`;
  const result = {
    checkpoints: [
      { id: '1', endpoint: at(1) },
      { id: '2' },
      { id: '3', endpoint: at(3) },
      { id: '4', endpoint: at(4) },
    ],
    endpoint: at(4),
  };

  test('is under the name that the model itself has there; the one that is served is none of them', () => {
    expect(base && checkpointEndpoints(result, { base, most: 9 })).toEqual({
      1: 'projects/1/locations/us/endpoints/1',
      3: 'projects/1/locations/us/endpoints/3',
    });
  });

  test('is asked for no more than were planned', () => {
    expect(base && checkpointEndpoints(result, { base, most: 1 })).toEqual({
      1: 'projects/1/locations/us/endpoints/1',
    });
  });
});

describe('the other checkpoints beside the one that is served', () => {
  /** Of so many examples the served one, and checkpoint 1, have the first so many right. */
  const answers = (of: number, served: number, one: number) =>
    Array.from({ length: of }, (_, index) => ({
      expected: 'yes',
      tuned: index < served ? 'yes' : 'no',
      checkpoints: { 1: index < one ? 'yes' : 'no', 2: 'never' },
    }));

  test('one that is better by more than chance is named, and by how much', () => {
    const compared = compareCheckpoints(answers(40, 10, 30), 'accuracy');
    expect(compared).toMatchObject({
      best: '1',
      checkpoints: [
        { id: '1', value: { value: 0.75 }, difference: { value: 0.5 } },
        { id: '2', value: { value: 0 } },
      ],
      sentence: expect.stringMatching(
        /^Checkpoint 1 answers better than the one that is served, by \d+ to \d+ points: it has 75 % accuracy\.$/,
      ),
    });
  });

  test('one that may be better by chance is said to be no more', () => {
    expect(compareCheckpoints(answers(20, 10, 11), 'accuracy')).toMatchObject({
      best: '1',
      sentence:
        'Checkpoint 1 has 55 % accuracy, more than the one that is served, by no more than chance may give on 20 examples.',
    });
  });

  test('none that is better is named as the best', () => {
    expect(compareCheckpoints(answers(20, 10, 10), 'accuracy')).toMatchObject({
      best: undefined,
      sentence: 'No other checkpoint answers better: of them 1 comes nearest, with 50 % accuracy.',
    });
  });

  test('one that has not answered all is not measured, and where none has nothing is said', () => {
    const [first, ...rest] = answers(20, 10, 10);
    const gap = [...rest, { expected: 'yes', tuned: 'yes', checkpoints: { 2: 'yes' } }];
    expect(
      compareCheckpoints(first ? [first, ...gap] : [], 'accuracy')?.checkpoints.map(({ id }) => id),
    ).toEqual(['2']);
    expect(compareCheckpoints([{ expected: 'yes', tuned: 'yes' }], 'accuracy')).toBeUndefined();
  });
});
