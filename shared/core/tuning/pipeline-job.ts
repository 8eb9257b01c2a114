import * as z from 'zod';
import { findCause, saidByTask } from './causes.ts';
import { isJobOver, type JobFailure, type JobObservation, type JobOutputs, phaseOf } from './job.ts';

const StatusSchema = z.looseObject({ message: z.string().optional() });

const TaskSchema = z.looseObject({
  taskId: z.string().default(''),
  taskName: z.string().default(''),
  state: z.string().default('STATE_UNSPECIFIED'),
  error: StatusSchema.optional(),
  execution: z
    .looseObject({
      schemaTitle: z.string().optional(),
      /** `input:*` and `output:*` */
      metadata: z.record(z.string(), z.unknown()).default({}),
    })
    .optional(),
  /** Read by hand, where it is wanted: what a task leaves is of its component, and no reason not to know its job. */
  outputs: z.unknown().optional(),
});
type Task = z.infer<typeof TaskSchema>;

/** The parts of Google's PipelineJob JSON that a run is made of; whatever else is there, now or later, is let through. */
export const PipelineJobSchema = z.looseObject({
  name: z.string(),
  state: z.string().default('PIPELINE_STATE_UNSPECIFIED'),
  createTime: z.string().optional(),
  startTime: z.string().optional(),
  endTime: z.string().optional(),
  labels: z.record(z.string(), z.string()).default({}),
  error: StatusSchema.optional(),
  /** Absent where only the list was read. */
  jobDetail: z.looseObject({ taskDetails: z.array(TaskSchema).default([]) }).optional(),
});
export type PipelineJob = z.infer<typeof PipelineJobSchema>;

/** What a pipeline job says: the one place where its JSON is read into phase, failure and outputs. */
export function observePipelineJob(job: PipelineJob): JobObservation {
  const { name, state, createTime, startTime, endTime, labels } = job;
  const tasks = job.jobDetail?.taskDetails ?? [];
  const phase = phaseOf(state);
  return {
    ...{ name, state, phase, createTime, startTime, endTime, labels },
    numericId: tasks.find(isRoot)?.taskId.replace('-', '') || undefined,
    failure: phase === 'failed' || phase === 'expired' ? failureOf(job, tasks) : undefined,
    outputs: isJobOver({ phase }) ? outputsOf(tasks) : {},
    tasks: countOf(tasks.filter((task) => !isRoot(task))),
  };
}

/** The task that stands for the job as a whole. */
function isRoot(task: Task): boolean {
  return task.execution?.schemaTitle === 'system.Run';
}

function countOf(tasks: Task[]): JobObservation['tasks'] {
  if (tasks.length === 0) return undefined;
  const done = tasks.filter(({ state }) => state === 'SUCCEEDED' || state === 'SKIPPED').length;
  return { done, listed: tasks.length };
}

/** The failed task's own words, since the job's only say that "the DAG failed". */
function failureOf(job: PipelineJob, tasks: Task[]): JobFailure {
  const failed = tasks.filter(({ state, error }) => state === 'FAILED' && error?.message);
  const leaf = failed.find((task) => !isRoot(task)) ?? failed[0];
  const words = leaf?.error?.message || job.error?.message;
  if (!words) return { message: 'Vertex AI gave no reason.' };
  const said = saidByTask(words);
  return { task: leaf?.taskName, words, message: said.message, cause: findCause(said) };
}

/** Where the resource names stand, in the order of trust (python-aiplatform `_language_models.py`; newer components). */
const RESULT_TASKS = [
  'upload-llm-model',
  'upload-model',
  'text-embedding-model-uploader',
  'refined-upload-llm-model',
  'deployment-graph',
];

function trust(task: Task): number {
  const index = RESULT_TASKS.indexOf(task.taskName);
  if (index >= 0) return index;
  return isRoot(task) ? RESULT_TASKS.length : RESULT_TASKS.length + 1;
}

/**
 * Where a job says which checkpoint it kept and where it stopped. Google documents no such output of its templates; these
 * are the names of the embedded cloud's tuner, with or without a prefix, and the real service may never have them.
 */
const CHECKPOINT_KEY = /^output:(?:[a-z]+_)*checkpoint_step$/;
const EARLY_STOP_KEY = /^output:(?:[a-z]+_)*early_stop_step$/;
const EARLY_STOP_REASON_KEY = /^output:(?:[a-z]+_)*early_stop_reason$/;
const TUNED_BY_KEY = /^output:tuned_by$/;

function outputsOf(tasks: Task[]): JobOutputs {
  const ranked = tasks.toSorted((a, b) => trust(a) - trust(b)).flatMap(metadataOf);
  const named = tasks.flatMap(metadataOf);
  const step = stepIn(named, EARLY_STOP_KEY);
  return {
    model: nameIn(ranked, 'output:model_resource_name'),
    endpoint: nameIn(ranked, 'output:endpoint_resource_name'),
    checkpointStep: stepIn(named, CHECKPOINT_KEY),
    earlyStop: step === undefined ? undefined : { step, reason: textIn(named, EARLY_STOP_REASON_KEY) },
    tunedBy: textIn(named, TUNED_BY_KEY),
    measured: measuredBy(tasks),
  };
}

/** Google's notebook on tuning embeddings reads the measures there: `outputs.metrics.artifacts[0].metadata` of this task. */
const EVALUATOR = 'text-embedding-evaluator';
const EvaluatorOutputsSchema = z.looseObject({
  metrics: z.looseObject({
    artifacts: z.array(z.looseObject({ metadata: z.record(z.string(), z.unknown()) })),
  }),
});

/** More are in no document. */
const MOST_MEASURES = 20;
const LONGEST_NAME = 60;

/** What the job has measured of an embedding model, by the names that it gives: no page lists them. */
function measuredBy(tasks: Task[]): JobOutputs['measured'] {
  const outputs = EvaluatorOutputsSchema.safeParse(
    tasks.find(({ taskName }) => taskName === EVALUATOR)?.outputs,
  );
  const [artifact] = outputs.success ? outputs.data.metrics.artifacts : [];
  const measures = Object.entries(artifact?.metadata ?? {}).flatMap(([name, value]) =>
    typeof value === 'number' && name.length <= LONGEST_NAME ? [{ name, value }] : [],
  );
  return measures.length === 0 ? undefined : measures.slice(0, MOST_MEASURES);
}

type Output = [name: string, value: unknown];

const metadataOf = ({ execution }: Task): Output[] => Object.entries(execution?.metadata ?? {});

/** The first resource name that is not empty. */
function nameIn(outputs: Output[], key: string): string | undefined {
  const [first] = outputs.flatMap(([name, value]) =>
    name === key && typeof value === 'string' && value.trim() !== '' ? [value.trim()] : [],
  );
  return first;
}

function stepIn(outputs: Output[], key: RegExp): number | undefined {
  const step = Number(valueIn(outputs, key));
  return Number.isInteger(step) && step > 0 ? step : undefined;
}

function textIn(outputs: Output[], key: RegExp): string | undefined {
  const value = valueIn(outputs, key);
  return typeof value === 'string' && value !== '' ? value : undefined;
}

function valueIn(outputs: Output[], key: RegExp): unknown {
  return outputs.find(([name]) => key.test(name))?.[1];
}
