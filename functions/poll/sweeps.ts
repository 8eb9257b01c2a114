import { type Interval, pairedDifference } from '../../shared/core/evaluation/interval.ts';
import type { Run } from '../../shared/core/run/run.ts';
import { isSweepOver, sweepSeen, sweptRows } from '../../shared/core/run/sweep-events.ts';
import { byAnswers } from '../../shared/core/run/sweep-winner.ts';
import type { RecordEvent } from '../../shared/flows/record.ts';
import { readAnswers } from '../../shared/flows/run-files.ts';
import type { Clock, ObjectStore, RunStore } from '../../shared/ports.ts';

export interface SweepDeps {
  runs: Pick<RunStore, 'get'>;
  objects: ObjectStore;
  resultsBucket: string;
  record: RecordEvent;
  clock: Clock;
}

/** Looks at the runs that a manifest asked for, and says in the document of its own run what has become of them; where nothing has, nothing is written. */
export async function followSweep(deps: SweepDeps, parent: Run): Promise<void> {
  const rows = parent.status.sweep?.runs ?? [];
  const runs = await Promise.all(rows.map(({ runId }) => deps.runs.get(runId)));
  const difference = isSweepOver(runs) ? await differenceOfBest(deps, parent, runs) : undefined;
  const now = deps.clock.now().toISOString();
  await deps.record(parent, sweepSeen(parent, { runs, difference, now }), { revision: parent.work.revision });
}

/** The best two, example by example; undefined where they did not answer the same ones. */
async function differenceOfBest(
  { objects, resultsBucket }: SweepDeps,
  { status }: Run,
  runs: readonly (Run | undefined)[],
): Promise<Interval | undefined> {
  const best = byAnswers(sweptRows(status.sweep?.runs ?? [], runs)).slice(0, 2);
  const [one, other] = best.map(({ runId }) => runs.find((run) => run?.runId === runId));
  if (!one || !other) return undefined;
  const [ofOne, ofOther] = await Promise.all(
    [one, other].map((run) => readAnswers(objects, resultsBucket, run)),
  );
  const scores = new Map(ofOther?.map(({ line, score }) => [line, score.tuned]));
  const pairs = (ofOne ?? []).flatMap(({ line, score }) => {
    const beside = scores.get(line);
    return beside === undefined ? [] : [{ score: score.tuned, beside }];
  });
  if (pairs.length === 0 || pairs.length !== ofOne?.length || pairs.length !== ofOther?.length)
    return undefined;
  return pairedDifference(
    pairs.map(({ score }) => score),
    pairs.map(({ beside }) => beside),
  );
}
