import { describe, expect, it, onTestFinished } from 'vitest';
import { systemClock } from '../../local/clock.ts';
import { openVertexStore } from '../../local/vertex/store/store.ts';
import { createLocalTrainer, type LocalTrainerOptions } from '../../local/vertex/training/local-trainer.ts';
import { until } from '../support/condition.ts';
import { createFakeTuner, eventsOf, type FakeTuner, type FakeTunerOptions } from './vertex-fake-tuner.ts';
import {
  aJob,
  anEmbeddingJob,
  CHAT_TEMPLATE,
  conversations,
  examples,
  jobOf,
  newDataDir,
  PROJECT_NUMBER,
  passages,
  startHarness,
  taskNamed,
} from './vertex-harness.ts';
import { pointsOfEvents, readPoints } from './vertex-points.ts';

const TENSORBOARD = 'projects/demo/locations/europe-west4/tensorboards/7';
const EVALUATED = { evaluation_data_uri: 'gs://data/eval.jsonl', tensorboard_resource_id: TENSORBOARD };
const TUNER = 'large-language-model-tuner';

interface Options extends FakeTunerOptions, Omit<LocalTrainerOptions, 'tuner'> {
  dataDir?: string;
}

/** A service whose trainer measures hashes, in real time with short tasks. */
async function start({ dataDir, holdAfter, end, ...trainerOptions }: Options = {}) {
  const tuner: FakeTuner = createFakeTuner({ ...(holdAfter && { holdAfter }), ...(end && { end }) });
  const harness = await startHarness({
    clock: systemClock,
    taskMs: 2,
    tensorboards: [TENSORBOARD],
    trainer: createLocalTrainer({ ...trainerOptions, tuner }),
    ...(dataDir && { dataDir }),
  });
  harness.objects.set('gs://data/eval.jsonl', examples(10));
  const job = async (id: string) => jobOf(await harness.get(`pipelineJobs/${id}`));
  const metadata = async (id: string) => {
    const current = await job(id);
    return (current.jobDetail && taskNamed(current, TUNER)?.execution?.metadata) ?? {};
  };
  const ended = async (id: string) => {
    await until(`${id} has ended`, async () => (await job(id)).endTime !== undefined);
    return job(id);
  };
  const points = () => readPoints(harness.get, TENSORBOARD);
  return { ...harness, tuner, job, metadata, ended, points };
}

/** What the fake tuner measured, as points. */
const measured = (tuner: FakeTuner, upTo = Number.POSITIVE_INFINITY) =>
  pointsOfEvents(tuner.jobs.flatMap(eventsOf).filter(({ step }) => step <= upTo));

describe('a training', () => {
  it('gets data, settings and seed of its job', async () => {
    const { create, ended, tuner } = await start({ timeCapMs: 1_234 });
    await create('job-1', aJob({ ...EVALUATED, train_steps: 4, accelerator_type: 'TPU' }));
    await ended('job-1');
    const [job] = tuner.jobs;
    expect(job).toMatchObject({
      steps: 4,
      batchSize: 24,
      timeCapMs: 1_234,
      seed: `projects/${PROJECT_NUMBER}/locations/europe-west4/pipelineJobs/job-1`,
    });
    expect(job?.examples).toHaveLength(12);
    expect(job?.evaluation).toHaveLength(10);
  });

  it('leaves every point that was measured, and no other, in TensorBoard', async () => {
    const { create, ended, tuner, points } = await start();
    await create('job-1', aJob({ ...EVALUATED, train_steps: 25, evaluation_interval: 10 }));
    await ended('job-1');
    const wanted = measured(tuner);
    expect(wanted).toHaveLength((25 + 2) * 3);
    expect(await points()).toEqual(wanted);
  });

  it('shows points and progress while it runs', async () => {
    const { create, ended, tuner, points, metadata } = await start({ holdAfter: 20 });
    await create('job-1', aJob({ ...EVALUATED, train_steps: 30, evaluation_interval: 20 }));
    await until('the evaluation is there', async () =>
      (await points()).some((point) => point.startsWith('/eval')),
    );
    expect(await points()).toEqual(measured(tuner, 20));
    expect((await metadata('job-1'))['output:local_progress']).toMatch(
      /^step 20 of 30; evaluation at step 20: loss \d\.\d{4}, token accuracy 0\.\d{4}$/,
    );
    tuner.release();
    await ended('job-1');
    expect(await metadata('job-1')).not.toHaveProperty('output:local_progress');
  });

  it('tells its steps, epochs and checkpoint at its end', async () => {
    const { create, ended, metadata } = await start();
    await create('job-1', aJob({ train_steps: 15 }));
    await ended('job-1');
    expect(await metadata('job-1')).toMatchObject({
      'output:local_steps': '15 of 15',
      'output:local_batch_size': '8',
      'output:local_epochs': '10',
      'output:local_checkpoint_step': '15',
      'output:tuned_by': expect.stringContaining('Tuned for real'),
    });
  });

  it('tells of early stopping, a selected checkpoint and cut examples', async () => {
    const { create, ended, metadata } = await start({
      end: {
        ...{ stepsRun: 12, checkpointStep: 10, truncatedExamples: 3 },
        stoppedEarly: { step: 12, why: 'no gain' },
      },
    });
    await create('job-1', aJob({ train_steps: 15 }));
    await ended('job-1');
    expect(await metadata('job-1')).toMatchObject({
      'output:local_steps': '12 of 15',
      'output:local_epochs': '8',
      'output:local_checkpoint_step': '10',
      'output:local_early_stop_step': '12',
      'output:local_early_stop_reason': 'no gain',
      'output:local_truncated_examples': expect.stringMatching(/^3 /),
    });
  });

  it('ends within a step of a cancellation, leaves its points, and no model', async () => {
    const { create, send, get, ended, tuner, points } = await start({ holdAfter: 3 });
    await create('job-1', aJob({ ...EVALUATED, train_steps: 30 }));
    await until('it has begun', async () => (await points()).length === 9);
    await send('POST', 'pipelineJobs/job-1:cancel');
    expect((await ended('job-1')).state).toBe('PIPELINE_STATE_CANCELLED');
    tuner.release();
    await create('job-2', aJob({ train_steps: 1 }));
    expect((await ended('job-2')).state).toBe('PIPELINE_STATE_SUCCEEDED');
    expect(await points()).toEqual(measured({ ...tuner, jobs: tuner.jobs.slice(0, 1) }, 3));
    const { models } = (await get('/v1/projects/demo/locations/us-central1/models')).body;
    expect(models).toHaveLength(1);
  });

  it('waits while as many others run as there are workers, and a cancelled one waits no longer', async () => {
    const { create, send, ended, tuner, metadata } = await start({ workers: 1, holdAfter: 2 });
    for (const id of ['first', 'second', 'third']) {
      await create(id, aJob({ train_steps: 5 }));
      await until(`${id} is at its training`, async () => 'output:local_progress' in (await metadata(id)));
    }
    await until('the first trains', () => tuner.jobs.length === 1);
    expect((await metadata('second'))['output:local_progress']).toBe('waiting for a free worker');
    await send('POST', 'pipelineJobs/second:cancel');
    expect((await ended('second')).state).toBe('PIPELINE_STATE_CANCELLED');
    tuner.release();
    expect((await ended('first')).state).toBe('PIPELINE_STATE_SUCCEEDED');
    expect((await ended('third')).state).toBe('PIPELINE_STATE_SUCCEEDED');
    expect(tuner.jobs.map(({ seed }) => seed.split('/').at(-1))).toEqual(['first', 'third']);
  });

  it('begins anew after a restart and measures the same', async () => {
    const dataDir = newDataDir();
    const first = await start({ dataDir, holdAfter: 7 });
    await first.create('job-1', aJob({ ...EVALUATED, train_steps: 12, evaluation_interval: 4 }));
    await until('it has begun', async () => (await first.points()).length === (7 + 1) * 3);
    const before = await first.points();
    await first.service.close();

    const second = await start({ dataDir, holdAfter: 2 });
    await until('only the new points are there', async () => (await second.points()).length === 2 * 3);
    second.tuner.release();
    expect((await second.ended('job-1')).state).toBe('PIPELINE_STATE_SUCCEEDED');
    const after = await second.points();
    expect(after).toEqual(measured(second.tuner));
    expect(after).toEqual(expect.arrayContaining(before));
    expect(second.tuner.jobs[0]).toEqual(first.tuner.jobs[0]);
  });

  it.each([
    ['a setting that cannot be', { train_steps: 0 }, 'train_steps must be greater than 0'],
    ['a tuner that breaks', { dataset_uri: 'gs://data/broken.jsonl' }, 'out of steps'],
  ])('fails its task over %s', async (_name, parameters, message) => {
    const { create, ended, objects, tuner } = await start();
    objects.set('gs://data/broken.jsonl', examples(12).replaceAll('answer', 'broken'));
    const { tune } = tuner;
    tuner.tune = (job, signal) => {
      if (JSON.stringify(job).includes('broken')) throw new Error('out of steps');
      return tune(job, signal);
    };
    await create('job-1', aJob(parameters));
    const job = await ended('job-1');
    expect(job.state).toBe('PIPELINE_STATE_FAILED');
    expect(taskNamed(job, TUNER)?.error?.message).toContain(message);
  });
});

interface ModelBody {
  name: string;
  deployedModels?: { endpoint: string }[];
}

const endpointOf = (model: ModelBody | undefined) => model?.deployedModels?.[0]?.endpoint;

describe('a tuned model', () => {
  const MODELS = '/v1/projects/demo/locations/us-central1/models';

  it('says what it is', async () => {
    const { create, ended, get } = await start();
    await create('job-1', aJob({ train_steps: 2 }));
    await ended('job-1');
    expect((await get(MODELS)).body.models).toMatchObject([
      {
        labels: { 'stand-in': 'small-local-model', team: 'search' },
        description: expect.stringMatching(/^Tuned for real, but .* not on text-bison@002: /),
      },
    ]);
  });

  it('lies in the output directory of its job, weights beside settings and last metrics', async () => {
    const written = new Map<string, Uint8Array>();
    const { create, ended, get } = await start({
      writeObject: async (uri, bytes) => {
        written.set(uri, bytes);
      },
    });
    await create('job-1', aJob({ ...EVALUATED, train_steps: 4, evaluation_interval: 2 }));
    await ended('job-1');
    const [model] = (await get(MODELS)).body.models as { artifactUri: string }[];
    expect(model?.artifactUri).toMatch(
      new RegExp(`^gs://results/out/${PROJECT_NUMBER}/job-1/large-language-model-tuner_-?\\d+$`),
    );
    expect([...written.keys()]).toEqual([
      `${model?.artifactUri}/adapter.bin`,
      `${model?.artifactUri}/model.json`,
    ]);
    const text = (name: string) => new TextDecoder().decode(written.get(`${model?.artifactUri}/${name}`));
    expect(text('adapter.bin')).toMatch(/pipelineJobs\/job-1$/);
    expect(JSON.parse(text('model.json'))).toMatchObject({
      asked: 'text-bison@002',
      settings: { steps: 4, batchSize: 8, examples: 12, evaluationExamples: 10 },
      result: { stepsRun: 4, checkpointStep: 4 },
      metrics: { train: { step: 4 }, eval: { step: 4 }, checkpoint: { step: 4 } },
    });
  });

  it('answers all the same when its files could not be written, and the task says why', async () => {
    const { create, ended, metadata, get, send } = await start({
      writeObject: () => Promise.reject(new Error('no such bucket')),
    });
    await create('job-1', aJob({ train_steps: 2 }));
    await ended('job-1');
    expect((await metadata('job-1'))['output:note']).toBe('No files were written: no such bucket.');
    const [model] = (await get(MODELS)).body.models as unknown as ModelBody[];
    const endpoint = endpointOf(model);
    expect((await send('POST', `/v1/${endpoint}:predict`, { instances: [{ prompt: 'x' }] })).status).toBe(
      200,
    );
  });

  it('answers with its adapter, also after a restart, and the base model without one', async () => {
    const dataDir = newDataDir();
    const first = await start({ dataDir });
    await first.create('job-1', aJob({ train_steps: 2 }));
    await first.ended('job-1');
    const [model] = (await first.get(MODELS)).body.models as unknown as ModelBody[];
    const endpoint = endpointOf(model);
    const body = { instances: [{ prompt: 'two' }, { prompt: 'three' }], parameters: { maxOutputTokens: 5 } };
    const answer = await first.send('POST', `/v1/${endpoint}:predict`, body);
    await first.service.close();
    const second = await start({ dataDir });
    expect(await second.send('POST', `/v1/${endpoint}:predict`, body)).toEqual(answer);
    expect(answer.body).toMatchObject({
      model: model?.name,
      modelDisplayName: 'my model',
      modelVersionId: '1',
    });
    const contents = (answer.body.predictions as { content: string }[]).map(({ content }) =>
      JSON.parse(content),
    );
    expect(contents).toEqual([
      { adapter: expect.stringMatching(/job-1$/), read: 'two', tokens: 5 },
      { adapter: expect.stringMatching(/job-1$/), read: 'three', tokens: 5 },
    ]);

    const base = await second.send('POST', 'publishers/google/models/text-bison@002:predict', body);
    const [prediction] = base.body.predictions as { content: string }[];
    expect(JSON.parse(prediction?.content ?? '')).toMatchObject({ adapter: 'base', read: 'two' });
    expect(base.body).not.toHaveProperty('deployedModelId');
  });

  it.each([
    ['text-bison@002', 'prompt'],
    ['text-bison@002', 'content'],
    ['code-bison@002', 'prefix'],
    ['code-bison@002', 'prompt'],
  ])('of %s is asked by %s', async (model, key) => {
    const { send } = await start();
    const { body } = await send('POST', `publishers/google/models/${model}:predict`, {
      instances: [{ [key]: 'what?' }],
    });
    const [prediction] = body.predictions as [{ content: string }];
    expect(JSON.parse(prediction.content)).toMatchObject({ adapter: 'base', read: 'what?' });
  });

  it('of the chat family answers as a candidate of the bot, on context, examples and messages', async () => {
    const { create, ended, get, send, objects } = await start();
    objects.set('gs://data/chat.jsonl', conversations(10));
    const parameters = {
      dataset_uri: 'gs://data/chat.jsonl',
      large_model_reference: 'chat-bison@002',
      train_steps: 1,
    };
    await create('job-1', aJob(parameters, { templateUri: CHAT_TEMPLATE }));
    await ended('job-1');
    const [model] = (await get(MODELS)).body.models as unknown as ModelBody[];
    const { body } = await send('POST', `/v1/${endpointOf(model)}:predict`, {
      instances: [
        {
          context: 'a pirate',
          examples: [{ input: { content: 'yes?' }, output: { content: 'aye' } }],
          messages: [
            { author: 'user', content: 'hi' },
            { author: 'bot', content: 'ahoy' },
            { author: 'user', content: 'bye' },
          ],
        },
      ],
    });
    const [{ candidates }] = body.predictions as [{ candidates: { author: string; content: string }[] }];
    expect(candidates).toHaveLength(1);
    expect(candidates[0]?.author).toBe('bot');
    expect(JSON.parse(candidates[0]?.content ?? '').read).toBe(
      'a pirate\n|user: yes?\nassistant: aye\nuser: hi\nassistant: ahoy\n|user: bye',
    );
  });

  it.each([
    ['no instances', 'text-bison@002', {}, 400],
    ['an instance without a prompt', 'text-bison@002', { instances: [{ prefix: 'x' }] }, 400],
    ['a text that is no text', 'text-bison@002', { instances: [{ content: 7 }] }, 400],
    ['code without a prefix', 'code-bison@002', { instances: [{ content: 'x' }] }, 400],
    ['a chat without messages', 'chat-bison', { instances: [{ messages: [] }] }, 400],
    [
      'too high a temperature',
      'text-bison',
      { instances: [{ prompt: 'x' }], parameters: { temperature: 2 } },
      400,
    ],
    ['no tokens', 'text-bison', { instances: [{ prompt: 'x' }], parameters: { maxOutputTokens: 0 } }, 400],
    ['a text of an embedding model', 'text-embedding-005', { instances: [{ content: 'x' }] }, 400],
    ['a model that nobody publishes', 'text-unknown@001', { instances: [{ prompt: 'x' }] }, 404],
  ])('cannot be asked for %s', async (_name, model, body, status) => {
    const { send } = await start();
    expect((await send('POST', `publishers/google/models/${model}:predict`, body)).status).toBe(status);
  });

  it('of the embedding family is not tuned, measures nothing, and says so', async () => {
    const { create, ended, get, objects, tuner } = await start();
    objects.set('gs://data/queries.jsonl', passages(9));
    objects.set('gs://data/corpus.jsonl', passages(9));
    objects.set('gs://data/train.tsv', 'query-id\tcorpus-id\tscore\np1\tp2\t1');
    await create('job-1', anEmbeddingJob());
    const job = await ended('job-1');
    expect(job.state).toBe('PIPELINE_STATE_SUCCEEDED');
    const untrained = expect.stringContaining('no embedding model was trained');
    expect(taskNamed(job, 'text-embedding-trainer')?.execution?.metadata).toEqual(
      expect.objectContaining({ 'output:note': untrained, 'output:tuned_by': untrained }),
    );
    expect((await get('models')).body.models).toMatchObject([
      { description: untrained, labels: { 'stand-in': 'no-model-was-trained' } },
    ]);
    expect(tuner.jobs).toEqual([]);
  });

  it('is forgotten with its weights when it is deleted', async () => {
    const dataDir = newDataDir();
    const { create, ended, get, send, service } = await start({ dataDir });
    service.failNextJob({ task: 'deployment-graph', code: 'INTERNAL', message: 'ordered' });
    await create('job-1', aJob({ train_steps: 1 }));
    await ended('job-1');
    const [model] = (await get(MODELS)).body.models as { name: string }[];
    expect((await send('DELETE', `/v1/${model?.name}`)).status).toBe(200);
    await service.close();
    const store = openVertexStore(dataDir);
    onTestFinished(() => store.close());
    expect(store.list('tuned')).toEqual([]);
  });
});
