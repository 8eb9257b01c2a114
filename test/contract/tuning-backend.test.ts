import { createServer } from 'node:http';
import type { AddressInfo } from 'node:net';
import { text } from 'node:stream/consumers';
import { afterAll, beforeAll, beforeEach, describe, expect, test } from 'vitest';
import { checkFolder } from '../../cli/folder/check-folder.ts';
import { offlineLimits } from '../../cli/folder/limits.ts';
import { planFolder } from '../../cli/plan/plan-folder.ts';
import { showPlan } from '../../cli/plan/show.ts';
import { createSteppableClock } from '../../local/clock.ts';
import { createFaultScript } from '../../local/faults.ts';
import { startMetadata } from '../../local/metadata/server.ts';
import type { LocalService } from '../../local/service.ts';
import { startVertex, type VertexService } from '../../local/vertex/server.ts';
import { createVertexClient, resourceUrl } from '../../shared/adapters/vertex/client.ts';
import { createModelRegistry } from '../../shared/adapters/vertex/models.ts';
import { createPipelineJobsBackend } from '../../shared/adapters/vertex/pipeline-jobs.ts';
import { locateIn } from '../../shared/core/manifest/manifest.ts';
import { digest } from '../../shared/core/objects/digest.ts';
import { buildPipelineJobRequest } from '../../shared/core/tuning/pipeline-job-request.ts';
import type { Plan } from '../../shared/core/tuning/plan.ts';
import { planRun } from '../../shared/core/tuning/planning.ts';
import type { TuningBackend } from '../../shared/ports.ts';
import { aFolder } from '../cli/command-line.ts';
import { MANIFEST_URI, someLimits } from '../support/manifests.ts';
import { pipelinePlan } from '../support/plans.ts';
import { serviceOptions } from '../support/service-options.ts';
import { aManifest, examples } from '../support/world.ts';

const UPLOAD = { bucket: 'inbox', prefix: 'team/reviews/' };
const PROJECT = { projectId: 'my-project', projectNumber: '123456' };

describe('pipeline jobs, over REST with Google’s own authentication', () => {
  const faults = createFaultScript();
  const clock = createSteppableClock();
  let vertex: VertexService;
  let metadata: LocalService;
  let backend: TuningBackend;
  let serial = 0;

  const somePlan = (over: { train_steps?: number } = {}, word = `run ${serial++}`): Plan => {
    const { plan } = planRun({
      manifest: { base_model: 'text-bison@002', dataset_uri: 'gs://inbox/team/reviews/train.jsonl', ...over },
      folderName: 'reviews',
      runId: `r${digest(word).slice(0, 40)}`,
      limits: someLimits(),
      locate: locateIn(MANIFEST_URI),
    });
    return plan;
  };

  beforeAll(async () => {
    metadata = await startMetadata({
      ...serviceOptions(),
      ...PROJECT,
      email: 'submit@my-project.iam.gserviceaccount.com',
    });
    process.env.GCE_METADATA_HOST = metadata.address;
    process.env.METADATA_SERVER_DETECTION = 'assume-present';
    vertex = await startVertex({
      ...serviceOptions({ faults, clock }),
      ...PROJECT,
      readObject: async () => ({ size: 1000, generation: '1' }),
    });
    backend = createPipelineJobsBackend(createVertexClient(`http://${vertex.address}`), PROJECT.projectId);
  });
  afterAll(async () => {
    await vertex.close();
    await metadata.close();
  });
  beforeEach(() => {
    expect(faults.remaining()).toEqual({});
  });

  const seen = async (name: string) => {
    const job = await (await backend.observe([name]))(name);
    if (!job) throw new Error('the job was not seen');
    return job;
  };

  test('a job is created under the id that was asked for, and found under it', async () => {
    const asked = somePlan();
    const { outcome, job } = await backend.create(asked, 1);
    expect(outcome).toBe('created');
    expect(job.name).toBe(
      `projects/123456/locations/us-central1/pipelineJobs/${buildPipelineJobRequest(pipelinePlan(asked)).pipelineJobId}`,
    );
    expect(await backend.find(asked, 1)).toMatchObject({ name: job.name, state: 'PIPELINE_STATE_PENDING' });
    expect(await backend.find(somePlan(), 1)).toBeUndefined();
  });

  test('what is sent is what `tunedrop plan` prints, to the letter', async () => {
    const folder = {
      dir: aFolder({ 'tune.json': aManifest(), 'train.jsonl': examples(120) }),
      upload: UPLOAD,
    };
    const limits = offlineLimits({
      project: PROJECT.projectId,
      inboxBucket: UPLOAD.bucket,
      region: 'us-central1',
      retiredModels: 'warn',
    });
    const checked = await checkFolder(folder, { limits, today: '2026-03-01' });
    const planned = planFolder(checked, folder, { limits, generation: '1', staging: false });
    if ('issues' in planned) throw new Error('the folder is right');
    const [, printed = '', body = ''] =
      /^(POST https.*)\n(\{[\s\S]*)$/m.exec(showPlan(planned, checked)) ?? [];

    const heard: { line: string; body: unknown }[] = [];
    const google = createServer(async (request, response) => {
      heard.push({ line: `${request.method} ${request.url}`, body: JSON.parse(await text(request)) });
      response.setHeader('content-type', 'application/json');
      response.end(JSON.stringify({ name: 'projects/1/locations/us-central1/pipelineJobs/x' }));
    });
    await new Promise<void>((resolve) => google.listen(0, '127.0.0.1', resolve));
    const { port } = google.address() as AddressInfo;
    const client = createVertexClient(`http://127.0.0.1:${port}`);
    await createPipelineJobsBackend(client, PROJECT.projectId).create(planned.plan, 1);
    google.close();

    const origin = 'https://us-central1-aiplatform.googleapis.com';
    expect(heard).toEqual([{ line: printed.replace(origin, ''), body: JSON.parse(body) }]);
    expect(printed).toContain(`POST ${origin}/v1/projects/my-project/`);
  });

  test('creating it again adopts it', async () => {
    const asked = somePlan();
    const first = await backend.create(asked, 1);
    const again = await backend.create(asked, 1);
    expect(again).toMatchObject({ outcome: 'adopted', job: { name: first.job.name } });
  });

  test('creating it again after a lost answer adopts it', async () => {
    const asked = somePlan();
    faults.script('pipelineJobs.create', [{ kind: 'reset', afterEffect: true }]);
    await expect(backend.create(asked, 1)).rejects.toMatchObject({ kind: 'ambiguous' });
    expect(await backend.create(asked, 1)).toMatchObject({ outcome: 'adopted' });
  });

  test('a job of somebody else under the same id is not adopted', async () => {
    await backend.create(somePlan({ train_steps: 10 }, 'the same id'), 1);
    await expect(backend.create(somePlan({ train_steps: 20 }, 'the same id'), 1)).rejects.toMatchObject({
      kind: 'permanent',
      reason: 'JobIdTaken',
    });
  });

  test.each([
    [429, 'throttled', 'QuotaExceeded'],
    [500, 'ambiguous', 'InternalError'],
    [503, 'ambiguous', 'VertexUnavailable'],
    [400, 'permanent', 'RequestRefused'],
    [403, 'environment', 'PermissionDenied'],
  ])('a %s is %s, and sent once', async (status, kind, reason) => {
    const { 'pipelineJobs.create': before = 0 } = faults.calls();
    faults.script('pipelineJobs.create', [{ kind: 'error', status, message: 'in Google’s words' }]);
    await expect(backend.create(somePlan(), 1)).rejects.toMatchObject({
      kind,
      reason,
      message: expect.stringContaining('in Google’s words'),
    });
    expect(faults.calls()['pipelineJobs.create']).toBe(before + 1);
  });

  test('a job that ended is seen with its tasks, and the names of its model and endpoint', async () => {
    const { job } = await backend.create(somePlan(), 1);
    await clock.advance(60_000);
    const ended = await seen(job.name);
    expect(ended.state).toBe('PIPELINE_STATE_SUCCEEDED');
    expect(ended.phase).toBe('succeeded');
    expect(ended.outputs.model).toMatch(/\/models\/\d+@1$/);
    expect(ended.outputs.endpoint).toMatch(/\/endpoints\/\d+$/);
  });

  test('the registry knows the model that a job made, and its endpoint', async () => {
    const { job } = await backend.create(somePlan(), 1);
    await clock.advance(60_000);
    const { model: name = '', endpoint } = (await seen(job.name)).outputs;
    const registry = createModelRegistry(createVertexClient(`http://${vertex.address}`));
    expect(await registry.read(name)).toMatchObject({
      displayName: 'reviews',
      version: '1',
      labels: { 'managed-by': 'tunedrop' },
      endpoint,
    });
    expect(await registry.read(name.replace(/models\/.*/, 'models/0'))).toBeUndefined();
  });

  test('many jobs that run are seen with one call for every hundred, and one that is gone is not seen', async () => {
    const names = await Promise.all(
      Array.from({ length: 120 }, async () => (await backend.create(somePlan(), 1)).job.name),
    );
    await clock.advance(500);
    const { 'pipelineJobs.list': lists = 0, 'pipelineJobs.get': gets = 0 } = faults.calls();
    const gone = 'projects/123456/locations/us-central1/pipelineJobs/nobody-made-this';
    const look = await backend.observe([...names, gone]);
    const found = await Promise.all([...names, gone].map(look));
    expect(found.map((job) => job?.name)).toEqual([...names, undefined]);
    expect(faults.calls()['pipelineJobs.list']).toBe(lists + 2);
    expect(faults.calls()['pipelineJobs.get']).toBe(gets + 1);
  });

  test('a job that may not be looked at has its error, and the others are seen', async () => {
    const names = [
      (await backend.create(somePlan(), 1)).job.name,
      (await backend.create(somePlan(), 1)).job.name,
    ];
    faults.script('pipelineJobs.get', [{ kind: 'error', status: 403, message: 'denied' }]);
    const found = await Promise.allSettled(names.map(await backend.observe(names)));
    expect(found).toMatchObject([
      { status: 'rejected', reason: { kind: 'environment' } },
      { status: 'fulfilled', value: { name: names[1] } },
    ]);
  });

  test('a job that is asked to stop ends cancelled', async () => {
    const { job } = await backend.create(somePlan(), 1);
    await clock.advance(500);
    await backend.cancel(job.name);
    await clock.advance(10_000);
    expect((await seen(job.name)).state).toBe('PIPELINE_STATE_CANCELLED');
  });

  test('the unfinished jobs are those that live, each with the labels that say whose it is', async () => {
    const { job: over } = await backend.create(somePlan(), 1);
    await clock.advance(500);
    await backend.cancel(over.name);
    await clock.advance(10_000);
    const { job } = await backend.create(somePlan(), 1);
    const jobs = await backend.unfinished((thrown) => expect.unreachable(String(thrown)));
    expect(jobs.map(({ name }) => name)).not.toContain(over.name);
    expect(jobs.find(({ name }) => name === job.name)?.labels).toMatchObject({
      'managed-by': 'tunedrop',
      'tunedrop-deployment': 'results',
    });
  });

  test('a request that cannot be written down is a mistake of our own, not an answer that was lost', async () => {
    const circle: Record<string, unknown> = {};
    circle.itself = circle;
    const url = `https://us-central1-aiplatform.googleapis.com/v1/any`;
    const call = { method: 'POST', url, body: circle, doing: 'asking' } as const;
    await expect(createVertexClient(`http://${vertex.address}`)(call)).rejects.toMatchObject({
      ...{ kind: 'defect', retry: 'slowly' },
      message: expect.stringContaining('RangeError'),
    });
  });

  test('a region that is none never becomes a host that sees the token', async () => {
    for (const location of ['x.example.com/#', 'x@example.com?', 'us-central1@x', 'xx-yy1', '']) {
      expect(() => resourceUrl(`projects/p/locations/${location}/models/1`)).toThrow(
        /at no host of Vertex AI/,
      );
    }
    const client = createVertexClient();
    const urls = [
      'http://us-central1-aiplatform.googleapis.com/v1/x',
      'https://us-central1-aiplatform.googleapis.com.example.com/v1/x',
      'https://xx-yy1-aiplatform.googleapis.com/v1/x',
    ];
    for (const url of urls) {
      await expect(client({ method: 'GET', url, doing: 'trying' })).rejects.toMatchObject({
        ...{ kind: 'permanent', reason: 'BadRegion' },
      });
    }
  });
});
