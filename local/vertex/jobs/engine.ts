import type { Clock, Timer } from '../../clock.ts';

/** A job as far as time is concerned. */
export interface TimedJob {
  name: string;
  /** New for every creation, also when the name of a deleted job is used again. */
  uid: string;
  /** When its next step is due. */
  dueMs?: number | undefined;
  /** When a requested cancellation takes effect. */
  cancelDueMs?: number | undefined;
}

/** What a kind of job goes through; the engine only says when. */
export interface JobLife<Job extends TimedJob, Result> {
  get(name: string): Job | undefined;
  all(): Job[];
  put(job: Job): void;
  hasEnded(job: Job): boolean;
  /** Whether the step that is due is work, or a change that takes no time. */
  isWork(job: Job): boolean;
  advance(job: Job): Job;
  /** Does the work that is due; it may be done again after a crash. */
  attempt(job: Job, signal: AbortSignal): Promise<Result>;
  /** Stores what came of the work together with what it made, or neither; returns the job as it is then. */
  record(job: Job, result: Result): Job;
  beginCancel(job: Job): Job;
  finishCancel(job: Job): Job;
}

export interface JobEngine<Job> {
  /** Keeps a new job and lets time take it from there. */
  admit(job: Job): void;
  cancel(job: Job): void;
  /** Goes on with every job that a former process left unfinished. */
  resume(): void;
  /** Stops; what was not yet recorded is done again by the next process. */
  close(): Promise<void>;
}

interface Ongoing {
  abort: AbortController;
  done: Promise<void>;
}

/**
 * Moves jobs along the clock. The database is the only memory: the effects of a piece of work and its success are one write, so
 * a killed process loses no step and repeats no effect.
 */
export function createJobEngine<Job extends TimedJob, Result>(
  life: JobLife<Job, Result>,
  { clock, log }: { clock: Clock; log: (line: string) => void },
): JobEngine<Job> {
  const timers = new Map<string, Timer>();
  const working = new Map<string, Ongoing>();
  let isClosed = false;

  const arm = (job: Job) => {
    timers.get(job.name)?.cancel();
    timers.delete(job.name);
    const dueMs = nextDueMs(job, working.has(job.uid));
    if (isClosed || life.hasEnded(job) || dueMs === undefined) return;
    const wakeLater = clock.after(Math.max(0, dueMs - clock.now()), () => wake(job.name));
    timers.set(job.name, wakeLater);
  };
  const save = (job: Job) => {
    life.put(job);
    arm(job);
  };
  const start = (job: Job) => {
    const abort = new AbortController();
    const done = work(job, abort.signal).catch((error: unknown) => log(`${job.name}: ${String(error)}`));
    working.set(job.uid, { abort, done });
    arm(job);
  };
  const wake = (name: string) => {
    const job = life.get(name);
    if (isClosed || !job || life.hasEnded(job)) return;
    const ongoing = working.get(job.uid);
    if (isCancelDue(job, { nowMs: clock.now(), isWorking: ongoing !== undefined })) {
      ongoing?.abort.abort();
      return save(life.finishCancel(job));
    }
    // A timer may ring a moment before its time: what is not due yet is waited for again.
    if (ongoing) return arm(job);
    if (life.isWork(job)) start(job);
    else save(life.advance(job));
  };
  const work = async (job: Job, signal: AbortSignal) => {
    const result = await life.attempt(job, signal);
    working.delete(job.uid);
    if (isClosed) return;
    const current = life.get(job.name);
    if (current?.uid !== job.uid || life.hasEnded(current)) return;
    arm(life.record(current, result));
  };

  return {
    admit: save,
    cancel: (job) => save(life.beginCancel(job)),
    resume: () => life.all().forEach(arm),
    close: async () => {
      isClosed = true;
      for (const timer of timers.values()) timer.cancel();
      for (const { abort } of working.values()) abort.abort();
      await Promise.all([...working.values()].map(({ done }) => done));
    },
  };
}

/** While a job is at work only a cancellation can come due. */
function nextDueMs(job: TimedJob, isWorking: boolean): number | undefined {
  const dues = isWorking ? [job.cancelDueMs] : [job.dueMs, job.cancelDueMs];
  return dues.filter((due) => due !== undefined).sort((a, b) => a - b)[0];
}

/** After a pause of the service both may be past: the step that was due first counts, unless it is being taken already. */
function isCancelDue(job: TimedJob, { nowMs, isWorking }: { nowMs: number; isWorking: boolean }): boolean {
  if (job.cancelDueMs === undefined || job.cancelDueMs > nowMs) return false;
  return isWorking || job.dueMs === undefined || job.cancelDueMs < job.dueMs;
}
