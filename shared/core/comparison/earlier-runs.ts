/** The earlier runs of a manifest beside a later one: what was different, what came of it, what it did cost. Pure. */
import type { DataKey } from '../models/data-keys.ts';
import type { Run } from '../run/run.ts';
import type { RunState } from '../run/states.ts';
import { compareRuns, type RunComparison } from './compare-runs.ts';

/** So many are told of, the newest of them. */
export const MOST_EARLIER_RUNS = 10;

export interface EarlierRun {
  runId: string;
  createTime: string;
  state: RunState;
  /** `before` is what the earlier run had, `after` what the later one has; only those that differ. */
  settings: RunComparison['settings'];
  /** The files that have other bytes. */
  otherData: DataKey[];
  /** What was measured of it: first what the later run has, too. */
  measure?: RunComparison['measures'][number] | undefined;
  /** US dollars that it did cost, and the later one: undefined where unknown. */
  usd: { before?: number | undefined; after?: number | undefined };
}

/** Those among some runs that are of the same manifest and were made before, the newest first. An upload that was skipped made nothing. */
export function earlierRuns(run: Run, others: readonly Run[]): EarlierRun[] {
  return others
    .filter((other) => isEarlier(other, run))
    .sort((one, other) => other.status.createTime.localeCompare(one.status.createTime))
    .slice(0, MOST_EARLIER_RUNS)
    .map((earlier) => besideLater(earlier, run));
}

function isEarlier(other: Run, run: Run): boolean {
  return (
    other.spec.source.uri === run.spec.source.uri &&
    other.status.createTime < run.status.createTime &&
    other.status.state !== 'SKIPPED'
  );
}

function besideLater(earlier: Run, run: Run): EarlierRun {
  const { settings, files, measures } = compareRuns(earlier, run);
  const measured = measures.filter(({ before }) => before !== undefined);
  return {
    ...{ runId: earlier.runId, createTime: earlier.status.createTime, state: earlier.status.state },
    // Of a run without a plan nobody knows which settings it would have had.
    settings: earlier.spec.plan && run.spec.plan ? settings : [],
    otherData: files.flatMap(({ key, isSame }) => (isSame ? [] : key)),
    measure: measured.find(({ after }) => after !== undefined) ?? measured[0],
    usd: { before: paidUsd(earlier), after: paidUsd(run) },
  };
}

/** US dollars of the training and of the answers of the evaluation; undefined where that of the training is unknown. */
function paidUsd({ status: { cost, evaluation } }: Pick<Run, 'status'>): number | undefined {
  const training = cost?.actual?.usd ?? undefined;
  return training === undefined ? undefined : training + (evaluation?.usd ?? 0);
}
