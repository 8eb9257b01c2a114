import { describe, expect, it } from 'vitest';
import type { JsonObject } from '../../local/vertex/http/json.ts';
import { type Measurement, standInTrainer, type Trainer } from '../../local/vertex/training/trainer.ts';
import { createTensorboardReader } from '../../shared/adapters/vertex/tensorboard.ts';
import { urlOf } from '../support/vertex-calls.ts';
import {
  aJob,
  jobOf,
  newDataDir,
  PROJECT_NUMBER,
  startHarness,
  TASK_MS,
  taskNamed,
  WHOLE_JOB_MS,
} from './vertex-harness.ts';

/** As people write it; the API answers with the project's number. */
const WRITTEN = 'projects/demo/locations/europe-west4/tensorboards/7';
const TENSORBOARD = WRITTEN.replace('demo', PROJECT_NUMBER);

/** Measures these, and is done. */
const measuring = (measurements: Measurement[]): Trainer => ({
  ...standInTrainer,
  async *tune() {
    for (const measurement of measurements) yield { kind: 'measured', measurement };
    yield { kind: 'finished' };
  },
});

const train = (step: number, over: Partial<Measurement> = {}): Measurement => ({
  of: 'train',
  step,
  loss: 1 / step,
  accuracy: step / 4_000,
  predictions: 40,
  ...over,
});

const THREE: Measurement[] = [
  train(1, { loss: 0.1 + 0.2, accuracy: 0 }),
  train(2, { loss: Number.NaN }),
  { of: 'eval', step: 2, loss: 1.5, accuracy: 0.5, predictions: 90 },
];

/** A service on which one job has run, and where its experiment and series are. */
async function afterJob(measurements: Measurement[]) {
  const harness = await startHarness({ trainer: measuring(measurements), tensorboards: [WRITTEN] });
  await harness.create('job-1', aJob({ tensorboard_resource_id: WRITTEN }));
  await harness.clock.advance(WHOLE_JOB_MS);
  const { body } = await harness.get(`/v1/${TENSORBOARD}/experiments`);
  const [experiment] = body.tensorboardExperiments as { name: string }[];
  const run = `/v1/${experiment?.name}/runs/default`;
  const seriesNamed = async (displayName: string) => {
    const filter = encodeURIComponent(`display_name="${displayName}"`);
    const listed = (await harness.get(`${run}/timeSeries?filter=${filter}`)).body;
    return (listed.tensorboardTimeSeries as (JsonObject & { name: string })[])[0];
  };
  return { ...harness, experiment, run, seriesNamed };
}

describe('an instance of TensorBoard', () => {
  it('is there from the start where the service was told so, under the project’s number, also after a restart', async () => {
    const dataDir = newDataDir();
    const first = await startHarness({ dataDir, tensorboards: [WRITTEN] });
    const listed = (await first.get('tensorboards')).body;
    expect(listed).toEqual({
      tensorboards: [
        {
          name: TENSORBOARD,
          displayName: 'TensorBoard 7',
          createTime: '2026-01-01T00:00:00.000Z',
          updateTime: '2026-01-01T00:00:00.000Z',
        },
      ],
    });
    await first.service.close();
    const second = await startHarness({ dataDir, tensorboards: [WRITTEN], clock: first.clock });
    expect((await second.get('tensorboards')).body).toEqual(listed);
    expect((await second.get('/v1/projects/demo/locations/us-central1/tensorboards')).body).toEqual({});
  });

  it('is made by an operation that answers with it', async () => {
    const { send, get, clock } = await startHarness();
    const operation = (await send('POST', 'tensorboards', { displayName: 'mine', labels: { team: 'x' } }))
      .body;
    expect(operation.done).toBeUndefined();
    await clock.advance(TASK_MS);
    const done = (await get(`/v1/${operation.name}`)).body as { done: boolean; response: JsonObject };
    expect(done).toMatchObject({
      done: true,
      metadata: {
        '@type': 'type.googleapis.com/google.cloud.aiplatform.v1.CreateTensorboardOperationMetadata',
      },
      response: { displayName: 'mine', labels: { team: 'x' } },
    });
    const { '@type': type, ...made } = done.response;
    expect(type).toBe('type.googleapis.com/google.cloud.aiplatform.v1.Tensorboard');
    expect(made.name).toMatch(/\/tensorboards\/\d+$/);
    expect((await get(`/v1/${made.name}`)).body).toEqual(made);
    expect((await send('POST', 'tensorboards', {})).status).toBe(400);
  });

  it.each([
    ['instance', '/v1/projects/demo/locations/europe-west4/tensorboards/9'],
    ['experiment', `/v1/${WRITTEN}/experiments/none`],
    ['run', `/v1/${WRITTEN}/experiments/none/runs/none`],
    ['series', `/v1/${WRITTEN}/experiments/none/runs/none/timeSeries/1`],
    ['series to read', `/v1/${WRITTEN}/experiments/none/runs/none/timeSeries/1:read`],
  ])('answers 404 for a %s that it does not have', async (_name, path) => {
    const { get } = await startHarness({ tensorboards: [WRITTEN] });
    expect(await get(path)).toMatchObject({ status: 404, body: { error: { status: 'NOT_FOUND' } } });
  });
});

describe('the metrics of a job', () => {
  it('are an experiment that names the job, with one run', async () => {
    const { experiment, get, run } = await afterJob(THREE);
    const [job] = ((await get('pipelineJobs')).body.pipelineJobs ?? []) as { name: string }[];
    expect(experiment).toMatchObject({ displayName: 'job-1', source: job?.name });
    expect(experiment?.name).toMatch(new RegExp(`^${TENSORBOARD}/experiments/job-1-\\d+$`));
    expect((await get(`/v1/${experiment?.name}/runs`)).body).toMatchObject({
      tensorboardRuns: [{ name: run.slice('/v1/'.length), displayName: 'default' }],
    });
  });

  it('are six series under the guide’s names, slash included', async () => {
    const { get, run } = await afterJob(THREE);
    const { tensorboardTimeSeries } = (await get(`${run}/timeSeries`)).body;
    const suffixes = ['total_loss', 'fraction_of_correct_next_step_preds', 'num_predictions'];
    expect((tensorboardTimeSeries as { displayName: string }[]).map((one) => one.displayName).sort()).toEqual(
      ['train', 'eval'].flatMap((of) => suffixes.map((suffix) => `/${of}_${suffix}`)).sort(),
    );
    for (const series of tensorboardTimeSeries as JsonObject[]) {
      expect(series).toMatchObject({
        valueType: 'SCALAR',
        pluginName: 'scalars',
        metadata: { maxStep: '2' },
      });
    }
  });

  it('are read one by one: steps as text, zeros left out, what is no number spelt out', async () => {
    const { get, seriesNamed } = await afterJob(THREE);
    const read = async (name: string) => {
      const series = await seriesNamed(name);
      return (await get(`/v1/${series?.name}:read`)).body.timeSeriesData as { values: JsonObject[] };
    };
    const loss = await read('/train_total_loss');
    expect(loss).toEqual({
      tensorboardTimeSeriesId: expect.stringMatching(/^\d+$/),
      valueType: 'SCALAR',
      values: [
        { step: '1', wallTime: '2026-01-01T00:00:01.200Z', scalar: { value: 0.1 + 0.2 } },
        { step: '2', wallTime: '2026-01-01T00:00:01.200Z', scalar: { value: 'NaN' } },
      ],
    });
    const accuracy = await read('/train_fraction_of_correct_next_step_preds');
    expect(accuracy.values.map(({ scalar }) => scalar)).toEqual([{}, { value: 2 / 4_000 }]);
  });

  it('are read together, by names with the project’s id or number', async () => {
    const { get, seriesNamed } = await afterJob(THREE);
    const names = [];
    for (const name of ['/eval_total_loss', '/eval_num_predictions'])
      names.push((await seriesNamed(name))?.name);
    const [byNumber = '', byId = ''] = [names[0], names[1]?.replace(PROJECT_NUMBER, 'demo')];
    const query = new URLSearchParams([
      ['timeSeries', byNumber],
      ['timeSeries', byId],
    ]);
    const { timeSeriesData } = (await get(`/v1/${WRITTEN}:batchRead?${query}`)).body;
    expect(timeSeriesData).toMatchObject([
      { values: [{ step: '2', scalar: { value: 1.5 } }] },
      { values: [{ step: '2', scalar: { value: 90 } }] },
    ]);
  });

  it.each([
    ['nothing', '', 400],
    ['a series of another instance', 'timeSeries=projects/demo/locations/us-central1/tensorboards/1/x', 400],
    ['a series that is not there', `timeSeries=${WRITTEN}/experiments/a/runs/b/timeSeries/1`, 404],
  ])('are refused when the batch asks for %s', async (_name, query, status) => {
    const { get } = await startHarness({ tensorboards: [WRITTEN] });
    expect((await get(`/v1/${WRITTEN}:batchRead?${query}`)).status).toBe(status);
  });

  it.each([
    ['a thousand of a series by default', '', 1_000],
    ['as many as asked', '?maxDataPoints=10', 10],
    ['all for -1', '?maxDataPoints=-1', 1_203],
  ])('are %s, first and last among them', async (_name, query, count) => {
    const { get, seriesNamed } = await afterJob(
      Array.from({ length: 1_203 }, (_, index) => train(index + 1)),
    );
    const series = await seriesNamed('/train_total_loss');
    const { timeSeriesData } = (await get(`/v1/${series?.name}:read${query}`)).body;
    const { values } = timeSeriesData as { values: { step: string }[] };
    const steps = values.map(({ step }) => Number(step));
    expect(steps).toHaveLength(count);
    expect([steps[0], steps.at(-1)]).toEqual([1, 1_203]);
    expect(steps).toEqual([...new Set(steps)].sort((a, b) => a - b));
  });

  it('are not more than ten thousand at once', async () => {
    const { get, seriesNamed } = await afterJob(THREE);
    const series = await seriesNamed('/train_total_loss');
    expect((await get(`/v1/${series?.name}:read?maxDataPoints=10001`)).status).toBe(400);
  });

  it('are found by the product’s own reader, point by point', async () => {
    const points = [1, 2, 3].map((step) => train(step));
    const { get, service } = await afterJob(points);
    const reader = createTensorboardReader(async (call) => {
      const { pathname, search } = urlOf(call);
      return (await get(`${pathname}${search}`)).body;
    });
    const [job] = service.jobs();
    const found = await reader.find(TENSORBOARD, { name: String(job?.name) });
    expect(found).toMatchObject({ matchedBy: 'id' });
    const read = found && (await reader.read(found));
    expect(read?.series.find(({ name }) => name === '/train_total_loss')?.points).toEqual(
      points.map(({ step, loss }) => ({ step, value: loss })),
    );
  });

  it('are kept by nobody when the job names no TensorBoard', async () => {
    const { create, get, clock } = await startHarness({ trainer: measuring(THREE), tensorboards: [WRITTEN] });
    await create('job-1');
    await clock.advance(WHOLE_JOB_MS);
    expect((await get(`/v1/${TENSORBOARD}/experiments`)).body).toEqual({});
  });
});

describe('a job whose TensorBoard cannot be used', () => {
  it.each([
    ['a bare id', '7', 'not a full name'],
    [
      'another region than the job’s',
      'projects/demo/locations/us-central1/tensorboards/7',
      'must be in europe-west4',
    ],
    [
      'an instance that is not there',
      'projects/demo/locations/europe-west4/tensorboards/8',
      'does not exist',
    ],
  ])('fails its validation task over %s', async (_name, tensorboard, message) => {
    const { create, get, clock } = await startHarness({ tensorboards: [WRITTEN] });
    await create('job-1', aJob({ tensorboard_resource_id: tensorboard }));
    await clock.advance(WHOLE_JOB_MS);
    const job = jobOf(await get('pipelineJobs/job-1'));
    expect(job.state).toBe('PIPELINE_STATE_FAILED');
    expect(taskNamed(job, 'vertex-pipelines-prompt-validation')?.error).toMatchObject({
      code: 3,
      message: expect.stringContaining(message),
    });
  });
});
