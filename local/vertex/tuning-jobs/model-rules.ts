/** What a base model takes: each rule gives what is wrong with the fields of a job. The sentences are our own but where cited. */
import { invalid } from '../http/api-error.ts';
import { isJsonObject, type JsonObject } from '../http/json.ts';
import type { FieldViolation } from '../http/message.ts';
import type { BaseModel, GeminiModel, OpenModel } from './base-models.ts';
import { ADAPTER_RANKS } from './messages.ts';

/** The spec of a job, with the path of its fields. */
interface Spec {
  path: string;
  spec: JsonObject;
  hyperParameters: JsonObject;
}

export function specOf(job: JsonObject): Spec {
  const [path, found] =
    job.preferenceOptimizationSpec === undefined
      ? (['supervised_tuning_spec', job.supervisedTuningSpec] as const)
      : (['preference_optimization_spec', job.preferenceOptimizationSpec] as const);
  const spec = isJsonObject(found) ? found : {};
  const hyperParameters = isJsonObject(spec.hyperParameters) ? spec.hyperParameters : {};
  return { path: `tuning_job.${path}`, spec, hyperParameters };
}

export function modelViolations(model: BaseModel, job: JsonObject): FieldViolation[] {
  const spec = specOf(job);
  const ofModel =
    model.kind === 'gemini' ? geminiViolations(model, job, spec) : openViolations(model, job, spec);
  return [...ofModel, ...numberViolations(spec)];
}

function geminiViolations(model: GeminiModel, job: JsonObject, spec: Spec): FieldViolation[] {
  const isPreference = job.preferenceOptimizationSpec !== undefined;
  const rank = ADAPTER_RANKS[String(spec.hyperParameters.adapterSize)];
  return violations([
    [model.adapterRanks.length === 0, 'tuning_job.base_model', `${model.id} is not supported for tuning.`],
    [isPreference && !model.preferences, spec.path, `Preference tuning is not supported for ${model.id}.`],
    [
      rank !== undefined && !model.adapterRanks.includes(rank),
      `${spec.path}.hyper_parameters.adapter_size`,
      `${model.id} takes adapters of ${model.adapterRanks.join(', ')}.`,
    ],
    ...['outputUri', 'customBaseModel'].map(
      (field): Rule => [
        job[field] !== undefined,
        `tuning_job.${FIELD_PATHS[field]}`,
        'It is for open models only.',
      ],
    ),
    ...['learningRate', 'batchSize'].map(
      (field): Rule => [
        spec.hyperParameters[field] !== undefined,
        `${spec.path}.hyper_parameters.${FIELD_PATHS[field]}`,
        'It is for open models only.',
      ],
    ),
    [spec.spec.tuningMode !== undefined, `${spec.path}.tuning_mode`, 'It is for open models only.'],
  ]);
}

const FIELD_PATHS: Readonly<Record<string, string>> = {
  ...{ outputUri: 'output_uri', customBaseModel: 'custom_base_model' },
  ...{ learningRate: 'learning_rate', batchSize: 'batch_size', epochCount: 'epoch_count', beta: 'beta' },
  learningRateMultiplier: 'learning_rate_multiplier',
};

const MODES: Readonly<Record<string, OpenModel['modes'][number]>> = {
  ...{ TUNING_MODE_FULL: 'full', TUNING_MODE_PEFT_ADAPTER: 'adapter' },
};

/** How an open model is tuned: as asked, else the first way that it has. */
export function openMode(model: OpenModel, spec: JsonObject): OpenModel['modes'][number] {
  return MODES[String(spec.tuningMode)] ?? model.modes[0] ?? 'adapter';
}

const DIRECTORY = /^gs:\/\/[^/]+(?:\/.*)?$/;

function openViolations(model: OpenModel, job: JsonObject, spec: Spec): FieldViolation[] {
  // Google's sentence.
  if (job.outputUri === undefined) throw invalid('The output_uri field is required for this model.');
  const { hyperParameters } = spec;
  const mode = openMode(model, spec.spec);
  const isDirectory = (field: string) => job[field] === undefined || DIRECTORY.test(String(job[field]));
  return violations([
    [
      job.preferenceOptimizationSpec !== undefined,
      spec.path,
      `Preference tuning is not supported for ${model.id}.`,
    ],
    [!model.modes.includes(mode), `${spec.path}.tuning_mode`, `${model.id} has no such mode.`],
    [
      mode === 'full' && hyperParameters.adapterSize !== undefined,
      `${spec.path}.hyper_parameters.adapter_size`,
      'It is for adapters only.',
    ],
    [
      hyperParameters.learningRate !== undefined && hyperParameters.learningRateMultiplier !== undefined,
      `${spec.path}.hyper_parameters.learning_rate`,
      'learning_rate and learning_rate_multiplier exclude each other.',
    ],
    ...['outputUri', 'customBaseModel'].map(
      (field): Rule => [
        !isDirectory(field),
        `tuning_job.${FIELD_PATHS[field]}`,
        'It must be a folder of Cloud Storage, gs://BUCKET/PATH.',
      ],
    ),
  ]);
}

function numberViolations({ path, hyperParameters }: Spec): FieldViolation[] {
  const fields = ['epochCount', 'learningRateMultiplier', 'learningRate', 'batchSize', 'beta'];
  return violations(
    fields.map((field): Rule => {
      const value = hyperParameters[field];
      const at = `${path}.hyper_parameters.${FIELD_PATHS[field]}`;
      return [value !== undefined && !(Number(value) > 0), at, 'It must be greater than 0.'];
    }),
  );
}

type Rule = readonly [isBroken: boolean, field: string, description: string];

const violations = (rules: readonly Rule[]): FieldViolation[] =>
  rules.flatMap(([isBroken, field, description]) => (isBroken ? [{ field, description }] : []));
