/**
 * What each task of a pipeline really does. Effects are handed back, to be stored in one write with the task's success; only
 * progress and metrics are written while a task runs.
 */

import type { Endpoint, JobRecord, Labels, Model } from '../documents.ts';
import { int64Id, resourceId } from '../http/ids.ts';
import { locationOf, withProjectNumber } from '../http/resource-names.ts';
import type { ObjectReader } from '../storage/object-reader.ts';
import type { Store } from '../store.ts';
import { openMetricBoard } from '../tensorboard/metric-board.ts';
import type { Provenance, Trainer, TuningTask } from '../training/trainer.ts';
import { checkDataset } from './dataset-check.ts';
import { runningTask, TaskFailure } from './job-life.ts';
import { baseModelOf, type TaskName, type Template, TUNING_REGIONS, templateOf, tunes } from './templates.ts';

export interface TaskContext {
  job: JobRecord;
  store: Store;
  projectId: string;
  projectNumber: string;
  readObject: ObjectReader;
  trainer: Trainer;
  signal: AbortSignal;
  now: () => number;
  /** Shows these outputs of the task while it runs. */
  report: (outputs: Record<string, string>) => void;
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
  // The real evaluator has metrics among its outputs. No embedding model is trained here, so there is nothing to measure.
  'text-embedding-evaluator': async () => ({ outputs: {} }),
  'text-embedding-model-uploader': upload,
};

const textParameter = (job: JobRecord, name: string) => String(job.parameters[name] ?? '');

async function validate(context: TaskContext): Promise<TaskResult> {
  const { job, readObject } = context;
  const template = templateOf(job.templateUri);
  checkBaseModel(template, baseModelOf(template, job.parameters));
  checkRegion(job);
  checkTensorboard(context);
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
  if (tunes(template, reference)) return;
  throw new TaskFailure('INVALID_ARGUMENT', `Invalid model id: ${reference} provided.`);
}

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

/**
 * The guide: the instance must be in the region of the pipeline. Google's SDK and public components demand the full name;
 * whether the server takes a bare id is not known, so it is refused.
 */
function checkTensorboard(context: TaskContext): void {
  const { job, store } = context;
  const written = textParameter(job, 'tensorboard_resource_id');
  if (written === '') return;
  const refuse = (why: string) =>
    new TaskFailure('INVALID_ARGUMENT', `tensorboard_resource_id ${written}: ${why}`);
  if (!/^projects\/[^/]+\/locations\/[^/]+\/tensorboards\/\d+$/.test(written)) {
    throw refuse('not a full name, projects/PROJECT/locations/REGION/tensorboards/NUMBER.');
  }
  if (locationOf(written) !== job.location) {
    throw refuse(`the Tensorboard must be in ${job.location}, the location of the pipeline job.`);
  }
  if (!store.get('tensorboard', tensorboardOf(context) ?? '')) throw refuse('it does not exist.');
}

function tensorboardOf(context: TaskContext): string | undefined {
  const written = textParameter(context.job, 'tensorboard_resource_id');
  return written === '' ? undefined : withProjectNumber(written, context);
}

async function tune(context: TaskContext): Promise<TaskResult> {
  const { job, store, trainer, signal, now } = context;
  const tensorboard = tensorboardOf(context);
  const board = tensorboard === undefined ? undefined : openMetricBoard(job, tensorboard, { store, now });
  for await (const event of trainer.tune(tuningOf(context))) {
    signal.throwIfAborted();
    if (event.kind === 'progress') context.report(event.outputs);
    if (event.kind === 'measured') board?.write(event.measurement);
    if (event.kind !== 'finished') continue;
    const { artifactUri, adapter, outputs } = event;
    const tunedBy = { tuned_by: provenanceOf(context).description };
    return {
      outputs: { ...tunedBy, ...outputs, ...(artifactUri && { saved_model: artifactUri }) },
      ...(adapter && { apply: (to: Store) => to.put('tuned', tunedRecord(context, adapter)) }),
    };
  }
  throw new TaskFailure('INTERNAL', 'The trainer ended without a model.');
}

function tuningOf({ job, projectNumber, readObject, signal }: TaskContext): TuningTask {
  const { gcsOutputDirectory } = job.echo.runtimeConfig as { gcsOutputDirectory: string };
  const task = runningTask(job)?.name ?? '';
  return {
    jobName: job.name,
    ...subjectOf(job),
    parameters: job.parameters,
    // The path of a pipeline's artifacts, as Google's documentation of pipelines has it.
    artifactDirectory: `${gcsOutputDirectory.replace(/\/+$/, '')}/${projectNumber}/${job.id}/${task}_${int64Id(job.uid, task)}`,
    ...{ readObject, signal },
  };
}

const tunedRecord = (context: TaskContext, adapter: Uint8Array) => ({
  name: modelNameOf(context),
  family: templateOf(context.job.templateUri).family,
  adapter: Buffer.from(adapter).toString('base64'),
});

function subjectOf(job: JobRecord) {
  const template = templateOf(job.templateUri);
  return { family: template.family, baseModel: baseModelOf(template, job.parameters) };
}

const provenanceOf = ({ job, trainer }: TaskContext): Provenance => trainer.provenance(subjectOf(job));

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
function labelsOf(context: TaskContext): Labels {
  const { job } = context;
  return {
    ...job.labels,
    'google-vertex-llm-tuning-base-model-id': subjectOf(job).baseModel.replaceAll('@', '-'),
    'tune-type': 'supervised',
    ...provenanceOf(context).labels,
  };
}

function modelOf(context: TaskContext): Model {
  const { job } = context;
  const { description } = provenanceOf(context);
  const time = new Date(context.now()).toISOString();
  const artifactUri = job.tasks.find((task) => task.outputs.saved_model)?.outputs.saved_model;
  return {
    name: modelNameOf(context),
    displayName: textParameter(job, 'model_display_name') || 'tuned-text-embedding-model',
    description,
    versionId: '1',
    versionAliases: ['default'],
    versionDescription: description,
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
    description: model.description,
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
