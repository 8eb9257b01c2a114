import type { Manifest } from '../manifest/keys.ts';
import { tuningRegionChoice } from '../manifest/tuning-deployment.ts';
import { BATCH_OF_8K_MODELS, BATCH_OF_32K_MODELS } from '../models/pipeline-models.ts';
import { ACCELERATORS } from '../models/regions.ts';
import { adapterSizeName, DEFAULT_EPOCH_COUNT, type TuningModel } from '../models/tuning-models.ts';
import { deploymentLabel } from './job-labels.ts';
import type { TuningPlan } from './plan.ts';
import { modelDisplayNameOf, type PlanInput } from './plan-input.ts';

/** The plan of a model that `tuningJobs` tunes. */
export function planTuning(input: PlanInput, model: TuningModel): TuningPlan {
  const { manifest, runId, limits, stagedUris } = input;
  const training = plannedEpochs(input);
  const isOpen = model.kind === 'open';
  return {
    backend: 'tuningJobs',
    runId,
    project: limits.project,
    baseModel: model.reference,
    modelDisplayName: tunedNameOf(input),
    apiVersion: model.apiVersion,
    region: tuningRegionChoice(manifest, limits, model).region,
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
    description: manifest.description,
    customBaseModel: manifest.custom_base_model,
    outputDirectory: isOpen
      ? (manifest.output_directory ?? `gs://${limits.resultsBucket}/output/${runId}`)
      : undefined,
    serviceAccount: manifest.service_account ?? limits.defaultServiceAccount,
    encryptionKey: manifest.encryption_spec_key_name,
    labels: manifest.labels ?? {},
    deployment: deploymentLabel(limits.resultsBucket),
    isDryRun: manifest.dry_run ?? false,
    notes: notesOf(input, model),
  };
}

function methodOf({ tuning_method }: Manifest): TuningPlan['method'] {
  return tuning_method ?? 'supervised';
}

/** A model that goes on keeps its name and gets a version, unless the manifest names a new one: Vertex AI's rule for no name. */
function tunedNameOf(input: PlanInput): string | undefined {
  const { model_display_name, pre_tuned_model } = input.manifest;
  return pre_tuned_model === undefined ? modelDisplayNameOf(input) : model_display_name;
}

/**
 * Said where there is a choice of two, since no page says what Vertex AI takes then, and the two differ in price. Where a model has
 * one, nothing is sent, as by Google's SDKs.
 */
function tuningModeOf({ tuning_mode }: Manifest, { tuningModes }: TuningModel): TuningPlan['tuningMode'] {
  return tuning_mode ?? (tuningModes.length > 1 ? tuningModes[0] : undefined);
}

function preTunedModelOf({ pre_tuned_model, checkpoint_id }: Manifest): TuningPlan['preTunedModel'] {
  if (pre_tuned_model === undefined) return undefined;
  return { tunedModelName: pre_tuned_model, checkpointId: checkpoint_id };
}

/** The guide's steps as passes over the data, for a manifest in which only the base model was changed. */
export function plannedEpochs({
  manifest,
  trainExamples,
}: Pick<PlanInput, 'manifest' | 'trainExamples'>): TuningPlan['training'] {
  const { epoch_count, train_steps: steps } = manifest;
  const examples = trainExamples || undefined;
  if (epoch_count !== undefined) return { epochs: epoch_count, examples };
  if (steps === undefined || examples === undefined) return { epochs: DEFAULT_EPOCH_COUNT, examples };
  const epochs = Math.max(1, Math.round((steps * batchOf(manifest)) / examples));
  return { epochs, examples, fromTrainSteps: steps };
}

/** Examples a step, as the templates of the guide had them for these settings. */
function batchOf({ accelerator_type, max_context_length }: Manifest): number {
  const { trainingRegion } = ACCELERATORS[accelerator_type === 'TPU' ? 'TPU' : 'GPU'];
  const batches = max_context_length === '32k' ? BATCH_OF_32K_MODELS : BATCH_OF_8K_MODELS;
  return batches[trainingRegion];
}

/** One row: what the manifest may leave open, and the sentence about what was made of it. */
interface OpenChoice {
  isOpen: (input: PlanInput, model: TuningModel) => boolean;
  note: string | ((input: PlanInput, model: TuningModel) => string);
}

const isUnsaid = ({ manifest }: PlanInput) =>
  manifest.epoch_count === undefined && manifest.train_steps === undefined;
const isInSteps = ({ manifest }: PlanInput) =>
  manifest.epoch_count === undefined && manifest.train_steps !== undefined;
const regionChosenBy = ({ manifest, limits }: PlanInput, model: TuningModel) =>
  tuningRegionChoice(manifest, limits, model).chosenBy;

const OPEN_CHOICES: readonly OpenChoice[] = [
  {
    isOpen: (input, { kind }) => isUnsaid(input) && kind === 'gemini',
    note: `The data is passed over ${DEFAULT_EPOCH_COUNT} times, as in Google’s samples. Vertex AI chooses by itself where no number is sent, and has chosen 40 for 166 examples; write epoch_count for another number.`,
  },
  {
    isOpen: (input, { kind }) => isUnsaid(input) && kind === 'open',
    note: `The data is passed over ${DEFAULT_EPOCH_COUNT} times; write epoch_count for another number.`,
  },
  {
    isOpen: (input) => isInSteps(input) && Boolean(input.trainExamples),
    note: 'train_steps was made into passes over the data (steps × batch size of the guide ÷ examples, at least 1), since this model counts in epochs; write epoch_count for another number.',
  },
  {
    isOpen: (input) => isInSteps(input) && !input.trainExamples,
    note: `train_steps becomes passes over the data once the examples are counted. They were not, so that ${DEFAULT_EPOCH_COUNT} passes stand here; write epoch_count to say the number yourself.`,
  },
  {
    isOpen: (input, model) => regionChosenBy(input, model) === 'deployment',
    note: 'The job runs in the region that this deployment has set for its kind of model.',
  },
  {
    isOpen: (input, model) => regionChosenBy(input, model) === 'tunedModel',
    note: 'The job runs where the model lies that it goes on from.',
  },
  {
    isOpen: (input, model) => regionChosenBy(input, model) === 'model',
    note: ({ manifest, limits }, model) =>
      `The model is not tuned in a region of this deployment; the job runs in ${tuningRegionChoice(manifest, limits, model).region}, the first of the model’s.`,
  },
  {
    isOpen: ({ manifest }) =>
      manifest.model_display_name === undefined && manifest.pre_tuned_model === undefined,
    note: 'The model has the name of the manifest’s folder.',
  },
  {
    isOpen: ({ manifest }) =>
      manifest.model_display_name === undefined && manifest.pre_tuned_model !== undefined,
    note: 'No name is sent: the model that is gone on from keeps its name and gets a new version. Write model_display_name to make a new model.',
  },
  {
    isOpen: ({ manifest }, { tuningModes }) => manifest.tuning_mode === undefined && tuningModes.length > 1,
    note: 'The model can be tuned either way: an adapter is tuned, not all weights; write tuning_mode for the other.',
  },
  {
    isOpen: ({ manifest }, { adapterSizes }) =>
      manifest.adapter_size === undefined &&
      manifest.tuning_mode !== 'TUNING_MODE_FULL' &&
      adapterSizes.length > 0,
    note: 'adapter_size is not sent; Vertex AI chooses it.',
  },
  {
    isOpen: ({ manifest, limits }) =>
      manifest.service_account === undefined && limits.defaultServiceAccount === undefined,
    note: 'No service account is sent; Vertex AI then takes its own service agent for tuning.',
  },
];

function notesOf(input: PlanInput, model: TuningModel): string[] {
  return OPEN_CHOICES.filter(({ isOpen }) => isOpen(input, model)).map(({ note }) =>
    typeof note === 'string' ? note : note(input, model),
  );
}
