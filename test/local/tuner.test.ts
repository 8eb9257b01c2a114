import { readFileSync } from 'node:fs';
import { expect, it } from 'vitest';
import { createRandom } from '../../local/small-model/math/random.ts';
import { loadBase } from '../../local/small-model/model/base.ts';
import { createPredictor } from '../../local/small-model/predictor.ts';
import type { TuningExample } from '../../local/small-model/text/sequence.ts';
import { metricsOf, type StepMetrics } from '../../local/small-model/training/metrics.ts';
import { type TunerEvent, tune } from '../../local/small-model/tuner.ts';
import {
  anExample,
  aTinyBase,
  aTraining,
  EASY_EXAMPLES,
  type Measured,
  runTraining,
  TINY_SHAPE,
} from './tuner-builders.ts';

const figuresOf = ({ loss, accuracy, predictions }: Measured): StepMetrics => ({
  loss,
  accuracy,
  predictions,
});
const last = <T>(items: readonly T[]): T => {
  const item = items.at(-1);
  if (item === undefined) throw new Error('there is none');
  return item;
};

it('two runs with the same seed give the same metrics and the same adapter, byte for byte', async () => {
  const job = { evaluation: EASY_EXAMPLES };
  expect(await runTraining(job)).toEqual(await runTraining(job));
});

it.each([
  { name: 'another seed', change: { seed: 'other' } },
  { name: 'another learning rate', change: { learningRateMultiplier: 0.5 } },
  { name: 'other examples', change: { examples: EASY_EXAMPLES.slice(1) } },
])('$name gives another adapter', async ({ change }) => {
  const [one, other] = [await runTraining(), await runTraining(change)];
  expect(Buffer.from(one.finished.weights).equals(other.finished.weights)).toBe(false);
});

it('a step says the loss of the pass before its own update, over the targets of its batch', async () => {
  const { train } = await runTraining({ batchSize: EASY_EXAMPLES.length, steps: 1 });
  const base = createPredictor({ base: aTinyBase() });
  const { loss, accuracy, predictions } = base.evaluate(EASY_EXAMPLES);
  // The blank before it, four letters and the end of each.
  expect(predictions).toBe(6 * EASY_EXAMPLES.length);
  expect(train).toEqual([{ kind: 'train', step: 1, loss: expect.closeTo(loss, 9), accuracy, predictions }]);
});

it('an evaluation comes at every interval, over the whole set', async () => {
  const { train, evaluations, finished } = await runTraining({
    steps: 7,
    evaluation: EASY_EXAMPLES.slice(0, 3),
    evaluationInterval: 3,
  });
  expect(train.map(({ step }) => step)).toEqual([1, 2, 3, 4, 5, 6, 7]);
  expect(evaluations.map(({ step, predictions }) => ({ step, predictions }))).toEqual([
    { step: 3, predictions: 18 },
    { step: 6, predictions: 18 },
  ]);
  expect(finished).toMatchObject({ stepsRun: 7, checkpointStep: 7, timeCapped: false, truncatedExamples: 0 });
});

it('the accuracy is the share of tokens that the model itself would have written next', async () => {
  const { finished } = await runTraining({ steps: 150 });
  const tuned = createPredictor({ base: aTinyBase(), weights: finished.weights });
  const written = tuned.generate([{ text: 'sea one', isTarget: false }], { maxOutputTokens: 12 });
  expect(written).toMatch(/^\w{2,8}$/);
  const accuracyOf = (target: string) => tuned.evaluate([anExample('sea one', target)]).accuracy;
  expect(accuracyOf(written)).toBe(1);
  // Cut short, all letters are what the model would write, and the end is not.
  const head = written.slice(0, -1);
  expect(accuracyOf(head)).toBe((1 + head.length) / (1 + written.length));
});

it('all tokens right are a share of exactly one, however many they are', () => {
  for (let count = 1; count <= 500; count++) {
    const sequence = {
      tokens: [],
      answers: Array.from({ length: count }, (_, index) => index),
      isTruncated: false,
    };
    expect(metricsOf({ loss: 0, correct: count }, [sequence]).accuracy).toBe(1);
  }
});

it('early stopping ends a job that five evaluations in a row found no better', async () => {
  // A rate of nothing: no evaluation can gain.
  const job = { steps: 20, learningRateMultiplier: 0, evaluation: EASY_EXAMPLES };
  const stopped = (await runTraining({ ...job, earlyStopping: true })).finished;
  expect(stopped).toMatchObject({ stepsRun: 12, stoppedEarly: { step: 12 }, checkpointStep: 12 });
  expect(stopped.stoppedEarly?.why).toBe('5 evaluations without a gain of 0.001 in token accuracy');

  const { finished } = await runTraining({ ...job, earlyStopping: false });
  expect(finished.stepsRun).toBe(20);
  expect(finished.stoppedEarly).toBeUndefined();
});

it('checkpoint selection gives the adapter of the best evaluation, and the last one without it', async () => {
  // The evaluation asks for what the base itself writes, which it unlearns as it learns something else.
  const given = { text: 'Repeat: The laundry dries in the sun.', isTarget: false };
  const habit = createPredictor({}).generate([given], { maxOutputTokens: 16 });
  const evaluation = [anExample(given.text, habit)];
  const job = { steps: 20, learningRateMultiplier: 4, evaluationInterval: 2, evaluation };
  const selected = await runTraining({ ...job, checkpointSelection: true }, loadBase());
  const plain = await runTraining({ ...job, checkpointSelection: false }, loadBase());

  expect(selected.evaluations).toEqual(plain.evaluations);
  const best = Math.max(...selected.evaluations.map(({ accuracy }) => accuracy));
  const final = last(plain.evaluations);
  expect(best).toBeGreaterThan(final.accuracy);
  expect(selected.finished.checkpointStep).toBeLessThan(20);
  expect(plain.finished.checkpointStep).toBe(20);
  const evaluate = (weights: Uint8Array) => createPredictor({ weights }).evaluate(evaluation);
  expect(evaluate(selected.finished.weights).accuracy).toBe(best);
  expect(evaluate(plain.finished.weights)).toEqual({
    ...figuresOf(final),
    loss: expect.closeTo(final.loss, 9),
  });
});

it('a job whose time is up stops after a step and says so', async () => {
  const { finished } = await runTraining({ steps: 1_000, timeCapMs: 0 });
  expect(finished).toMatchObject({ stepsRun: 1, timeCapped: true, checkpointStep: 1 });
});

it('a job that ends by its steps was not cut by its time', async () => {
  const { finished } = await runTraining({ steps: 1, timeCapMs: 0 });
  expect(finished).toMatchObject({ stepsRun: 1, timeCapped: false });
});

it('an aborted job throws the reason within the step', async () => {
  const controller = new AbortController();
  const running = tune(aTraining({ batchSize: 64, signal: controller.signal }), aTinyBase());
  await running.next();
  const second = running.next();
  controller.abort(new Error('cancelled by the caller'));
  await expect(second).rejects.toThrow('cancelled by the caller');
});

it('other work of the same thread goes on between the steps', async () => {
  let turns = 0;
  let isOver = false;
  const count = () => {
    turns++;
    if (!isOver) setImmediate(count);
  };
  setImmediate(count);
  await runTraining({ steps: 10 });
  isOver = true;
  expect(turns).toBeGreaterThanOrEqual(10);
});

it('every turn of the assistant counts in a conversation', async () => {
  const turns = ['hi', 'yo', 'why', 'so'].map((text, index) => ({ text, isTarget: index % 2 === 1 }));
  const { train } = await runTraining({ examples: [{ segments: turns }], steps: 1, batchSize: 2 });
  expect(last(train).predictions).toBe(2 * (4 + 4));
});

it('examples over the window are cut and counted, in training and in evaluation', async () => {
  const long = anExample('x'.repeat(TINY_SHAPE.window), 'y');
  const { finished } = await runTraining({
    steps: 1,
    examples: [long, anExample('x', 'y')],
    evaluation: [long],
  });
  expect(finished.truncatedExamples).toBe(2);
});

it('examples without a target are refused', async () => {
  const job = aTraining({ examples: [{ segments: [{ text: 'given alone', isTarget: false }] }] });
  await expect(tune(job, aTinyBase()).next()).rejects.toThrow('no example has a target');
});

it('the adapter of another base is refused', async () => {
  const { finished } = await runTraining({ steps: 1 });
  expect(() => createPredictor({ weights: finished.weights })).toThrow('does not fit the base');
});

it('a temperature draws by the seed, and no temperature always writes the same', () => {
  const predictor = createPredictor({ base: aTinyBase() });
  const given = [{ text: 'sea', isTarget: false }];
  const write = (seed: string, temperature: number) =>
    predictor.generate(given, { seed, temperature, maxOutputTokens: 12 });
  expect(write('a', 1)).toBe(write('a', 1));
  expect(write('a', 1)).not.toBe(write('b', 1));
  expect(write('a', 0)).toBe(write('b', 0));
});

it('nothing is written beyond the tokens that are asked for', () => {
  const predictor = createPredictor({ base: aTinyBase() });
  const text = predictor.generate([{ text: 'sea', isTarget: false }], { maxOutputTokens: 3 });
  expect(Buffer.byteLength(text)).toBeLessThanOrEqual(3 * Buffer.byteLength('\ufffd'));
});

it('the shipped base is below two megabytes and says how it was made, and that it is an early checkpoint', () => {
  const file = readFileSync(new URL('../../local/small-model/base.bin', import.meta.url));
  expect(file.length).toBeLessThan(2_000_000);
  const header = JSON.parse(file.toString('utf8', 4, 4 + file.readUInt32LE()));
  expect(header.about.origin).toMatchObject({ script: 'npm run pretrain', step: 1000, steps: 5000 });
});

const TEAMS = {
  billing: ['invoice', 'payment', 'refund', 'price'],
  garden: ['roses', 'lawn', 'hedge', 'seeds'],
};
const STARTS = ['Tell me about the', 'A question on the', 'I am unhappy with the', 'Who looks after the'];
const LETTERS: TuningExample[] = Object.entries(TEAMS).flatMap(([team, words]) =>
  words.flatMap((word) => STARTS.map((start) => anExample(`${start} ${word}.`, team))),
);

it('the shipped base learns labels from examples, and nothing from shuffled ones', async () => {
  const random = createRandom('letters');
  const letters = random.shuffle(LETTERS);
  const [evaluation, examples] = [letters.slice(0, 10), letters.slice(10)];
  const labels = random.shuffle(examples.map(({ segments }) => segments.slice(1)));
  const shuffled = examples.map(({ segments }, index) => ({
    segments: [...segments.slice(0, 1), ...(labels[index] ?? [])],
  }));
  const evaluate = async (train: TuningExample[]) => {
    const { finished } = await runTraining({ examples: train, steps: 30, batchSize: 8 }, loadBase());
    return createPredictor({ weights: finished.weights }).evaluate(evaluation);
  };
  const base = createPredictor({}).evaluate(evaluation);
  const tuned = await evaluate(examples);
  expect(tuned.accuracy).toBeGreaterThan(base.accuracy + 0.3);
  expect(tuned.loss).toBeLessThan((await evaluate(shuffled)).loss - 0.1);
});

it('the events are train and evaluation, then one finished', async () => {
  const kinds: TunerEvent['kind'][] = [];
  const job = aTraining({ steps: 3, evaluation: EASY_EXAMPLES });
  for await (const event of tune(job, aTinyBase())) kinds.push(event.kind);
  expect(kinds).toEqual(['train', 'train', 'evaluation', 'train', 'finished']);
});
