import { describe, expect, it } from 'vitest';
import { systemClock } from '../../local/clock.ts';
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

interface Aiplatform {
  v1: {
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

async function startClient({ v1 }: Aiplatform) {
  const harness = await startHarness({ clock: systemClock, taskMs: 40 });
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
  return { pipelines: new v1.PipelineServiceClient(options), models: new v1.ModelServiceClient(options) };
}

/** The client takes parameters as protobuf values. */
function aProtoJob() {
  const job = aJob();
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
    expect(found).toMatchObject([{ labels: { 'stand-in': 'no-model-was-trained' } }]);
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
});
