/** What is done in the stages of a tuning job. What was done is handed back, to be stored in one write with the job's next stage. */
import { asWorkFailure, WorkFailure } from '../jobs/work-failure.ts';
import type { TuningJobRecord, TuningStage } from '../store/tuning-job.ts';
import { scanDataset } from './dataset.ts';
import { datasetsOf } from './datasets.ts';
import { enter, fail, hasEnded } from './job-life.ts';
import { settingsOf } from './settings.ts';
import type { StageContext, StageOptions, StageResult } from './stage-context.ts';
import { preferenceStats, supervisedStats } from './statistics.ts';
import { serve } from './tuned-model.ts';
import { tuneModel } from './tuning-stage.ts';

const WORK: Partial<Record<TuningStage, (context: StageContext) => Promise<StageResult>>> = {
  PROCESSING_DATASET: processDataset,
  TUNING: tuneModel,
  POST_PROCESSING: serve,
};

/** Does the work of the stage that the job is in; only progress and metrics are written yet. */
export async function attemptStage(
  job: TuningJobRecord,
  signal: AbortSignal,
  options: StageOptions,
): Promise<StageResult | WorkFailure> {
  const { store, log } = options;
  const context: StageContext = {
    ...{ ...options, job, signal },
    report: (change) => {
      const current = store.get('tuningJob', job.name);
      if (current?.uid === job.uid && !hasEnded(current)) store.put('tuningJob', { ...current, ...change });
    },
  };
  try {
    const scripted = job.scriptedFailure;
    if (scripted?.stage === job.stage && job.stage !== 'POST_PROCESSING') {
      return new WorkFailure(scripted.code, scripted.message);
    }
    const work = WORK[job.stage];
    if (!work) return new WorkFailure('INTERNAL', `Nothing is done in the stage ${job.stage}.`);
    return await work(context);
  } catch (error) {
    if (!(error instanceof WorkFailure) && !signal.aborted) log(`${job.name} ${job.stage}: ${String(error)}`);
    return asWorkFailure(error);
  }
}

/** Writes what a stage did together with where the job is then, or neither. */
export function recordStage(
  job: TuningJobRecord,
  result: StageResult | WorkFailure,
  { store, clock, stageMs }: StageOptions,
): TuningJobRecord {
  const nowMs = clock.now();
  return store.atomically(() => {
    const next = result instanceof WorkFailure ? fail(job, result, nowMs) : result(job, { nowMs, stageMs });
    store.put('tuningJob', next);
    return next;
  });
}

/** Reads all of the data: what it holds decides how many epochs and steps there are where nothing was asked for. */
async function processDataset(context: StageContext): Promise<StageResult> {
  const { training, validation } = datasetsOf(context.job, context.readObject);
  const { figures, answers } = await scanDataset(training);
  if (validation) await scanDataset(validation);
  const settings = settingsOf(context.job, { examples: figures.examples, answers });
  const statsOf = context.job.method === 'preference' ? preferenceStats : supervisedStats;
  const dataStats = statsOf(figures, settings.steps);
  return (job, moment) => enter({ ...job, settings, dataStats }, 'WAITING_FOR_CAPACITY', moment);
}
