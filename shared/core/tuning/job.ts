import type { Cause } from './causes.ts';

/** What a tuning job is at, in one word, whatever kind of job it is. `unknown`: a state that Google added; the job lives. */
export type JobPhase = LivePhase | EndPhase;
export type LivePhase = 'queued' | 'pending' | 'running' | 'paused' | 'cancelling' | 'unknown';
export type EndPhase = (typeof END_PHASES)[number];

const END_PHASES = ['succeeded', 'partial', 'failed', 'cancelled', 'expired'] as const;

/** Google's states without their prefix. */
const PHASE_OF_STATE: Readonly<Record<string, JobPhase>> = {
  QUEUED: 'queued',
  PENDING: 'pending',
  RUNNING: 'running',
  UPDATING: 'running',
  PAUSED: 'paused',
  CANCELLING: 'cancelling',
  SUCCEEDED: 'succeeded',
  PARTIALLY_SUCCEEDED: 'partial',
  FAILED: 'failed',
  CANCELLED: 'cancelled',
  EXPIRED: 'expired',
};

/** The states of a job that has not ended, without their prefix; of both services. */
export const LIVE_STATES = ['QUEUED', 'PENDING', 'RUNNING', 'UPDATING', 'PAUSED', 'CANCELLING'] as const;

/** The phase of `PIPELINE_STATE_…` or `JOB_STATE_…`. */
export function phaseOf(state: string): JobPhase {
  return PHASE_OF_STATE[state.replace(/^(PIPELINE|JOB)_STATE_/, '')] ?? 'unknown';
}

/** Whether the job has ended, so that its details are worth reading. */
export function isJobOver({ phase }: Pick<JobObservation, 'phase'>): boolean {
  return (END_PHASES as readonly JobPhase[]).includes(phase);
}

/** A tuning job as it was when we looked, whatever kind of job it is. Times are RFC 3339. */
export interface JobObservation {
  /** Full resource name. */
  name: string;
  /** Vertex AI's own state, as it spells it. */
  state: string;
  phase: JobPhase;
  createTime?: string | undefined;
  startTime?: string | undefined;
  endTime?: string | undefined;
  labels: Record<string, string>;
  /** What it trains on, where it says so: a `gs://` URI. */
  trainingDataUri?: string | undefined;
  /** The number by which messages and paths of Vertex AI call it, where it is known. */
  numericId?: string | undefined;
  /** Why it failed; only of a job that failed or expired. */
  failure?: JobFailure | undefined;
  outputs: JobOutputs;
  /** Its tasks, where it has some and they were read. */
  tasks?: { done: number; listed: number } | undefined;
  /** What a running job is at, where the service says it. */
  stage?: JobStage | undefined;
  /** How far it is by its own count, where it counts. */
  completed?: { epochs?: number | undefined; steps?: number | undefined } | undefined;
  /** The metadata context that leads to its curves, full resource name. */
  experiment?: string | undefined;
  /** Where the service says that metrics lie in Cloud Storage. Their format is not published, so nobody here reads them. */
  gcsMetricsUri?: string | undefined;
  dataStats?: DataStats | undefined;
}

/** What a running job of `tuningJobs` is at, as `tuningJobState` spells it without its prefix. */
export const STAGES = [
  'WAITING_FOR_QUOTA',
  'WAITING_FOR_CAPACITY',
  'PROCESSING_DATASET',
  'TUNING',
  'POST_PROCESSING',
] as const;
export type JobStage = (typeof STAGES)[number];

/** What Vertex AI says of the data that it read. Examples are counted from 1, in the order of the file that it was given. */
export interface DataStats {
  examples?: number | undefined;
  /** Tokens of one pass over the data. */
  billableTokens?: number | undefined;
  steps?: number | undefined;
  truncatedExamples?: number | undefined;
  /** A sample of them. */
  truncatedSample: number[];
  droppedSample: number[];
  droppedReasons: string[];
}

/** The weights that a job kept on its way. */
export interface JobCheckpoint {
  id: string;
  epoch?: number | undefined;
  step?: number | undefined;
  /** Resource name of the endpoint that serves it. */
  endpoint?: string | undefined;
}

/** Why a job failed. */
export interface JobFailure {
  /** The task that failed. */
  task?: string | undefined;
  /** In Vertex AI's own words, as they came; undefined where it gave none. */
  words?: string | undefined;
  /** The same without the wrapping of its exception. */
  message: string;
  cause?: Cause | undefined;
}

/** What a job says of what it left behind. */
export interface JobOutputs {
  /** Resource name, with or without `@version`. */
  model?: string | undefined;
  /** Resource name of the endpoint that serves the model. */
  endpoint?: string | undefined;
  /** The training step whose weights the model has. */
  checkpointStep?: number | undefined;
  /** The training step at which the job stopped early, and why. */
  earlyStop?: { step: number; reason?: string | undefined } | undefined;
  /** In the order in which they were kept. */
  checkpoints?: JobCheckpoint[] | undefined;
  /** What the job has measured of an embedding model, by the names that it gives. */
  measured?: { name: string; value: number }[] | undefined;
  /** Who trained the model; only the embedded cloud says it. */
  tunedBy?: string | undefined;
}
