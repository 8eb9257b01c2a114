import { describe, expect, it } from 'vitest';
import { eventsOf } from './vertex-fake-tuner.ts';
import { pointsOfEvents } from './vertex-points.ts';
import {
  anOpenJob,
  answered,
  aPreferenceJob,
  ask,
  aTuningJob,
  geminiRows,
  LOCATION,
  model,
  startTuning,
  startWithTuner,
  type TuningBody,
  user,
  VALIDATION,
} from './vertex-tuning-harness.ts';

const pathOf = ({ tunedModel }: TuningBody, index = -1) =>
  `/v1/${tunedModel?.checkpoints?.at(index)?.endpoint}:generateContent`;

describe('what a job asks for', () => {
  it('is what the tuner is given: epochs as steps, ranks, rates, and every turn of the model', async () => {
    const { tuner, finished, objects } = await startWithTuner();
    const row = {
      systemInstruction: { parts: [{ text: 'be brief' }] },
      contents: [user('a'), model('b'), user('c'), model('d')],
    };
    objects.set('gs://data/train.jsonl', Array(10).fill(JSON.stringify(row)).join('\n'));
    await finished(
      aTuningJob({
        hyperParameters: { epochCount: 3, learningRateMultiplier: 0.5, adapterSize: 'ADAPTER_SIZE_SIXTEEN' },
        spec: { validationDatasetUri: VALIDATION },
      }),
    );
    const [job] = tuner.jobs;
    expect(job).toMatchObject({
      // Three epochs of twenty answers in batches of eight.
      ...{
        steps: 8,
        batchSize: 8,
        learningRateMultiplier: 0.5,
        learns: { rank: 16 },
        checkpointSteps: [3, 5, 8],
      },
      ...{ earlyStopping: false, checkpointSelection: false, evaluation: { length: 5 } },
    });
    expect(job?.preference).toBeUndefined();
    expect(job?.examples).toHaveLength(20);
    expect(job?.examples.slice(0, 2).map(({ segments }) => segments.map(({ text }) => text))).toEqual([
      ['be brief\n', 'a', 'b'],
      ['be brief\n', 'user: a\nassistant: b\n', 'user: c', 'd'],
    ]);
  });

  it('is no more than 20,000 answers of a larger data set, whose statistics are of all of it', async () => {
    const { tuner, finished, objects } = await startWithTuner({ stopAfter: 1 });
    objects.set('gs://data/train.jsonl', geminiRows(20_010));
    const { tuningDataStats } = await finished(aTuningJob({ hyperParameters: { epochCount: 1 } }));
    expect(tuner.jobs[0]?.examples).toHaveLength(20_000);
    expect(tuningDataStats?.supervisedTuningDataStats).toMatchObject({ tuningDatasetExampleCount: '20010' });
  });

  it('is both answers and a beta where preferences are to be learned', async () => {
    const { tuner, finished } = await startWithTuner();
    expect((await finished(aPreferenceJob())).state).toBe('JOB_STATE_SUCCEEDED');
    expect(tuner.jobs[0]).toMatchObject({ preference: { beta: 0.2 }, steps: 3 });
    expect(tuner.jobs[0]?.examples[0]).toEqual({
      segments: [
        { text: 'question 0', isTarget: false },
        { text: 'yes', isTarget: true },
      ],
      rejected: [
        { text: 'question 0', isTarget: false },
        { text: 'no', isTarget: true },
      ],
    });
  });

  it('is the weights of the model, or of the checkpoint, that it goes on from', async () => {
    const { tuner, finished } = await startWithTuner();
    const { tunedModel } = await finished(aTuningJob({ fields: { tunedModelDisplayName: 'mine' } }));
    const seed = tuner.jobs[0]?.seed;
    const goOn = (preTunedModel: object, fields: object = {}) => {
      const { baseModel: _, ...job } = aTuningJob({ fields });
      return finished({ ...job, preTunedModel });
    };
    const next = await goOn({ tunedModelName: tunedModel?.model });
    const third = await goOn({ tunedModelName: tunedModel?.model, checkpointId: '1' });
    const named = await goOn({ tunedModelName: next.tunedModel?.model }, { tunedModelDisplayName: 'other' });
    const startOf = (index: number) => new TextDecoder().decode(tuner.jobs[index]?.start);
    expect(tuner.jobs[0]?.start).toBeUndefined();
    expect([startOf(1), startOf(2), startOf(3)]).toEqual([seed, `${seed} at 3`, tuner.jobs[1]?.seed]);

    const [name] = (tunedModel?.model ?? '').split('@');
    expect(next).toMatchObject({ tunedModel: { model: `${name}@2` }, tunedModelDisplayName: 'mine' });
    expect(third.tunedModel?.model).toBe(`${name}@3`);
    expect(named.tunedModel?.model).toMatch(/@1$/);
    expect(named.tunedModel?.model).not.toContain(name);
  });

  it('is a checkpoint that must be there', async () => {
    const { finished, createJob } = await startWithTuner();
    const { tunedModel } = await finished();
    const { baseModel: _, ...job } = aTuningJob();
    const preTunedModel = { tunedModelName: tunedModel?.model, checkpointId: '7' };
    expect(await createJob({ ...job, preTunedModel })).toMatchObject({
      status: 400,
      body: { error: { message: expect.stringContaining('has no checkpoint 7') } },
    });
  });
});

describe('a version of a model', () => {
  it('is found by its number, and all go when the model is deleted', async () => {
    const { finished, get, send } = await startWithTuner();
    const { tunedModel } = await finished();
    const { baseModel: _, ...job } = aTuningJob();
    const second = await finished({ ...job, preTunedModel: { tunedModelName: tunedModel?.model } });
    const [name] = (tunedModel?.model ?? '').split('@');
    expect((await get(`/v1/${second.tunedModel?.model}`)).body).toMatchObject({ versionId: '2' });
    expect((await get(`/v1/${name}`)).body).toMatchObject({ versionId: '1', versionAliases: ['default'] });
    expect((await get(`/v1/${LOCATION}/models`)).body.models).toHaveLength(1);
    // Deployed models cannot be deleted, here as there.
    expect((await send('DELETE', `/v1/${name}`)).status).toBe(400);
  });
});

describe('the curves of a job', () => {
  const readCurves = async (job: TuningBody, get: Awaited<ReturnType<typeof startTuning>>['get']) => {
    const { metadata } = (await get(`/v1/${job.experiment}`)).body;
    const { backing_tensorboard_resource: tensorboard } = metadata as Record<string, string>;
    const { tensorboardRuns } = (
      await get(`/v1/${tensorboard}/experiments/${job.experiment?.split('/').at(-1)}/runs`)
    ).body;
    const [run] = tensorboardRuns as { name: string }[];
    const { tensorboardTimeSeries } = (await get(`/v1/${run?.name}/timeSeries`)).body;
    const read = (tensorboardTimeSeries as { name: string; displayName: string }[]).map(async (series) => {
      const { timeSeriesData } = (await get(`/v1/${series.name}:read`)).body;
      const { values } = timeSeriesData as unknown as {
        values: { step: string; scalar: { value: number } }[];
      };
      return values.map(({ step, scalar }) => `${series.displayName}: ${step} ${scalar.value}`);
    });
    return (await Promise.all(read)).flat().sort();
  };

  it('have the six names of supervised tuning, point by point, in the TensorBoard of its location', async () => {
    const tensorboard = `${LOCATION}/tensorboards/7`;
    const { tuner, finished, get } = await startWithTuner({}, { tensorboards: [tensorboard] });
    const job = await finished(aTuningJob({ spec: { validationDatasetUri: VALIDATION } }));
    const [given] = tuner.jobs;
    if (!given) throw new Error('nothing was tuned');
    expect(await readCurves(job, get)).toEqual(pointsOfEvents(eventsOf(given)));
    const { tensorboardExperiments } = (await get(`/v1/${tensorboard}/experiments`)).body;
    expect(tensorboardExperiments).toHaveLength(1);
  });

  it('have the two names of preference tuning', async () => {
    const { finished, get } = await startWithTuner();
    const preferenceOptimizationSpec = {
      ...aPreferenceJob().preferenceOptimizationSpec,
      validationDatasetUri: 'gs://data/preferences.jsonl',
    };
    const points = await readCurves(await finished(aPreferenceJob({ preferenceOptimizationSpec })), get);
    expect(new Set(points.map((point) => point.split(':')[0]))).toEqual(
      new Set(['/preference_optimization_train_loss', '/eval_total_loss']),
    );
  });
});

describe('a training that takes its time', () => {
  it('shows how far it is in v1beta1', async () => {
    const { tuner, createJob, clock, jobNamed } = await startWithTuner({ holdAfter: 20 });
    const body = aTuningJob({ hyperParameters: { epochCount: 10 } });
    const { name } = (await createJob(body)).body as unknown as TuningBody;
    await clock.advance(4_000);
    expect(await jobNamed(name, 'v1beta1')).toMatchObject({
      tuningJobState: 'TUNING_JOB_STATE_TUNING',
      tuningJobMetadata: { completedEpochCount: '8', completedStepCount: '20' },
    });
    tuner.release();
    await clock.advance(4_000);
    expect((await jobNamed(name, 'v1beta1')).tuningJobMetadata).toMatchObject({ completedEpochCount: '10' });
  });

  it('that was ended by the time cap has its last step as its last checkpoint', async () => {
    const { finished } = await startWithTuner({ stopAfter: 4 });
    const { tunedModel } = await finished(aTuningJob({ hyperParameters: { epochCount: 4 } }));
    expect(tunedModel?.checkpoints?.map(({ step, epoch }) => `${epoch} ${step}`)).toEqual(['1 3', '1 4']);
  });
});

describe('a tuned model', () => {
  it('is asked at its endpoints, each with the weights of its checkpoint', async () => {
    const { tuner, finished, send } = await startWithTuner();
    const job = await finished();
    const seed = tuner.jobs[0]?.seed;
    const first = await send('POST', pathOf(job, 0), ask('hello'));
    expect(first).toMatchObject({
      status: 200,
      body: {
        candidates: [{ content: { role: 'model' }, finishReason: 'STOP' }],
        usageMetadata: { promptTokenCount: 2, trafficType: 'ON_DEMAND' },
        modelVersion: 'gemini-2.5-flash',
      },
    });
    expect(answered(first)).toMatchObject({
      adapter: `${seed} at 3`,
      read: 'hello',
      tokens: 9,
      temperature: 0,
    });
    expect(answered(await send('POST', pathOf(job), ask('hello')))).toMatchObject({ adapter: seed });
  });

  it('answers again after a restart', async () => {
    const first = await startWithTuner();
    const job = await first.finished();
    const answer = answered(await first.send('POST', pathOf(job), ask('hello')));
    await first.service.close();
    const second = await startWithTuner({}, { dataDir: first.dataDir });
    expect(answered(await second.send('POST', pathOf(job), ask('hello')))).toEqual(answer);
  });

  it('of Gemini 3 answers in the multi-region around its region, and nowhere else', async () => {
    const { finished, send } = await startWithTuner();
    const job = await finished(aTuningJob({ fields: { baseModel: 'gemini-3.1-flash-lite' } }));
    const id = job.tunedModel?.endpoint.split('/').at(-1);
    const at = (location: string) =>
      send('POST', `/v1/projects/demo/locations/${location}/endpoints/${id}:generateContent`, ask('hello'));
    expect((await at('us')).status).toBe(200);
    for (const location of ['us-central1', 'eu']) {
      expect(await at(location)).toMatchObject({
        status: 400,
        body: { error: { status: 'FAILED_PRECONDITION' } },
      });
    }
  });

  it('is gone with its base model', async () => {
    const { finished, send, clock } = await startWithTuner();
    const job = await finished();
    await clock.advance(460 * 86_400_000);
    expect(await send('POST', pathOf(job), ask('hello'))).toMatchObject({ status: 404 });
  });

  it('is not asked by its own name, as was recorded, nor by predict', async () => {
    const { finished, send } = await startWithTuner();
    const { tunedModel } = await finished();
    const id = tunedModel?.model.split('/').at(-1)?.split('@')[0];
    const named = `projects/demo/locations/us-central1/models/${id}`;
    expect(await send('POST', `/v1/${named}:generateContent`, ask('hello'))).toMatchObject({
      status: 400,
      body: {
        error: {
          status: 'INVALID_ARGUMENT',
          message: `The Model name ${named} is malformed and it should be in form of projects/{project}/locations/{location}/publishers/google/models/{model}`,
        },
      },
    });
    const predicted = await send('POST', `/v1/${tunedModel?.endpoint}:predict`, {
      instances: [{ prompt: 'a' }],
    });
    expect(predicted).toMatchObject({
      status: 400,
      body: {
        error: { message: expect.stringMatching(/^Gemini cannot be accessed through Vertex Predict/) },
      },
    });
  });

  it('does not answer where nothing was trained', async () => {
    const { finished, send } = await startTuning();
    expect(await send('POST', pathOf(await finished()), ask('hello'))).toMatchObject({
      status: 501,
      body: { error: { message: expect.stringContaining('no model was trained') } },
    });
  });
});

describe('an open model', () => {
  it('shows what only it has in v1beta1 alone', async () => {
    const { createJob, jobNamed } = await startTuning();
    const body = anOpenJob({
      hyperParameters: { batchSize: 4, learningRate: 0.0002 },
      spec: { tuningMode: 'TUNING_MODE_PEFT_ADAPTER' },
    });
    const { name } = (await createJob(body, 'v1beta1')).body as unknown as TuningBody;
    expect(await jobNamed(name, 'v1beta1')).toMatchObject({
      outputUri: 'gs://results/open/',
      supervisedTuningSpec: {
        tuningMode: 'TUNING_MODE_PEFT_ADAPTER',
        hyperParameters: { batchSize: '4', learningRate: 0.0002 },
      },
    });
    const plain = await jobNamed(name, 'v1');
    expect(plain).not.toHaveProperty('outputUri');
    expect(plain.supervisedTuningSpec).toEqual({
      trainingDatasetUri: 'gs://data/prompts.jsonl',
      hyperParameters: { epochCount: '2' },
    });
  });

  it.each([
    { mode: 'TUNING_MODE_PEFT_ADAPTER', learns: { rank: 8 }, rate: 2 },
    { mode: 'TUNING_MODE_FULL', learns: 'base', rate: 40 },
  ])('is tuned by its own rate, batch and mode $mode, also in global', async ({ mode, learns, rate }) => {
    const { tuner, send, clock, jobNamed } = await startWithTuner();
    const adapter = mode === 'TUNING_MODE_FULL' ? {} : { adapterSize: 'ADAPTER_SIZE_EIGHT' };
    const body = anOpenJob({
      hyperParameters: { batchSize: 4, learningRate: 0.0004, ...adapter },
      spec: { tuningMode: mode },
    });
    const created = await send('POST', '/v1beta1/projects/demo/locations/global/tuningJobs', body);
    await clock.advance(4_000);
    const { name } = created.body as unknown as TuningBody;
    const job = await jobNamed(name, 'v1beta1');
    expect(job).toMatchObject({
      state: 'JOB_STATE_SUCCEEDED',
      experiment: expect.stringContaining('us-central1'),
    });
    expect(job).not.toHaveProperty('tunedModel');
    expect(tuner.jobs[0]).toMatchObject({ steps: 20, batchSize: 4, learns });
    expect(tuner.jobs[0]?.learningRateMultiplier).toBeCloseTo(rate, 6);
  });
});
