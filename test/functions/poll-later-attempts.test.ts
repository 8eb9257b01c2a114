import { expect, test } from 'vitest';
import { attemptOfJob } from '../../shared/core/tuning/pipeline-job-request.ts';
import { restoreBackup, takeBackup } from '../support/backups.ts';
import { drop } from '../support/drop.ts';
import { minutes } from '../support/faults.ts';
import { createWorld, type World } from '../support/world.ts';

const NOT_SPREAD =
  'Vertex AI Service Agent service-1@gcp-sa-aiplatform.iam.gserviceaccount.com does not have permission to access Artifact Registry repository projects/vertex-ai-restricted/locations/us/repositories/llm.';

const statusFileOf = (world: World) => ({
  bucket: 'results',
  name: `${world.theRun().status.folder.slice('gs://results/'.length)}status.json`,
});

/** A run with its first job, and what its folder said then; the job has failed since, and the second one lives. */
async function withSecondAttempt() {
  const world = createWorld();
  await drop(world, 'reviews');
  await world.deliver();
  const [backup, file] = [takeBackup(world), statusFileOf(world)];
  const text = world.objects.text(file) ?? '';
  const tasks = [{ name: 'large-language-model-tuner', state: 'FAILED', error: NOT_SPREAD, metadata: {} }];
  world.backend.set(world.theRun().status.job?.name ?? '', { state: 'PIPELINE_STATE_FAILED', tasks });
  await minutes(world, 4);
  const second = world.theRun().status.job?.name ?? '';
  world.backend.set(second, { state: 'PIPELINE_STATE_RUNNING' });
  await minutes(world, 2);
  return { world, backup, file, text, second };
}

test('a run whose document is gone follows the attempt that lives, also where its file knows the one before', async () => {
  const { world, file, text, second } = await withSecondAttempt();
  world.objects.put(file, text);
  world.runs.documents.clear();
  await minutes(world, 120);
  expect(world.theRun().status).toMatchObject({ state: 'RUNNING', job: { name: second, attempt: 2 } });
  expect(world.backend.cancelled).toEqual([]);
});

test('a later attempt that its run has not noted is followed by it, and stopped by nobody', async () => {
  const { world, backup, file, second } = await withSecondAttempt();
  // Neither the file nor the first job says that there is a second one.
  world.objects.remove(file);
  restoreBackup(world, backup);
  const { name: first } = world.theRun().status.job ?? {};
  world.backend.set(first ?? '', { state: 'PIPELINE_STATE_RUNNING', tasks: [] });
  await minutes(world, 120);
  expect(world.theRun().status).toMatchObject({ state: 'RUNNING', job: { name: second, attempt: 2 } });
  expect(world.backend.cancelled).not.toContain(second);
});

test.each([
  ['of a later version', (text: string) => JSON.stringify({ ...JSON.parse(text), schemaVersion: 99 })],
  ['that is broken', (text: string) => text.slice(0, 100)],
])(
  'a run whose document is gone, and whose file is one %s, is restored of its manifest, and that file is kept',
  async (_name, change) => {
    const world = createWorld();
    await drop(world, 'reviews');
    await world.deliver();
    const { spec, status } = world.theRun();
    const file = statusFileOf(world);
    const unread = change(world.objects.text(file) ?? '');
    world.objects.put(file, unread);
    world.runs.documents.clear();
    await minutes(world, 16);
    expect(world.theRun()).toMatchObject({
      spec: { source: spec.source },
      status: { folder: status.folder, job: { name: status.job?.name } },
    });
    expect(world.objects.text({ ...file, name: file.name.replace('status.', 'status.unread.') })).toBe(
      unread,
    );
  },
);

test.each([
  ['pipelineJobs/tune-large-model-rabc', 1],
  ['pipelineJobs/tune-large-model-rabc-a2', 2],
  ['pipelineJobs/tune-large-model-rabc-a12', 12],
  ['tuningJobs/4711-a2', 1],
])('%s is attempt %i', (id, attempt) => {
  expect(attemptOfJob(`projects/123/locations/us-central1/${id}`)).toBe(attempt);
});
