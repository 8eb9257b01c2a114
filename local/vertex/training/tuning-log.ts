/** What a training tells about itself: in the task's outputs while it runs and at its end, and in the file beside its weights. */

import type { TrainingEnd } from '../../small-model/tuner.ts';
import { type Json, type JsonObject, present } from '../http/json.ts';
import type { Measurement, TuningTask } from './trainer.ts';
import type { ThreadTraining } from './tuner-threads.ts';

export interface TuningOutcome {
  /** Outputs of the task; how the real one words these things is not known, so the keys say that they are local. */
  outputs: Record<string, string>;
  /** `model.json`: settings, result and last metrics. */
  document: JsonObject;
}

export interface TuningLog {
  /** Takes a measurement in; gives outputs back when it is time to show some. */
  add(measurement: Measurement): Record<string, string> | undefined;
  outcome(finished: TrainingEnd): TuningOutcome;
}

/** Steps between two signs of life. */
const PROGRESS_STEPS = 10;

export function createTuningLog(
  task: Pick<TuningTask, 'jobName' | 'baseModel'>,
  job: ThreadTraining,
): TuningLog {
  const last: Partial<Record<Measurement['of'], Measurement>> = {};
  const evaluations = new Map<number, Measurement>();
  return {
    add(measurement) {
      const { of, step } = measurement;
      last[of] = measurement;
      if (of === 'eval') evaluations.set(step, measurement);
      const isTime = of === 'eval' || step === 1 || step % PROGRESS_STEPS === 0;
      if (isTime) return { local_progress: progressText(job.steps, step, last.eval) };
    },
    outcome(finished) {
      const checkpoint = evaluations.get(finished.checkpointStep);
      return {
        outputs: outputsOf(job, finished),
        document: documentOf({ task, job, finished, metrics: { ...last, checkpoint } }),
      };
    },
  };
}

function progressText(steps: number, step: number, evaluation: Measurement | undefined): string {
  const text = `step ${step} of ${steps}`;
  if (!evaluation) return text;
  const { loss, accuracy } = evaluation;
  return `${text}; evaluation at step ${evaluation.step}: loss ${loss.toFixed(4)}, token accuracy ${accuracy.toFixed(4)}`;
}

/** The guide: steps times batch size over examples. */
const epochsOf = ({ batchSize, examples }: ThreadTraining, { stepsRun }: TrainingEnd) =>
  Number(((stepsRun * batchSize) / examples.length).toFixed(3));

function outputsOf(job: ThreadTraining, finished: TrainingEnd): Record<string, string> {
  const { stepsRun, timeCapped, checkpointStep, truncatedExamples } = finished;
  const early = timeCapped ? { step: stepsRun, why: timeCapWhy(job, stepsRun) } : finished.stoppedEarly;
  const truncated = `${truncatedExamples} (longer than the window of the small model)`;
  return setOutputs({
    local_steps: `${stepsRun} of ${job.steps}`,
    local_batch_size: String(job.batchSize),
    local_epochs: String(epochsOf(job, finished)),
    local_checkpoint_step: String(checkpointStep),
    local_early_stop_step: early && String(early.step),
    local_early_stop_reason: early?.why,
    local_truncated_examples: truncatedExamples > 0 ? truncated : undefined,
  });
}

const timeCapWhy = ({ steps, timeCapMs = 0 }: ThreadTraining, stepsRun: number) =>
  `The training was ended by the time cap of the embedded cloud (${Math.round(timeCapMs / 1000)} s) after ${stepsRun} of ${steps} steps.`;

const setOutputs = (outputs: Record<string, string | undefined>) =>
  present(outputs) as Record<string, string>;

interface Story {
  task: Pick<TuningTask, 'jobName' | 'baseModel'>;
  job: ThreadTraining;
  finished: TrainingEnd;
  metrics: Partial<Record<'train' | 'eval' | 'checkpoint', Measurement | undefined>>;
}

function documentOf({ task, job, finished, metrics }: Story): JsonObject {
  const { examples, evaluation, start: ___, ...settings } = job;
  const { weights: _, kind: __, ...result } = finished;
  const measured = Object.entries(metrics).flatMap(([name, measurement]): [string, Json][] =>
    measurement ? [[name, { ...measurement }]] : [],
  );
  return {
    job: task.jobName,
    asked: task.baseModel,
    tuned: 'the small model of the embedded cloud',
    settings: definedJson({ ...settings, examples: examples.length, evaluationExamples: evaluation?.length }),
    result: definedJson({ ...result, epochs: epochsOf(job, finished) }),
    metrics: Object.fromEntries(measured),
  };
}

const definedJson = (value: object): JsonObject => JSON.parse(JSON.stringify(value));
