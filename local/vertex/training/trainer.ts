import { ApiError } from '../http/api-error.ts';
import type { Json, JsonObject } from '../http/json.ts';
import type { Labels } from '../http/labels.ts';
import type { ObjectReader } from '../storage/objects.ts';
import type { Family } from '../store/models.ts';
import type { ParameterValue } from '../store/pipeline-job.ts';

/** What is tuned. */
export interface TuningSubject {
  family: Family;
  baseModel: string;
}

/** One tuning to be done: everything that a trainer may need, nothing about states or tasks. */
export interface TuningTask extends TuningSubject {
  /** A seed may be drawn from it: the same job trains the same model, also when it runs again after a crash. */
  jobName: string;
  parameters: Readonly<Record<string, ParameterValue>>;
  /** `gs://…` below the job's output directory, without a slash at the end: where this task's files belong. */
  artifactDirectory: string;
  readObject: ObjectReader;
  /** Aborted when the job is cancelled or the service closes. */
  signal: AbortSignal;
}

/** What was measured at a step: on its batch before the weights moved, or on the whole evaluation data. */
export interface Measurement {
  of: 'train' | 'eval';
  step: number;
  /** Mean cross-entropy per target token, in nats. */
  loss: number;
  /** Share of target tokens that were predicted, 0 to 1. */
  accuracy: number;
  /** Target tokens. */
  predictions: number;
}

/** What a tuning tells while it runs. Outputs stand in the task's execution metadata as `output:<key>`. */
export type TuningEvent =
  | { kind: 'progress'; outputs: Record<string, string> }
  | { kind: 'measured'; measurement: Measurement }
  | {
      kind: 'finished';
      artifactUri?: string | undefined;
      outputs?: Record<string, string> | undefined;
      /** What the model will answer with; kept with the model. */
      adapter?: Uint8Array | undefined;
    };

/** What answers a prediction. */
export interface PredictionTarget {
  /** The model's name. */
  name: string;
  displayName: string;
  /** What there is to answer with; without an adapter it is the base model. Absent where nothing was tuned. */
  weights?: { family: Family; adapter?: Uint8Array | undefined } | undefined;
}

/** Stands on every model and endpoint that comes out. */
export interface Provenance {
  labels: Labels;
  description: string;
}

/**
 * The seam for the tuning task. `tune` must not have lasting effects that hurt when it runs a second time for the same
 * job: a killed service starts it again. A thrown TaskFailure fails the task with its code and message.
 */
export interface Trainer {
  provenance(subject: TuningSubject): Provenance;
  tune(task: TuningTask): AsyncIterable<TuningEvent>;
  /** The `predictions` for a request's body; throws ApiError for what cannot be answered. */
  predict(target: PredictionTarget, request: JsonObject): Promise<Json[]>;
  /** Ends what it started. */
  close?(): Promise<void>;
}

const STAND_IN =
  'Stand-in of the embedded cloud: no model was trained. The job only walked through its states.';

/** Trains nothing and says so wherever a person looks. */
export const standInTrainer: Trainer = {
  provenance: () => ({ labels: { 'stand-in': 'no-model-was-trained' }, description: STAND_IN }),
  async *tune() {
    yield { kind: 'finished' };
  },
  predict: async ({ name }) => {
    throw new ApiError('UNIMPLEMENTED', `${STAND_IN} ${name} cannot answer predictions.`);
  },
};
