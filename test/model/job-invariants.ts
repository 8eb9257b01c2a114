import { isTerminal } from '../../shared/core/run/states.ts';
import type { DocumentWrite, History, JobMade } from './history.ts';
import type { Violation } from './violation.ts';

interface Facts {
  history: History;
  writes: ReadonlyMap<string, DocumentWrite[]>;
}

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
  const found: Violation[] = [];
  const say = (what: string) => found.push({ invariant: 'I1', runId, what });
  const drop = history.drops.find((one) => one.runId === runId);
  if (drop?.asks !== 'job') say(`${jobs.length} jobs for an upload that asks for none`);
  const ofRun = writes.get(runId) ?? [];
  const followed = followedBy(ofRun);
  const askedToEnd = new Set(history.cancels.map(({ job }) => job));
  const isCancelWanted = ofRun.some(
    ({ run }) => run.status.cancelRequested || run.status.state === 'CANCELLED',
  );
  for (const job of jobs) {
    if (followed.has(job.name)) {
      if (!isCancelWanted && isStoppedAlive(history, job)) say(`its own job ${job.name} was asked to stop`);
    } else if (job.name.includes('/pipelineJobs/')) {
      // Nobody looks for these: their ids say whose they are.
      say(`${job.name} is followed by nobody`);
    } else if (!askedToEnd.has(job.name) && wasSeenTwice(history, job, ofRun)) {
      say(`${job.name} is no job of the run and was not asked to stop`);
    }
  }
  for (const { by, jobsMade } of history.fenced.filter((one) => one.runId === runId)) {
    const late = history.jobs.slice(jobsMade).find((job) => job.by === by && job.runId === runId);
    if (late) say(`${late.name} was made by ${by}, which had been told that the run is another's`);
  }
  const others = jobs.filter(({ name }) => !isAttempt(ofRun, name));
  if (others.length > 1 && isSecondJobAvoidable(history, jobs)) say(`${others.length} jobs were made`);
  // Who deletes a job that its run does not know yet, by hand, gets another one.
  const kept = jobs.filter(({ deleteTime }) => deleteTime === undefined).map(({ name }) => name);
  if (new Set(kept).size < kept.length) say('a job was made anew under the same name');
  return found;
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

/** An hour after a job was found unwanted it is asked to stop at the next look, of which there is one every quarter of an hour. */
const TWO_LOOKS_MS = 76 * 60_000;
/** When more jobs look unwanted at once, none is stopped. */
const MOST_AT_ONCE = 3;

/**
 * Hole: a job is asked to stop only while it lives, so that one which ends by itself before two looks an hour apart is not. Nor is one
 * that was never seen because somebody deleted it.
 */
function wasSeenTwice(history: History, job: JobMade, writes: readonly DocumentWrite[]): boolean {
  const looks = looksAt(history, job, writes);
  const [first] = looks;
  const last = looks.at(-1);
  return first !== undefined && last !== undefined && Date.parse(last) - Date.parse(first) > TWO_LOOKS_MS;
}

/** The times of looks that showed a job after its run had another, or its end. */
function looksAt(history: History, { name }: JobMade, writes: readonly DocumentWrite[]): string[] {
  const decided = writes.find(
    ({ run: { status } }) =>
      isTerminal(status.state) || (status.job !== undefined && status.job.name !== name),
  )?.time;
  if (decided === undefined) return [];
  return history.looks
    .filter(({ time, jobs }) => time > decided && jobs.includes(name))
    .filter(({ jobs }) => jobs.length <= MOST_AT_ONCE || unwantedOf(history, jobs) <= MOST_AT_ONCE)
    .map(({ time }) => time);
}

function unwantedOf({ end: { runs } }: History, jobs: readonly string[]): number {
  const wanted = new Set(Object.values(runs).map(({ status }) => status.job?.name));
  return jobs.filter((name) => !wanted.has(name)).length;
}

/** Hole: a job that ended by itself before any look showed it stands nowhere. */
function recordViolations({ history, writes }: Facts, job: JobMade): Violation[] {
  const ofRun = writes.get(job.runId) ?? [];
  const last = ofRun.at(-1)?.run.status;
  const isRecorded =
    followedBy(ofRun).has(job.name) || (last?.otherJobs ?? []).some(({ name }) => name === job.name);
  const isDocumentGone = history.deletions.some(({ runId }) => runId === job.runId);
  if (isRecorded || isDocumentGone || looksAt(history, job, ofRun).length < 2) return [];
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
