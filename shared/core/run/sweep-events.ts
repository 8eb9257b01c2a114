import type { Interval } from '../evaluation/interval.ts';
import { settingsText } from '../manifest/sweep.ts';
import { checksPassed, type Findings } from './events.ts';
import { pendingAction, type Run, type RunStatus } from './run.ts';
import { isTerminal } from './states.ts';
import type { SweepStatus, SweptRun } from './sweep-status.ts';
import { hasModel, verdictOfSweep } from './sweep-winner.ts';
import type { RunEvent } from './transitions.ts';

/** The events of a manifest that asks for several runs, in words. Pure; times are RFC 3339 UTC. */

/** Checked and planned; its runs are opened together with this. */
export function sweepOpened(found: Findings, runs: readonly SweptRun[], now: string): RunEvent {
  const which = runs.map(({ settings }) => settingsText(settings)).join('; ');
  const passed = checksPassed(
    found,
    `it asks for ${runs.length} runs, each with a job of its own: ${which}.`,
  );
  return {
    ...passed,
    reason: 'SweepOpened',
    status: { ...passed.status, sweep: { runs: [...runs] } },
    next: { action: 'sweep', at: now },
  };
}

/** The row of a run, as its document has it. */
export function sweptRow(run: Run): SweptRun {
  const { index = 0, settings = {} } = run.spec.sweepOf ?? {};
  return { index, runId: run.runId, settings, ...observedOf(run.status) };
}

function observedOf({
  state,
  evaluation,
  metrics,
  cost,
  model,
}: RunStatus): Omit<SweptRun, 'index' | 'runId' | 'settings'> {
  const { measure, tuned, examples = 0 } = evaluation ?? {};
  return {
    state,
    answers: measure && tuned && evaluation?.state === 'DONE' ? { measure, examples, ...tuned } : undefined,
    best: metrics?.best,
    usd: cost?.usd ?? null,
    paidUsd: cost?.actual?.usd,
    model,
  };
}

/** The table with what its runs have become; of one whose document was deleted no state is known. */
export function sweptRows(before: readonly SweptRun[], runs: readonly (Run | undefined)[]): SweptRun[] {
  return before.map((row, index) => {
    const run = runs[index];
    return run ? sweptRow(run) : { ...row, state: undefined };
  });
}

/** Whether nothing more comes of a run of a sweep: its job, its evaluation, and its document where that was deleted. */
function isOver(run: Run | undefined): boolean {
  return run === undefined || (isTerminal(run.status.state) && pendingAction(run) === null);
}

/** Whether every run of a sweep is over. */
export function isSweepOver(runs: readonly (Run | undefined)[]): boolean {
  return runs.every(isOver);
}

export interface SeenSweep {
  /** The documents of its runs, in the order of the table. */
  runs: readonly (Run | undefined)[];
  /** The best two on the same examples, where both answered them. */
  difference?: Interval | undefined;
  now: string;
}

/** What a look at the runs of a sweep says of the run of its manifest. */
export function sweepSeen(parent: Run, { runs, difference, now }: SeenSweep): RunEvent {
  const rows = sweptRows(parent.status.sweep?.runs ?? [], runs);
  return isSweepOver(runs)
    ? sweepEnded(parent, { rows, runs, difference })
    : sweepGoesOn(parent, { rows, now });
}

function sweepGoesOn(parent: Run, { rows, now }: { rows: SweptRun[]; now: string }): RunEvent {
  const { cancelRequested } = parent.status;
  const hasJob = rows.some(({ state }) => state !== 'VALIDATED' && state !== 'SUBMITTING');
  const asked = cancelRequested === undefined ? '' : 'Asked to cancel; it ends as soon as its runs have. ';
  return {
    type: hasJob ? 'SweepRunning' : 'SweepSeen',
    reason: cancelRequested === undefined ? 'SweepGoesOn' : 'CancelRequested',
    message: `${asked}Of its ${rows.length} runs ${statesText(rows)}.${rows.every(isEnded) ? ' Models are still being asked the evaluation data.' : ''}`,
    status: { sweep: { runs: rows } },
    next: { action: 'sweep', at: parent.work.nextActionAt ?? now },
  };
}

const isEnded = ({ state }: SweptRun) => state === undefined || isTerminal(state);

interface EndedSweep extends Pick<SeenSweep, 'runs' | 'difference'> {
  rows: SweptRun[];
}

function sweepEnded({ status }: Run, { rows, runs, difference }: EndedSweep): RunEvent {
  const verdict = verdictOfSweep(rows, difference);
  const sweep: SweepStatus = { runs: rows, ...verdict };
  const succeeded = rows.filter(hasModel);
  if (succeeded.length > 0) {
    const chosen =
      rows.find(({ index }) => index === verdict.winner?.index) ??
      (succeeded.length === 1 ? succeeded[0] : undefined);
    const { model, endpoint, howToCall, evaluation } =
      runs.find((run) => run?.runId === chosen?.runId)?.status ?? {};
    return {
      type: 'SweepSucceeded',
      reason: 'SweepEnded',
      message: [
        `${succeeded.length === rows.length ? `All ${rows.length} runs succeeded` : `Of its ${rows.length} runs ${statesText(rows)}`}.`,
        verdict.sentence,
        chosen && evaluation?.sentence && `For ${settingsText(chosen.settings)}: ${evaluation.sentence}`,
      ]
        .filter(Boolean)
        .join(' '),
      remedy: verdict.winner || succeeded.length === 1 || wasMeasured(runs) ? undefined : WITHOUT_MEASURE,
      status: { sweep, model, endpoint, howToCall },
      next: null,
    };
  }
  if (status.cancelRequested) {
    return {
      type: 'SweepCancelled',
      reason: 'CancelRequested',
      message: `Cancelled: of its ${rows.length} runs ${statesText(rows)}.`,
      status: { sweep },
      next: null,
    };
  }
  const first = runs.find((run) => run !== undefined)?.status;
  return {
    type: 'SweepFailed',
    reason: 'NoRunSucceeded',
    message: [
      `None of its ${rows.length} runs succeeded: ${statesText(rows)}.`,
      first && `The first says: ${first.message}`,
    ]
      .filter(Boolean)
      .join(' '),
    remedy: first?.remedy ?? 'Read what each of its runs says, then upload the manifest again.',
    status: { sweep },
    next: null,
  };
}

/** Whether there was evaluation data: what is missing then each run says itself. */
const wasMeasured = (runs: SeenSweep['runs']) =>
  runs.some((run) => run?.status.evaluation !== undefined && run.status.evaluation.state !== 'LEFT_OUT');

const WITHOUT_MEASURE =
  'Add "evaluation_split": 0.1 to tune.json, or a file as evaluation_data_uri, where the model takes one: then the runs are compared by what their models answer.';

/** `1 is RUNNING, 2 are VALIDATED`. */
function statesText(rows: readonly SweptRun[]): string {
  const byState = Map.groupBy(rows, ({ state }) => state);
  return [...byState]
    .map(([state, { length }]) =>
      state === undefined
        ? `${length} ${length === 1 ? 'has' : 'have'} no document any more`
        : `${length} ${length === 1 ? 'is' : 'are'} ${state}`,
    )
    .join(', ');
}
