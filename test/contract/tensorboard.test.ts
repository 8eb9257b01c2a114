import { expect, test } from 'vitest';
import { createTensorboardReader } from '../../shared/adapters/vertex/tensorboard.ts';
import type { MetricsReader, TunedJob } from '../../shared/ports.ts';
import payloads from '../payloads/tensorboard.json' with { type: 'json' };
import { urlOf } from '../support/vertex-calls.ts';

const TENSORBOARD = 'projects/123/locations/us-central1/tensorboards/7';
const JOB: TunedJob = { name: 'projects/123/locations/us-central1/pipelineJobs/tune-large-model-x' };
const experiment = (id: string, over: object = {}) => ({ name: `${TENSORBOARD}/experiments/${id}`, ...over });

/** Answers as Google's discovery document has it, page by page, and keeps what was asked. */
function served(experiments: unknown[] = payloads.experiments) {
  const asked: URL[] = [];
  const reader = createTensorboardReader(async (call) => {
    const url = urlOf(call);
    expect(call.method).toBe('GET');
    asked.push(url);
    const page = url.searchParams.has('pageToken') ? 1 : 0;
    if (url.pathname.endsWith(':batchRead')) return payloads.batchRead;
    if (url.pathname.endsWith('/experiments')) return experiments[page] ?? {};
    return url.pathname.endsWith('/runs') ? payloads.runs[page] : payloads.timeSeries[page];
  });
  return { reader, asked };
}

async function readAll(reader: MetricsReader) {
  const found = await reader.find(TENSORBOARD, JOB);
  return found && reader.read(found);
}

test('the curves of a job are found over all pages, by the id of the job in the experiment', async () => {
  const { reader, asked } = served();
  const found = await reader.find(TENSORBOARD, JOB);
  expect(found).toMatchObject({
    tensorboard: TENSORBOARD,
    experiment: `${TENSORBOARD}/experiments/tuner-tune-large-model-x-8811`,
    matchedBy: 'id',
  });
  expect(found && (await reader.read(found))).toEqual({
    pace: {
      from: { step: 0, time: '2026-03-01T12:00:00Z' },
      to: { step: 60, time: '2026-03-01T12:30:00Z' },
    },
    series: [
      {
        name: '/train_total_loss',
        points: [
          { step: 0, value: 4.25 },
          { step: 20, value: 0.5 },
          { step: 40, value: 0 },
        ],
      },
    ],
  });
  expect(asked.map(({ host }) => host)).toEqual(Array(5).fill('us-central1-aiplatform.googleapis.com'));
  expect(asked[1]?.searchParams.get('pageToken')).toBe('more');
  expect(asked[4]?.pathname).toBe(`/v1/${TENSORBOARD}:batchRead`);
  expect(asked[4]?.searchParams.getAll('timeSeries')).toHaveLength(2);
});

test('twenty series are asked for at once, and the next twenty after them', async () => {
  const asked: string[][] = [];
  const reader = createTensorboardReader(async (call) => {
    const { pathname, searchParams } = urlOf(call);
    if (pathname.endsWith('/experiments'))
      return { tensorboardExperiments: [experiment('tune-large-model-x')] };
    if (pathname.endsWith('/runs'))
      return { tensorboardRuns: [{ name: `${TENSORBOARD}/experiments/e/runs/r` }] };
    if (pathname.endsWith('/timeSeries')) {
      const tensorboardTimeSeries = Array.from({ length: 45 }, (_, id) => ({
        name: `${pathname.slice('/v1/'.length)}/${id}`,
        displayName: '/train_total_loss',
      }));
      return { tensorboardTimeSeries };
    }
    asked.push(searchParams.getAll('timeSeries'));
    return {};
  });
  await readAll(reader);
  expect(asked.map((names) => names.length)).toEqual([20, 20, 5]);
});

test('a series of which batchRead gives but a sample is read whole', async () => {
  const STEPS = 2_500;
  const asked: string[] = [];
  const point = (step: number) => ({ step: String(step), scalar: { value: step / 10 } });
  const all = Array.from({ length: STEPS }, (_, index) => point(index + 1));
  const series = `${TENSORBOARD}/experiments/e/runs/r/timeSeries/1`;
  const reader = createTensorboardReader(async (call) => {
    const { pathname, searchParams } = urlOf(call);
    if (pathname.endsWith('/experiments'))
      return { tensorboardExperiments: [experiment('tune-large-model-x')] };
    if (pathname.endsWith('/runs'))
      return { tensorboardRuns: [{ name: `${TENSORBOARD}/experiments/e/runs/r` }] };
    if (pathname.endsWith('/timeSeries'))
      return { tensorboardTimeSeries: [{ name: series, displayName: '/eval_total_loss' }] };
    if (pathname.endsWith(':batchRead'))
      return { timeSeriesData: [{ tensorboardTimeSeriesId: '1', values: all.slice(0, 1_000) }] };
    asked.push(`${pathname} ${searchParams.get('maxDataPoints')}`);
    return { timeSeriesData: { tensorboardTimeSeriesId: '1', values: all } };
  });
  const read = await readAll(reader);
  expect(asked).toEqual([`/v1/${series}:read 10000`]);
  expect(read?.series[0]?.points).toHaveLength(STEPS);
  expect(read?.series[0]?.points.at(-1)).toEqual({ step: STEPS, value: STEPS / 10 });
});

const TIMES = { createTime: '2026-03-01T12:00:00Z', endTime: '2026-03-01T13:00:00Z' };
const INSIDE = '2026-03-01T13:10:00Z';

test.each([
  {
    name: 'the id in the display name',
    experiments: [experiment('a', { displayName: 'x tune-large-model-x' })],
    by: 'id',
  },
  {
    name: 'the id in the source',
    experiments: [experiment('a', { source: 'pipelineJobs/tune-large-model-x' })],
    by: 'id',
  },
  { name: 'the number of the job', experiments: [experiment('tuner-4611-77')], by: 'id' },
  { name: 'the id of another attempt', experiments: [experiment('tune-large-model-x-a2')], by: undefined },
  { name: 'a longer id', experiments: [experiment('tune-large-model-xyz')], by: undefined },
  {
    name: 'the only one made in the time of the job',
    experiments: [experiment('a', { createTime: INSIDE })],
    by: 'time',
  },
  {
    name: 'two made in the time of the job',
    experiments: [experiment('a', { createTime: INSIDE }), experiment('b', { createTime: INSIDE })],
    by: undefined,
  },
  {
    name: 'one made in the time of the job that names another run',
    experiments: [experiment(`tune-large-model-r${'a'.repeat(40)}`, { createTime: INSIDE })],
    by: undefined,
  },
  {
    name: 'one made long after the job',
    experiments: [experiment('a', { createTime: '2026-03-01T13:16:00Z' })],
    by: undefined,
  },
  { name: 'nothing', experiments: [], by: undefined },
])('which experiment is the job’s: $name', async ({ experiments, by }) => {
  const { reader } = served([{ tensorboardExperiments: experiments }]);
  const found = await reader.find(TENSORBOARD, { ...JOB, ...TIMES, numericId: '4611' });
  expect(found?.matchedBy).toBe(by);
});

test('while the job runs nothing is guessed from the time', async () => {
  const { reader } = served([{ tensorboardExperiments: [experiment('a', { createTime: INSIDE })] }]);
  expect(await reader.find(TENSORBOARD, { ...JOB, createTime: TIMES.createTime })).toBeUndefined();
});
