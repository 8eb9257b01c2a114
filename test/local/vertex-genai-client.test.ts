import { GoogleGenAI, type TuningJob } from '@google/genai';
import { OAuth2Client } from 'google-auth-library';
import { describe, expect, it } from 'vitest';
import { systemClock } from '../../local/clock.ts';
import { createLocalTrainer } from '../../local/vertex/training/local-trainer.ts';
import { createFakeTuner } from './vertex-fake-tuner.ts';
import { startTuning, TRAIN, VALIDATION } from './vertex-tuning-harness.ts';

/** Google's own client for JavaScript, unchanged: a loopback address in place of Google's, and a token that nobody knows. */
async function startClient(apiVersion?: string) {
  const harness = await startTuning({
    ...{ clock: systemClock, taskMs: 20 },
    trainer: createLocalTrainer({ tuner: createFakeTuner() }),
  });
  const authClient = new OAuth2Client();
  authClient.setCredentials({ access_token: 'local', expiry_date: Date.UTC(2100, 0) });
  const clientIn = (location: string) =>
    new GoogleGenAI({
      ...{ vertexai: true, project: 'demo', location },
      googleAuthOptions: { authClient: authClient as never, projectId: 'demo' },
      httpOptions: { baseUrl: `http://${harness.service.address}`, ...(apiVersion ? { apiVersion } : {}) },
    });
  return { ...harness, clientIn, client: clientIn('us-central1') };
}

async function untilEnded(client: GoogleGenAI, { name = '' }: TuningJob): Promise<TuningJob> {
  for (;;) {
    const job = await client.tunings.get({ name });
    if (/SUCCEEDED|FAILED|CANCELLED/.test(job.state ?? '')) return job;
    await new Promise<void>((resolve) => systemClock.after(20, resolve));
  }
}

const FULL = {
  tunedModelDisplayName: 'my model',
  ...{ epochCount: 3, learningRateMultiplier: 0.5, adapterSize: 'ADAPTER_SIZE_EIGHT' as never },
  validationDataset: { gcsUri: VALIDATION },
  labels: { team: 'x' },
};

describe.each([undefined, 'v1'])('the client of @google/genai in version %s', (apiVersion) => {
  it('tunes, follows its job to the end, and asks what came of it', async () => {
    const { client } = await startClient(apiVersion);
    const started = await client.tunings.tune({
      baseModel: 'gemini-2.5-flash',
      trainingDataset: { gcsUri: TRAIN },
      config: FULL,
    });
    expect(started).toMatchObject({ state: 'JOB_STATE_PENDING', tunedModelDisplayName: 'my model' });
    const ended = await untilEnded(client, started);
    expect(ended).toMatchObject({
      state: 'JOB_STATE_SUCCEEDED',
      labels: { team: 'x' },
      tunedModel: { model: expect.stringMatching(/models\/\d+@1$/), checkpoints: { length: 3 } },
      tuningDataStats: { supervisedTuningDataStats: { tuningDatasetExampleCount: '20' } },
      supervisedTuningSpec: { hyperParameters: { epochCount: '3', adapterSize: 'ADAPTER_SIZE_EIGHT' } },
    });
    const answer = await client.models.generateContent({
      model: ended.tunedModel?.endpoint ?? '',
      contents: 'hello',
      config: { temperature: 0, maxOutputTokens: 8, thinkingConfig: { thinkingBudget: 0 } },
    });
    expect(JSON.parse(answer.text ?? '')).toMatchObject({ read: 'hello', tokens: 8 });
    expect(answer.usageMetadata?.promptTokenCount).toBe(2);
  });

  it('lists in pages and by label', async () => {
    const { client } = await startClient(apiVersion);
    const names = [];
    for (const run of ['r1', 'r2', 'r3']) {
      const { name } = await client.tunings.tune({
        baseModel: 'gemini-2.5-flash',
        trainingDataset: { gcsUri: TRAIN },
        config: { labels: { run } },
      });
      names.push(name);
    }
    const listed = [];
    for await (const job of await client.tunings.list({ config: { pageSize: 2 } })) listed.push(job.name);
    expect(listed.sort()).toEqual(names.sort());
    const filtered = await client.tunings.list({ config: { filter: 'labels.run="r2"' } });
    expect(filtered.page.map(({ labels }) => labels)).toEqual([{ run: 'r2' }]);
  });

  it('cancels', async () => {
    const { client } = await startClient(apiVersion);
    const started = await client.tunings.tune({
      baseModel: 'gemini-2.5-flash',
      trainingDataset: { gcsUri: TRAIN },
    });
    await client.tunings.cancel({ name: started.name ?? '' });
    expect(await untilEnded(client, started)).toMatchObject({
      state: 'JOB_STATE_CANCELLED',
      error: { code: 1 },
    });
  });

  it('goes on from a checkpoint of a tuned model', async () => {
    const { client } = await startClient(apiVersion);
    const trainingDataset = { gcsUri: TRAIN };
    const first = await untilEnded(
      client,
      await client.tunings.tune({
        baseModel: 'gemini-2.5-flash',
        trainingDataset,
        config: { epochCount: 2 },
      }),
    );
    const second = await client.tunings.tune({
      ...{ baseModel: first.tunedModel?.model ?? '', trainingDataset },
      config: { preTunedModelCheckpointId: '1', epochCount: 1 },
    });
    expect(second.preTunedModel).toMatchObject({ checkpointId: '1', baseModel: 'gemini-2.5-flash' });
    expect((await untilEnded(client, second)).tunedModel?.model).toMatch(/@2$/);
  });

  it('asks a base model, as a whole and in pieces, and counts tokens', async () => {
    const { clientIn } = await startClient(apiVersion);
    const client = clientIn('us');
    const request = {
      model: 'gemini-3.1-flash-lite',
      contents: [{ role: 'user', parts: [{ text: 'hello' }] }],
      config: { systemInstruction: 'be brief', temperature: 0 },
    };
    expect(JSON.parse((await client.models.generateContent(request)).text ?? '')).toMatchObject({
      ...{ adapter: 'base', read: 'be brief\n|hello' },
    });
    const pieces = [];
    for await (const { text } of await client.models.generateContentStream(request)) pieces.push(text);
    expect(JSON.parse(pieces.join(''))).toMatchObject({ read: 'be brief\n|hello' });
    expect(await client.models.countTokens({ model: request.model, contents: 'hello' })).toMatchObject({
      totalTokens: 2,
    });
  });

  it('tells refusals as the errors that they are', async () => {
    const { client } = await startClient(apiVersion);
    const refused = client.tunings.tune({ baseModel: 'gemini-1.0-pro', trainingDataset: { gcsUri: TRAIN } });
    await expect(refused).rejects.toMatchObject({ status: 404 });
  });
});

it('the client of @google/genai tunes by preference', async () => {
  const { client } = await startClient();
  const started = await client.tunings.tune({
    ...{ baseModel: 'gemini-2.5-flash-lite', trainingDataset: { gcsUri: 'gs://data/preferences.jsonl' } },
    config: { method: 'PREFERENCE_TUNING' as never, beta: 0.1, epochCount: 1 },
  });
  expect(await untilEnded(client, started)).toMatchObject({
    state: 'JOB_STATE_SUCCEEDED',
    preferenceOptimizationSpec: { hyperParameters: { beta: 0.1 } },
  });
});

it('the client of @google/genai tunes an open model', async () => {
  const { client } = await startClient();
  const started = await client.tunings.tune({
    ...{ baseModel: 'google/gemma4@gemma-4-e4b-it', trainingDataset: { gcsUri: 'gs://data/prompts.jsonl' } },
    config: { outputUri: 'gs://results/out', epochCount: 1, tuningMode: 'TUNING_MODE_PEFT_ADAPTER' as never },
  });
  expect((await untilEnded(client, started)).state).toBe('JOB_STATE_SUCCEEDED');
});
