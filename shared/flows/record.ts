import { MOST_EARLIER_RUNS } from '../core/comparison/earlier-runs.ts';
import { asTuneError } from '../core/errors/errors.ts';
import { renderReport } from '../core/report/report.ts';
import { type ApplyOptions, type ApplyResult, decideApply } from '../core/run/apply.ts';
import { isPublishedAtOnce, isPublishedFirst } from '../core/run/changes.ts';
import { reportFile } from '../core/run/files.ts';
import { type ConsoleOptions, linksOf } from '../core/run/links.ts';
import type { Run } from '../core/run/run.ts';
import { isTerminal } from '../core/run/states.ts';
import { type RunEvent, TRANSITIONS, type TransitionResult, transition } from '../core/run/transitions.ts';
import type { Clock, Logger, ObjectStore, RunStore } from '../ports.ts';
import type { CatchUp } from './catch-up.ts';
import type { Outbox } from './outbox.ts';
import { readAnswers, writeRecordedFile, writeReport, writeStatusFile } from './run-files.ts';

export interface RecordDeps {
  runs: RunStore;
  objects: ObjectStore;
  outbox: Outbox;
  clock: Clock;
  logger: Logger;
  resultsBucket: string;
  console: ConsoleOptions;
  /** For an end of a document that somebody has put back: its file is later than the end. */
  catchUp: CatchUp;
  /** Whether reports may have texts of examples. */
  areExamplesShown: boolean;
}

interface Fact {
  event: RunEvent;
  now: string;
  options: ApplyOptions;
}

type Changed = Extract<TransitionResult, { outcome: 'changed' }>;

/** Records what happened to a run, in the document, in the files of its folder, and in what is published of it. */
export type RecordEvent = (run: Run, event: RunEvent, options?: RecordOptions) => Promise<ApplyResult>;

export interface RecordOptions extends ApplyOptions {
  /** Wakes whoever goes on as soon as the document says so, without waiting for the file. Called for a change alone; must not reject. */
  wakeNext?: (run: Run) => Promise<void>;
}

/**
 * The order is what makes a crash harmless. A run that goes on is written to Firestore first: its next change corrects
 * the file. A run that ends has no next change, so its file comes first, and the document that points to it last. What is
 * published is noted in the document by the write that comes next; only where none may come for long it is noted by itself.
 * A message only wakes, and the file of a later revision is never overwritten: whoever is woken may overtake the file of before.
 * A report that cannot be written for long keeps no run from ending, which then names none; one that can be soon is worth
 * another try.
 */
export function createRecord({
  runs,
  objects,
  outbox,
  clock,
  logger,
  resultsBucket,
  console,
  catchUp,
  areExamplesShown,
}: RecordDeps): RecordEvent {
  const files = { objects, runs, resultsBucket };

  const writeEnd = async ({ run }: Changed): Promise<boolean> => {
    const answers = areExamplesShown ? await readAnswers(objects, resultsBucket, run) : [];
    const series = await runs.seriesOf(run.runId);
    const html = renderReport({ run, series, answers, earlier: await earlierOf({ runs, logger }, run) });
    await writeReport(files, { run, html });
    return writeStatusFile(files, { run, standing: 'ahead' });
  };

  /** A fact is of no use to listeners where the run has ended meanwhile, or follows another job: its history will not have it. */
  const publishFact = async (run: Run, { event, now, options }: Fact): Promise<number> => {
    const there = await runs.get(run.runId);
    const decided = there && decideApply({ run: there, event, now, sameFingerprint: [] }, options);
    if (decided?.outcome !== 'changed') return run.work.published;
    return (await outbox.publish(withPublished(decided.run, run))).work.published;
  };

  const recordOnce = async (run: Run, bareEvent: RunEvent, { wakeNext, ...wanted }: RecordOptions) => {
    const linked = withLinks(run, bareEvent, console);
    let event = withReport(run, linked);
    let options: ApplyOptions = wanted;
    const now = clock.now().toISOString();
    const preview = transition(run, event, now);
    if (preview.outcome === 'changed' && isTerminal(preview.run.status.state)) {
      // The files say what the document will: so it must still be the one that they were made of.
      options = { ...options, revision: options.revision ?? run.work.revision };
      const isLatest = await writeEnd(preview).catch((thrown) => {
        if (asTuneError(thrown).retry === 'soon') throw thrown;
        logger.thrown('a file of the run was not written', thrown, { runId: run.runId });
        event = linked;
        return true;
      });
      const caughtUp = isLatest ? undefined : await catchUp(run);
      if (caughtUp?.isCurrent === false) return { outcome: 'fenced', run: caughtUp.run } as const;
    }
    const isFact = preview.outcome === 'changed' && preview.history && isPublishedFirst(event.type);
    const published = isFact ? await publishFact(run, { event, now, options }) : run.work.published;
    const result = await runs.apply(run.runId, event, now, { ...options, published });
    if (result.outcome === 'changed') {
      const file = writeRecordedFile({ ...files, logger }, result.run);
      await Promise.all([file, wakeNext?.(result.run)]);
      // Last, since who dies before it leaves the run due, and its file is then written once more.
      if (isPublishedAtOnce(result.run)) await outbox.publishAndNote(result.run);
      logger.info('run changed', {
        runId: run.runId,
        state: result.run.status.state,
        reason: result.run.status.reason,
      });
    } else if (result.outcome !== 'unchanged') {
      logger.info('a change came too late', { runId: run.runId, event: event.type, outcome: result.outcome });
    }
    return result;
  };

  return async (found, event, options = {}) => {
    let run = found;
    for (let tries = 1; ; tries++) {
      const result = await recordOnce(run, event, options);
      if (tries === TRIES || !isOvertaken(result, run, options)) return result;
      run = withPublished(result.run, run);
    }
  };
}

/** A deployment may lack the index for them, or still build it: the report is worth writing without. */
function earlierOf({ runs, logger }: Pick<RecordDeps, 'runs' | 'logger'>, run: Run): Promise<Run[]> {
  return runs.listEarlierOf(run, MOST_EARLIER_RUNS).catch((thrown) => {
    if (asTuneError(thrown).retry === 'soon') throw thrown;
    logger.thrown('the earlier runs of a manifest were not read', thrown, { runId: run.runId });
    return [];
  });
}

/** How often an end is made anew of a run that somebody else changes meanwhile. */
const TRIES = 5;

/** The document changed after its end was made: the end is made of it as it is now, unless whoever ends it wanted it as it was. */
function isOvertaken(
  { outcome, run: now }: ApplyResult,
  run: Run,
  { epoch, revision }: RecordOptions,
): boolean {
  if (outcome !== 'fenced' || revision !== undefined) return false;
  return now.work.revision !== run.work.revision && (epoch === undefined || epoch === now.work.epoch);
}

/** What this function has published of the run already stands in no document yet. */
function withPublished(there: Run, { work }: Run): Run {
  const published = Math.max(there.work.published, work.published);
  return { ...there, work: { ...there.work, published } };
}

function withLinks(run: Run, event: RunEvent, console: ConsoleOptions): RunEvent {
  const links = linksOf({ status: { ...run.status, ...event.status } }, console);
  return Object.keys(links).length === 0 ? event : { ...event, status: { ...event.status, links } };
}

/** The document of a run that ends says where its report is. */
function withReport(run: Run, event: RunEvent): RunEvent {
  const { to } = TRANSITIONS[event.type];
  if (to === null || !isTerminal(to)) return event;
  return { ...event, status: { ...event.status, report: `${run.status.folder}${reportFile}` } };
}
