/** What each task of a pipeline really does. Effects are handed back, to be stored in one write with the task's success. */
import { checkDataset } from './dataset-check.ts';
import type { Endpoint, JobRecord, Labels, Model } from './documents.ts';
import { resourceId } from './ids.ts';
import { TaskFailure } from './job-life.ts';
import type { ObjectReader } from './object-reader.ts';
import type { Store } from './store.ts';
import { baseModelOf, type TaskName, type Template, TUNING_REGIONS, templateOf } from './templates.ts';
import type { Trainer } from './trainer.ts';

export interface TaskContext {
  job: JobRecord;
  projectNumber: string;
  readObject: ObjectReader;
  trainer: Trainer;
  signal: AbortSignal;
  now: () => number;
}

export interface TaskResult {
  outputs: Record<string, string>;
  /** Writes what the task made. Runs inside the write that records the task's success. */
  apply?: (store: Store) => void;
}

export const TASK_WORK: Record<TaskName, (context: TaskContext) => Promise<TaskResult>> = {
  'vertex-pipelines-prompt-validation': validate,
  'large-language-model-tuner': tune,
  'upload-llm-model': upload,
  'deployment-graph': deploy,
  // No validation task is known for embedding tuning; that its trainer is the one that refuses bad data is inferred.
  'text-embedding-trainer': async (context) => {
    await validate(context);
    return tune(context);
  },
  // The real evaluator has metrics among its outputs. Nothing was trained here, so there is nothing to measure.
  'text-embedding-evaluator': async () => ({ outputs: {} }),
  'text-embedding-model-uploader': upload,
};

const textParameter = (job: JobRecord, name: string) => String(job.parameters[name] ?? '');

async function validate({ job, readObject }: TaskContext): Promise<TaskResult> {
  const template = templateOf(job.templateUri);
  checkBaseModel(template, baseModelOf(template, job.parameters));
  checkRegion(job);
  if (template.family !== 'embedding' && textParameter(job, 'dataset_uri') === '') {
    throw new TaskFailure(
      'INVALID_ARGUMENT',
      'dataset_uri is not set, and there are no managed datasets here.',
    );
  }
  for (const input of template.datasets) {
    const uri = textParameter(job, input.parameter);
    if (uri !== '') await checkDataset(uri, input, readObject);
  }
  return { outputs: {} };
}

/** The text is one that a user of the real service got from this task, as told in the tracker of googleapis/python-aiplatform. */
function checkBaseModel(template: Template, reference: string): void {
  const known = template.models.some((model) => reference === model || isVersionOf(model, reference));
  if (!known) throw new TaskFailure('INVALID_ARGUMENT', `Invalid model id: ${reference} provided.`);
}

const isVersionOf = (model: string, reference: string) =>
  reference.startsWith(`${model}@`) && /^\d{3}$/.test(reference.slice(model.length + 1));

/** Google's public components check both of these in their validation task; the sentences are not theirs. */
function checkRegion(job: JobRecord): void {
  const location = uploadLocation(job);
  if (!TUNING_REGIONS.includes(location)) {
    throw new TaskFailure('INVALID_ARGUMENT', `Models cannot be uploaded to location ${location}.`);
  }
  const isEncrypted = textParameter(job, 'encryption_spec_key_name') !== '';
  if (!isEncrypted || job.parameters.location === undefined) return;
  if (location !== 'us-central1' || job.parameters.accelerator_type === 'TPU') {
    throw new TaskFailure(
      'INVALID_ARGUMENT',
      'encryption_spec_key_name is only supported in us-central1 with GPU.',
    );
  }
}

async function tune({ job, readObject, trainer, signal }: TaskContext): Promise<TaskResult> {
  const template = templateOf(job.templateUri);
  const runtimeConfig = job.echo.runtimeConfig as { gcsOutputDirectory: string };
  const events = trainer.tune({
    jobName: job.name,
    jobUid: job.uid,
    family: template.family,
    baseModel: baseModelOf(template, job.parameters),
    parameters: job.parameters,
    gcsOutputDirectory: runtimeConfig.gcsOutputDirectory,
    readObject,
    signal,
  });
  for await (const event of events) {
    if (event.kind !== 'finished') continue;
    const tunedBy = { tuned_by: trainer.provenance.description };
    return { outputs: { ...tunedBy, ...(event.artifactUri && { saved_model: event.artifactUri }) } };
  }
  throw new TaskFailure('INTERNAL', 'The trainer ended without a model.');
}

async function upload(context: TaskContext): Promise<TaskResult> {
  const model = modelOf(context);
  return {
    outputs: { model_resource_name: `${model.name}@${model.versionId}` },
    apply: (store) => store.put('model', model),
  };
}

async function deploy(context: TaskContext): Promise<TaskResult> {
  const modelName = modelNameOf(context);
  const endpointName = endpointNameOf(context);
  return {
    outputs: { model_resource_name: `${modelName}@1`, endpoint_resource_name: endpointName },
    apply: (store) => {
      const model = store.get('model', modelName);
      if (!model)
        throw new TaskFailure('NOT_FOUND', `The model ${modelName} was deleted before its deployment.`);
      const endpoint = endpointFor(context, model);
      const deployedModelId = endpoint.deployedModels?.[0]?.id ?? '';
      store.put('endpoint', endpoint);
      store.put('model', { ...model, deployedModels: [{ endpoint: endpoint.name, deployedModelId }] });
    },
  };
}

/** The `location` parameter; embedding templates have none, and upload where the job runs. */
const uploadLocation = (job: JobRecord) => textParameter(job, 'location') || job.location;

/** Drawn from the job, so that a job can never have two models. */
const modelNameOf = ({ job, projectNumber }: TaskContext) =>
  `projects/${projectNumber}/locations/${uploadLocation(job)}/models/${resourceId(job.uid, 'model')}`;

const endpointNameOf = ({ job, projectNumber }: TaskContext) =>
  `projects/${projectNumber}/locations/${uploadLocation(job)}/endpoints/${resourceId(job.uid, 'endpoint')}`;

/**
 * Labels of the job, then the ones of the upload component. That the job's labels reach model and endpoint is what Google's
 * public components do, and inferred for these templates, as is `supervised` as a value of `tune-type`.
 */
function labelsOf({ job, trainer }: TaskContext): Labels {
  const template = templateOf(job.templateUri);
  return {
    ...job.labels,
    'google-vertex-llm-tuning-base-model-id': baseModelOf(template, job.parameters).replaceAll('@', '-'),
    'tune-type': 'supervised',
    ...trainer.provenance.labels,
  };
}

function modelOf(context: TaskContext): Model {
  const { job, trainer } = context;
  const time = new Date(context.now()).toISOString();
  const artifactUri = job.tasks.find((task) => task.outputs.saved_model)?.outputs.saved_model;
  return {
    name: modelNameOf(context),
    displayName: textParameter(job, 'model_display_name') || 'tuned-text-embedding-model',
    description: trainer.provenance.description,
    versionId: '1',
    versionAliases: ['default'],
    versionDescription: trainer.provenance.description,
    createTime: time,
    updateTime: time,
    versionCreateTime: time,
    versionUpdateTime: time,
    labels: labelsOf(context),
    pipelineJob: job.name,
    modelSourceInfo: { sourceType: templateOf(job.templateUri).sourceType },
    ...(artifactUri && { artifactUri }),
  };
}

function endpointFor(context: TaskContext, model: Model): Endpoint {
  const time = new Date(context.now()).toISOString();
  const id = resourceId(context.job.uid, 'deployed-model');
  return {
    name: endpointNameOf(context),
    displayName: model.displayName,
    description: context.trainer.provenance.description,
    createTime: time,
    updateTime: time,
    labels: model.labels,
    deployedModels: [
      {
        id,
        model: model.name,
        modelVersionId: model.versionId,
        displayName: model.displayName,
        createTime: time,
        automaticResources: { minReplicaCount: 1, maxReplicaCount: 1 },
      },
    ],
    trafficSplit: { [id]: 100 },
  };
}
