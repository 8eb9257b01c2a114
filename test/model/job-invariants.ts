import { isTerminal } from '../../shared/core/run/states.ts';
import type { DocumentWrite, History, JobMade } from './history.ts';
import type { Facts, Violation } from './violation.ts';

type Fault = History['faults'][number];

/** What is promised of jobs: I1, I4 and I6. */
export function jobInvariants(facts: Facts): Violation[] {
  const { jobs } = facts.history;
  return [...Map.groupBy(jobs, ({ runId }) => runId)].flatMap(([runId, ofRun]) => [
    ...wantedViolations(facts, runId, ofRun),
    ...ofRun.flatMap((job) => [...recordViolations(facts, job), ...dataViolations(facts, job)]),
  ]);
}

/** Names of jobs that a run has followed. */
function followedBy(writes: readonly DocumentWrite[]): Set<string> {
  return new Set(writes.flatMap(({ run }) => run.status.job?.name ?? []));
}

function wantedViolations({ history, writes }: Facts, runId: string, jobs: readonly JobMade[]): Violation[] {
  const ofRun = writes.get(runId) ?? [];
  const drop = history.drops.find((one) => one.runId === runId);
  const said = [
    ...(drop?.asks === 'job' ? [] : [`${jobs.length} jobs for an upload that asks for none`]),
    ...jobs.flatMap((job) => unwantedSaid(history, job, ofRun)),
    ...fencedSaid(history, runId),
    ...secondSaid(history, jobs, ofRun),
  ];
  return said.map((what) => ({ invariant: 'I1', runId, what }));
}

/** A job is followed by its run, or is asked to stop. */
function unwantedSaid(history: History, job: JobMade, writes: readonly DocumentWrite[]): string[] {
  const isCancelWanted = writes.some(
    ({ run: { status } }) => status.cancelRequested || status.state === 'CANCELLED',
  );
  if (followedBy(writes).has(job.name)) {
    const isWrong = !isCancelWanted && isStoppedAlive(history, job);
    return isWrong ? [`its own job ${job.name} was asked to stop`] : [];
  }
  if (job.deleteTime !== undefined || history.cancels.some(({ job: name }) => name === job.name)) return [];
  // Hole: a job that ended after its document was deleted and before anybody looked.
  if (history.deletions.some((one) => one.runId === job.runId) && job.endTime !== undefined) return [];
  // The id of a pipeline job says whose it is: whoever looks at the run finds it.
  if (job.name.includes('/pipelineJobs/') && !isMakerLost(history, job))
    return [`${job.name} is followed by nobody`];
  const isStopped = seenMs(history, job, writes) < UNWANTED_AT_MOST_MS;
  return isStopped ? [] : [`${job.name} is no job of the run and was not asked to stop`];
}

/** Hole: whoever slept beyond the end of its run, then made a job, and died or failed again and again; the look through all jobs finds it. */
function isMakerLost({ faults }: History, { madeTime }: JobMade): boolean {
  const isAsleep = ({ planted }: Fault) => planted.startsWith('sleeps');
  const after = faults.filter((fault) => fault.time >= madeTime && !isAsleep(fault));
  const isDead = after.length > 1 || after.some(({ planted }) => planted.startsWith('dies'));
  return isDead && faults.some((fault) => fault.time <= madeTime && isAsleep(fault));
}

/** Whoever was told that a run is another's makes no job for it. */
function fencedSaid({ fenced, jobs }: History, runId: string): string[] {
  return fenced
    .filter((one) => one.runId === runId)
    .flatMap(({ by, jobsMade }) => {
      const late = jobs.slice(jobsMade).find((job) => job.by === by && job.runId === runId);
      return late ? [`${late.name} was made by ${by}, which had been told that the run is another's`] : [];
    });
}

function secondSaid(history: History, jobs: readonly JobMade[], writes: readonly DocumentWrite[]): string[] {
  const first = jobs.filter(({ name }) => !isAttempt(writes, name));
  // Who deletes a job that its run does not know yet, by hand, gets another one.
  const kept = jobs.filter(({ deleteTime }) => deleteTime === undefined).map(({ name }) => name);
  return [
    ...(first.length > 1 && isSecondJobAvoidable(history, jobs) ? [`${first.length} jobs were made`] : []),
    ...(new Set(kept).size < kept.length ? ['a job was made anew under the same name'] : []),
  ];
}

/** Who was slow may ask a job to stop that has ended: it had read it before. */
function isStoppedAlive({ cancels }: History, { name, endTime }: JobMade): boolean {
  return cancels.some(({ job, time }) => job === name && (endTime === undefined || time < endTime));
}

/** A job that follows one that failed. */
function isAttempt(writes: readonly DocumentWrite[], name: string): boolean {
  return writes.some(({ run: { status } }) => status.job?.name === name && status.job.attempt > 1);
}

const SETTLE_MS = 300_000;

/**
 * Where Vertex AI chooses the id, a second job can come only of a function that sleeps beyond its lease, of a list that has a job later
 * than it is looked for, or of a job that is gone from the list.
 */
function isSecondJobAvoidable({ deployment, faults }: History, jobs: readonly JobMade[]): boolean {
  const isAsleep = faults.some(({ planted }) => planted.startsWith('sleeps'));
  const isGone = jobs.some(({ deleteTime }) => deleteTime !== undefined);
  return !isAsleep && !isGone && deployment.listLagMs < SETTLE_MS;
}

/**
 * A job that no run wants is named at a look, of which there is one every quarter of an hour, and asked to stop at one that is an hour
 * later. Ticks are an hour apart at the end of the model.
 */
const UNNAMED_AT_MOST_MS = 130 * 60_000;
const UNWANTED_AT_MOST_MS = 190 * 60_000;
/** When more jobs look unwanted at once, none is stopped. */
const MOST_AT_ONCE = 3;

/**
 * How long a job that its run does not want was there to be seen after the last fault. Hole: one that ends by itself before that was long
 * enough is not stopped, and one that ends before any look stands nowhere.
 */
function seenMs(history: History, job: JobMade, writes: readonly DocumentWrite[]): number {
  const decided = writes.find(
    ({ run: { status } }) =>
      isTerminal(status.state) || (status.job !== undefined && status.job.name !== job.name),
  )?.time;
  if (decided === undefined || isTooMany(history)) return 0;
  const listed = Date.parse(job.madeTime) + history.deployment.listLagMs;
  const from = Math.max(Date.parse(decided), listed, Date.parse(history.calmTime));
  return Date.parse(job.endTime ?? history.end.time) - from;
}

/** A job of the run lived so long after its document was deleted that the look through jobs made it anew. */
export function isToComeBack(history: History, runId: string): boolean {
  const deleted = history.deletions.findLast((one) => one.runId === runId)?.time ?? '';
  if (isTooMany(history)) return false;
  return history.jobs.some((job) => {
    if (job.runId !== runId || job.isUnlabelled || job.deleteTime !== undefined) return false;
    const listed = Date.parse(job.madeTime) + history.deployment.listLagMs;
    const from = Math.max(Date.parse(deleted), listed, Date.parse(history.calmTime));
    return Date.parse(job.endTime ?? history.end.time) - from >= UNNAMED_AT_MOST_MS;
  });
}

const isTooMany = (history: History) =>
  history.looks.some(({ jobs }) => unwantedOf(history, jobs) > MOST_AT_ONCE);

function unwantedOf({ end: { runs } }: History, jobs: readonly string[]): number {
  const wanted = new Set(Object.values(runs).map(({ status }) => status.job?.name));
  return jobs.filter((name) => !wanted.has(name)).length;
}

function recordViolations({ history, writes }: Facts, job: JobMade): Violation[] {
  const ofRun = writes.get(job.runId) ?? [];
  const last = ofRun.at(-1)?.run.status;
  const isRecorded =
    followedBy(ofRun).has(job.name) || (last?.otherJobs ?? []).some(({ name }) => name === job.name);
  const isDocumentGone = history.deletions.some(({ runId }) => runId === job.runId);
  if (isRecorded || isDocumentGone || job.deleteTime !== undefined) return [];
  if (seenMs(history, job, ofRun) < UNNAMED_AT_MOST_MS) return [];
  return [{ invariant: 'I6', runId: job.runId, what: `${job.name} stands in no document` }];
}

function dataViolations({ history, writes }: Facts, { runId, data, name }: JobMade): Violation[] {
  const found: Violation[] = [];
  const say = (what: string) => found.push({ invariant: 'I4', runId, what: `${name}: ${what}` });
  const checked = (writes.get(runId) ?? []).flatMap(({ run: { spec, status } }) =>
    status.validateTime ? (spec.datasets?.dataset_uri ?? []) : [],
  )[0];
  if (!checked) {
    say('nothing was checked');
    return found;
  }
  if (data.uri !== (checked.convertedUri ?? checked.stagedUri)) say(`trains on ${data.uri}`);
  if (!checked.convertedUri && data.digest !== checked.crc32c) say(`trains on ${data.digest}`);
  const digests = new Set(
    history.objects
      .filter(({ verb, bucket, name: object }) => verb !== 'read' && `gs://${bucket}/${object}` === data.uri)
      .map(({ digest }) => digest),
  );
  if (digests.size !== 1 || !digests.has(data.digest)) say(`its data was ${[...digests].join(', then ')}`);
  return found;
}
