import type { Timer } from '../../clock.ts';
import type { PipelineJobRecord } from '../store/pipeline-job.ts';
import { beginCancel, finishCancel, isTerminal, runningTask, startNextTask } from './job-life.ts';
import { attemptTask, recordResult, type TaskRunOptions } from './task-run.ts';

export interface Engine {
  /** Keeps a new job and lets time take it from there. */
  admit(job: PipelineJobRecord): void;
  cancel(job: PipelineJobRecord): void;
  /** Goes on with every job that a former process left unfinished. */
  resume(): void;
  /** Stops; what was not yet recorded is done again by the next process. */
  close(): Promise<void>;
}

/** A cancellation takes half a task: one that arrives late in the last task finds the job succeeded, as it may in reality. */
const CANCEL_SHARE = 0.5;

/**
 * Moves jobs along the clock. The database is the only memory: a task's effects and its success are one write, so a
 * killed process loses no step and repeats no effect.
 */
export function createEngine(options: TaskRunOptions): Engine {
  const { store, clock, taskMs, log } = options;
  const timers = new Map<string, Timer>();
  const working = new Map<string, { abort: AbortController; done: Promise<void> }>();
  let isClosed = false;

  const arm = (job: PipelineJobRecord) => {
    timers.get(job.name)?.cancel();
    timers.delete(job.name);
    const dueMs = nextDueMs(job, working.has(job.uid));
    if (isClosed || isTerminal(job) || dueMs === undefined) return;
    const delayMs = Math.max(0, dueMs - clock.now());
    timers.set(
      job.name,
      clock.after(delayMs, () => wake(job.name)),
    );
  };

  const save = (job: PipelineJobRecord) => {
    store.put('job', job);
    arm(job);
  };

  const wake = (name: string) => {
    const job = store.get('job', name);
    if (isClosed || !job || isTerminal(job)) return;
    const ongoing = working.get(job.uid);
    if (isCancelDue(job, { nowMs: clock.now(), isWorking: ongoing !== undefined })) {
      ongoing?.abort.abort();
      return save(finishCancel(job, clock.now()));
    }
    // A timer may ring a moment before its time: what is not due yet is waited for again.
    if (ongoing) return arm(job);
    if (!runningTask(job)) return save(startNextTask(job, clock.now(), taskMs));
    const abort = new AbortController();
    const done = work(job, abort.signal).catch((error: unknown) => log(`${job.name}: ${String(error)}`));
    working.set(job.uid, { abort, done });
    arm(job);
  };

  const work = async (job: PipelineJobRecord, signal: AbortSignal) => {
    const result = await attemptTask(job, signal, options);
    working.delete(job.uid);
    if (isClosed) return;
    const current = store.get('job', job.name);
    if (current?.uid !== job.uid || isTerminal(current)) return;
    arm(recordResult(current, result, options));
  };

  return {
    admit: save,
    cancel: (job) => save(beginCancel(job, clock.now(), clock.now() + taskMs * CANCEL_SHARE)),
    resume: () => store.list('job').forEach(arm),
    close: async () => {
      isClosed = true;
      for (const timer of timers.values()) timer.cancel();
      for (const { abort } of working.values()) abort.abort();
      await Promise.all([...working.values()].map(({ done }) => done));
    },
  };
}

/** While a task is at work only a cancellation can come due. */
function nextDueMs(job: PipelineJobRecord, isWorking: boolean): number | undefined {
  const dues = isWorking ? [job.cancelDueMs] : [job.dueMs, job.cancelDueMs];
  return dues.filter((due) => due !== undefined).sort((a, b) => a - b)[0];
}

/** After a pause of the service both may be past: the step that was due first counts, unless it is being taken already. */
function isCancelDue(
  job: PipelineJobRecord,
  { nowMs, isWorking }: { nowMs: number; isWorking: boolean },
): boolean {
  if (job.cancelDueMs === undefined || job.cancelDueMs > nowMs) return false;
  return isWorking || job.dueMs === undefined || job.cancelDueMs < job.dueMs;
}
