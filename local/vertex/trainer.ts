import { ApiError } from './api-error.ts';
import type { Labels, Model } from './documents.ts';
import type { JsonObject } from './json.ts';
import type { ObjectReader } from './object-reader.ts';
import type { Family, ParameterValue } from './templates.ts';

/** One tuning to be done: everything that a trainer may need, nothing about states or tasks. */
export interface TuningTask {
  jobName: string;
  /** A seed may be drawn from it: the same job trains the same model, also when it runs again after a crash. */
  jobUid: string;
  family: Family;
  baseModel: string;
  parameters: Readonly<Record<string, ParameterValue>>;
  /** `gs://…` of the job. */
  gcsOutputDirectory: string;
  readObject: ObjectReader;
  /** Aborted when the job is cancelled or the service closes. */
  signal: AbortSignal;
}

/** What a tuning tells while it runs. A trainer that really trains has more to tell than that it is done. */
export type TuningEvent = { kind: 'finished'; artifactUri?: string };

/**
 * The seam for the tuning task. `tune` must not have lasting effects that hurt when it runs a second time for the same
 * job: a killed service starts it again. A thrown TaskFailure fails the task with its code and message.
 */
export interface Trainer {
  /** Stands on every model and endpoint that comes out. */
  readonly provenance: { labels: Labels; description: string };
  tune(task: TuningTask): AsyncIterable<TuningEvent>;
  /** Answers `:predict` for a deployed model. */
  predict(model: Model, request: JsonObject): Promise<JsonObject>;
}

const STAND_IN =
  'Stand-in of the embedded cloud: no model was trained. The job only walked through its states.';

/** Trains nothing and says so wherever a person looks. */
export const standInTrainer: Trainer = {
  provenance: { labels: { 'stand-in': 'no-model-was-trained' }, description: STAND_IN },
  async *tune() {
    yield { kind: 'finished' };
  },
  predict: async (model) => {
    throw new ApiError('UNIMPLEMENTED', `${STAND_IN} ${model.name} cannot answer predictions.`);
  },
};
