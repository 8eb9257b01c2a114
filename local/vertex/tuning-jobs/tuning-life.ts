/** The life of tuning jobs, for the engine. */
import type { JobLife } from '../jobs/engine.ts';
import type { WorkFailure } from '../jobs/work-failure.ts';
import type { TuningJobRecord } from '../store/tuning-job.ts';
import { beginTuningCancel, enter, finishTuningCancel, hasEnded, isWork, usesQuota } from './job-life.ts';
import type { StageOptions, StageResult } from './stage-context.ts';
import { attemptStage, recordStage } from './stages.ts';

/** A cancellation takes half a stage: one that arrives late in the last stage finds the job succeeded, as it may in reality. */
const CANCEL_SHARE = 0.5;

export interface TuningLifeOptions extends StageOptions {
  /** Jobs of Gemini, and as many of open models, that may run at once over all locations. */
  concurrentJobs: number;
}

export function tuningLife(options: TuningLifeOptions): JobLife<TuningJobRecord, StageResult | WorkFailure> {
  const { store, clock, stageMs } = options;
  const moment = () => ({ nowMs: clock.now(), stageMs });
  return {
    get: (name) => store.get('tuningJob', name),
    all: () => store.list('tuningJob'),
    put: (job) => store.put('tuningJob', job),
    hasEnded,
    isWork,
    advance: (job) => {
      if (job.stage === 'WAITING_FOR_CAPACITY') return enter(job, 'TUNING', moment());
      return enter(job, isNext(job, options) ? 'PROCESSING_DATASET' : 'WAITING_FOR_QUOTA', moment());
    },
    attempt: (job, signal) => attemptStage(job, signal, options),
    record: (job, result) => recordStage(job, result, options),
    beginCancel: (job) => beginTuningCancel(job, clock.now(), clock.now() + stageMs * CANCEL_SHARE),
    finishCancel: (job) => finishTuningCancel(job, clock.now()),
  };
}

/** Whether there is quota for this job, the oldest first. */
function isNext(job: TuningJobRecord, { store, concurrentJobs }: TuningLifeOptions): boolean {
  const ofKind = store.list('tuningJob').filter(({ kind }) => kind === job.kind);
  const free = concurrentJobs - ofKind.filter(usesQuota).length;
  const waiting = ofKind.filter(
    (one) => !hasEnded(one) && !usesQuota(one) && one.state !== 'JOB_STATE_CANCELLING',
  );
  return waiting.findIndex(({ uid }) => uid === job.uid) < free;
}
