import type { TuneError } from '../errors/errors.ts';
import type { Severity } from '../issues/issue.ts';
import type { IssueReport } from '../issues/report.ts';
import { remedyOf } from '../tuning/causes.ts';
import type { RemedyFacts } from '../tuning/grants.ts';
import type { NextAction } from './next-actions.ts';
import { type OtherRun, pendingAction, type Run, type RunSpec, type RunStatus } from './run.ts';
import type { RunEvent } from './transitions.ts';

/** The events of a run, in words: what the document will say. Pure; times are RFC 3339 UTC. */

/** The manifest is no longer what it was when its event was sent. */
export function superseded(liveGeneration: string | undefined): RunEvent {
  return liveGeneration === undefined
    ? {
        type: 'Superseded',
        reason: 'ManifestDeleted',
        message: 'The manifest was deleted before its run was under way. Nothing was started.',
        next: null,
      }
    : {
        type: 'Superseded',
        reason: 'ManifestReplaced',
        message: `The manifest was replaced by generation ${liveGeneration} before its run was under way; that one has a run of its own.`,
        next: null,
      };
}

/** A data set that the manifest names is not there yet. What it names besides is known from now on. */
export function datasetMissing(
  missing: string[],
  { manifest, ...times }: { manifest: RunSpec['manifest']; recheckAt: string; deadline: string },
): RunEvent {
  return {
    type: 'DatasetMissing',
    reason: 'DatasetMissing',
    message: `Waiting for ${missing.join(' and ')} until ${times.deadline}. The run goes on soon after the upload.`,
    remedy: `Upload ${missing.join(' and ')}, or correct the manifest.`,
    spec: { manifest },
    next: { action: 'validate', at: times.recheckAt },
    waitingFor: missing,
    failedTry: true,
  };
}

/** Cloud Storage could not be read now; the run waits here, not in a queue. */
export function checkDeferred(error: TuneError, at: string): RunEvent {
  return {
    type: 'CheckDeferred',
    reason: error.reason,
    message: `The upload could not be read: ${error.message} The next try is at ${at}.`,
    remedy: error.remedy,
    next: { action: 'validate', at },
    failedTry: true,
  };
}

/** The upload cannot be read. */
export function checkFailed(error: TuneError): RunEvent {
  return {
    type: 'CheckFailed',
    reason: error.reason,
    message: `The upload could not be read: ${error.message}`,
    remedy:
      error.remedy ??
      'Let the validate function read what the manifest names, then upload the manifest again.',
    next: null,
  };
}

export interface Findings {
  issues: IssueReport[];
  issueCount: Record<Severity, number>;
  issuesFile?: string | undefined;
  spec: NonNullable<RunEvent['spec']>;
  datasets?: NonNullable<RunStatus['datasets']> | undefined;
  /** There where a plan was made. */
  cost?: RunStatus['cost'];
  expectedDuration?: RunStatus['expectedDuration'];
  evaluation?: RunStatus['evaluation'];
}

/** The upload has errors; every one of them is reported. `data`: `gs://` URIs whose next upload opens another run. */
export function rejected({ spec, ...findings }: Findings, data: string[] = []): RunEvent {
  const { error, warning } = findings.issueCount;
  const more = warning > 0 ? ` and ${count(warning, 'warning')}` : '';
  return {
    type: 'Rejected',
    reason: 'IssuesFound',
    message: `The upload has ${count(error, 'error')}${more}; nothing was submitted and nothing was paid.`,
    remedy: `Fix what the issues say, each of which has its own remedy, and upload ${
      data.length > 0 ? 'what you changed: data or tune.json, each begins a new run' : 'tune.json again'
    }.`,
    spec,
    status: findings,
    next: null,
    waitingFor: data,
  };
}

/** Checked and planned; nothing is submitted because the manifest says `dry_run`. */
export function planned({ spec, ...findings }: Findings): RunEvent {
  return {
    type: 'Planned',
    reason: 'DryRun',
    message: 'Everything was checked and planned. Nothing was submitted, because the manifest says dry_run.',
    remedy: 'Take dry_run out of tune.json and upload it again to tune the model.',
    spec,
    status: findings,
    next: null,
  };
}

/** Checked and planned; the submit function is asked, and asked again if it does not answer until `askAgainAt`. */
export function validated(found: Findings, askAgainAt: string): RunEvent {
  return {
    ...checksPassed(found, 'the job is about to be created.'),
    next: { action: 'submit', at: askAgainAt },
  };
}

/** What every upload has that passed the checks; `coming`: what is done next. */
export function checksPassed({ spec, ...findings }: Findings, coming: string): Omit<RunEvent, 'next'> {
  const { warning } = findings.issueCount;
  const warned = warning > 0 ? ` (${count(warning, 'warning')})` : '';
  return {
    type: 'Validated',
    reason: 'ChecksPassed',
    message: `The manifest and its data were checked${warned}; ${coming}`,
    spec,
    status: findings,
  };
}

/** The same bytes were uploaded before, and that run lives or succeeded. */
export function sameBytes(earlier: OtherRun, spec: Partial<RunSpec>): RunEvent {
  return {
    type: 'Skipped',
    reason: 'SameBytes',
    message: `These are the bytes of an earlier upload: run ${earlier.runId} is ${earlier.status.state}. Nothing was started, so nothing is paid twice.`,
    remedy: 'Change the manifest, for example model_display_name, to tune once more.',
    spec,
    status: { sameAs: `runs/${earlier.runId}` },
    next: null,
  };
}

/** The manifest asked to cancel the runs of its path. */
export function cancelAsked(runIds: string[], spec: Partial<RunSpec>): RunEvent {
  return {
    type: 'Skipped',
    reason: runIds.length > 0 ? 'CancelRequested' : 'NothingToCancel',
    message:
      runIds.length > 0
        ? `The manifest asks to cancel; asked ${runIds.map((id) => `run ${id}`).join(', ')} to stop.`
        : 'The manifest asks to cancel, and no run of this manifest is under way.',
    spec,
    next: null,
  };
}

/** Somebody asked for the end of this run, by uploading a manifest with `cancel`. */
export function cancelRequested(run: Run, by: string, now: string): RunEvent {
  const action: NextAction = run.status.job ? 'observe' : (pendingAction(run) ?? 'submit');
  return {
    type: 'CancelRequested',
    reason: 'CancelRequested',
    message:
      'Asked to cancel; the run ends as soon as Vertex AI lets go of the job, which may still succeed first.',
    status: { cancelRequested: { time: now, by } },
    next: { action, at: now },
  };
}

/**
 * The run ended before a job was known. `verifyAt`: when to look once more that nobody made one meanwhile; `isSure`: nobody has asked for one
 * without an answer.
 */
export function cancelledBeforeJob({
  verifyAt,
  isSure = true,
  asked,
}: {
  verifyAt: string | null;
  isSure?: boolean;
  /** By whom and when, where the run does not know it yet. */
  asked?: Run['status']['cancelRequested'];
}): RunEvent {
  return {
    type: 'Cancelled',
    reason: 'CancelRequested',
    message: isSure
      ? 'Cancelled before a job was created; nothing was paid.'
      : `Cancelled. Vertex AI did not say whether it has the job: it is looked for once more at ${verifyAt}, and stopped if it is there.`,
    status: { cancelRequested: asked },
    next: verifyAt ? { action: 'observe', at: verifyAt } : null,
  };
}

/** Somebody creates the job; if nothing is heard until the lease ends, somebody else looks. */
export function submitting(leaseUntil: string): RunEvent {
  return {
    type: 'Submitting',
    reason: 'CreatingJob',
    message: 'The job is being created on Vertex AI.',
    next: { action: 'submit', at: leaseUntil },
  };
}

/** Why a run waits whose job may exist. */
export const LOOKING_FOR_JOB = 'LookingForJob';

/**
 * A try to create the job ended without an answer, and Vertex AI chooses the ids of such jobs: it is looked for by the label of the
 * run once its list surely has it, before another one is created.
 */
export function submitSettling(at: string): RunEvent {
  return {
    type: 'SubmitDeferred',
    reason: LOOKING_FOR_JOB,
    message: `Vertex AI did not say whether it has the job. It is looked for at ${at}, and created only if it is not there, so that nothing is paid twice.`,
    next: { action: 'submit', at },
    failedTry: true,
  };
}

/** Vertex AI could not take the job now; the run waits here, not in a queue. */
export function submitDeferred(error: TuneError, at: string): RunEvent {
  return {
    type: 'SubmitDeferred',
    reason: error.reason,
    message: `${error.message} The next try is at ${at}.`,
    remedy: error.remedy,
    next: { action: 'submit', at },
    failedTry: true,
  };
}

/** The job cannot be created. */
export function submitFailed(error: TuneError, facts: RemedyFacts): RunEvent {
  return {
    type: 'SubmitFailed',
    reason: error.reason,
    message: error.message,
    remedy:
      remedyOf(error.reason, facts) ??
      error.remedy ??
      'Fix what the message names, then upload the manifest again.',
    next: null,
  };
}

/** Nobody could take this run's messages for as long as this deployment lets a run wait. */
export function deadLettered(run: Run): RunEvent {
  const called = run.work.nextAction ?? '';
  return {
    type: 'DeadLettered',
    reason: 'TooManyRequests',
    message: `The ${called} function could not take this run in ${count(run.work.requests, 'request')} since ${run.work.waitingSince ?? run.status.createTime}.`,
    remedy: `Read the logs of the ${called} function, fix the cause and upload the manifest again.`,
    next: null,
  };
}

/** The function ended over this run, again and again, before it could say what came of it. */
export function functionDied(run: Run): RunEvent {
  const called = run.work.nextAction ?? '';
  return {
    type: 'DeadLettered',
    reason: 'FunctionDied',
    message: `The ${called} function ${claimsInWords(run)} Most likely its memory or its time does not suffice for this upload, or for another that it checked beside it. Nothing was started, and nothing was paid.`,
    remedy: `Upload smaller files, or have whoever operates tunedrop read the logs of the ${called} function and give it more memory. Then upload the manifest again.`,
    next: null,
  };
}

/** `took this run up 10 times since …`. */
export function claimsInWords({ work: { claims } }: Run): string {
  if (claims === undefined) return '';
  const { tries, since, last } = claims;
  return `took this run up ${count(tries, 'time')} since ${since}, the last time at ${last}, and ended each time before it said what came of it.`;
}

/** So often a function is asked in vain before the document says so: a deployment and a start take some of them. */
const ASKS_WITHOUT_WORDS = 4;

/** The due action is asked for once more; `at` is when it is asked again if nothing happens. */
export function askedAgain(run: Run, at: string): RunEvent {
  const { reason, message, remedy } = run.status;
  const action = pendingAction(run) ?? 'submit';
  const asks = run.work.requests + 1;
  return {
    type: 'AskedAgain',
    ...(asks > ASKS_WITHOUT_WORDS ? unheardOf(run, { action, asks, at }) : { reason, message, remedy }),
    next: { action, at },
    waitingFor: run.work.waitingFor,
  };
}

/** Nobody has said for long what came of the run: the function is away, or ends over it. */
function unheardOf(
  run: Run,
  { action, asks, at }: { action: NextAction; asks: number; at: string },
): Pick<RunEvent, 'reason' | 'message' | 'remedy'> {
  const since = run.work.waitingSince ?? run.status.updateTime;
  const died = run.work.claims === undefined ? '' : ` It ${claimsInWords(run)}`;
  return {
    reason: 'NoAnswer',
    message: `The ${action} function was asked ${asks} times since ${since} and has not said what came of it.${died} The run waits, and nothing of it is lost; it is asked again at ${at}.`,
    remedy: `Nothing to do about the upload: whoever operates tunedrop finds in the logs of the ${action} function why it is away or ends over this run.`,
  };
}

function count(n: number, noun: string): string {
  return `${n} ${noun}${n === 1 ? '' : 's'}`;
}
