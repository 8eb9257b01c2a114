import { readFileSync } from 'node:fs';
import { describe, expect, it } from 'vitest';
import type { JsonObject } from '../../local/vertex/http/json.ts';
import { distribution } from '../../local/vertex/tuning-jobs/statistics.ts';
import { counterOfNode } from '../../scripts/tokens/judge.ts';
import { createDatasetCheck } from '../../shared/core/dataset/check.ts';
import {
  anOpenJob,
  aPreferenceJob,
  aTuningJob,
  geminiRows,
  model,
  startTuning,
  TRAIN,
  tuningOf,
  user,
  VALIDATION,
} from './vertex-tuning-harness.ts';

const rows = (...all: unknown[]) => all.map((row) => JSON.stringify(row)).join('\n');

describe('the statistics of a data set', () => {
  it('count examples, tokens and messages of the file itself', async () => {
    const { finished, objects } = await startTuning();
    const long = 'x'.repeat(1_000);
    objects.set(
      TRAIN,
      rows(
        { contents: [user('abcd'), model('ab')] },
        {
          system_instruction: { parts: [{ text: 'abcdefgh' }] },
          contents: [user('a'), model('b'), user('c'), model('d')],
        },
        { contents: [user(long), model('abcde')] },
      ),
    );
    const { tuningDataStats } = await finished(aTuningJob({ hyperParameters: { epochCount: 4 } }));
    expect(tuningDataStats?.supervisedTuningDataStats).toMatchObject({
      tuningDatasetExampleCount: '3',
      // Four epochs of four answers in batches of eight.
      tuningStepCount: '2',
      userInputTokenDistribution: { sum: '130', min: 1, max: 125, mean: 130 / 3, median: 4 },
      userOutputTokenDistribution: { sum: '5', min: 1, max: 2 },
      userMessagePerExampleDistribution: { sum: '8', min: 2, max: 4 },
      // Epochs are not in it.
      totalBillableTokenCount: '135',
      userDatasetExamples: [
        user('abcd'),
        model('ab'),
        ...[user('a'), model('b'), user('c'), model('d')],
        user(`${'x'.repeat(400)}...`),
        model('abcde'),
      ],
    });
  });

  it('bill what the check of the same file counts', async () => {
    const { finished, objects } = await startTuning();
    const file = readFileSync('examples/gemini-contents/train.jsonl', 'utf8');
    objects.set(TRAIN, file);
    const { tuningDataStats } = await finished();
    const stats = tuningDataStats?.supervisedTuningDataStats as JsonObject | undefined;
    const check = createDatasetCheck({
      ...{ uri: TRAIN, format: 'contents', role: 'training', onIssue: () => {}, counter: counterOfNode() },
    });
    check.push(Buffer.from(file));
    const { input, output } = check.finish().statistics.tokens.counted ?? {};
    expect(Number(stats?.totalBillableTokenCount)).toBe((input?.estimate ?? 0) + (output?.estimate ?? 0));
  });

  it('count the prompt of a preference once for each answer', async () => {
    const { finished } = await startTuning();
    const { tuningDataStats } = await finished(aPreferenceJob());
    expect(tuningDataStats?.preferenceOptimizationDataStats).toMatchObject({
      tuningDatasetExampleCount: '12',
      userInputTokenDistribution: { sum: '38' },
      userOutputTokenDistribution: { sum: '24' },
      totalBillableTokenCount: String(2 * 38 + 24),
      scoresDistribution: { sum: '12', min: 0, max: 1 },
    });
  });

  it.each(['userInputTokenDistribution', 'userOutputTokenDistribution', 'userMessagePerExampleDistribution'])(
    'have the buckets of the recorded %s',
    (name) => {
      const { entries } = JSON.parse(
        readFileSync(new URL('../payloads/tuning-jobs/bodies.json', import.meta.url), 'utf8'),
      ) as { entries: { id: string; body: { tuningDataStats: Record<string, JsonObject> } }[] };
      const recorded = entries.find(({ id }) => id === 'resp:recorded-failed-endpoint');
      const stats = recorded?.body.tuningDataStats.supervisedTuningDataStats ?? {};
      const { min, max, buckets } = stats[name] as unknown as {
        min: number;
        max: number;
        buckets: { count: number; left: number; right: number }[];
      };
      // Values at the edges of the recorded buckets fall into just these buckets.
      const edges = buckets.flatMap(({ left, right }) => [left, right]);
      const tally = new Map([min, max, ...edges].map((value) => [value, 1]));
      const ours = distribution(tally)?.buckets as typeof buckets;
      expect(ours.map(({ left, right }) => [left, right])).toEqual(
        buckets.map(({ left, right }) => [left, right]),
      );
    },
  );
});

describe('an example over 131,072 tokens', () => {
  const tooLong = { contents: [user('x '.repeat(131_072)), model('y')] };

  it('is dropped, counted and named, and is not billed', async () => {
    const { finished, objects } = await startTuning();
    objects.set(TRAIN, `${geminiRows(10)}\n${rows(tooLong)}\n${geminiRows(10)}`);
    const { tuningDataStats } = await finished();
    expect(tuningDataStats?.supervisedTuningDataStats).toMatchObject({
      tuningDatasetExampleCount: '20',
      totalTruncatedExampleCount: '1',
      truncatedExampleIndices: ['11'],
      droppedExampleReasons: [expect.stringContaining('more tokens')],
      userInputTokenDistribution: { max: 3 },
    });
  });

  it('fails the job where more than a tenth is dropped', async () => {
    const { finished, objects } = await startTuning();
    objects.set(TRAIN, `${geminiRows(5)}\n${rows(tooLong)}`);
    expect(await finished()).toMatchObject({
      state: 'JOB_STATE_FAILED',
      error: { code: 3, message: '1 of 6 examples are too long.' },
    });
  });
});

describe('the first row', () => {
  it.each([
    [{ input_text: 'a', output_text: 'b' }, 'Row: 0. Missing required `contents` field.'],
    [{ messages: [] }, 'Row: 0. Missing required `contents` field.'],
    [
      { contents: [{ role: 'assistant', parts: [{ text: 'a' }] }] },
      'Row: 0. Please use a valid role: user, model.',
    ],
    [{ contents: [user('a')] }, 'Row: 0. The last of the contents must be an answer of the model.'],
    ['nothing', 'Row: 0. It is not a JSON object.'],
  ])('is looked at when the job is created: %j', async (row, message) => {
    const { createJob, objects } = await startTuning();
    objects.set(TRAIN, `\n${rows(row)}\n${geminiRows(3)}`);
    expect(await createJob()).toEqual({
      status: 400,
      body: { error: { code: 400, status: 'INVALID_ARGUMENT', message } },
    });
  });

  it('of a preference needs its completions', async () => {
    const { createJob, objects } = await startTuning();
    objects.set('gs://data/preferences.jsonl', geminiRows(3).replaceAll('model', 'user'));
    expect((await createJob(aPreferenceJob())).body.error).toMatchObject({
      message: 'Row: 0. Missing required `completions` field.',
    });
  });
});

describe('a later row that cannot be taken', () => {
  it('fails the job while its data is read', async () => {
    const { finished, objects } = await startTuning();
    objects.set(TRAIN, `${geminiRows(3)}\n${rows({ contents: [] })}`);
    expect(await finished()).toMatchObject({
      state: 'JOB_STATE_FAILED',
      error: { code: 3, message: 'Row: 3. Missing required `contents` field.' },
    });
  });

  it('fails the job also in the validation data', async () => {
    const { finished, objects } = await startTuning();
    objects.set(VALIDATION, `${geminiRows(1)}\nnothing`);
    expect((await finished(aTuningJob({ spec: { validationDatasetUri: VALIDATION } }))).error).toMatchObject({
      message: 'Row: 1. It is not a JSON object.',
    });
  });

  it('is one that calls functions, for the models of which that was reported', async () => {
    const { finished, objects, createJob } = await startTuning();
    const call = { role: 'model', parts: [{ functionCall: { name: 'book', args: { seat_row: 3 } } }] };
    objects.set(TRAIN, `${geminiRows(2)}\n${rows({ contents: [user('a seat'), call] })}`);
    expect((await finished()).error?.message).toBe(
      'Dataset example 3 of 3 contains an unsupported modality [function call] in the "parts" field, which is not supported by this model. The supported modalities are: [image, PDF document, audio, video].',
    );
    const later = await createJob(aTuningJob({ fields: { baseModel: 'gemini-3.5-flash' } }));
    expect(tuningOf(later).state).toBe('JOB_STATE_PENDING');
    expect((await finished(aTuningJob({ fields: { baseModel: 'gemini-3.5-flash' } }))).error).toBeUndefined();
  });
});

describe('the data of an open model', () => {
  it.each([
    { name: 'prompts', row: { prompt: 'a', completion: 'b' } },
    {
      name: 'messages',
      row: {
        messages: [
          { role: 'system', content: 's' },
          { role: 'user', content: [{ type: 'text', text: 'a' }] },
          { role: 'assistant', content: 'b' },
        ],
      },
    },
    { name: 'contents', row: { contents: [user('a'), { role: 'assistant', parts: [{ text: 'b' }] }] } },
  ])('may be $name', async ({ row }) => {
    const { finished, objects } = await startTuning();
    objects.set('gs://data/prompts.jsonl', rows(row, row));
    expect(await finished(anOpenJob(), 'v1beta1')).toMatchObject({
      state: 'JOB_STATE_SUCCEEDED',
      tuningDataStats: { supervisedTuningDataStats: { tuningDatasetExampleCount: '2' } },
    });
  });

  it('fails the job where it is of another kind', async () => {
    const { finished, objects } = await startTuning();
    objects.set('gs://data/prompts.jsonl', rows({ contents: [user('a'), model('b')] }));
    expect((await finished(anOpenJob(), 'v1beta1')).error?.message).toBe(
      'Row: 0. Please use a valid role: user, assistant.',
    );
  });
});
