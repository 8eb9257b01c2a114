import { spawn } from 'node:child_process';
import { once } from 'node:events';
import { writeFileSync } from 'node:fs';
import { basename, join } from 'node:path';
import { createInterface } from 'node:readline';
import { describe, expect, it, onTestFinished } from 'vitest';
import { systemClock } from '../../local/clock.ts';
import { startCloud } from '../../local/cloud.ts';
import { createPredictor } from '../../local/small-model/predictor.ts';
import { type TunerEvent, tune } from '../../local/small-model/tuner.ts';
import { createStorageClient } from '../../local/storage/client.ts';
import { createLocalTrainer } from '../../local/vertex/training/local-trainer.ts';
import {
  createTunerThreads,
  type ThreadTraining,
  type Tuner,
} from '../../local/vertex/training/tuner-threads.ts';
import { until } from '../support/condition.ts';
import { temporaryFolder } from '../support/service-options.ts';
import { aJob, createCaller, jobOf, newDataDir, startHarness, taskNamed } from './vertex-harness.ts';
import { pointsOfEvents, readPoints } from './vertex-points.ts';

const TENSORBOARD = 'projects/demo/locations/europe-west4/tensorboards/7';
const MODELS = '/v1/projects/demo/locations/us-central1/models';
const PARAMETERS = {
  ...{ evaluation_data_uri: 'gs://data/eval.jsonl', tensorboard_resource_id: TENSORBOARD },
  ...{ train_steps: 12, evaluation_interval: 6 },
};

const TOPICS = ['sport', 'weather', 'music', 'business'];

/** Headlines that begin with their class, so that a few steps teach something. */
const headlines = (count: number) =>
  Array.from({ length: count }, (_, index) => {
    const topic = TOPICS[index % TOPICS.length];
    return JSON.stringify({ input_text: `${topic} news number ${index}. topic?`, output_text: topic });
  }).join('\n');

/** The real tuner in its threads, which remembers what it was asked. */
function watchedThreads(): Tuner & { jobs: ThreadTraining[] } {
  const threads = createTunerThreads();
  const jobs: ThreadTraining[] = [];
  const watched = (job: ThreadTraining, signal: AbortSignal) => {
    jobs.push(job);
    return threads.tune(job, signal);
  };
  return { ...threads, jobs, tune: watched };
}

async function start(dataDir = newDataDir()) {
  const tuner = watchedThreads();
  const harness = await startHarness({
    ...{ clock: systemClock, taskMs: 2, tensorboards: [TENSORBOARD], dataDir },
    trainer: createLocalTrainer({ tuner }),
  });
  harness.objects.set('gs://data/train.jsonl', headlines(24));
  harness.objects.set('gs://data/eval.jsonl', headlines(12));
  return { ...harness, ...watch(harness), tuner, dataDir };
}

function watch({ get }: Pick<ReturnType<typeof createCaller>, 'get'>) {
  const job = async (id: string) => jobOf(await get(`pipelineJobs/${id}`));
  const ended = async (id: string) => {
    await until(`${id} has ended`, async () => (await job(id)).endTime !== undefined);
    return job(id);
  };
  return { ended, points: () => readPoints(get, TENSORBOARD) };
}

/** The same tuning in this thread, without service or job. */
async function tunedDirectly(job: ThreadTraining) {
  const events: TunerEvent[] = [];
  for await (const event of tune(job)) events.push(event);
  const last = events.at(-1);
  return { events, weights: last?.kind === 'finished' ? last.weights : new Uint8Array() };
}

const answerOf = ({ body }: { body: object }) =>
  (body as { predictions: { content: string }[] }).predictions[0]?.content;

describe('a job that really tunes', () => {
  it('measures and answers exactly what the tuner does, also after a restart', async () => {
    const first = await start();
    await first.create('job-1', aJob(PARAMETERS));
    const job = await first.ended('job-1');
    expect(job.state).toBe('PIPELINE_STATE_SUCCEEDED');
    const [given] = first.tuner.jobs;
    if (!given) throw new Error('nothing was tuned');
    const { events, weights } = await tunedDirectly(given);
    expect(await first.points()).toEqual(pointsOfEvents(events));
    expect(events.filter(({ kind }) => kind === 'evaluation')).toHaveLength(2);
    expect(taskNamed(job, 'large-language-model-tuner')?.execution?.metadata).toMatchObject({
      'output:local_steps': '12 of 12',
      'output:local_epochs': '4',
    });

    const prompt = 'music news number 77. topic?';
    const segments = [{ text: prompt, isTarget: false }];
    const { models } = (await first.get(MODELS)).body;
    const [model] = models as unknown as { deployedModels: { endpoint: string }[] }[];
    const path = `/v1/${model?.deployedModels[0]?.endpoint}:predict`;
    const body = { instances: [{ prompt }], parameters: { maxOutputTokens: 8 } };
    const answer = answerOf(await first.send('POST', path, body));
    expect(answer).toBe(createPredictor({ weights }).generate(segments, { maxOutputTokens: 8 }));

    await first.service.close();
    const second = await start(first.dataDir);
    expect(answerOf(await second.send('POST', path, body))).toBe(answer);
    const base = answerOf(await second.send('POST', 'publishers/google/models/text-bison@002:predict', body));
    expect(base).toBe(createPredictor({}).generate(segments, { maxOutputTokens: 8 }));
    expect(base).not.toBe(answer);
  });

  it('learns the same under the same id, in any cloud, and something else under another id or at another rate', async () => {
    const curve = async (id: string, parameters: object = {}) => {
      const { create, ended, points } = await start();
      await create(id, aJob({ ...PARAMETERS, train_steps: 3, ...parameters }));
      await ended(id);
      return points();
    };
    const [one, again, other] = [await curve('job-1'), await curve('job-1'), await curve('job-2')];
    expect(one).toHaveLength(9);
    expect(again).toEqual(one);
    expect(other).not.toEqual(one);
    const faster = await curve('job-1', { learning_rate_multiplier: 2 });
    // The first step is measured before any weight has moved.
    const steps = (points: string[], wanted: RegExp) => points.filter((point) => wanted.test(point));
    expect(steps(faster, /: 1 /)).toEqual(steps(one, /: 1 /));
    expect(steps(faster, /loss: [23] /)).not.toEqual(steps(one, /loss: [23] /));
  });

  it('stops within a step when it is cancelled', async () => {
    const { create, send, get, ended, points } = await start();
    await create('job-1', aJob({ ...PARAMETERS, train_steps: 100_000 }));
    await until('it trains', async () => (await points()).length > 0);
    await send('POST', 'pipelineJobs/job-1:cancel');
    expect((await ended('job-1')).state).toBe('PIPELINE_STATE_CANCELLED');
    const atEnd = await points();
    await create('job-2', aJob({ train_steps: 1 }));
    await ended('job-2');
    expect(await points()).toEqual(atEnd);
    expect((await get(MODELS)).body.models).toHaveLength(1);
  });
});

/** The service in a process of its own that can be killed; it prints its address. */
const CHILD = `
  import { startVertex } from './local/vertex/server.ts';
  import { createLocalTrainer } from './local/vertex/training/local-trainer.ts';
  import { systemClock } from './local/clock.ts';
  import { createFaultScript } from './local/faults.ts';
  import { readFileSync } from 'node:fs';
  const [dataDir, tensorboard] = process.argv.slice(1);
  const text = (uri) => readFileSync(dataDir + '/' + uri.split('/').at(-1), 'utf8');
  const { address } = await startVertex({
    port: 0, dataDir, clock: systemClock, faults: createFaultScript(), log: () => {},
    projectId: 'demo', projectNumber: '123456789012', taskMs: 10, tensorboards: [tensorboard],
    readObject: async (uri) => ({ size: 1, generation: '1', async *lines() { yield* text(uri).split('\\n'); } }),
    trainer: createLocalTrainer(),
  });
  console.log(address);
`;

async function spawnService(dataDir: string) {
  const child = spawn(process.execPath, ['--input-type=module', '--eval', CHILD, dataDir, TENSORBOARD], {
    stdio: ['ignore', 'pipe', 'inherit'],
  });
  onTestFinished(() => {
    child.kill('SIGKILL');
  });
  const [address] = (await once(createInterface(child.stdout), 'line')) as [string];
  const caller = createCaller(address);
  const kill = async () => {
    child.kill('SIGKILL');
    await once(child, 'exit');
  };
  return { ...caller, ...watch(caller), kill };
}

describe('a service that is killed with SIGKILL while it trains', () => {
  it('trains the job again from its start, with the same result', async () => {
    const dataDir = newDataDir();
    writeFileSync(join(dataDir, 'train.jsonl'), headlines(24));
    writeFileSync(join(dataDir, 'eval.jsonl'), headlines(12));
    const undisturbed = await start();
    await undisturbed.create('job-1', aJob(PARAMETERS));
    await undisturbed.ended('job-1');

    const first = await spawnService(dataDir);
    await first.create('job-1', aJob(PARAMETERS));
    await until('it trains', async () => (await first.points()).length > 3);
    await first.kill();
    const second = await spawnService(dataDir);
    expect((await second.ended('job-1')).state).toBe('PIPELINE_STATE_SUCCEEDED');
    expect(await second.points()).toEqual(await undisturbed.points());
    expect((await second.get(MODELS)).body.models).toHaveLength(1);
    await second.kill();
  });
});

describe('the embedded cloud with the local trainer', () => {
  it('has TensorBoards where tuning computes, and puts the model’s files into the job’s directory', async () => {
    const dataDir = temporaryFolder();
    const cloud = await startCloud({
      ...{ dataDir, taskMs: 2, trainer: 'local' },
      environment: {},
      log: () => {},
    });
    onTestFinished(() => cloud.close());
    expect(cloud.tensorboards.map((name) => name.split('/')[3])).toEqual(['us-central1', 'europe-west4']);
    const file = join(temporaryFolder(), 'train.jsonl');
    writeFileSync(file, headlines(12));
    await cloud.upload('results', 'data/train.jsonl', file);

    const { send, get } = createCaller(cloud.vertex.address);
    const jobs = '/v1/projects/tunedrop-local/locations/us-central1/pipelineJobs';
    const bucket = cloud.buckets.results;
    const job = aJob({
      ...{ dataset_uri: `gs://${bucket}/data/train.jsonl`, train_steps: 2 },
      tensorboard_resource_id: cloud.tensorboards[0],
    });
    job.runtimeConfig.gcsOutputDirectory = `gs://${bucket}/out`;
    await until(
      'the data set is there',
      async () =>
        (
          await fetch(
            `${cloud.clientEnvironment.STORAGE_EMULATOR_HOST}/storage/v1/b/${bucket}/o/data%2Ftrain.jsonl`,
          )
        ).ok,
    );
    expect((await send('POST', `${jobs}?pipelineJobId=job-1`, job)).status).toBe(200);
    await until(
      'the job has ended',
      async () => jobOf(await get(`${jobs}/job-1`)).endTime !== undefined,
      60_000,
    );
    expect(jobOf(await get(`${jobs}/job-1`)).state).toBe('PIPELINE_STATE_SUCCEEDED');
    expect(await readPoints(get, cloud.tensorboards[0] ?? '')).toHaveLength(6);
    const storage = createStorageClient(cloud.clientEnvironment.STORAGE_EMULATOR_HOST ?? '');
    const files = [];
    for await (const file of storage.list(bucket ?? '')) if (file.name.startsWith('out/')) files.push(file);
    expect(files.map(({ name }) => basename(name)).sort()).toEqual(['adapter.bin', 'model.json']);
    const json = files.find(({ name }) => name.endsWith('/model.json'));
    expect(await (await fetch(json?.mediaLink ?? '')).json()).toMatchObject({
      result: { stepsRun: 2, timeCapped: false },
    });
  });
});
