/** A job's record as the API serves it: `PipelineJob` of v1, enum values as names, int64 as strings. */
import { createHash } from 'node:crypto';
import { int64Id, resourceId } from '../http/ids.ts';
import { type JsonObject, present } from '../http/json.ts';
import { isoTime, isoTimeOf } from '../http/time.ts';
import type { PipelineJobRecord, TaskName, TaskRecord, TaskState } from '../store/pipeline-job.ts';
import { templateOf } from './templates.ts';

const EXECUTION_STATES: Record<TaskState, string> = {
  RUNNING: 'RUNNING',
  SUCCEEDED: 'COMPLETE',
  FAILED: 'FAILED',
  CANCELLED: 'CANCELLED',
  NOT_TRIGGERED: 'NEW',
};

/** Parameters that a task takes, as far as a reader of the job would look for them. Which ones the real tasks take is inferred. */
const TASK_INPUTS: Partial<Record<TaskName, readonly string[]>> = {
  'vertex-pipelines-prompt-validation': ['dataset_uri', 'evaluation_data_uri', 'large_model_reference'],
  'large-language-model-tuner': ['large_model_reference', 'train_steps', 'learning_rate_multiplier'],
  'upload-llm-model': ['model_display_name', 'large_model_reference'],
  'deployment-graph': ['model_display_name'],
  'text-embedding-trainer': ['base_model_version_id', 'train_steps', 'batch_size'],
  'text-embedding-model-uploader': ['model_display_name'],
};

/** What a list result holds: the job without `jobDetail` and `pipelineSpec`. */
export function jobSummary(job: PipelineJobRecord, projectNumber: string): JsonObject {
  const { pipelineSpec: _, ...echo } = job.echo;
  return present({
    name: job.name,
    serviceAccount: `${projectNumber}-compute@developer.gserviceaccount.com`,
    ...echo,
    displayName: echo.displayName ?? job.id,
    createTime: isoTime(job.createMs),
    ...times(job),
    updateTime: isoTime(job.updateMs),
    state: job.state,
    error: job.error,
    labels: job.labels,
    templateUri: job.templateUri,
    templateMetadata: { version: templateVersion(job.templateUri) },
  });
}

/** What a get holds. */
export function jobView(job: PipelineJobRecord, projectNumber: string): JsonObject {
  return present({
    ...jobSummary(job, projectNumber),
    pipelineSpec: job.echo.pipelineSpec ?? pipelineSpec(job),
    jobDetail: job.startMs === undefined ? undefined : jobDetail(job, projectNumber),
  });
}

/** The real one is the digest of the compiled template, which is not public; this is the digest of what stands in for it. */
export function templateVersion(templateUri: string): string {
  const { parameters, tasks } = templateOf(templateUri);
  return `sha256:${createHash('sha256').update(JSON.stringify({ parameters, tasks })).digest('hex')}`;
}

/** The head of the template and its parameters; its steps are not public. */
function pipelineSpec(job: PipelineJobRecord): JsonObject {
  const { pipelineName, parameters } = templateOf(job.templateUri);
  const inputs = Object.entries(parameters).map(([name, rule]) => [
    name,
    { parameterType: rule.type, isOptional: !rule.required },
  ]);
  return {
    schemaVersion: '2.1.0',
    pipelineInfo: { name: pipelineName },
    root: { inputDefinitions: { parameters: Object.fromEntries(inputs) } },
  };
}

function jobDetail(job: PipelineJobRecord, projectNumber: string): JsonObject {
  const metadataStore = `projects/${projectNumber}/locations/${job.location}/metadataStores/default`;
  const context = (name: string, schemaTitle: string): JsonObject => ({
    name: `${metadataStore}/contexts/${name}`,
    displayName: name,
    schemaTitle,
  });
  return {
    pipelineContext: context(templateOf(job.templateUri).pipelineName, 'system.Pipeline'),
    pipelineRunContext: context(job.id, 'system.PipelineRun'),
    taskDetails: [
      rootTask(job, metadataStore),
      ...job.tasks.map((task) => childTask(job, task, metadataStore)),
    ],
  };
}

const ROOT_STATES: Partial<Record<PipelineJobRecord['state'], TaskState>> = {
  PIPELINE_STATE_SUCCEEDED: 'SUCCEEDED',
  PIPELINE_STATE_FAILED: 'FAILED',
  PIPELINE_STATE_CANCELLED: 'CANCELLED',
};

/** The run itself is a task too: named after the job, with every parameter in and every result out. */
function rootTask(job: PipelineJobRecord, metadataStore: string): JsonObject {
  const state = ROOT_STATES[job.state] ?? 'RUNNING';
  const outputs = Object.assign({}, ...job.tasks.map((task) => resourceOutputs(task.outputs)));
  const metadata = { ...prefixed('input:', job.parameters), ...prefixed('output:', outputs) };
  return present({
    taskId: int64Id(job.uid),
    taskName: job.id,
    createTime: isoTime(job.createMs),
    ...times(job),
    state,
    error: job.error,
    execution: execution(job, { metadataStore, name: job.id, schemaTitle: 'system.Run', state, metadata }),
  });
}

function childTask(job: PipelineJobRecord, task: TaskRecord, metadataStore: string): JsonObject {
  const isGraph = task.name === 'deployment-graph';
  const inputs = (TASK_INPUTS[task.name] ?? []).flatMap((name) => {
    const value = job.parameters[name];
    return value === undefined ? [] : [[name, value] as const];
  });
  const metadata = {
    ...prefixed('input:', Object.fromEntries(inputs)),
    ...prefixed('output:', task.outputs),
  };
  const schemaTitle = isGraph ? 'system.DagExecution' : 'system.ContainerExecution';
  const wasStarted = task.startMs !== undefined;
  const part = { metadataStore, name: task.name, schemaTitle, state: task.state, metadata };
  return present({
    taskId: int64Id(job.uid, task.name),
    parentTaskId: int64Id(job.uid),
    taskName: task.name,
    createTime: isoTime(task.createMs),
    ...times(task),
    state: task.state,
    error: task.error,
    execution: wasStarted ? execution(job, part) : undefined,
    executorDetail: wasStarted && !isGraph ? containerDetail(job, task) : undefined,
  });
}

const containerDetail = (job: PipelineJobRecord, task: TaskRecord): JsonObject => ({
  containerDetail: {
    mainJob: job.name.replace(
      /pipelineJobs\/.*$/,
      `customJobs/${resourceId(job.uid, task.name, 'custom-job')}`,
    ),
  },
});

function execution(
  job: PipelineJobRecord,
  part: { metadataStore: string; name: string; schemaTitle: string; state: TaskState; metadata: JsonObject },
): JsonObject {
  return {
    name: `${part.metadataStore}/executions/${resourceId(job.uid, part.name, 'execution')}`,
    displayName: part.name,
    schemaTitle: part.schemaTitle,
    state: EXECUTION_STATES[part.state],
    metadata: part.metadata,
  };
}

const times = ({ startMs, endMs }: { startMs?: number; endMs?: number }) => ({
  startTime: isoTimeOf(startMs),
  endTime: isoTimeOf(endMs),
});

const prefixed = (prefix: string, values: Record<string, string | number | boolean>): JsonObject =>
  Object.fromEntries(Object.entries(values).map(([key, value]) => [`${prefix}${key}`, value]));

const resourceOutputs = (outputs: Record<string, string>) =>
  Object.fromEntries(Object.entries(outputs).filter(([key]) => key.endsWith('_resource_name')));
