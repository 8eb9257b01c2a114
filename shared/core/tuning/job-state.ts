/** One step of a job, as Vertex AI reports it in `jobDetail.taskDetails`. */
export interface TaskObservation {
  name: string;
  state: string;
  error?: string;
  /** `execution.schemaTitle`; the root task's is `system.Run`. */
  schemaTitle?: string;
  /** `execution.metadata`: `input:*` and `output:*`. */
  metadata: Record<string, unknown>;
}

/** A job as it was when we looked. `tasks` is empty where only the list was read. */
export interface JobObservation {
  name: string;
  /** The root task's id without its sign, where the tasks were read: messages and paths of Vertex AI have such numbers. */
  numericId?: string;
  state: string;
  createTime?: string;
  startTime?: string;
  endTime?: string;
  updateTime?: string;
  error?: string;
  labels: Record<string, string>;
  tasks: TaskObservation[];
}

/** What a job's state can say of its run. */
export type JobEventType =
  | 'JobQueued'
  | 'JobRunning'
  | 'JobSucceeded'
  | 'JobPartial'
  | 'JobFailed'
  | 'JobCancelled'
  | 'JobExpired';

/** What each state of a job means for its run. A state that is not here is one that Google added: the run goes on. */
const EVENT_OF_JOB_STATE: Record<string, JobEventType> = {
  PIPELINE_STATE_QUEUED: 'JobQueued',
  PIPELINE_STATE_PENDING: 'JobQueued',
  PIPELINE_STATE_RUNNING: 'JobRunning',
  PIPELINE_STATE_CANCELLING: 'JobRunning',
  PIPELINE_STATE_PAUSED: 'JobRunning',
  PIPELINE_STATE_SUCCEEDED: 'JobSucceeded',
  PIPELINE_STATE_FAILED: 'JobFailed',
  PIPELINE_STATE_CANCELLED: 'JobCancelled',
  JOB_STATE_QUEUED: 'JobQueued',
  JOB_STATE_PENDING: 'JobQueued',
  JOB_STATE_RUNNING: 'JobRunning',
  JOB_STATE_CANCELLING: 'JobRunning',
  JOB_STATE_PAUSED: 'JobRunning',
  JOB_STATE_UPDATING: 'JobRunning',
  JOB_STATE_SUCCEEDED: 'JobSucceeded',
  JOB_STATE_PARTIALLY_SUCCEEDED: 'JobPartial',
  JOB_STATE_FAILED: 'JobFailed',
  JOB_STATE_CANCELLED: 'JobCancelled',
  JOB_STATE_EXPIRED: 'JobExpired',
};

/** What a job's state says of the run; an unknown or unspecified state means that the job is alive. */
export function eventOfJobState(state: string): JobEventType {
  return EVENT_OF_JOB_STATE[state] ?? 'JobQueued';
}

const OVER: readonly JobEventType[] = [
  'JobSucceeded',
  'JobPartial',
  'JobFailed',
  'JobCancelled',
  'JobExpired',
];

/** True when the job has ended and its details are worth reading. */
export function isJobOver(state: string): boolean {
  return OVER.includes(eventOfJobState(state));
}

/** Where the resource names stand, in the order of trust (python-aiplatform `_language_models.py`; newer components). */
const RESULT_TASKS = [
  'upload-llm-model',
  'upload-model',
  'text-embedding-model-uploader',
  'refined-upload-llm-model',
  'deployment-graph',
];

/** The resource name that a finished job left under `output:{key}`, searched from the most to the least specific task. */
export function outputOf(
  tasks: TaskObservation[],
  key: 'model_resource_name' | 'endpoint_resource_name',
): string | undefined {
  const ranked = [...tasks].sort((a, b) => trust(a) - trust(b));
  for (const task of ranked) {
    const value = task.metadata[`output:${key}`];
    if (typeof value === 'string' && value.trim() !== '') return value.trim();
  }
  return undefined;
}

function trust(task: TaskObservation): number {
  const index = RESULT_TASKS.indexOf(task.name);
  if (index >= 0) return index;
  return task.schemaTitle === 'system.Run' ? RESULT_TASKS.length : RESULT_TASKS.length + 1;
}

/** Our words, where Vertex AI has none. */
export const NO_REASON = 'Vertex AI gave no reason.';

/** Why a job failed: the failed task's own words, since the job's only say that "the DAG failed". */
export function causeOf(job: JobObservation): { task?: string; message: string } {
  const failed = job.tasks.filter((task) => task.state === 'FAILED' && task.error);
  const leaf = failed.find((task) => task.schemaTitle !== 'system.Run') ?? failed[0];
  if (leaf?.error) return { task: leaf.name, message: leaf.error };
  return { message: job.error ?? NO_REASON };
}
