import { readFileSync } from 'node:fs';
import { describe, expect, it } from 'vitest';
import type { JsonObject } from '../../local/vertex/http/json.ts';
import {
  anOpenJob,
  aPreferenceJob,
  aTuningJob,
  geminiRows,
  LOCATION,
  preferenceRows,
  promptRows,
  startTuning,
  TRAIN,
  tuningOf,
  VALIDATION,
  violationsOf,
  WHOLE_TUNING_MS,
} from './vertex-tuning-harness.ts';

interface Recorded {
  id: string;
  direction: string;
  what: string;
  path: string;
  body: JsonObject;
}

const PAYLOADS = new URL('../payloads/tuning-jobs/bodies.json', import.meta.url);
const { entries } = JSON.parse(readFileSync(PAYLOADS, 'utf8')) as { entries: Recorded[] };
const recorded = (...kinds: string[]) =>
  entries.filter(({ direction, what }) => direction === 'request' && kinds.includes(what));

const versionOf = ({ path }: Recorded) => path.split('/')[1] ?? '';
const trainingUriOf = ({ body }: Recorded) => {
  const spec = (body.supervisedTuningSpec ?? body.preferenceOptimizationSpec) as JsonObject;
  return { training: String(spec.trainingDatasetUri), validation: spec.validationDatasetUri };
};

describe('the requests of Google’s clients', () => {
  const plain = recorded('supervised', 'preference', 'open-supervised', 'supervised+evaluation');
  const withFiles = plain.filter((entry) => trainingUriOf(entry).training.startsWith('gs://'));
  const ROWS: Record<string, (count: number) => string> = {
    ...{ preference: preferenceRows, 'open-supervised': promptRows },
  };

  it.each(withFiles)('$id is taken', async (entry) => {
    const { createJob, objects } = await startTuning();
    const { training, validation } = trainingUriOf(entry);
    const rows = ROWS[entry.what] ?? geminiRows;
    objects.set(training, rows(40));
    if (validation) objects.set(String(validation), rows(5));
    const answer = await createJob(entry.body, versionOf(entry));
    expect(answer).toMatchObject({ status: 200, body: { state: 'JOB_STATE_PENDING' } });
  });

  it('name managed data sets, of which there are none here', async () => {
    const { createJob } = await startTuning();
    const named = plain.filter((entry) => !withFiles.includes(entry));
    expect(named.length).toBeGreaterThan(0);
    for (const entry of named) {
      const answer = await createJob(entry.body, versionOf(entry));
      expect(answer).toMatchObject({ status: 404, body: { error: { status: 'NOT_FOUND' } } });
    }
  });

  it.each(recorded('continuous-supervised', 'continuous-preference'))(
    '$id goes on from a tuned model',
    async (entry) => {
      const { finished, createJob, objects, jobNamed, clock } = await startTuning();
      const { tunedModel } = await finished(aTuningJob({ fields: { baseModel: 'gemini-2.5-flash' } }));
      const { training } = trainingUriOf(entry);
      objects.set(training, (entry.what === 'continuous-preference' ? preferenceRows : geminiRows)(40));
      const asked = entry.body.preTunedModel as JsonObject;
      const spelling = 'tunedModelName' in asked ? 'tunedModelName' : 'tuned_model_name';
      const preTunedModel = { ...asked, [spelling]: tunedModel?.model ?? null };
      const { status, body } = await createJob({ ...entry.body, preTunedModel }, versionOf(entry));
      expect(status).toBe(200);
      expect(body.preTunedModel).toMatchObject({
        tunedModelName: tunedModel?.model,
        baseModel: 'gemini-2.5-flash',
      });
      await clock.advance(WHOLE_TUNING_MS);
      expect((await jobNamed(tuningOf(body).name)).state).toBe('JOB_STATE_SUCCEEDED');
    },
  );

  it.each(recorded('distillation', 'open-distillation', 'reinforcement'))(
    '$id is not done here, and told so',
    async (entry) => {
      const { createJob } = await startTuning();
      expect(await createJob(entry.body, versionOf(entry))).toMatchObject({
        status: 501,
        body: { error: { status: 'UNIMPLEMENTED', message: expect.stringMatching(/does not do \w+Spec/) } },
      });
    },
  );

  it.each(recorded('rebase', 'validateReward'))(
    '$id is not done here, and told so',
    async ({ path, body }) => {
      const { send } = await startTuning();
      const at = path.replace(/projects\/\w+\/locations\/[\w-]+/, LOCATION);
      expect(await send('POST', at, body)).toMatchObject({ status: 501 });
    },
  );
});

describe('a request', () => {
  it('is read in either spelling at every depth, with nulls, and with numbers as texts', async () => {
    const { createJob } = await startTuning();
    const { status, body } = await createJob({
      base_model: 'gemini-2.5-flash',
      pre_tuned_model: null,
      supervised_tuning_spec: {
        training_dataset_uri: TRAIN,
        validationDatasetUri: null,
        export_last_checkpoint_only: true,
        hyper_parameters: {
          epoch_count: 3,
          learningRateMultiplier: '0.5',
          adapter_size: 'ADAPTER_SIZE_EIGHT',
        },
        evaluation_config: {
          metrics: {
            aggregation_metrics: ['AVERAGE'],
            bleu_spec: { use_effective_order: true },
            rouge_spec: null,
          },
          outputConfig: { gcs_destination: { output_uri_prefix: 'gs://b' } },
        },
      },
      encryptionSpec: { kms_key_name: 'projects/p/locations/us-central1/keyRings/r/cryptoKeys/k' },
      labels: { snake_key: 'a' },
      tuned_model_display_name: 'mine',
    });
    expect(status).toBe(200);
    expect(body).toMatchObject({
      supervisedTuningSpec: {
        exportLastCheckpointOnly: true,
        hyperParameters: { epochCount: '3', learningRateMultiplier: 0.5, adapterSize: 'ADAPTER_SIZE_EIGHT' },
        evaluationConfig: {
          metrics: [{ aggregationMetrics: ['AVERAGE'], bleuSpec: { useEffectiveOrder: true } }],
          outputConfig: { gcsDestination: { outputUriPrefix: 'gs://b' } },
        },
      },
      encryptionSpec: { kmsKeyName: 'projects/p/locations/us-central1/keyRings/r/cryptoKeys/k' },
      labels: { snake_key: 'a' },
    });
  });

  it('may hold what the service fills in, which is ignored', async () => {
    const { createJob } = await startTuning();
    const job = aTuningJob({ fields: { name: 'x', state: 'JOB_STATE_FAILED', tunedModel: { model: 'm' } } });
    const { body } = await createJob(job);
    expect(body).toMatchObject({ state: 'JOB_STATE_PENDING', name: expect.stringContaining('/tuningJobs/') });
    expect(body).not.toHaveProperty('tunedModel');
  });

  it('is refused with every name and value that does not fit, in the words of Google’s servers', async () => {
    const { createJob } = await startTuning();
    const answer = await createJob(
      aTuningJob({
        hyperParameters: { epochCount: 'many', adapterSize: 'ADAPTER_SIZE_NINE', epochs: 3 },
        fields: { outputUri: 'gs://b/o', displayName: 'x' },
      }),
    );
    expect(answer).toMatchObject({ status: 400, body: { error: { status: 'INVALID_ARGUMENT' } } });
    const spec = 'tuning_job.supervised_tuning_spec.hyper_parameters';
    expect(violationsOf(answer)).toEqual([
      `${spec}.epoch_count: Invalid value at '${spec}.epoch_count' (TYPE_INT64), "many"`,
      `${spec}.adapter_size: Invalid value at '${spec}.adapter_size' (type.googleapis.com/google.cloud.aiplatform.v1.SupervisedHyperParameters.AdapterSize), "ADAPTER_SIZE_NINE"`,
      `${spec}: Invalid JSON payload received. Unknown name "epochs" at '${spec}': Cannot find field.`,
      `tuning_job: Invalid JSON payload received. Unknown name "outputUri" at 'tuning_job': Cannot find field.`,
      `tuning_job: Invalid JSON payload received. Unknown name "displayName" at 'tuning_job': Cannot find field.`,
    ]);
  });

  it.each([
    {
      name: 'two sources',
      fields: { preTunedModel: { tunedModelName: 'm' } },
      group: 'source_model',
      set: 'preTunedModel',
    },
    {
      name: 'two specs',
      fields: { preferenceOptimizationSpec: { trainingDatasetUri: TRAIN } },
      group: 'tuning_spec',
      set: 'preferenceOptimizationSpec',
    },
  ])('with $name is refused', async ({ fields, group, set }) => {
    const { createJob } = await startTuning();
    expect(violationsOf(await createJob(aTuningJob({ fields })))).toEqual([
      `tuning_job: Invalid value at 'tuning_job' (oneof), oneof field '${group}' is already set. Cannot set '${set}'`,
    ]);
  });

  it('for data that is missing is refused as it was recorded', async () => {
    const { createJob, objects } = await startTuning();
    objects.delete(TRAIN);
    const { body, status } = await createJob(
      aTuningJob({ spec: { validationDatasetUri: 'gs://data/val.csv' } }),
    );
    const recordedRefusal = entries.find(({ id }) => id === 'resp:400-dataset-uris');
    expect(status).toBe(400);
    expect(body).toEqual(recordedRefusal?.body);
  });

  it('for rows of the guide is refused as it was recorded', async () => {
    const { createJob, objects } = await startTuning();
    objects.set(TRAIN, JSON.stringify({ input_text: 'a', output_text: 'b' }));
    const { body, status } = await createJob();
    expect(status).toBe(400);
    expect(body).toEqual(entries.find(({ id }) => id === 'resp:400-row0')?.body);
  });

  it('for an open model without a place for its files is refused as it was recorded', async () => {
    const { createJob } = await startTuning();
    const refusal = entries.find(({ id }) => id === 'resp:400-output-uri')?.body;
    expect((await createJob(anOpenJob({ fields: { outputUri: null } }), 'v1beta1')).body).toEqual(refusal);
  });
});

/** What each refusal says, beside its code. */
interface Refused {
  name: string;
  body: object;
  version?: string;
  location?: string;
  status: number;
  code: string;
  says: string | RegExp;
}

const openModel = anOpenJob();
const REFUSED: Refused[] = [
  {
    name: 'Gemini in the location global',
    ...{ body: aTuningJob(), location: 'global', status: 400, code: 'FAILED_PRECONDITION', says: 'global' },
  },
  {
    name: 'Gemini 3 outside of its two regions',
    ...{ body: aTuningJob({ fields: { baseModel: 'gemini-3.5-flash' } }), location: 'europe-west1' },
    ...{ status: 400, code: 'FAILED_PRECONDITION', says: 'us-central1 and europe-west4' },
  },
  {
    name: 'a key for Gemini 3',
    body: aTuningJob({ fields: { baseModel: 'gemini-3.1-flash-lite', encryptionSpec: { kmsKeyName: 'k' } } }),
    ...{ status: 400, code: 'FAILED_PRECONDITION', says: 'encryption_spec' },
  },
  {
    name: 'a key for an open model in global',
    body: { ...openModel, encryptionSpec: { kmsKeyName: 'k' } },
    ...{
      version: 'v1beta1',
      location: 'global',
      status: 400,
      code: 'FAILED_PRECONDITION',
      says: 'encryption_spec',
    },
  },
  {
    name: 'an open model in a region without them',
    ...{ body: openModel, version: 'v1beta1', location: 'europe-west9', status: 400 },
    ...{ code: 'FAILED_PRECONDITION', says: 'not tuned in europe-west9' },
  },
  ...['gemini-2.0-flash-001', 'gemini-3-nano', 'text-bison@002', 'qwen/qwen3@qwen3-400b'].map(
    (baseModel) => ({
      name: `the unknown or retired ${baseModel}`,
      ...{ body: aTuningJob({ fields: { baseModel } }), status: 404, code: 'NOT_FOUND' },
      says: `publishers/google/models/${baseModel}\` was not found or your project does not have access to it. Please ensure you are using a valid model version.`,
    }),
  ),
  ...['gemini-3.8-flash', 'gemini-4-argon'].map((baseModel) => ({
    name: `${baseModel}, which answers and is in no list of models to tune`,
    ...{ body: aTuningJob({ fields: { baseModel } }), status: 400, code: 'INVALID_ARGUMENT' },
    says: 'not supported for tuning',
  })),
  {
    name: 'preference tuning of a model without it',
    ...{ body: aPreferenceJob({ baseModel: 'gemini-3.5-flash' }), status: 400, code: 'INVALID_ARGUMENT' },
    says: 'Preference tuning is not supported',
  },
  {
    name: 'an adapter that is too large for the model',
    body: aTuningJob({
      hyperParameters: { adapterSize: 'ADAPTER_SIZE_SIXTEEN' },
      fields: { baseModel: 'gemini-2.5-pro' },
    }),
    ...{ status: 400, code: 'INVALID_ARGUMENT', says: 'adapters of 1, 2, 4, 8' },
  },
  {
    name: 'an output folder for Gemini',
    ...{ body: aTuningJob({ fields: { outputUri: 'gs://b/o' } }), version: 'v1beta1', status: 400 },
    ...{ code: 'INVALID_ARGUMENT', says: 'tuning_job.output_uri' },
  },
  {
    name: 'the rate of an open model for Gemini',
    ...{ body: aTuningJob({ hyperParameters: { learningRate: 0.1 } }), version: 'v1beta1', status: 400 },
    ...{ code: 'INVALID_ARGUMENT', says: 'learning_rate' },
  },
  {
    name: 'both rates at once',
    body: anOpenJob({ hyperParameters: { learningRate: 0.1, learningRateMultiplier: 1 } }),
    ...{ version: 'v1beta1', status: 400, code: 'INVALID_ARGUMENT', says: 'exclude each other' },
  },
  {
    name: 'an adapter of a model that is tuned as a whole',
    body: anOpenJob({
      spec: { tuningMode: 'TUNING_MODE_PEFT_ADAPTER' },
      fields: { baseModel: 'qwen/qwen3@qwen3-4b' },
    }),
    ...{ version: 'v1beta1', status: 400, code: 'INVALID_ARGUMENT', says: 'tuning_mode' },
  },
  {
    name: 'a validation file of more than a quarter of an open model’s training file',
    body: anOpenJob({ spec: { validationDatasetUri: TRAIN } }),
    ...{ version: 'v1beta1', status: 400, code: 'INVALID_ARGUMENT', says: '25%' },
  },
  ...[0, -1, '0'].map((epochCount) => ({
    name: `${JSON.stringify(epochCount)} epochs`,
    ...{ body: aTuningJob({ hyperParameters: { epochCount } }), status: 400, code: 'INVALID_ARGUMENT' },
    says: 'epoch_count; Message: It must be greater than 0.',
  })),
  {
    name: 'nothing to tune and no way to do it',
    ...{
      body: {},
      status: 400,
      code: 'INVALID_ARGUMENT',
      says: /base_model.*\t2\.Field: tuning_job\.tuning_spec/s,
    },
  },
  {
    name: 'a label that is none',
    ...{
      body: aTuningJob({ fields: { labels: { Team: 'x' } } }),
      status: 400,
      code: 'INVALID_ARGUMENT',
      says: 'label',
    },
  },
  {
    name: 'a model of another location to go on from',
    body: {
      preTunedModel: { tunedModelName: 'projects/demo/locations/europe-west4/models/1' },
      supervisedTuningSpec: { trainingDatasetUri: TRAIN },
    },
    ...{ status: 400, code: 'INVALID_ARGUMENT', says: 'pre_tuned_model' },
  },
  {
    name: 'a model to go on from that does not exist',
    body: {
      preTunedModel: { tunedModelName: `${LOCATION}/models/1@1` },
      supervisedTuningSpec: { trainingDatasetUri: TRAIN },
    },
    ...{ status: 404, code: 'NOT_FOUND', says: 'does not exist' },
  },
];

describe('refused is', () => {
  it.each(REFUSED)(
    '$name',
    async ({ body, version = 'v1', location = 'us-central1', status, code, says }) => {
      const { send, objects, service } = await startTuning();
      objects.set(VALIDATION, geminiRows(5));
      const answer = await send('POST', `/${version}/projects/demo/locations/${location}/tuningJobs`, body);
      expect(answer).toMatchObject({ status, body: { error: { code: status, status: code } } });
      const { message } = answer.body.error as { message: string };
      expect(message).toMatch(says);
      expect(service.tuningJobs()).toEqual([]);
    },
  );

  it('a retiring model to a new project a month before, in the words of the service, and to everybody after its last day', async () => {
    for (const [isNewProject, days, status] of [
      [true, 260, 200],
      [true, 270, 400],
      [false, 300, 200],
      [false, 460, 404],
    ] as const) {
      const { createJob, clock } = await startTuning({ tuningJobs: { isNewProject } });
      await clock.advance(days * 86_400_000);
      const answer = await createJob();
      expect(answer.status).toBe(status);
      if (status !== 400) continue;
      expect(answer.body.error).toMatchObject({
        status: 'FAILED_PRECONDITION',
        message: expect.stringMatching(
          /^Project `\d+` is not allowed to use Publisher Model `projects\/\d+\/.*gemini-2\.5-flash`$/,
        ),
      });
    }
  });
});
