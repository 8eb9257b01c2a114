import { describe, expect, it } from 'vitest';
import { systemClock } from '../../local/clock.ts';
import { createLocalTrainer } from '../../local/vertex/training/local-trainer.ts';
import { createFakeTuner } from './vertex-fake-tuner.ts';
import { aJob, PROJECT_NUMBER, startHarness } from './vertex-harness.ts';

/**
 * Google's own client for the API, as a second opinion on paths, spelling and types. It is no dependency of the project:
 * `npm install --no-save @google-cloud/aiplatform` brings it in for a look.
 */
const PACKAGE = '@google-cloud/aiplatform';

interface Job {
  name: string;
  state: string;
  createTime: { seconds: string };
  error: { code: number } | null;
  jobDetail: { taskDetails: { taskName: string; taskId: string; state: string }[] };
}

interface PipelineClient {
  createPipelineJob(request: object): Promise<[Job]>;
  getPipelineJob(request: object): Promise<[Job]>;
  listPipelineJobs(request: object): Promise<[Job[]]>;
  cancelPipelineJob(request: object): Promise<unknown>;
  deletePipelineJob(request: object): Promise<[{ promise(): Promise<unknown> }]>;
}

interface ModelClient {
  listModels(request: object): Promise<[{ name: string; labels: Record<string, string> }[]]>;
}

interface Scalars {
  values: { step: string; scalar: { value: number } }[];
}

interface TensorboardClient {
  createTensorboard(
    request: object,
  ): Promise<[{ promise(): Promise<[{ name: string; displayName: string }]> }]>;
  listTensorboards(request: object): Promise<[{ name: string }[]]>;
  listTensorboardExperiments(request: object): Promise<[{ name: string; source: string }[]]>;
  listTensorboardRuns(request: object): Promise<[{ name: string }[]]>;
  listTensorboardTimeSeries(request: object): Promise<[{ name: string; valueType: string }[]]>;
  readTensorboardTimeSeriesData(request: object): Promise<[{ timeSeriesData: Scalars }]>;
  batchReadTensorboardTimeSeriesData(request: object): Promise<[{ timeSeriesData: Scalars[] }]>;
}

interface PredictionClient {
  predict(request: object): Promise<[{ predictions: object[] }]>;
}

interface Aiplatform {
  v1: {
    TensorboardServiceClient: new (options: object) => TensorboardClient;
    PredictionServiceClient: new (options: object) => PredictionClient;
    PipelineServiceClient: new (options: object) => PipelineClient;
    ModelServiceClient: new (options: object) => ModelClient;
  };
}

const aiplatform = await import(PACKAGE).then(
  (loaded) => loaded as Aiplatform,
  () => undefined,
);
if (!aiplatform) console.log(`SKIPPED: ${PACKAGE} is not installed`);

const PARENT = 'projects/demo/locations/europe-west4';
const TENSORBOARD = `${PARENT}/tensorboards/7`;

async function startClient({ v1 }: Aiplatform) {
  const harness = await startHarness({
    ...{ clock: systemClock, taskMs: 40, tensorboards: [TENSORBOARD] },
    trainer: createLocalTrainer({ tuner: createFakeTuner() }),
  });
  const { OAuth2Client } = await import('google-auth-library');
  const authClient = new OAuth2Client();
  authClient.setCredentials({ access_token: 'local', expiry_date: Date.UTC(2100, 0) });
  const [apiEndpoint, port] = harness.service.address.split(':');
  const options = {
    fallback: true,
    protocol: 'http',
    apiEndpoint,
    port: Number(port),
    projectId: 'demo',
    authClient,
  };
  return {
    pipelines: new v1.PipelineServiceClient(options),
    models: new v1.ModelServiceClient(options),
    tensorboards: new v1.TensorboardServiceClient(options),
    predictions: new v1.PredictionServiceClient(options),
  };
}

/** The client takes parameters as protobuf values. */
function aProtoJob(parameters: object = {}) {
  const job = aJob(parameters);
  const parameterValues = Object.fromEntries(
    Object.entries(job.runtimeConfig.parameterValues).map(([name, stringValue]) => [name, { stringValue }]),
  );
  return { ...job, runtimeConfig: { ...job.runtimeConfig, parameterValues } };
}

async function untilEnded(client: PipelineClient, name: string): Promise<Job> {
  for (;;) {
    const [job] = await client.getPipelineJob({ name });
    if (/SUCCEEDED|FAILED|CANCELLED/.test(job.state)) return job;
    await new Promise<void>((resolve) => systemClock.after(20, resolve));
  }
}

describe.runIf(aiplatform)('the client of @google-cloud/aiplatform', () => {
  // The suite does not run without the package; this keeps the type honest.
  const start = () => startClient(aiplatform ?? ({} as Aiplatform));

  it('creates a job, follows it to its end and finds its model', async () => {
    const { pipelines, models } = await start();
    const request = { parent: PARENT, pipelineJobId: 'job-1', pipelineJob: aProtoJob() };
    const [created] = await pipelines.createPipelineJob(request);
    expect(created).toMatchObject({
      name: `projects/${PROJECT_NUMBER}/locations/europe-west4/pipelineJobs/job-1`,
      state: 'PIPELINE_STATE_PENDING',
    });
    expect(Number(created.createTime.seconds)).toBeGreaterThan(1_700_000_000);
    const ended = await untilEnded(pipelines, created.name);
    expect(ended.state).toBe('PIPELINE_STATE_SUCCEEDED');
    expect(ended.jobDetail.taskDetails.map((task) => task.taskName)).toEqual([
      'job-1',
      'vertex-pipelines-prompt-validation',
      'large-language-model-tuner',
      'upload-llm-model',
      'deployment-graph',
    ]);
    const filter = 'labels.google-vertex-llm-tuning-base-model-id="text-bison-002"';
    const [found] = await models.listModels({ parent: 'projects/demo/locations/us-central1', filter });
    expect(found).toMatchObject([{ labels: { 'stand-in': 'small-local-model' } }]);
  });

  it('understands the refusals', async () => {
    const { pipelines } = await start();
    const request = { parent: PARENT, pipelineJobId: 'job-1', pipelineJob: aProtoJob() };
    await pipelines.createPipelineJob(request);
    await expect(pipelines.createPipelineJob(request)).rejects.toMatchObject({ code: 6 });
    await expect(pipelines.getPipelineJob({ name: `${PARENT}/pipelineJobs/x` })).rejects.toMatchObject({
      code: 5,
    });
    const bad = { ...request, pipelineJobId: '1' };
    await expect(pipelines.createPipelineJob(bad)).rejects.toMatchObject({ code: 3 });
  });

  it('cancels, lists and deletes', async () => {
    const { pipelines } = await start();
    const request = { parent: PARENT, pipelineJobId: 'job-1', pipelineJob: aProtoJob() };
    const [{ name }] = await pipelines.createPipelineJob(request);
    await pipelines.cancelPipelineJob({ name });
    expect(await untilEnded(pipelines, name)).toMatchObject({
      state: 'PIPELINE_STATE_CANCELLED',
      error: { code: 1 },
    });
    const [jobs] = await pipelines.listPipelineJobs({ parent: PARENT, filter: 'labels.team="search"' });
    expect(jobs).toMatchObject([{ name }]);
    const [operation] = await pipelines.deletePipelineJob({ name });
    await operation.promise();
    expect((await pipelines.listPipelineJobs({ parent: PARENT }))[0]).toEqual([]);
  });

  it('reads the metrics of a job in the three ways', async () => {
    const { pipelines, tensorboards } = await start();
    const pipelineJob = aProtoJob({ tensorboard_resource_id: TENSORBOARD, train_steps: '3' });
    const [{ name }] = await pipelines.createPipelineJob({
      parent: PARENT,
      pipelineJobId: 'job-1',
      pipelineJob,
    });
    await untilEnded(pipelines, name);
    const [experiments] = await tensorboards.listTensorboardExperiments({ parent: TENSORBOARD });
    expect(experiments).toMatchObject([{ source: name }]);
    const [runs] = await tensorboards.listTensorboardRuns({ parent: experiments[0]?.name });
    const filter = 'display_name="/train_num_predictions"';
    const [series] = await tensorboards.listTensorboardTimeSeries({ parent: runs[0]?.name, filter });
    expect(series).toMatchObject([{ valueType: 'SCALAR' }]);
    const timeSeries = series[0]?.name;
    const values = [1, 2, 3].map((step) => ({ step: String(step), scalar: { value: step } }));
    const [read] = await tensorboards.readTensorboardTimeSeriesData({ tensorboardTimeSeries: timeSeries });
    expect(read.timeSeriesData).toMatchObject({ values });
    const batch = { tensorboard: TENSORBOARD, timeSeries: [timeSeries] };
    const [both] = await tensorboards.batchReadTensorboardTimeSeriesData(batch);
    expect(both.timeSeriesData).toMatchObject([{ values }]);
  });

  it('makes and lists instances of TensorBoard', async () => {
    const { tensorboards } = await start();
    const tensorboard = { displayName: 'mine' };
    const [operation] = await tensorboards.createTensorboard({ parent: PARENT, tensorboard });
    const [made] = await operation.promise();
    expect(made).toMatchObject({ displayName: 'mine' });
    const [all] = await tensorboards.listTensorboards({ parent: PARENT });
    expect(all.map(({ name }) => name)).toContain(made.name);
  });

  it('gets predictions of a base model', async () => {
    const { predictions } = await start();
    const instance = { structValue: { fields: { prompt: { stringValue: 'hi' } } } };
    const endpoint = `${PARENT}/publishers/google/models/text-bison@002`;
    const [answer] = await predictions.predict({ endpoint, instances: [instance] });
    expect(JSON.stringify(answer.predictions)).toContain('base');
  });
});
