import { statusFile } from '../../shared/core/run/files.ts';
import { isTerminal, RUN_STATES, type RunState } from '../../shared/core/run/states.ts';
import { BACKUP, type DocumentWrite, type History } from './history.ts';
import { isToComeBack, jobInvariants } from './job-invariants.ts';
import { byRun, type Facts, type Violation } from './violation.ts';

/**
 * The promises of the protocol, checked on the history of a deployment after everything has come to rest. By number, as the
 * project's notes on reliability have them:
 *
 * I1 one wanted job for every valid upload, none for any other (job-invariants.ts) · I2 one document for every upload, one end ·
 * I3 whoever has not ended says what comes next and when · I4 a job has the data that was checked (job-invariants.ts) · I5 no run
 * goes back, no end changes, no epoch or revision falls · I6 every job stands in a document (job-invariants.ts) · I7 no bucket but
 * the two of the deployment · I8 no word of the data in anything that people read · I9 no more jobs than the deployment allows ·
 * I11 a dead letter is an end, and only of a run that waited as long as may be · files and messages say the end that the document says.
 *
 * Not here: I10, that no function ends by itself, needs processes, and is proven where functions are killed over the wire; I12, that
 * every planted fault was met, is a matter of each harness: `faults` has those that were.
 */
export function violationsOf(history: History): Violation[] {
  const writes = byRun(history.documents);
  const facts = { history, writes };
  // Hole: an older document shows only beside the file of a later one, and only to whoever may look at it.
  const mayNotLook = history.faults.some(({ planted }) => planted.startsWith('denied objects'));
  const isUnknowable = ({ runId }: Violation) =>
    history.restorations.some((one) => one.runId === runId && (!one.isFileCurrent || mayNotLook));
  const found = [
    ...history.drops.flatMap((drop) => dropViolations(facts, drop)),
    ...[...writes.values()].flatMap((ofRun) => documentViolations(history, ofRun)),
    ...jobInvariants(facts),
    ...bucketViolations(history),
    ...textViolations(history),
    ...capViolations(history),
  ];
  return found.filter((one) => !isUnknowable(one));
}

type Drop = History['drops'][number];

function dropViolations({ history, writes }: Facts, drop: Drop): Violation[] {
  const { runId } = drop;
  const run = history.end.runs[runId];
  const isDeleted = history.deletions.some((one) => one.runId === runId);
  if (!run) {
    // Hole: of an upload that was replaced or deleted before anybody looked, nobody can know that it was ever there.
    const isUnknowable = drop.goneTime !== undefined && !writes.has(runId);
    if (isUnknowable || (isDeleted && !isToComeBack(history, runId))) return [];
    return [{ invariant: 'I2', runId, what: 'there is no document' }];
  }
  const found: Violation[] = [];
  const say = (invariant: string, what: string) => found.push({ invariant, runId, what });
  const { state, reason } = run.status;
  if (!isTerminal(state)) say('I2', `is ${state} (${reason}) at the end`);
  if (run.work.nextAction !== null) say('I3', `${run.work.nextAction} is left to do at the end`);
  const file = history.end.files[runId];
  // Hole: a permission that is missing for long keeps no run from ending, but its files from being written.
  const isDenied = history.faults.some(({ planted }) => planted.startsWith('denied objects'));
  // Of a document that a person put back the end may be written a second time, by another function and at another time.
  const isPutBack = writes.get(runId)?.some(({ by }) => by === BACKUP) ?? false;
  const isSaid = isPutBack ? stateIn(file) === state : file === statusFile(run);
  if (!isSaid && !isDenied) say('files', `status.json is not what the document says (${state}): ${file}`);
  for (const { to } of run.status.history) {
    const isPublished = history.published.some((one) => one.runId === runId && one.state === to);
    if (!isPublished) say('messages', `${to} was not published`);
  }
  if (!mayEndAs(history, drop, writes.get(runId) ?? [])) say('I1', `ended as ${state} (${reason})`);
  return found;
}

const stateIn = (file: string | undefined): unknown => file && JSON.parse(file).status.state;

/** The shortest time after which a run gives up that waits for what may pass. */
const LEAST_WAIT_MS = 6 * 3_600_000;

/** Ends that an upload may have without a job, and what has to be true then. */
const EXPLAINED: Partial<Record<RunState, (facts: EndFacts) => boolean>> = {
  SUPERSEDED: ({ drop }) => drop.goneTime !== undefined,
  SKIPPED: ({ history, drop }) =>
    drop.asks === 'cancel' || drop.isTwin === true || isDoneByTwin(history, drop),
  REJECTED: ({ drop }) => drop.asks === 'nothing' || drop.isDataLate === true,
  CANCELLED: ({ history, drop }) =>
    history.drops.some(({ asks, uri, time }) => asks === 'cancel' && uri === drop.uri && time >= drop.time),
  FAILED: ({ history, writes }) => isFailureExplained(history, writes),
  DEAD_LETTERED: ({ history, drop, writes }) =>
    spanMs(drop.time, writes.at(-1)?.time) >= history.deployment.maximumWaitMs,
};

/** Whether somebody slept over its check until the same bytes, uploaded once more, had become what it asks for. */
function isDoneByTwin({ drops, end }: History, drop: Drop): boolean {
  const later = drops.filter(({ uri }) => uri === drop.uri);
  const after = later.slice(later.indexOf(drop) + 1);
  const other = after.findIndex(({ isTwin }) => !isTwin);
  const twins = other === -1 ? after : after.slice(0, other);
  return twins.some(({ runId }) => (end.runs[runId]?.status.state ?? 'SKIPPED') !== 'SKIPPED');
}

interface EndFacts {
  history: History;
  drop: Drop;
  writes: readonly DocumentWrite[];
}

const WITH_JOB: readonly RunState[] = ['SUCCEEDED', 'PARTIAL', 'FAILED', 'CANCELLED', 'EXPIRED', 'LOST'];

function mayEndAs(history: History, drop: Drop, writes: readonly DocumentWrite[]): boolean {
  const status = history.end.runs[drop.runId]?.status;
  if (!status) return true;
  if (status.job && WITH_JOB.includes(status.state)) return drop.asks === 'job';
  return EXPLAINED[status.state]?.({ history, drop, writes }) ?? false;
}

/** Somebody said no for good, or what may pass did not for as long as it is waited for. */
function isFailureExplained(history: History, writes: readonly DocumentWrite[]): boolean {
  const end = writes.find(({ run }) => isTerminal(run.status.state));
  const before = end && writes[writes.indexOf(end) - 1];
  if (!end || !before) return false;
  const wasRefused = history.faults.some(({ planted }) => /^(?:invalid|denied) /.test(planted));
  if (wasRefused && !/Planted|Queue|Waited/.test(end.run.status.reason)) return true;
  const { waitingSince } = before.run.work;
  const since = before.run.work.fault?.since ?? waitingSince ?? end.time;
  return spanMs(since, end.time) >= LEAST_WAIT_MS;
}

function spanMs(from: string, to: string | undefined): number {
  return Date.parse(to ?? from) - Date.parse(from);
}

function documentViolations(history: History, writes: readonly DocumentWrite[]): Violation[] {
  const { deployment } = history;
  const found: Violation[] = [];
  const ends = new Set<string>();
  writes.forEach(({ run, time, by, runId }, index) => {
    const say = (invariant: string, what: string) =>
      found.push({ invariant, runId, what: `${what} (${by}, ${time})` });
    const { status, work } = run;
    if (isTerminal(status.state)) ends.add(status.state);
    else if (work.nextAction === null || work.nextActionAt === null)
      say('I3', `${status.state} without a next action`);
    const isByHand = isAfterHand(history, writes[index - 1], { runId, by, time });
    const before = isByHand ? undefined : writes[index - 1]?.run;
    const isForward = isBroughtForward(writes.slice(0, index), run);
    if (before)
      for (const what of isForward ? changedEnd(before, run) : backwards(before, run)) say('I5', what);
    if (before && isAskedTooSoon(before, run, time)) say('I3', 'was asked again before it was due');
    if (before && isEndUnverified(before, run)) say('I1', 'was cancelled and nobody will look for its job');
    if (!run.spec.source.uri.startsWith(`gs://${deployment.inboxBucket}/`)) say('I7', run.spec.source.uri);
  });
  found.push(...lateWriters(writes));
  if (ends.size > 1) found.push({ invariant: 'I2', runId: writes[0]?.runId, what: `has ends ${[...ends]}` });
  return found;
}

/** A document that a person put there, or that was made anew after a person had deleted it: it may say less than the one before. */
function isAfterHand(
  { deletions }: History,
  before: DocumentWrite | undefined,
  write: Omit<DocumentWrite, 'run'>,
) {
  const { runId, by, time } = write;
  const isGone = (at: string) => before !== undefined && at >= before.time && at <= time;
  return by === BACKUP || deletions.some((one) => one.runId === runId && isGone(one.time));
}

type Run = DocumentWrite['run'];

/**
 * What others wrote on a document that a person had put back is not what the run was: it becomes what the file of the run says, which
 * may be less, though never another end.
 */
function isBroughtForward(earlier: readonly DocumentWrite[], { status: { restoredTime } }: Run): boolean {
  return earlier.some(({ by }) => by === BACKUP) && restoredTime !== earlier.at(-1)?.run.status.restoredTime;
}

function changedEnd({ status: { state: was } }: Run, { status: { state: is } }: Run): string[] {
  return isTerminal(was) && is !== was ? [`the end ${was} became ${is}`] : [];
}

function backwards(before: Run, after: Run): string[] {
  const [was, is] = [before.status.state, after.status.state];
  const found = changedEnd(before, after);
  if (RUN_STATES[is].rank < RUN_STATES[was].rank) found.push(`went back from ${was} to ${is}`);
  if (after.work.epoch < before.work.epoch) found.push('the epoch fell');
  if (after.work.revision < before.work.revision) found.push('the revision fell');
  if (after.status.history.length < before.status.history.length) found.push('lost some of its history');
  return found;
}

function isAskedTooSoon(before: Run, after: Run, time: string): boolean {
  return after.work.requests > before.work.requests && (before.work.nextActionAt ?? '') > time;
}

/** Whoever was asked to make a job may be at it; only before that a cancel is the last word. */
function isEndUnverified({ status: was, work }: Run, { status: is, work: { nextAction } }: Run): boolean {
  if (is.state !== 'CANCELLED' || is.job || isTerminal(was.state)) return false;
  return nextAction !== 'observe' && work.nextAction !== 'validate';
}

/**
 * Who has claimed a run writes it only until somebody else claims it. What it says of other jobs, and what it has published, is so
 * whoever holds the run.
 */
function lateWriters(writes: readonly DocumentWrite[]): Violation[] {
  const found: Violation[] = [];
  const epochs = new Map<string, number>();
  writes.forEach(({ run, by, runId, time }, index) => {
    const before = writes[index - 1]?.run;
    if (run.work.epoch > (before?.work.epoch ?? 0)) {
      // Who brings a document forward, or makes it anew, raises the epoch and claims nothing.
      if (run.status.restoredTime === before?.status.restoredTime) epochs.set(by, run.work.epoch);
      return;
    }
    const own = epochs.get(by);
    if (own === undefined || own === run.work.epoch || run.work.revision === before?.work.revision) return;
    const isOfOthers = run.status.otherJobs?.length !== before?.status.otherJobs?.length;
    if (!isOfOthers)
      found.push({ invariant: 'I5', runId, what: `${by} wrote after its claim was over (${time})` });
  });
  return found;
}

function bucketViolations({ objects, deployment: { inboxBucket, resultsBucket } }: History): Violation[] {
  return objects
    .filter(({ bucket, verb }) => bucket !== resultsBucket && (bucket !== inboxBucket || verb !== 'read'))
    .map(({ by, verb, bucket, name }) => ({
      invariant: 'I7',
      what: `${by}: ${verb} of gs://${bucket}/${name}`,
    }));
}

function textViolations({ end: { texts, canary } }: History): Violation[] {
  return texts.some((text) => text.includes(canary))
    ? [{ invariant: 'I8', what: `the word ${canary} of the data stands where people read` }]
    : [];
}

/** A cap holds for what the documents count: whose job is being made or lives. */
function capViolations({
  documents,
  deletions,
  restorations,
  deployment: { maxActiveJobs },
}: History): Violation[] {
  // Hole: what is not in the documents is not counted.
  if (maxActiveJobs === undefined || deletions.length + restorations.length > 0) return [];
  const active = new Set<string>();
  for (const { run, time } of documents) {
    const isActive =
      ['submit', 'observe'].includes(run.work.nextAction ?? '') && !isTerminal(run.status.state);
    if (isActive) active.add(run.runId);
    else active.delete(run.runId);
    if (active.size > maxActiveJobs) {
      return [{ invariant: 'I9', what: `${active.size} jobs are being made or live at ${time}` }];
    }
  }
  return [];
}
