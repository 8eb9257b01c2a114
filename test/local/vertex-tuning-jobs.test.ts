import { describe, expect, it } from 'vitest';
import { PROJECT_NUMBER, TASK_MS } from './vertex-harness.ts';
import { aTuningJob, LOCATION, startTuning, tuningOf, WHOLE_TUNING_MS } from './vertex-tuning-harness.ts';

describe('a tuning job', () => {
  it('is answered as the job itself, pending, under a number that the service made', async () => {
    const { createJob } = await startTuning();
    const { status, body } = await createJob(aTuningJob({ fields: { labels: { run: 'r1' } } }));
    expect(status).toBe(200);
    expect(body).toEqual({
      name: expect.stringMatching(
        new RegExp(`^projects/${PROJECT_NUMBER}/locations/us-central1/tuningJobs/\\d{15,19}$`),
      ),
      baseModel: 'gemini-2.5-flash',
      supervisedTuningSpec: {
        trainingDatasetUri: 'gs://data/train.jsonl',
        hyperParameters: { epochCount: '2' },
      },
      tunedModelDisplayName: expect.stringMatching(/^gemini-2\.5-flash-/),
      labels: { run: 'r1' },
      state: 'JOB_STATE_PENDING',
      createTime: '2026-01-01T00:00:00.000Z',
      updateTime: '2026-01-01T00:00:00.000Z',
    });
  });

  it('goes through the states of v1, and shows in v1beta1 what it is at', async () => {
    const { createJob, jobNamed, clock } = await startTuning();
    const { name } = tuningOf(await createJob());
    const seen = [];
    for (let stage = 0; stage < 6; stage++) {
      const [plain, beta] = [await jobNamed(name), await jobNamed(name, 'v1beta1')];
      expect(plain).not.toHaveProperty('tuningJobState');
      expect(plain).not.toHaveProperty('tuningJobMetadata');
      expect(plain.state).toBe(beta.state);
      seen.push([beta.state, beta.tuningJobState?.replace('TUNING_JOB_STATE_', '')].join(' '));
      await clock.advance(TASK_MS);
    }
    expect(seen).toEqual([
      'JOB_STATE_PENDING ',
      'JOB_STATE_RUNNING PROCESSING_DATASET',
      'JOB_STATE_RUNNING WAITING_FOR_CAPACITY',
      'JOB_STATE_RUNNING TUNING',
      'JOB_STATE_RUNNING POST_PROCESSING',
      'JOB_STATE_SUCCEEDED ',
    ]);
  });

  it('ends with a model, an endpoint for each epoch, an experiment, and what it settled on', async () => {
    const { finished, get } = await startTuning();
    const job = await finished(
      aTuningJob({ fields: { labels: { run: 'r1' }, tunedModelDisplayName: 'mine' } }),
    );
    const parent = `projects/${PROJECT_NUMBER}/locations/us-central1`;
    expect(job).toMatchObject({
      state: 'JOB_STATE_SUCCEEDED',
      startTime: expect.any(String),
      endTime: expect.any(String),
      experiment: expect.stringMatching(
        new RegExp(`^${parent}/metadataStores/default/contexts/tuning-experiment-\\d{20}$`),
      ),
      supervisedTuningSpec: {
        hyperParameters: { epochCount: '2', learningRateMultiplier: 1, adapterSize: 'ADAPTER_SIZE_FOUR' },
      },
      tuningJobMetadata: { completedEpochCount: '2', completedStepCount: '5' },
      tunedModel: {
        model: expect.stringMatching(new RegExp(`^${parent}/models/\\d+@1$`)),
        checkpoints: [
          { checkpointId: '1', epoch: '1', step: '3' },
          { checkpointId: '2', epoch: '2', step: '5' },
        ],
      },
    });
    const { model = '', endpoint = '', checkpoints = [] } = job.tunedModel ?? {};
    expect(checkpoints[1]?.endpoint).toBe(endpoint);
    expect(checkpoints[0]?.endpoint).not.toBe(endpoint);
    expect((await get(`/v1/${model}`)).body).toMatchObject({
      displayName: 'mine',
      versionId: '1',
      labels: { run: 'r1', 'stand-in': 'no-model-was-trained' },
      deployedModels: checkpoints.map((checkpoint) => ({ endpoint: checkpoint.endpoint })),
    });
    expect((await get(`/v1/${endpoint}`)).body).toMatchObject({ displayName: 'mine', labels: { run: 'r1' } });
    const experiment = (await get(`/v1/${job.experiment}`)).body;
    expect(experiment).toMatchObject({ schemaTitle: 'system.Experiment' });
    const { backing_tensorboard_resource: tensorboard } = experiment.metadata as Record<string, string>;
    expect((await get(`/v1/${tensorboard}`)).status).toBe(200);
  });

  it('measures nothing where nothing is trained', async () => {
    const { finished, get } = await startTuning();
    const { experiment = '' } = await finished();
    const { metadata } = (await get(`/v1/${experiment}`)).body;
    const { backing_tensorboard_resource: tensorboard } = metadata as Record<string, string>;
    expect((await get(`/v1/${tensorboard}/experiments`)).body).toEqual({});
  });

  it('that exports its last checkpoint only has one endpoint and names no checkpoints', async () => {
    const { finished, get } = await startTuning();
    const { tunedModel } = await finished(aTuningJob({ spec: { exportLastCheckpointOnly: true } }));
    expect(Object.keys(tunedModel ?? {})).toEqual(['model', 'endpoint']);
    expect((await get(`/v1/${LOCATION}/endpoints`)).body.endpoints).toHaveLength(1);
  });

  it.each([
    { epochs: 9, checkpoints: ['1', '2', '3', '4', '5', '6', '7', '8', '9'] },
    { epochs: 20, checkpoints: ['2', '4', '6', '8', '10', '12', '14', '16', '18', '20'] },
  ])(
    'of $epochs epochs has its checkpoints after the epochs $checkpoints',
    async ({ epochs, checkpoints }) => {
      const { finished } = await startTuning();
      const { tunedModel } = await finished(aTuningJob({ hyperParameters: { epochCount: epochs } }));
      expect(tunedModel?.checkpoints?.map(({ epoch }) => epoch)).toEqual(checkpoints);
    },
  );

  it('without a count of epochs gets many for few examples, as the real service does', async () => {
    const { finished } = await startTuning();
    const body = {
      baseModel: 'gemini-2.5-flash',
      supervisedTuningSpec: { trainingDatasetUri: 'gs://data/train.jsonl' },
    };
    const { supervisedTuningSpec } = await finished(body);
    expect(supervisedTuningSpec?.hyperParameters).toMatchObject({ epochCount: '40' });
  });

  it('that is unknown is NOT_FOUND, and there is no delete', async () => {
    const { createJob, get, send } = await startTuning();
    expect(await get(`/v1/${LOCATION}/tuningJobs/1`)).toMatchObject({ status: 404 });
    const { name } = tuningOf(await createJob());
    expect(await send('DELETE', `/v1/${name}`)).toMatchObject({ status: 404 });
  });
});

describe('a cancellation', () => {
  it.each(
    ['PENDING', 'PROCESSING_DATASET', 'WAITING_FOR_CAPACITY'].map((stage, index) => ({ stage, index })),
  )('of a job in $stage takes effect a little later, with code 1, and leaves no model', async ({ index }) => {
    const { createJob, jobNamed, clock, send, get } = await startTuning();
    const { name } = tuningOf(await createJob());
    await clock.advance(TASK_MS * index);
    expect(await send('POST', `/v1/${name}:cancel`)).toEqual({ status: 200, body: {} });
    expect((await jobNamed(name)).state).toBe('JOB_STATE_CANCELLING');
    await clock.advance(WHOLE_TUNING_MS);
    expect(await jobNamed(name)).toMatchObject({ state: 'JOB_STATE_CANCELLED', error: { code: 1 } });
    expect((await get(`/v1/${LOCATION}/models`)).body).toEqual({});
  });

  it('of a job that has ended changes nothing', async () => {
    const { finished, send, jobNamed } = await startTuning();
    const { name } = await finished();
    expect((await send('POST', `/v1/${name}:cancel`, {})).status).toBe(200);
    expect((await jobNamed(name)).state).toBe('JOB_STATE_SUCCEEDED');
  });
});

describe('the quota', () => {
  it('lets one job run and the others wait, the oldest first, and says so in v1beta1', async () => {
    const { createJob, jobNamed, clock } = await startTuning();
    const names: string[] = [];
    for (let count = 0; count < 3; count++) names.push(tuningOf(await createJob()).name);
    const states = () =>
      Promise.all(
        names.map(async (name) => {
          const { state, tuningJobState = '' } = await jobNamed(name, 'v1beta1');
          return `${state} ${tuningJobState.replace('TUNING_JOB_STATE_', '')}`;
        }),
      );
    await clock.advance(TASK_MS);
    const WAITS = 'JOB_STATE_RUNNING WAITING_FOR_QUOTA';
    expect(await states()).toEqual(['JOB_STATE_RUNNING PROCESSING_DATASET', WAITS, WAITS]);
    await clock.advance(TASK_MS * 5);
    expect(await states()).toEqual(['JOB_STATE_SUCCEEDED ', expect.not.stringContaining('QUOTA'), WAITS]);
    await clock.advance(WHOLE_TUNING_MS * 3);
    expect(await states()).toEqual(Array(3).fill('JOB_STATE_SUCCEEDED '));
  });

  it('is one of Gemini over all locations and another of open models', async () => {
    const { createJob, clock, jobNamed, send, objects } = await startTuning({
      tuningJobs: { whenFull: 'refuse' },
    });
    expect((await createJob()).status).toBe(200);
    const elsewhere = await send('POST', '/v1/projects/demo/locations/europe-west4/tuningJobs', aTuningJob());
    expect(elsewhere).toMatchObject({
      status: 429,
      body: {
        error: {
          status: 'RESOURCE_EXHAUSTED',
          message: expect.stringContaining('global_concurrent_tuning_jobs'),
        },
      },
    });
    objects.set('gs://data/open.jsonl', JSON.stringify({ prompt: 'a', completion: 'b' }));
    const open = {
      baseModel: 'qwen/qwen3@qwen3-4b',
      supervisedTuningSpec: { trainingDatasetUri: 'gs://data/open.jsonl' },
      outputUri: 'gs://results/out',
    };
    const { name } = tuningOf(await createJob(open, 'v1beta1'));
    await clock.advance(WHOLE_TUNING_MS);
    expect((await jobNamed(name)).state).toBe('JOB_STATE_SUCCEEDED');
    expect((await createJob()).status).toBe(200);
  });

  it('can be raised', async () => {
    const { createJob, jobNamed, clock } = await startTuning({ tuningJobs: { concurrentJobs: 2 } });
    const names = [tuningOf(await createJob()).name, tuningOf(await createJob()).name];
    await clock.advance(WHOLE_TUNING_MS);
    for (const name of names) expect((await jobNamed(name)).state).toBe('JOB_STATE_SUCCEEDED');
  });
});

describe('the list of jobs', () => {
  it('has the newest first, in pages, of this location only', async () => {
    const { createJob, listed, clock, send } = await startTuning();
    const names: string[] = [];
    for (let count = 0; count < 3; count++) {
      names.push(tuningOf(await createJob()).name);
      await clock.advance(1);
    }
    await send('POST', '/v1/projects/demo/locations/europe-west4/tuningJobs', aTuningJob());
    const first = await listed('?pageSize=2');
    expect((first.tuningJobs as { name: string }[]).map(({ name }) => name)).toEqual([names[2], names[1]]);
    const second = await listed(`?page_size=2&page_token=${first.nextPageToken}`);
    expect((second.tuningJobs as { name: string }[]).map(({ name }) => name)).toEqual([names[0]]);
    expect(second).not.toHaveProperty('nextPageToken');
  });

  it.each([
    ['labels.run="r1"', 1],
    ['labels.run=r1 AND state="JOB_STATE_PENDING"', 1],
    ['labels.run=r3', 0],
    ['labels:run', 2],
    ['state="JOB_STATE_SUCCEEDED"', 0],
    ['base_model="gemini-2.5-flash"', 2],
    ['baseModel="gemini-3.5-flash"', 0],
  ])('filtered by %s has %i', async (filter, count) => {
    const { createJob, listed } = await startTuning();
    for (const run of ['r1', 'r2']) await createJob(aTuningJob({ fields: { labels: { run } } }));
    const { tuningJobs = [] } = await listed(`?filter=${encodeURIComponent(filter)}`);
    expect(tuningJobs).toHaveLength(count);
  });

  it('does not have a new job at once where it is told to lag', async () => {
    const { createJob, listed, jobNamed, clock } = await startTuning({ tuningJobs: { listLagMs: 5_000 } });
    const { name } = tuningOf(await createJob());
    expect(await listed()).toEqual({});
    expect((await jobNamed(name)).name).toBe(name);
    await clock.advance(5_000);
    expect((await listed()).tuningJobs).toHaveLength(1);
  });

  it('takes no order and no mask', async () => {
    const { get } = await startTuning();
    const { status, body } = await get(
      `/v1/${LOCATION}/tuningJobs?orderBy=createTime&readMask=name&alt=json`,
    );
    expect({ status, body }).toMatchObject({
      status: 400,
      body: {
        error: {
          status: 'INVALID_ARGUMENT',
          message: expect.stringContaining('Unknown name "orderBy": Cannot bind query parameter.'),
          details: [{ fieldViolations: [{}, {}] }],
        },
      },
    });
  });
});

describe('faults', () => {
  it('lose the answer of a create whose job is there', async () => {
    const { createJob, faults, listed } = await startTuning();
    faults.script('tuningJobs.create', [
      { kind: 'reset', afterEffect: true },
      { kind: 'error', status: 503 },
    ]);
    await expect(createJob(aTuningJob({ fields: { labels: { run: 'r1' } } }))).rejects.toThrow();
    expect((await createJob()).status).toBe(503);
    expect((await listed('?filter=labels.run%3Dr1')).tuningJobs).toHaveLength(1);
    expect((await listed()).tuningJobs).toHaveLength(1);
    expect(faults.remaining()).toEqual({});
  });

  it('fail the next job where a test wants it', async () => {
    const { finished, service } = await startTuning();
    service.failNextTuningJob({ stage: 'TUNING', code: 'INTERNAL', message: 'Internal error.' });
    expect(await finished()).toMatchObject({
      state: 'JOB_STATE_FAILED',
      error: { code: 13, message: 'Internal error.' },
    });
    expect((await finished()).state).toBe('JOB_STATE_SUCCEEDED');
  });

  it('leave a model without an endpoint, as was recorded of the real service', async () => {
    const { finished, service, get } = await startTuning();
    const message =
      'Failed to create endpoint. Tuned model is uploaded and can be accessed through Model Registry.';
    service.failNextTuningJob({ stage: 'POST_PROCESSING', code: 'INTERNAL', message });
    const job = await finished();
    expect(job).toMatchObject({ state: 'JOB_STATE_FAILED', error: { code: 13, message } });
    expect(Object.keys(job.tunedModel ?? {})).toEqual(['model']);
    expect((await get(`/v1/${job.tunedModel?.model}`)).status).toBe(200);
    expect((await get(`/v1/${LOCATION}/endpoints`)).body).toEqual({});
  });
});

describe('a service that was stopped and starts again', () => {
  it.each([0, 1, 2, 3, 4])('goes on with a job that had come through %i stages', async (stages) => {
    const first = await startTuning();
    const { name } = tuningOf(await first.createJob());
    await first.clock.advance(TASK_MS * stages);
    const before = await first.jobNamed(name, 'v1beta1');
    await first.service.close();
    const second = await startTuning({ dataDir: first.dataDir });
    expect(await second.jobNamed(name, 'v1beta1')).toEqual(before);
    await second.clock.advance(WHOLE_TUNING_MS + TASK_MS * 6);
    expect((await second.jobNamed(name)).state).toBe('JOB_STATE_SUCCEEDED');
    expect((await second.get(`/v1/${LOCATION}/models`)).body.models).toHaveLength(1);
  });
});
