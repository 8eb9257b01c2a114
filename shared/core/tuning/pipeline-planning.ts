import type { Manifest } from '../manifest/keys.ts';
import { acceleratorOf, regionsOf, tensorboardOf } from '../manifest/pipeline-deployment.ts';
import { TEMPLATE_DEFAULTS } from '../models/limits.ts';
import type { PipelineModel, TemplateParameter } from '../models/pipeline-models.ts';
import { ACCELERATORS } from '../models/regions.ts';
import { deploymentLabel } from './job-labels.ts';
import type { ParameterValue, PipelinePlan, PlannedSteps } from './plan.ts';
import { modelDisplayNameOf, type PlanInput } from './plan-input.ts';

/** The plan of a model that a compiled pipeline tunes. */
export function planPipeline(input: PlanInput, model: PipelineModel): PipelinePlan {
  const { manifest, runId, limits } = input;
  const { pipelineJob, modelUpload } = regionsOf(manifest, limits);
  const accelerator = ACCELERATORS[acceleratorOf(manifest, limits)];
  const isEmbedding = model.kind === 'embedding';
  const regions = {
    pipelineJob,
    modelUpload,
    training: isEmbedding ? pipelineJob : accelerator.trainingRegion,
  };
  const modelDisplayName = modelDisplayNameOf(input);
  const chosen = { ...input, modelDisplayName, regions };
  const parameters = { ...identityOf(chosen, model), ...parametersOf(chosen, model) };
  return {
    backend: 'pipelineJobs',
    runId,
    project: limits.project,
    baseModel: model.reference,
    modelDisplayName,
    templateUri: model.templateUri,
    pipelineName: model.pipelineName,
    regions,
    accelerator: isEmbedding ? embeddingAccelerator(manifest) : accelerator.description,
    training: trainingOf(input, model),
    parameters,
    templateDefaults: defaultsOf(model, parameters),
    outputDirectory: manifest.output_directory ?? `gs://${limits.resultsBucket}/output/${runId}`,
    serviceAccount: manifest.service_account ?? limits.defaultServiceAccount,
    encryptionKey: manifest.encryption_spec_key_name,
    labels: manifest.labels ?? {},
    deployment: deploymentLabel(limits.resultsBucket),
    isDryRun: manifest.dry_run ?? false,
    notes: notesOf(input, model),
  };
}

function embeddingAccelerator({ accelerator_type, accelerator_count, machine_type }: Manifest): string {
  const isOpen = (accelerator_type ?? accelerator_count ?? machine_type) === undefined;
  if (isOpen) return '4 NVIDIA Tesla V100 GPUs, the template’s default';
  const { embeddingAcceleratorCount, embeddingAcceleratorType, embeddingMachineType } = TEMPLATE_DEFAULTS;
  const count = accelerator_count ?? embeddingAcceleratorCount;
  return `${count} × ${accelerator_type ?? embeddingAcceleratorType} on ${machine_type ?? embeddingMachineType}`;
}

interface Chosen extends PlanInput {
  modelDisplayName: string;
  regions: PipelinePlan['regions'];
}

/** Parameters that are always sent: the template's required ones, and what Google's SDK sends without being asked. */
function identityOf(
  { limits, modelDisplayName, regions }: Chosen,
  model: PipelineModel,
): Record<string, ParameterValue> {
  const identity = { model_display_name: modelDisplayName, [model.referenceParameter]: model.reference };
  // The embedding template has no project and no location: the model stays where the pipeline job runs.
  return model.kind === 'embedding'
    ? identity
    : { project: limits.project, location: regions.modelUpload, ...identity };
}

/** What no template has: the place of the model goes by another name, and a split is sent as the file that it gives. */
const NOT_SENT: ReadonlySet<TemplateParameter> = new Set(['model_upload_region', 'evaluation_split']);

/** What the manifest or the deployment chose, among the parameters of the template; nothing else can get into a request. */
function parametersOf(
  { manifest, limits, stagedUris, regions }: Chosen,
  model: PipelineModel,
): Record<string, ParameterValue> {
  const values: Partial<Record<TemplateParameter, ParameterValue | undefined>> = {
    ...manifest,
    ...stagedUris,
    accelerator_type:
      manifest.accelerator_type ?? (model.kind === 'embedding' ? undefined : limits.defaultAcceleratorType),
    tensorboard_resource_id: tensorboardOf(manifest, limits, regions.pipelineJob),
  };
  const sent = model.parameters.flatMap((name): [string, ParameterValue][] => {
    const value = values[name];
    return value === undefined || NOT_SENT.has(name) ? [] : [[name, value]];
  });
  return Object.fromEntries(sent);
}

/** What means nothing without evaluation data. */
const OF_EVALUATION: ReadonlySet<TemplateParameter> = new Set([
  'evaluation_interval',
  'enable_early_stopping',
  'enable_checkpoint_selection',
]);

/** What a template takes for parameters that are not sent. */
function defaultsOf(
  model: PipelineModel,
  parameters: Record<string, ParameterValue>,
): Record<string, ParameterValue> {
  const isOpen = (name: TemplateParameter) =>
    !(name in parameters) && ('evaluation_data_uri' in parameters || !OF_EVALUATION.has(name));
  const defaults: Partial<Record<TemplateParameter, ParameterValue>> = {
    train_steps: model.trainStepsDefault,
    learning_rate_multiplier: TEMPLATE_DEFAULTS.learningRateMultiplier,
    accelerator_type:
      model.kind === 'embedding'
        ? TEMPLATE_DEFAULTS.embeddingAcceleratorType
        : TEMPLATE_DEFAULTS.acceleratorType,
    accelerator_count: TEMPLATE_DEFAULTS.embeddingAcceleratorCount,
    machine_type: TEMPLATE_DEFAULTS.embeddingMachineType,
    batch_size: TEMPLATE_DEFAULTS.embeddingBatchSize,
    task_type: 'DEFAULT',
    evaluation_interval: TEMPLATE_DEFAULTS.evaluationInterval,
    enable_early_stopping: TEMPLATE_DEFAULTS.enableEarlyStopping,
    enable_checkpoint_selection: TEMPLATE_DEFAULTS.enableCheckpointSelection,
  };
  const open = model.parameters.flatMap((name): [string, ParameterValue][] => {
    const value = defaults[name];
    return value !== undefined && isOpen(name) ? [[name, value]] : [];
  });
  return Object.fromEntries(open);
}

function trainingOf({ manifest, limits, trainExamples }: PlanInput, model: PipelineModel): PlannedSteps {
  const steps = manifest.train_steps ?? model.trainStepsDefault;
  const region = ACCELERATORS[acceleratorOf(manifest, limits)].trainingRegion;
  const batchSize = model.batchSize?.[region] ?? manifest.batch_size ?? TEMPLATE_DEFAULTS.embeddingBatchSize;
  const examples = (model.kind !== 'embedding' && trainExamples) || undefined;
  const interval = manifest.evaluation_interval ?? TEMPLATE_DEFAULTS.evaluationInterval;
  const isEvaluated =
    model.hasEvaluation && (manifest.evaluation_data_uri ?? manifest.evaluation_split) !== undefined;
  return {
    steps,
    batchSize,
    examples,
    epochs: examples && Math.round((steps * batchSize * 100) / examples) / 100,
    evaluations: isEvaluated ? Math.floor(steps / interval) : undefined,
  };
}

/** One row: what the manifest may leave open, and the sentence about what was made of it. */
const OPEN_CHOICES: { isOpen: (input: PlanInput, model: PipelineModel) => boolean; note: string }[] = [
  {
    isOpen: ({ manifest }) => manifest.pipeline_job_region === undefined,
    note: 'The pipeline job runs in the region that this deployment has set.',
  },
  {
    isOpen: ({ manifest }) => manifest.model_upload_region === undefined,
    note: 'The model is uploaded to the region where the pipeline job runs.',
  },
  {
    isOpen: ({ manifest }) => manifest.model_display_name === undefined,
    note: 'The model has the name of the manifest’s folder.',
  },
  {
    isOpen: ({ manifest, limits }, model) =>
      manifest.tensorboard_resource_id === undefined &&
      model.parameters.includes('tensorboard_resource_id') &&
      tensorboardOf(manifest, limits, regionsOf(manifest, limits).pipelineJob) !== undefined,
    note: 'The metrics go to the TensorBoard that this deployment has in the region of the pipeline job.',
  },
  {
    isOpen: ({ manifest, limits }, model) =>
      model.kind !== 'embedding' &&
      (manifest.accelerator_type ?? limits.defaultAcceleratorType) === undefined,
    note: 'accelerator_type is not sent; the guide says that Vertex AI then takes GPU.',
  },
  {
    isOpen: ({ manifest, limits }) =>
      manifest.service_account === undefined && limits.defaultServiceAccount === undefined,
    note: 'No service account is sent; the guide says that Vertex AI then takes the Compute Engine default service account.',
  },
  {
    isOpen: ({ manifest }, model) =>
      model.dataset === 'messages' && manifest.max_context_length !== undefined,
    note: 'max_context_length is sent although Google’s SDK has no such argument for chat models.',
  },
];

function notesOf(input: PlanInput, model: PipelineModel): string[] {
  return OPEN_CHOICES.filter(({ isOpen }) => isOpen(input, model)).map(({ note }) => note);
}
