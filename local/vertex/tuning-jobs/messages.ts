/**
 * `TuningJob` as a request may have it, in both versions of the API.
 * Source: discovery documents of aiplatform v1 and v1beta1, revision 20260920, and for `outputUri` and `customBaseModel` Google's
 * clients. What v1 lacks it refuses as a field that it cannot find.
 */
import type { EnumType, FieldType, MessageType } from '../http/message.ts';
import type { ApiVersion } from '../http/routes.ts';

const ADAPTER_SIZES = ['ONE', 'TWO', 'FOUR', 'EIGHT', 'SIXTEEN', 'THIRTY_TWO'].map(
  (size) => `ADAPTER_SIZE_${size}`,
);

/** How many ranks an adapter of each size has. */
export const ADAPTER_RANKS: Readonly<Record<string, number>> = Object.fromEntries(
  ADAPTER_SIZES.map((size, index) => [size, 2 ** index]),
);

const adapterSize = (parent: string): EnumType => ({
  enum: `${parent}.AdapterSize`,
  values: ['ADAPTER_SIZE_UNSPECIFIED', ...ADAPTER_SIZES],
});

const TUNING_MODE: EnumType = {
  enum: 'SupervisedTuningSpec.TuningMode',
  values: ['TUNING_MODE_UNSPECIFIED', 'TUNING_MODE_FULL', 'TUNING_MODE_PEFT_ADAPTER'],
};

const hyperParameters = (parent: string, more: Record<string, FieldType>): MessageType => ({
  fields: {
    epochCount: 'int64',
    learningRateMultiplier: 'double',
    adapterSize: adapterSize(parent),
    ...more,
  },
});

const DATASETS = {
  trainingDatasetUri: 'string',
  validationDatasetUri: 'string',
  exportLastCheckpointOnly: 'bool',
} as const;

const PREFERENCE: MessageType = {
  fields: {
    ...DATASETS,
    hyperParameters: hyperParameters('PreferenceOptimizationHyperParameters', { beta: 'double' }),
  },
};

const EVALUATION: MessageType = {
  fields: {
    metrics: { list: 'message' },
    datasetCustomMetrics: { list: 'message' },
    outputConfig: 'message',
    autoraterConfig: 'message',
    inferenceGenerationConfig: 'message',
  },
};

/** In v1beta1 with what open models take beyond Gemini. */
const supervised = (version: ApiVersion): MessageType => {
  const isBeta = version === 'v1beta1';
  const forOpenModels: Record<string, FieldType> = isBeta
    ? { learningRate: 'double', batchSize: 'int64' }
    : {};
  const fields: Record<string, FieldType> = {
    ...DATASETS,
    evaluationConfig: EVALUATION,
    hyperParameters: hyperParameters('SupervisedHyperParameters', forOpenModels),
  };
  return { fields: isBeta ? { ...fields, tuningMode: TUNING_MODE } : fields };
};

const PRE_TUNED_MODEL: MessageType = {
  fields: { tunedModelName: 'string', checkpointId: 'string', baseModel: 'ignored' },
};

/** Kinds of tuning that v1beta1 knows and the embedded service does not do. */
export const OTHER_SPECS = [
  'distillationSpec',
  'fullFineTuningSpec',
  'partnerModelTuningSpec',
  'reinforcementTuningSpec',
  'veoTuningSpec',
  'veoLoraTuningSpec',
] as const;

const OUTPUT_ONLY = [
  ...['name', 'state', 'createTime', 'startTime', 'endTime', 'updateTime', 'error', 'experiment'],
  ...[
    'tunedModel',
    'tuningDataStats',
    'evaluateDatasetRuns',
    'gcsMetricsUri',
    'satisfiesPzs',
    'satisfiesPzi',
  ],
];
const BETA_OUTPUT_ONLY = ['tuningJobState', 'tuningJobMetadata', 'pipelineJob'];

const each = (names: readonly string[], type: FieldType) =>
  Object.fromEntries(names.map((name) => [name, type]));

function tuningJob(version: ApiVersion): MessageType {
  const isBeta = version === 'v1beta1';
  const specs = ['supervisedTuningSpec', 'preferenceOptimizationSpec', ...(isBeta ? OTHER_SPECS : [])];
  return {
    fields: {
      ...each([...OUTPUT_ONLY, ...(isBeta ? BETA_OUTPUT_ONLY : [])], 'ignored'),
      ...each(isBeta ? [...OTHER_SPECS] : [], 'message'),
      ...each(isBeta ? ['customBaseModel', 'outputUri'] : [], 'string'),
      baseModel: 'string',
      preTunedModel: PRE_TUNED_MODEL,
      supervisedTuningSpec: supervised(version),
      preferenceOptimizationSpec: PREFERENCE,
      tunedModelDisplayName: 'string',
      description: 'string',
      labels: 'map',
      encryptionSpec: { fields: { kmsKeyName: 'string' } },
      serviceAccount: 'string',
    },
    oneofs: { source_model: ['baseModel', 'preTunedModel'], tuning_spec: specs },
  };
}

export const TUNING_JOB: Readonly<Record<ApiVersion, MessageType>> = {
  v1: tuningJob('v1'),
  v1beta1: tuningJob('v1beta1'),
};
