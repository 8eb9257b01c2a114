/** What is kept of a pipeline job. */
import type { RpcStatus, StatusName } from '../http/api-error.ts';
import type { JsonObject } from '../http/json.ts';
import type { Labels } from '../http/labels.ts';

export type PipelineParameter = string | number | boolean;

export type TaskName =
  | 'vertex-pipelines-prompt-validation'
  | 'large-language-model-tuner'
  | 'upload-llm-model'
  | 'deployment-graph'
  | 'text-embedding-trainer'
  | 'text-embedding-evaluator'
  | 'text-embedding-model-uploader';

export type PipelineState =
  `PIPELINE_STATE_${'PENDING' | 'RUNNING' | 'SUCCEEDED' | 'FAILED' | 'CANCELLING' | 'CANCELLED'}`;

export type TaskState = 'RUNNING' | 'SUCCEEDED' | 'FAILED' | 'CANCELLED' | 'NOT_TRIGGERED';

/** One task of a job; it is on record from the moment it starts, or as NOT_TRIGGERED once it never will. */
export interface TaskRecord {
  name: TaskName;
  state: TaskState;
  createMs: number;
  startMs?: number;
  endMs?: number;
  error?: RpcStatus;
  /** Served as `output:<key>` in the task's execution metadata. */
  outputs: Record<string, string>;
}

/** A failure that a test ordered for a task of this job. */
export interface ScriptedFailure {
  task: TaskName;
  code: StatusName;
  message: string;
}

/** The whole truth about one pipeline job; what is served and what happens next are both derived from it. */
export interface PipelineJobRecord {
  /** `projects/{number}/locations/{location}/pipelineJobs/{id}` */
  name: string;
  id: string;
  location: string;
  /** Numeric id, new for every creation, also when a deleted job's name is used again. */
  uid: string;
  state: PipelineState;
  createMs: number;
  updateMs: number;
  startMs?: number;
  endMs?: number;
  templateUri: string;
  parameters: Record<string, PipelineParameter>;
  labels: Labels;
  /** The fields that are served back as they came. */
  echo: JsonObject;
  tasks: TaskRecord[];
  /** When the next step of the pipeline is due. */
  dueMs?: number;
  /** When a requested cancellation takes effect. */
  cancelDueMs?: number;
  scriptedFailure?: ScriptedFailure;
  error?: RpcStatus;
}
