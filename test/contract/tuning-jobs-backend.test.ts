import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import { createSteppableClock } from '../../local/clock.ts';
import { createFaultScript } from '../../local/faults.ts';
import { startMetadata } from '../../local/metadata/server.ts';
import { startVertex, type VertexService } from '../../local/vertex/server.ts';
import { createVertexBackend } from '../../shared/adapters/vertex/backend.ts';
import { createVertexClient } from '../../shared/adapters/vertex/client.ts';
import { locateIn } from '../../shared/core/manifest/manifest.ts';
import { LOCATIONS_OF_TUNING } from '../../shared/core/models/tuning-models.ts';
import { digest } from '../../shared/core/objects/digest.ts';
import { ownerOfJob } from '../../shared/core/tuning/job-labels.ts';
import type { TuningPlan } from '../../shared/core/tuning/plan.ts';
import { planRun } from '../../shared/core/tuning/planning.ts';
import { buildTuningJobRequest } from '../../shared/core/tuning/tuning-job-request.ts';
import type { TuningBackend } from '../../shared/ports.ts';
import { geminiRows } from '../local/vertex-tuning-harness.ts';
import { MANIFEST_URI, someLimits } from '../support/manifests.ts';
import { serviceOptions } from '../support/service-options.ts';

/** The backend of `tuningJobs` over REST, with Google's own authentication, against the embedded Vertex AI. */

const PROJECT = { projectId: 'my-project', projectNumber: '123456' };
const LAG_MS = 60_000;

const faults = createFaultScript();
const clock = createSteppableClock();
const closers: (() => Promise<unknown>)[] = [];
let service: VertexService;
let backend: TuningBackend;
let serial = 0;

beforeAll(async () => {
  const metadata = await startMetadata({
    ...serviceOptions(),
    ...PROJECT,
    email: 'submit@my-project.example',
  });
  process.env.GCE_METADATA_HOST = metadata.address;
  process.env.METADATA_SERVER_DETECTION = 'assume-present';
  const rows = Buffer.from(geminiRows(20));
  service = await startVertex({
    ...serviceOptions({ faults, clock }),
    ...PROJECT,
    taskMs: 1e9,
    tuningJobs: { listLagMs: LAG_MS, concurrentJobs: 100 },
    readObject: async () => ({ size: rows.length, generation: '1', chunks: [rows] }),
  });
  backend = createVertexBackend(createVertexClient(`http://${service.address}`), PROJECT.projectId);
  closers.push(
    () => service.close(),
    () => metadata.close(),
  );
});
afterAll(async () => {
  for (const close of closers) await close();
});

function aPlanIn(region: 'us-central1' | 'europe-west4' = 'us-central1'): TuningPlan {
  const runId = `r${digest(`run ${serial++}`).slice(0, 40)}`;
  const { plan } = planRun({
    manifest: {
      ...{ base_model: 'gemini-3.1-flash-lite', dataset_uri: 'gs://inbox/team/train.jsonl' },
      pipeline_job_region: region,
    },
    ...{ folderName: 'team', runId, limits: someLimits(), locate: locateIn(MANIFEST_URI) },
    stagedUris: { dataset_uri: `gs://results/staging/${runId}/train.jsonl` },
  });
  if (plan.backend !== 'tuningJobs') throw new Error('not a plan of tuningJobs');
  return plan;
}

/** Makes a job as somebody does who takes the labels away. */
async function createWithoutLabels(plan: TuningPlan): Promise<string> {
  const { url, body } = buildTuningJobRequest(plan);
  const { labels: _taken, ...bare } = body;
  const answer = await fetch(`http://${service.address}${new URL(url).pathname}`, {
    method: 'POST',
    headers: { authorization: 'Bearer any', 'content-type': 'application/json' },
    body: JSON.stringify(bare),
  });
  return ((await answer.json()) as { name: string }).name;
}

const listed = () => clock.advance(LAG_MS + 1);
const names = async (jobs: Promise<{ name: string }[]>) => (await jobs).map(({ name }) => name);
const lists = () => faults.calls()['tuningJobs.list'] ?? 0;

describe('the jobs of a run', () => {
  test('are found by its label once the list has them, the oldest first, and none of another run', async () => {
    const plan = aPlanIn();
    const first = await backend.create(plan, 1);
    await clock.advance(1_000);
    const second = await backend.create(plan, 1);
    await backend.create(aPlanIn(), 1);
    expect(await backend.findAll(plan, { isThorough: false })).toEqual([]);
    await listed();
    const own = [first.job.name, second.job.name];
    expect(await names(backend.findAll(plan, { isThorough: false }))).toEqual(own);
    expect((await backend.find(plan, 1))?.name).toBe(own[0]);
  });

  test('are found by the data that was staged for it where their label was taken away, if somebody has to know', async () => {
    const plan = aPlanIn();
    const name = await createWithoutLabels(plan);
    await listed();
    expect(await backend.findAll(plan, { isThorough: false })).toEqual([]);
    expect(await names(backend.findAll(plan, { isThorough: true }))).toEqual([name]);
    expect((await backend.find(plan, 1))?.name).toBe(name);
    expect(await backend.find(aPlanIn(), 1)).toBeUndefined();
  });

  test('are found where the filter is refused', async () => {
    const plan = aPlanIn();
    const { job } = await backend.create(plan, 1);
    await listed();
    faults.script('tuningJobs.list', [{ kind: 'error', status: 400, message: 'Invalid filter.' }]);
    expect(await names(backend.findAll(plan, { isThorough: false }))).toEqual([job.name]);
    expect(faults.remaining()).toEqual({});
  });

  test('cost one call where nobody has to know for certain', async () => {
    const before = lists();
    await backend.findAll(aPlanIn(), { isThorough: false });
    expect(lists() - before).toBe(1);
  });
});

test('the unfinished jobs are those of every location where a model is tuned, and each says whose it is', async () => {
  const [here, there] = [aPlanIn('us-central1'), aPlanIn('europe-west4')];
  const { job } = await backend.create(here, 1);
  const bare = await createWithoutLabels(there);
  const cancelled = await backend.create(aPlanIn(), 1);
  await backend.cancel(cancelled.job.name);
  await listed();
  const before = lists();
  const jobs = await backend.unfinished((thrown) => expect.unreachable(String(thrown)));
  expect(lists() - before).toBe(LOCATIONS_OF_TUNING.length);
  const ownerOf = (name: string) => {
    const found = jobs.find((one) => one.name === name);
    return found && ownerOfJob(found, 'results')?.runId;
  };
  expect(ownerOf(job.name)).toBe(here.runId);
  expect(ownerOf(bare)).toBe(there.runId);
  expect(jobs.find(({ name }) => name === cancelled.job.name)?.phase).toBe('cancelling');
});
