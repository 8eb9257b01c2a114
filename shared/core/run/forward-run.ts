import { later } from '../errors/backoff.ts';
import { withRest } from './apply.ts';
import { isEvaluationOpen } from './evaluation-events.ts';
import { queueKeyOf } from './queue.ts';
import type { HistoryEntry, Run } from './run.ts';
import { isTerminal } from './states.ts';
import { readStatusFile, type StoredRun } from './versions.ts';

/** A `status.json` that was written after the document said the same. */
export interface RecordedFile {
  content: unknown;
  /** Of the document, when it was written. */
  revision: number;
}

export interface ForwardTimes {
  /** RFC 3339 UTC. */
  now: string;
  maximumWaitMs: number;
}

type Due = Pick<Run['work'], 'nextAction' | 'nextActionAt'> & { queue?: string | undefined };

/**
 * The run of a document that is older than its file, as the file has it. What the functions do next is made anew, above every revision
 * and every claim that is left of the run, so that whoever still holds it is refused. Of a job that may have been made and not been
 * noted it is like a run whose function died over it: the job is looked for first.
 */
export function forwardRun(old: Run, file: RecordedFile, times: ForwardTimes): StoredRun {
  const stored = readStatusFile(file.content, old.work);
  if (stored.outcome !== 'readable') return stored;
  if (stored.run.runId !== old.runId) {
    return { outcome: 'unreadable', problem: `runId: that of another run, ${stored.run.runId}` };
  }
  const known = withJobOf(old, stored.run);
  const { status } = known;
  const { now } = times;
  const revision = Math.max(file.revision, old.work.revision) + 1;
  const run: Run = {
    ...known,
    status: { ...status, updateTime: now, restoredTime: now },
    work: {
      ...{ revision, epoch: revision, attempts: 0, requests: 0, waitingSince: null, waitingFor: [] },
      ...{ owner: status.state === 'SUBMITTING' ? UNKNOWN : null, leaseUntil: null },
      published: publishedOf(old, status.history),
      ...dueOf(known, times),
    },
  };
  return { outcome: 'readable', run: withRest(run, now) };
}

/** A job that was made for the document as somebody had put it back is the run's: nobody makes another because the file has none. */
function withJobOf({ status: old }: Run, run: Run): Run {
  const { status } = run;
  if (old.job === undefined || status.job !== undefined || isTerminal(status.state)) return run;
  const isNew = ({ time, to }: HistoryEntry) =>
    !status.history.some((entry) => entry.time === time && entry.to === to);
  const { state, reason, message, job, submitTime, startTime } = old;
  const history = [...status.history, ...old.history.filter(isNew)];
  return { ...run, status: { ...status, state, reason, message, job, submitTime, startTime, history } };
}

/**
 * What was published since is published once more, under the same ids. A document that somebody put back and went on with may count
 * changes that the file does not have: only those that both have are known to be published.
 */
function publishedOf({ status, work }: Run, history: Run['status']['history']): number {
  const known = status.history.slice(0, work.published);
  const other = known.findIndex(({ time, to }, index) => {
    const entry = history[index];
    return entry?.time !== time || entry.to !== to;
  });
  return other < 0 ? known.length : other;
}

/** Whoever held the run that is being submitted: the backup does not have it. */
const UNKNOWN = 'unknown';

/** What such a run needs next. */
function dueOf(run: Run, { now, maximumWaitMs }: ForwardTimes): Due {
  const { state, job, queue, sweep, cancelRequested, createTime } = run.status;
  if (isTerminal(state)) {
    if (isEvaluationOpen(run)) return { nextAction: 'evaluate', nextActionAt: now };
    // A cancel without a job is looked at once more.
    const isVerified = state !== 'CANCELLED' || job !== undefined || !run.spec.plan;
    return isVerified
      ? { nextAction: null, nextActionAt: null }
      : { nextAction: 'observe', nextActionAt: now };
  }
  if (sweep) return { nextAction: 'sweep', nextActionAt: now };
  if (job) return { nextAction: 'observe', nextActionAt: job.nextAttemptAt ?? now };
  if (state === 'RECEIVED' || state === 'WAITING') return { nextAction: 'validate', nextActionAt: now };
  if (!queue || cancelRequested) return { nextAction: 'submit', nextActionAt: now };
  return {
    nextAction: 'admit',
    nextActionAt: later(createTime, maximumWaitMs),
    queue: queueKeyOf(queue.kind, run),
  };
}
