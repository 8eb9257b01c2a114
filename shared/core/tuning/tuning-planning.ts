import type { Manifest } from '../manifest/keys.ts';
import { tuningRegionOf } from '../manifest/tuning-deployment.ts';
import { BATCH_OF_8K_MODELS } from '../models/pipeline-models.ts';
import { ACCELERATORS } from '../models/regions.ts';
import { adapterSizeName, DEFAULT_EPOCH_COUNT, type TuningModel } from '../models/tuning-models.ts';
import type { TuningPlan } from './plan.ts';
import { modelDisplayNameOf, type PlanInput } from './plan-input.ts';

/** The plan of a model that `tuningJobs` tunes. */
export function planTuning(input: PlanInput, model: TuningModel): TuningPlan {
  const { manifest, runId, limits, stagedUris } = input;
  const training = trainingOf(input);
  const isOpen = model.kind === 'open';
  return {
    backend: 'tuningJobs',
    runId,
    project: limits.project,
    baseModel: model.reference,
    modelDisplayName: modelDisplayNameOf(input),
    apiVersion: model.apiVersion,
    region: tuningRegionOf(manifest, limits, model),
    method: methodOf(manifest),
    training,
    trainingDatasetUri: stagedUris?.dataset_uri ?? manifest.dataset_uri ?? '',
    validationDatasetUri: stagedUris?.evaluation_data_uri ?? manifest.evaluation_data_uri,
    hyperParameters: {
      epochCount: training.epochs,
      learningRateMultiplier: manifest.learning_rate_multiplier,
      learningRate: manifest.learning_rate,
      adapterSize: manifest.adapter_size && adapterSizeName(manifest.adapter_size),
      batchSize: isOpen ? manifest.batch_size : undefined,
      beta: manifest.beta,
    },
    tuningMode: tuningModeOf(manifest, model),
    exportLastCheckpointOnly: manifest.export_last_checkpoint_only,
    preTunedModel: preTunedModelOf(manifest),
    customBaseModel: manifest.custom_base_model,
    outputDirectory: isOpen
      ? (manifest.output_directory ?? `gs://${limits.resultsBucket}/output/${runId}`)
      : undefined,
    serviceAccount: manifest.service_account ?? limits.defaultServiceAccount,
    encryptionKey: manifest.encryption_spec_key_name,
    labels: manifest.labels ?? {},
    isDryRun: manifest.dry_run ?? false,
    notes: notesOf(input, model),
  };
}

function methodOf({ tuning_method }: Manifest): TuningPlan['method'] {
  return tuning_method ?? 'supervised';
}

/** Said where there is a choice of two; where a model has one, Vertex AI needs no word. */
function tuningModeOf({ tuning_mode }: Manifest, { tuningModes }: TuningModel): TuningPlan['tuningMode'] {
  return tuning_mode ?? tuningModes[0];
}

function preTunedModelOf({ pre_tuned_model, checkpoint_id }: Manifest): TuningPlan['preTunedModel'] {
  if (pre_tuned_model === undefined) return undefined;
  return { tunedModelName: pre_tuned_model, checkpointId: checkpoint_id };
}

/** The guide's steps as passes over the data, for a manifest in which only the base model was changed. */
function trainingOf({ manifest, trainExamples }: PlanInput): TuningPlan['training'] {
  const { epoch_count, train_steps: steps, accelerator_type } = manifest;
  const examples = trainExamples || undefined;
  if (epoch_count !== undefined) return { epochs: epoch_count, examples };
  if (steps === undefined || examples === undefined) return { epochs: DEFAULT_EPOCH_COUNT, examples };
  const { trainingRegion } = ACCELERATORS[accelerator_type === 'TPU' ? 'TPU' : 'GPU'];
  const epochs = Math.max(1, Math.round((steps * BATCH_OF_8K_MODELS[trainingRegion]) / examples));
  return { epochs, examples, fromTrainSteps: steps };
}

/** One row: what the manifest may leave open, and the sentence about what was made of it. */
const OPEN_CHOICES: { isOpen: (input: PlanInput, model: TuningModel) => boolean; note: string }[] = [
  {
    isOpen: ({ manifest }) => manifest.epoch_count === undefined && manifest.train_steps === undefined,
    note: `The data is passed over ${DEFAULT_EPOCH_COUNT} times, as in Google’s samples. Vertex AI chooses by itself where no number is sent, and has chosen 40 for 166 examples; write epoch_count for another number.`,
  },
  {
    isOpen: ({ manifest, trainExamples }) =>
      manifest.epoch_count === undefined && manifest.train_steps !== undefined && Boolean(trainExamples),
    note: 'train_steps was made into passes over the data (steps × batch size of the guide ÷ examples, at least 1), since this model counts in epochs; write epoch_count for another number.',
  },
  {
    isOpen: ({ manifest }) => manifest.pipeline_job_region === undefined,
    note: 'The job runs in the region that this deployment has set for its kind of model.',
  },
  {
    isOpen: ({ manifest }) => manifest.model_display_name === undefined,
    note: 'The model has the name of the manifest’s folder.',
  },
  {
    isOpen: ({ manifest }, { adapterSizes }) =>
      manifest.adapter_size === undefined && adapterSizes.length > 0,
    note: 'adapter_size is not sent; Vertex AI chooses it.',
  },
  {
    isOpen: ({ manifest, limits }) =>
      manifest.service_account === undefined && limits.defaultServiceAccount === undefined,
    note: 'No service account is sent; Vertex AI then takes its own service agent for tuning.',
  },
];

function notesOf(input: PlanInput, model: TuningModel): string[] {
  return OPEN_CHOICES.filter(({ isOpen }) => isOpen(input, model)).map(({ note }) => note);
}
