import type { GenerateOptions, WrittenAnswer } from '../../small-model/predictor.ts';
import type { Segment } from '../../small-model/text/sequence.ts';
import { VertexError } from '../http/api-error.ts';
import type { Labels } from '../http/labels.ts';
import type { Family } from '../store/models.ts';
import type { ThreadTraining } from './tuner-threads.ts';

/** What is tuned. */
export interface TuningSubject {
  family: Family;
  baseModel: string;
}

/** A training as a job asks for it: its data and its settings. */
export type TrainingPlan = Omit<ThreadTraining, 'seed' | 'timeCapMs'>;

/** One tuning to be done: everything that a trainer may need, nothing about states or tasks. */
export interface TuningTask extends TuningSubject {
  /** A seed may be drawn from it: the same job trains the same model, also when it runs again after a crash. */
  jobName: string;
  /** Reads the data sets and settings. Called when the training is about to start. */
  plan: () => Promise<TrainingPlan>;
  /** `gs://…` without a slash at the end: where files of the model belong. Absent where the job has no place for them. */
  artifactDirectory?: string | undefined;
  /** Aborted when the job is cancelled or the service closes. */
  signal: AbortSignal;
}

/** What was measured at a step: on its batch before the weights moved, or on the whole evaluation data. */
export interface Measurement {
  of: 'train' | 'eval';
  step: number;
  /** Mean cross-entropy per target token, in nats; of preferences, the mean loss of a pair. */
  loss: number;
  /** Share of target tokens that were predicted, 0 to 1; of preferences, the share of pairs that come out right. */
  accuracy: number;
  /** Target tokens, or pairs. */
  predictions: number;
}

/** What a tuning tells while it runs. */
export type TuningEvent =
  /** Outputs stand in the task's execution metadata as `output:<key>`. */
  | { kind: 'progress'; phase: 'waiting' | 'training'; outputs: Record<string, string> }
  | { kind: 'measured'; measurement: Measurement }
  | { kind: 'checkpoint'; step: number; weights: Uint8Array }
  | TrainingResult;

export interface TrainingResult {
  kind: 'finished';
  artifactUri?: string | undefined;
  outputs?: Record<string, string> | undefined;
  /** What the model will answer with; kept with the model. Absent where nothing was trained. */
  weights?: Uint8Array | undefined;
}

/** What answers a prompt. */
export interface GenerationTarget {
  /** Names the weights. */
  name: string;
  family: Family;
  /** What was tuned, or the base model as it is; `none` where a job trained nothing. */
  weights: Uint8Array | 'base' | 'none';
}

/** Stands on every model and endpoint that comes out. */
export interface Provenance {
  labels: Labels;
  description: string;
}

/**
 * The seam for tuning. `tune` must not have lasting effects that hurt when it runs a second time for the same job: a killed
 * service starts it again. A thrown JobFailure fails the job with its code and message.
 */
export interface Trainer {
  provenance(subject: TuningSubject): Provenance;
  tune(task: TuningTask): AsyncIterable<TuningEvent>;
  /** What the model writes after these segments; throws ApiError for a model that cannot answer. */
  generate(target: GenerationTarget, segments: Segment[], options: GenerateOptions): Promise<WrittenAnswer>;
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
  generate: async ({ name }) => {
    throw new VertexError('UNIMPLEMENTED', `${STAND_IN} ${name} cannot answer.`);
  },
};
