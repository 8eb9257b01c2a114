/** What is kept of a tuning job. */
import type { RpcStatus, StatusName } from '../http/api-error.ts';
import type { JsonObject } from '../http/json.ts';
import type { Labels } from '../http/labels.ts';

export type TuningState =
  `JOB_STATE_${'PENDING' | 'RUNNING' | 'SUCCEEDED' | 'FAILED' | 'CANCELLING' | 'CANCELLED'}`;

/** Where a job is; all but the first show as `tuningJobState` of v1beta1 while it runs. */
export type TuningStage =
  | 'PENDING'
  | 'WAITING_FOR_QUOTA'
  | 'PROCESSING_DATASET'
  | 'WAITING_FOR_CAPACITY'
  | 'TUNING'
  | 'POST_PROCESSING';

/** Where a test lets a job fail: while its data is read, while it tunes, or when its model is there and its endpoint is not. */
export interface ScriptedTuningFailure {
  stage: 'PROCESSING_DATASET' | 'TUNING' | 'POST_PROCESSING';
  code: StatusName;
  message: string;
}

export interface TunedCheckpoint {
  checkpointId: string;
  epoch: number;
  step: number;
}

/** What the job settled on once its data was read. */
export interface TuningSettingsRecord {
  epochs: number;
  steps: number;
  batchSize: number;
  learningRateMultiplier: number;
  /** Absent where the base itself is tuned. */
  adapterSize?: string | undefined;
  checkpoints: TunedCheckpoint[];
}

/** The model that a job goes on from. */
export interface PreTunedModel {
  model: string;
  version: string;
  checkpointId?: string | undefined;
}

/** The whole truth about one tuning job; what is served and what happens next are both derived from it. */
export interface TuningJobRecord {
  /** `projects/{number}/locations/{location}/tuningJobs/{number}` */
  name: string;
  uid: string;
  location: string;
  state: TuningState;
  stage: TuningStage;
  createMs: number;
  updateMs: number;
  startMs?: number | undefined;
  endMs?: number | undefined;
  /** When the next step is due. */
  dueMs?: number | undefined;
  /** When a requested cancellation takes effect. */
  cancelDueMs?: number | undefined;
  /** Id of a publisher's model, also where the job goes on from a tuned one. */
  baseModel: string;
  kind: 'gemini' | 'open';
  method: 'supervised' | 'preference';
  preTuned?: PreTunedModel | undefined;
  labels: Labels;
  /** The request as it is served back. */
  echo: JsonObject;
  settings?: TuningSettingsRecord | undefined;
  dataStats?: JsonObject | undefined;
  /** Id of the context and of the TensorBoard experiment. */
  experiment?: string | undefined;
  completedSteps?: number | undefined;
  /** The version of a model that it makes; settled when its training ends. */
  target?: { model: string; version: string } | undefined;
  tunedModel?: JsonObject | undefined;
  scriptedFailure?: ScriptedTuningFailure | undefined;
  error?: RpcStatus | undefined;
}
