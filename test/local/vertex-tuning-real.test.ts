import { describe, expect, it } from 'vitest';
import { systemClock } from '../../local/clock.ts';
import { decodeSafetensors } from '../../local/small-model/model/safetensors.ts';
import type { ObjectWriter } from '../../local/vertex/storage/object-writer.ts';
import { createLocalTrainer } from '../../local/vertex/training/local-trainer.ts';
import { until } from '../support/condition.ts';
import {
  anOpenJob,
  aTuningJob,
  type JobOverrides,
  model,
  startTuning,
  TRAIN,
  type TuningBody,
  tuningOf,
  user,
  VALIDATION,
} from './vertex-tuning-harness.ts';

/** Two kinds of prompts, each with its own answer. */
const ROWS = ['sea', 'sky', 'ship', 'wing'].flatMap((word) =>
  ['one', 'six'].map((number) => ({
    prompt: `${word} ${number}`,
    answer: word === 'sea' || word === 'ship' ? 'fish' : 'bird',
  })),
);
const jsonLines = (rows: readonly object[]) => rows.map((row) => JSON.stringify(row)).join('\n');
const GEMINI = jsonLines(ROWS.map(({ prompt, answer }) => ({ contents: [user(prompt), model(answer)] })));
const PREFERENCES = jsonLines(
  ROWS.slice(0, 6).map(({ prompt, answer }) => ({
    contents: [user(prompt)],
    completions: [
      { score: 1, completion: model(answer) },
      { score: 0, completion: model(answer === 'fish' ? 'bird' : 'fish') },
    ],
  })),
);

/** The small model itself, in its threads; what jobs write goes where they read. */
async function start() {
  const written = new Map<string, Uint8Array>();
  const writeObject: ObjectWriter = async (uri, bytes) => {
    written.set(uri, bytes);
  };
  const harness = await startTuning({
    ...{ clock: systemClock, taskMs: 10, writeObject },
    trainer: createLocalTrainer({ workers: 1 }),
  });
  const { objects, createJob, jobNamed, send, get } = harness;
  for (const uri of [TRAIN, VALIDATION]) objects.set(uri, GEMINI);
  objects.set('gs://data/preferences.jsonl', PREFERENCES);
  objects.set(
    'gs://data/prompts.jsonl',
    jsonLines(ROWS.map(({ prompt, answer: completion }) => ({ prompt, completion }))),
  );
  const run = async (body: object, version = 'v1'): Promise<TuningBody> => {
    const { name } = tuningOf(await createJob(body, version));
    const ended = async () => (await jobNamed(name)).endTime !== undefined;
    await until(`${name} has ended`, ended, 280_000);
    return jobNamed(name, 'v1beta1');
  };
  const ask = async (endpoint: string | undefined, prompt: string) => {
    const body = { contents: [user(prompt)], generationConfig: { temperature: 0, maxOutputTokens: 4 } };
    const { candidates } = (await send('POST', `/v1/${endpoint}:generateContent`, body)).body as unknown as {
      candidates: { content: { parts: { text: string }[] } }[];
    };
    return candidates[0]?.content.parts[0]?.text;
  };
  const right = async (endpoint: string | undefined) => {
    const answers = await Promise.all(ROWS.map(({ prompt }) => ask(endpoint, prompt)));
    return answers.filter((text, index) => text === ROWS[index]?.answer).length;
  };
  return { ...harness, written, run, right, get };
}

const gemini = (overrides: JobOverrides) =>
  aTuningJob({ spec: { validationDatasetUri: VALIDATION }, ...overrides });

/** `step value` of the evaluation's loss. */
async function evaluationLoss({ experiment }: TuningBody, get: Awaited<ReturnType<typeof start>>['get']) {
  const { metadata } = (await get(`/v1/${experiment}`)).body;
  const { backing_tensorboard_resource: tensorboard } = metadata as Record<string, string>;
  const runs = `/v1/${tensorboard}/experiments/${experiment?.split('/').at(-1)}/runs`;
  const [run] = (await get(runs)).body.tensorboardRuns as { name: string }[];
  const { tensorboardTimeSeries } = (await get(`/v1/${run?.name}/timeSeries`)).body;
  const series = tensorboardTimeSeries as { name: string; displayName: string }[];
  const loss = series.find(({ displayName }) => displayName === '/eval_total_loss');
  const { timeSeriesData } = (await get(`/v1/${loss?.name}:read`)).body;
  const { values } = timeSeriesData as unknown as { values: { step: string; scalar: { value: number } }[] };
  return values.map(({ step, scalar }) => ({ step: Number(step), loss: scalar.value }));
}

describe('a tuning job that really tunes', { timeout: 300_000 }, () => {
  it('teaches a Gemini base model its data, epoch by epoch, and a job that goes on learns more', async () => {
    const { run, right, get } = await start();
    const job = await run(gemini({ hyperParameters: { epochCount: 12, adapterSize: 'ADAPTER_SIZE_EIGHT' } }));
    expect(job.state).toBe('JOB_STATE_SUCCEEDED');
    const losses = await evaluationLoss(job, get);
    expect(losses.at(-1)?.loss).toBeLessThan((losses[0]?.loss ?? 0) * 0.7);
    const checkpoints = job.tunedModel?.checkpoints ?? [];
    // Each checkpoint has a point of its own, so that the best of them can be told.
    for (const { step } of checkpoints) expect(losses.map((point) => point.step)).toContain(Number(step));
    const [early, late] = [await right(checkpoints[0]?.endpoint), await right(checkpoints.at(-1)?.endpoint)];
    expect(late).toBeGreaterThan(early);

    const { baseModel: _, ...next } = gemini({ hyperParameters: { epochCount: 1 } });
    const more = await run({ ...next, preTunedModel: { tunedModelName: job.tunedModel?.model } });
    const [first] = await evaluationLoss(more, get);
    expect(first?.loss).toBeLessThan(losses[0]?.loss ?? 0);
  });

  it('learns more in more epochs, and less at a smaller rate', async () => {
    const { run, get } = await start();
    const lossAfter = async (hyperParameters: object) =>
      (await evaluationLoss(await run(gemini({ hyperParameters })), get)).at(-1)?.loss ?? 0;
    const many = await lossAfter({ epochCount: 12 });
    expect(await lossAfter({ epochCount: 2 })).toBeGreaterThan(many);
    expect(await lossAfter({ epochCount: 12, learningRateMultiplier: 0.01 })).toBeGreaterThan(many);
  });

  it('prefers one answer to another where that is what it learns', async () => {
    const { run, get } = await start();
    const job = await run({
      baseModel: 'gemini-2.5-flash',
      preferenceOptimizationSpec: {
        ...{
          trainingDatasetUri: 'gs://data/preferences.jsonl',
          validationDatasetUri: 'gs://data/preferences.jsonl',
        },
        ...{ exportLastCheckpointOnly: true, hyperParameters: { epochCount: 8, learningRateMultiplier: 3 } },
      },
    });
    const losses = await evaluationLoss(job, get);
    // Where neither is preferred the loss is log 2.
    expect(losses.at(-1)?.loss).toBeLessThan(Math.LN2 * 0.8);
  });

  it.each([
    { mode: 'TUNING_MODE_PEFT_ADAPTER', file: 'adapter_model.safetensors', matrix: 'embedding.down' },
    { mode: 'TUNING_MODE_FULL', file: 'model.safetensors', matrix: 'embedding' },
  ])('writes what an open model learned in $mode where it was told to', async ({ mode, file, matrix }) => {
    const { run, written } = await start();
    const job = await run(
      anOpenJob({ hyperParameters: { epochCount: 2 }, spec: { tuningMode: mode } }),
      'v1beta1',
    );
    expect(job.state).toBe('JOB_STATE_SUCCEEDED');
    const folder = 'gs://results/open/postprocess/node-0/checkpoints';
    expect([...written.keys()].sort()).toEqual([
      `${folder}/checkpoint-1/${file}`,
      `${folder}/checkpoint-2/${file}`,
      `${folder}/final/${file}`,
    ]);
    const matrices = decodeSafetensors(written.get(`${folder}/final/${file}`) ?? new Uint8Array());
    expect(matrices.map(({ name }) => name)).toContain(matrix);
  });

  it('goes on from weights that it wrote itself, and from no others', async () => {
    const { run, written, objects } = await start();
    const full = { spec: { tuningMode: 'TUNING_MODE_FULL' } };
    await run(anOpenJob({ hyperParameters: { epochCount: 1 }, ...full }), 'v1beta1');
    const folder = 'gs://results/open/postprocess/node-0/checkpoints/final';
    const bytes = written.get(`${folder}/model.safetensors`) ?? new Uint8Array();
    objects.set(`${folder}/model.safetensors`, Buffer.from(bytes).toString('latin1'));
    const goOn = (customBaseModel: string) =>
      run(anOpenJob({ hyperParameters: { epochCount: 1 }, ...full, fields: { customBaseModel } }), 'v1beta1');
    expect((await goOn(folder)).state).toBe('JOB_STATE_SUCCEEDED');
    expect((await goOn('gs://results/nothing')).error?.message).toContain('there is no gs://results/nothing');
    objects.set('gs://results/other/model.safetensors', 'not weights');
    expect((await goOn('gs://results/other')).error?.message).toContain('small model');
  });
});
