import type { RpcStatus, StatusName } from './http/api-error.ts';
import type { JsonObject } from './http/json.ts';
import type { Family, ParameterValue, TaskName } from './jobs/templates.ts';

export type Labels = Record<string, string>;

export type JobState =
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
export interface JobRecord {
  /** `projects/{number}/locations/{location}/pipelineJobs/{id}` */
  name: string;
  id: string;
  location: string;
  /** Numeric id, new for every creation, also when a deleted job's name is used again. */
  uid: string;
  state: JobState;
  createMs: number;
  updateMs: number;
  startMs?: number;
  endMs?: number;
  templateUri: string;
  parameters: Record<string, ParameterValue>;
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

/** `Model` of the v1 API, the fields that a tuned model carries. */
export type Model = {
  name: string;
  displayName: string;
  description: string;
  versionId: string;
  versionAliases: string[];
  versionDescription: string;
  createTime: string;
  updateTime: string;
  versionCreateTime: string;
  versionUpdateTime: string;
  labels: Labels;
  pipelineJob: string;
  modelSourceInfo: { sourceType: string };
  artifactUri?: string;
  deployedModels?: { endpoint: string; deployedModelId: string }[];
};

/** `Endpoint` of the v1 API. */
export type Endpoint = {
  name: string;
  displayName: string;
  description: string;
  createTime: string;
  updateTime: string;
  labels: Labels;
  deployedModels?: DeployedModel[];
  trafficSplit?: Record<string, number>;
};

export type DeployedModel = {
  id: string;
  model: string;
  modelVersionId: string;
  displayName: string;
  createTime: string;
  automaticResources: { minReplicaCount: number; maxReplicaCount: number };
};

/** A long-running operation; it reports itself done from `doneMs` on. */
export interface OperationRecord {
  name: string;
  metadataType: string;
  /** What it answers once it is done. */
  response: JsonObject;
  createMs: number;
  doneMs: number;
}

/** What tuning left behind for a model: what `:predict` answers with. */
export interface TunedRecord {
  /** The model's name. */
  name: string;
  family: Family;
  /** Base64. */
  adapter: string;
}

/** `Tensorboard`, `TensorboardExperiment`, `TensorboardRun` and `TensorboardTimeSeries` of the v1 API. */
export type Tensorboard = {
  name: string;
  displayName: string;
  description?: string;
  labels?: Labels;
  createTime: string;
  updateTime: string;
};

export type TensorboardExperiment = {
  name: string;
  displayName: string;
  description: string;
  source: string;
  createTime: string;
  updateTime: string;
};

export type TensorboardRun = { name: string; displayName: string; createTime: string; updateTime: string };

export type TensorboardTimeSeries = {
  name: string;
  displayName: string;
  valueType: 'SCALAR';
  pluginName: string;
  createTime: string;
  updateTime: string;
};

/** What the store keeps, by kind. */
export interface Documents {
  job: JobRecord;
  model: Model;
  endpoint: Endpoint;
  operation: OperationRecord;
  tuned: TunedRecord;
  tensorboard: Tensorboard;
  experiment: TensorboardExperiment;
  run: TensorboardRun;
  timeSeries: TensorboardTimeSeries;
}
