import { gsUri } from '../objects/gs-uri.ts';
import type { UploadedVersion } from '../objects/version.ts';
import type { JobObservation } from '../tuning/job.ts';
import { attemptOfJob } from '../tuning/pipeline-job-request.ts';
import { runFolder } from './files.ts';
import { runIdOf } from './ids.ts';
import { jobStatus } from './job-events.ts';
import { newRun } from './new-run.ts';
import { PUBLISH, type Run, type RunStatus } from './run.ts';
import { wordsOfCancel } from './running-words.ts';
import { isTerminal } from './states.ts';
import { readStatusFile } from './versions.ts';

/** A run whose document is gone, and a job of its that lives. */
export interface LostRun {
  runId: string;
  job: JobObservation;
}

/** What is left of a run without its document. */
export interface Remains {
  /** The content of its `status.json`. */
  statusFile?: unknown;
  /** The revision of the document when that file was written. */
  revision?: number | undefined;
  /** Its manifest, where that is still in the inbox, and no file says more. */
  manifest?: UploadedVersion | undefined;
}

/** The folder and generation of the manifest, or the id of the run: see `runFolder`. */
const STATUS_FILE = /^runs\/(?:(?<folder>.+)\/(?<generation>\d+)|(?<runId>r[a-z2-7]{40}))\/status\.json$/;

/** The run whose `status.json` has this name in the results bucket; undefined where it is no such file. */
export function runIdOfStatusFile(name: string, inboxBucket: string): string | undefined {
  const { folder, generation, runId } = STATUS_FILE.exec(name)?.groups ?? {};
  if (runId !== undefined) return runId;
  if (folder === undefined || generation === undefined) return undefined;
  return runIdOf({ bucket: inboxBucket, name: `${folder}/tune.json`, generation });
}

/** Whether this version can read what a `status.json` says. */
export function isReadable(statusFile: unknown): boolean {
  const { work } = newRun({ source: NOTHING, runId: '', folder: '' }, '');
  return readStatusFile(statusFile, work).outcome === 'readable';
}

const NOTHING = { bucket: '', name: '', generation: '', uri: '', timeCreated: '' };

/** Where the deployment keeps what, and the time, RFC 3339 UTC. */
export interface RestoreContext {
  inboxBucket: string;
  resultsBucket: string;
  now: string;
}

/**
 * The document of a run, made anew of what is left: it follows a job, or has ended and names the job. It never asks for one,
 * whatever it was at when it was deleted.
 */
export function restoredRun({ runId, job }: LostRun, remains: Remains, context: RestoreContext): Run {
  const left = leftRun({ runId, job }, remains, context);
  const isOver = isTerminal(left.status.state);
  const isOwn = isOwnJob(left.status, job.name);
  const status =
    !isOver && isOwn ? following(left.status, job, context.now) : naming(left.status, job, context.now);
  const { now } = context;
  // Above that of every file and every claim that is left of the run, so that whoever still holds it is refused.
  const revision = Math.max(remains.revision ?? 0, left.work.revision) + 1;
  return {
    ...left,
    status: { ...status, updateTime: now, restoredTime: now },
    // Nobody knows what was published: all of it is once more, under the ids that it had.
    work: {
      ...left.work,
      ...{ nextAction: isOver ? PUBLISH : 'observe', nextActionAt: now },
      ...{ revision, epoch: revision, published: 0 },
    },
  };
}

/** Whether a job that lives is the one that the run follows: that it has noted, a later attempt that its file had not noted, or the first. */
function isOwnJob({ job }: RunStatus, name: string): boolean {
  return job === undefined || job.name === name || attemptOfJob(name) > job.attempt;
}

/** With a cancel that was uploaded while there was no document; one that has ended is over. */
export function withCancel(run: Run, cancel: RunStatus['cancelRequested']): Run {
  const { state, cancelRequested, history } = run.status;
  if (isTerminal(state) || cancelRequested || !cancel) return run;
  const entry = { time: cancel.time, from: state, to: state, ...wordsOfCancel(cancel) };
  return {
    ...run,
    status: { ...run.status, cancelRequested: cancel, history: [...history, entry] },
  };
}

/** The run as its file says it, else as its manifest says it, else of what the job alone says. */
function leftRun({ runId, job }: LostRun, { statusFile, manifest }: Remains, context: RestoreContext): Run {
  const unknown = {
    bucket: context.inboxBucket,
    name: '',
    generation: '',
    timeCreated: job.createTime ?? context.now,
  };
  const { timeCreated, ...version } = manifest ?? unknown;
  const source = { ...version, uri: gsUri(version), timeCreated };
  const folder = gsUri({ bucket: context.resultsBucket, name: runFolder(runId, version) });
  const bare = newRun({ source, runId, folder }, context.now);
  const stored = readStatusFile(statusFile, bare.work);
  return stored.outcome === 'readable' && stored.run.runId === runId ? stored.run : bare;
}

const WORDS = {
  reason: 'DocumentRestored',
  message: 'The document of this run was gone while its job lives; it was made anew, and follows the job.',
} as const;

/** A run that follows the job, whether it knew of it before or not. */
function following(status: RunStatus, job: JobObservation, now: string): RunStatus {
  const { remedy: _past, queue: _left, ...kept } = status;
  const state = status.state === 'RUNNING' ? 'RUNNING' : 'SUBMITTED';
  const entry = { time: now, from: status.state, to: state, ...WORDS } as const;
  return {
    ...{ ...kept, ...WORDS, state },
    submitTime: status.submitTime ?? now,
    job: jobStatus(job, Math.max(status.job?.attempt ?? 1, attemptOfJob(job.name))),
    otherJobs: status.otherJobs?.filter(({ name }) => name !== job.name),
    history: status.state === state ? status.history : [...status.history, entry],
  };
}

/** A run that does not follow the job: it has ended, or has another. */
function naming(status: RunStatus, { name }: JobObservation, foundTime: string): RunStatus {
  const { otherJobs = [] } = status;
  if (status.job?.name === name || otherJobs.some((other) => other.name === name)) return status;
  return { ...status, otherJobs: [...otherJobs, { name, foundTime }] };
}
