import { describe, expect, test } from 'vitest';
import { parseManifest } from '../../shared/core/manifest/manifest.ts';
import type { SweptRun } from '../../shared/core/run/sweep-status.ts';
import { verdictOfSweep } from '../../shared/core/run/sweep-winner.ts';

const read = (over: object) =>
  parseManifest(
    Buffer.from(JSON.stringify({ base_model: 'text-bison@002', dataset_uri: 'train.jsonl', ...over })),
    { uri: 'gs://inbox/reviews/tune.json' },
  );

describe('a manifest with lists of settings', () => {
  test.each([
    {
      name: 'asks for a run with each value of a list',
      over: { train_steps: [100, 200, 500] },
      settings: [{ train_steps: 100 }, { train_steps: 200 }, { train_steps: 500 }],
    },
    {
      name: 'asks for every combination of two lists, the last of which changes first',
      over: { learning_rate_multiplier: [0.5, 1], train_steps: [100, 200] },
      settings: [
        { train_steps: 100, learning_rate_multiplier: 0.5 },
        { train_steps: 100, learning_rate_multiplier: 1 },
        { train_steps: 200, learning_rate_multiplier: 0.5 },
        { train_steps: 200, learning_rate_multiplier: 1 },
      ],
    },
    { name: 'of one value is a manifest with that value', over: { train_steps: [200] }, settings: undefined },
    {
      name: 'runs a repeated value once',
      over: { train_steps: [200, 200] },
      settings: undefined,
      codes: ['sweep_value_repeated'],
    },
  ])('$name', ({ over, settings, codes = [] }) => {
    const { issues, manifest, sweep } = read(over);
    expect(issues.map(({ code }) => code)).toEqual(codes);
    expect(sweep?.runs.map((run) => run.settings)).toEqual(settings);
    expect(sweep?.runs.map((run) => run.manifest)).toEqual(settings?.map((one) => ({ ...manifest, ...one })));
    expect(manifest?.train_steps).toBe(settings === undefined ? 200 : 100);
  });

  test.each([
    {
      name: 'of too many combinations',
      over: { train_steps: [100, 200, 300], learning_rate_multiplier: [0.5, 1, 2] },
      found: ['sweep_too_large train_steps'],
    },
    {
      name: 'of which a value is wrong',
      over: { train_steps: [100, '200'] },
      found: ['invalid_value train_steps'],
    },
    { name: 'of no value', over: { train_steps: [] }, found: ['invalid_value train_steps'] },
    {
      name: 'of a key that may not be a list',
      over: { max_cost_usd: [10, 20] },
      found: ['invalid_value max_cost_usd'],
    },
    {
      name: 'of a key that is not for the model, which is told once',
      over: { epoch_count: [1, 2], train_steps: [100, 200] },
      found: ['key_not_for_model epoch_count'],
    },
  ])('is refused: $name', ({ over, found }) => {
    const { issues, manifest } = read(over);
    const told = issues.map(({ code, at }) => `${code} ${at.path}`);
    expect(told).toEqual(found);
    expect(manifest).toBeUndefined();
  });
});

test('of a list as long as a manifest may be, few of its repeated values are named', () => {
  const values = Array.from({ length: 5_000 }, (_, index) => index + 1);
  const { issues } = read({ train_steps: [...values, ...values] });
  expect(issues.map(({ code, fields }) => [code, fields])).toEqual([
    ['sweep_value_repeated', { key: 'train_steps', values: '1, 2, 3, 4, 5, 6, 7, 8 and 4992 more' }],
    ['sweep_too_large', { keys: 'train_steps', count: 5_000, most: 8 }],
  ]);
});

const BY_INDEX = [100, 200, 500];

const aRun = (index: number, over: Partial<SweptRun> = {}): SweptRun => ({
  ...{ index, runId: `r${index}`, state: 'SUCCEEDED', usd: null },
  settings: { train_steps: BY_INDEX[index - 1] ?? 0 },
  ...over,
});

const answers = (value: number, width = 0.1) => ({
  answers: { measure: 'accuracy', examples: 80, value, low: value - width, high: value + width } as const,
});

describe('the best run of a sweep', () => {
  test.each([
    {
      name: 'is the one whose answers are better on the same examples',
      runs: [aRun(1, answers(0.5)), aRun(2, answers(0.8)), aRun(3, answers(0.7))],
      difference: { value: 0.1, low: 0.03, high: 0.17 },
      winner: { index: 2, runId: 'r2', by: 'answers', isSure: true },
      sentence:
        'train_steps 200 is the best of 3 runs: 80 % accuracy on 80 examples, 3 to 17 points ahead of train_steps 500.',
    },
    {
      name: 'is named without being sure where the examples do not show it',
      runs: [aRun(1, answers(0.5)), aRun(2, answers(0.8)), aRun(3, answers(0.7))],
      difference: { value: 0.1, low: -0.02, high: 0.17 },
      winner: { index: 2, runId: 'r2', by: 'answers', isSure: false },
      sentence:
        'train_steps 200 has the best answers of 3 runs, 80 % accuracy on 80 examples, but so many do not show that it is better than train_steps 500, which has 70 %.',
    },
    {
      name: 'is sure without the answers themselves only where the intervals lie apart',
      runs: [aRun(1, answers(0.5)), aRun(2, answers(0.8))],
      winner: { index: 2, runId: 'r2', by: 'answers', isSure: true },
      sentence:
        'train_steps 200 is the best of 2 runs: 80 % accuracy on 80 examples, ahead of train_steps 100.',
    },
    {
      name: 'is the first of two that are equal, which is said',
      runs: [aRun(1, answers(0.8)), aRun(2, answers(0.8))],
      difference: { value: 0, low: -0.05, high: 0.05 },
      winner: { index: 1, runId: 'r1', by: 'answers', isSure: false },
      sentence:
        'train_steps 100 and train_steps 200 answer equally well: 80 % accuracy on 80 examples. The first of them is named.',
    },
    {
      name: 'is the first of all that are equal, each of which is named',
      runs: [aRun(1, answers(0.8)), aRun(2, answers(0.8)), aRun(3, answers(0.8))],
      difference: { value: 0, low: -0.05, high: 0.05 },
      winner: { index: 1, runId: 'r1', by: 'answers', isSure: false },
      sentence:
        'train_steps 100, train_steps 200 and train_steps 500 answer equally well: 80 % accuracy on 80 examples. The first of them is named.',
    },
    {
      name: 'is looked for among those that succeeded',
      runs: [
        aRun(1, answers(0.5)),
        aRun(2, { ...answers(0.9), state: 'FAILED' }),
        aRun(3, answers(0.7, 0.05)),
      ],
      winner: { index: 3, runId: 'r3', by: 'answers', isSure: true },
      sentence:
        'train_steps 500 is the best of 3 runs: 70 % accuracy on 80 examples, ahead of train_steps 100.',
    },
    {
      name: 'is that of the best curve where no model was asked',
      runs: [
        aRun(1, { best: { step: 80, tokenAccuracy: 0.61, loss: 1.2 } }),
        aRun(2, { best: { step: 160, tokenAccuracy: 0.64, loss: 1.3 } }),
      ],
      winner: { index: 2, runId: 'r2', by: 'curve', isSure: false },
      sentence:
        'train_steps 200 has the best evaluation of 2 runs while they were trained: 64 % of the tokens right at step 160. A curve does not show how sure that is.',
    },
    {
      name: 'is the one with the least loss where a curve has no more',
      runs: [aRun(1, { best: { step: 80, loss: 1.2 } }), aRun(2, { best: { step: 160, loss: 1.3 } })],
      winner: { index: 1, runId: 'r1', by: 'curve', isSure: false },
      sentence:
        'train_steps 100 has the best evaluation of 2 runs while they were trained: an evaluation loss of 1.20 at step 80. A curve does not show how sure that is.',
    },
    {
      name: 'is none where one alone succeeded',
      runs: [aRun(1, answers(0.5)), aRun(2, { state: 'EXPIRED' })],
      sentence: 'Only train_steps 100 succeeded: there is nothing to compare it with.',
    },
    {
      name: 'is none where nothing was measured',
      runs: [aRun(1), aRun(2)],
      sentence: 'Nothing was measured by which the models can be compared.',
    },
    { name: 'is none where none succeeded', runs: [aRun(1, { state: 'FAILED' })] },
  ])('$name', ({ runs, difference, winner, sentence }) => {
    expect(verdictOfSweep(runs, difference)).toEqual({ winner, sentence });
  });
});
