import { TuneError } from '../../shared/core/errors/errors.ts';
import type { LearntLimit } from '../../shared/core/run/admission.ts';
import { isPublishedAtOnce } from '../../shared/core/run/changes.ts';
import { type Findings, planned } from '../../shared/core/run/events.ts';
import { runOfSweep } from '../../shared/core/run/new-run.ts';
import type { Run, RunSpec } from '../../shared/core/run/run.ts';
import { sweepOpened, sweptRow } from '../../shared/core/run/sweep-events.ts';
import { type RunEvent, transition } from '../../shared/core/run/transitions.ts';
import type { Cost } from '../../shared/core/tuning/cost.ts';
import type { PricedPlan } from '../../shared/core/tuning/plan-manifest.ts';
import type { CheckedData } from '../../shared/flows/check-data.ts';
import { expectedDurationOf } from '../../shared/flows/expected-duration.ts';
import { writeRecordedFile } from '../../shared/flows/run-files.ts';
import type { ValidateDeps } from './deps.ts';
import { copyForRuns } from './sweep-files.ts';
import { evaluationOf, verdictOf } from './verdict.ts';

interface CheckedSweep {
  sweep: readonly PricedPlan[];
  /** What was found in the upload, which is told of the run of its manifest alone. */
  listed: Findings;
  learnt: LearntLimit | undefined;
  isDryRun: boolean;
  spec: Partial<RunSpec>;
  datasets: CheckedData['statistics'];
  /** Of all runs. */
  cost: Cost | undefined;
}

/** The verdict on a manifest that asks for several runs, and these, checked with it: they are opened in the transaction that says so. */
export async function sweepOf(
  deps: ValidateDeps,
  run: Run,
  checked: CheckedSweep,
): Promise<{ event: RunEvent; opens: Run[] }> {
  const { sweep, listed, isDryRun, spec } = checked;
  const { objects, clock } = deps;
  const runIds = sweep.map(({ plan }) => plan.runId);
  if (!isDryRun) {
    const staged = Object.values(spec.datasets ?? {}).flatMap((source) => (source ? { source } : []));
    await copyForRuns(objects, staged, { from: run.runId, to: runIds });
  }
  const now = clock.now().toISOString();
  const opens = await Promise.all(sweep.map((one) => runOf(deps, run, { one, checked, now })));
  const rows = opens.map(sweptRow);
  if (!isDryRun) return { event: sweepOpened(listed, rows, now), opens };
  const event = planned(listed);
  return { event: { ...event, status: { ...event.status, sweep: { runs: rows } } }, opens: [] };
}

/** One run of a sweep, with its own verdict. */
async function runOf(
  deps: ValidateDeps,
  parent: Run,
  { one, checked, now }: { one: PricedPlan; checked: CheckedSweep; now: string },
): Promise<Run> {
  const { index, settings, manifest, plan, cost } = one;
  const { listed, learnt, isDryRun, spec, datasets } = checked;
  const { resultsBucket } = deps.config;
  const bare = runOfSweep(parent, { index, settings, resultsBucket }, now);
  const evaluation = evaluationOf(deps, {
    ...{ manifest, plan, spec, datasets, cost: checked.cost },
    runs: checked.sweep.length,
  });
  const found: Findings = {
    ...{ issues: [], issueCount: { error: 0, warning: 0, advice: 0 } },
    datasets: listed.datasets,
    ...{ cost, evaluation, expectedDuration: await expectedDurationOf(deps, { plan, data: datasets }) },
    spec: { manifest, datasets: spec.datasets, plan },
  };
  const event = await verdictOf(deps, bare, { found, plan, learnt, isDryRun, before: index - 1 });
  const checkedRun = transition(bare, event, now);
  if (checkedRun.outcome === 'changed') return checkedRun.run;
  throw new TuneError('permanent', `${bare.runId} cannot be opened`, { reason: 'SweepNotOpened' });
}

/** Runs that were opened begin. Whoever dies here leaves them due: `poll` asks for what was not done. */
export async function beginSwept(deps: ValidateDeps, runs: readonly Run[]): Promise<void> {
  await Promise.all(runs.map((run) => begin(deps, run)));
}

async function begin({ objects, runs, outbox, wake, config, logger }: ValidateDeps, run: Run): Promise<void> {
  if (isPublishedAtOnce(run)) await outbox.publishAndNote(run);
  const file = writeRecordedFile({ objects, runs, logger, resultsBucket: config.resultsBucket }, run);
  const woken = run.work.nextAction === 'submit' ? wake('submit', run) : undefined;
  await Promise.all([file, woken]);
}
