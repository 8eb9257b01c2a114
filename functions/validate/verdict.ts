import { later } from '../../shared/core/errors/backoff.ts';
import { planEvaluation } from '../../shared/core/evaluation/decide.ts';
import type { Manifest } from '../../shared/core/manifest/manifest.ts';
import type { LearntLimit } from '../../shared/core/run/admission.ts';
import { readByJob } from '../../shared/core/run/dataset-source.ts';
import { type Findings, planned, validated } from '../../shared/core/run/events.ts';
import { jobKindOf } from '../../shared/core/run/job-kinds.ts';
import { validatedInQueue } from '../../shared/core/run/queue-events.ts';
import type { Run, RunSpec } from '../../shared/core/run/run.ts';
import type { RunEvent } from '../../shared/core/run/transitions.ts';
import type { Cost } from '../../shared/core/tuning/cost.ts';
import type { Plan } from '../../shared/core/tuning/plan.ts';
import type { CheckedData } from '../../shared/flows/check-data.ts';
import type { ValidateDeps } from './deps.ts';
import { placeInQueue } from './place-in-queue.ts';

/** How long the submit function is given before it is asked again. */
const ASK_AGAIN_MS = 60_000;

interface Passed {
  found: Findings;
  plan: Plan;
  learnt: LearntLimit | undefined;
  isDryRun: boolean;
  /** Runs of the same sweep before it, which are in no queue yet. */
  before?: number;
}

/** Where only so many jobs may be active, so many start in a day, or so much be spent, the run waits for its turn; elsewhere its job is made at once. */
export async function verdictOf(
  deps: ValidateDeps,
  run: Run,
  { found, plan, learnt, isDryRun, before = 0 }: Passed,
): Promise<RunEvent> {
  if (isDryRun) return planned(found);
  const { clock, config } = deps;
  const kind = jobKindOf(plan);
  const caps = [config.maxActiveJobs[kind], config.maxFolderUsdAMonth, config.maxFolderRunsADay];
  const isSet = caps.some((cap) => cap !== undefined);
  const now = clock.now().toISOString();
  if (!isSet && !learnt) return validated(found, later(now, ASK_AGAIN_MS * config.retryScale));
  const { place, turn, ...where } = await placeInQueue(deps, run, { kind, learnt, now });
  const queue = { ...where, place: place + before, turn: before === 0 ? turn : undefined };
  return validatedInQueue(run, found, { queue, maximumWaitMs: config.maximumWaitMs });
}

/** What an evaluation is planned from. `cost` is what the caps have to hold beside it: of a sweep that of all its `runs`. */
export interface ToEvaluate {
  manifest: Partial<Manifest>;
  plan: Plan;
  cost: Cost | undefined;
  spec: Pick<Partial<RunSpec>, 'datasets'>;
  datasets: CheckedData['statistics'];
  runs?: number;
}

/** What comes after the tuning, said before it is paid for. */
export function evaluationOf(
  { clock, config }: Pick<ValidateDeps, 'clock' | 'config'>,
  { manifest, plan, cost, spec, datasets, runs }: ToEvaluate,
) {
  const source = spec.datasets?.evaluation_data_uri;
  return planEvaluation({
    ...{ manifest, plan, cost: { usd: cost?.usd ?? null }, limits: config.limits, runs },
    file: source && readByJob(source),
    data: datasets.evaluation_data_uri,
    maxFolderUsd: config.maxFolderUsdAMonth,
    today: clock.now().toISOString().slice(0, 10),
  });
}
