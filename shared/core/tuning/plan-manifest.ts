import type { ManifestIssue } from '../issues/manifest.ts';
import type { ParsedManifest } from '../manifest/manifest.ts';
import type { Sweep } from '../manifest/sweep.ts';
import type { DataKey } from '../models/data-keys.ts';
import { type Cost, sumOfCosts } from './cost.ts';
import { checkCost, checkSweepCost } from './cost-caps.ts';
import type { Plan } from './plan.ts';
import type { PlanInput } from './plan-input.ts';
import { planRun } from './planning.ts';
import { costOfData } from './run-cost.ts';
import { planSweep, type SweptPlan } from './sweep-planning.ts';

/** A run of a sweep, and what it costs. */
export interface PricedPlan extends SweptPlan {
  cost: Cost;
}

export interface PlannedManifest {
  /** Of a sweep that of its first run. */
  plan: Plan;
  /** Of a sweep that of all its runs. */
  cost: Cost;
  /** Its runs, where lists of settings ask for several. */
  sweep?: PricedPlan[] | undefined;
}

export interface ManifestToPlan extends Pick<PlanInput, 'folderName' | 'limits' | 'trainExamples' | 'runId'> {
  parsed: ParsedManifest;
  /** Of the training data. */
  training: Parameters<typeof costOfData>[1];
  /** The run of a sweep in this place, from 1. */
  runIdOf: (index: number) => string;
  /** The copies that a run trains on. */
  stagedUrisOf?: ((runId: string) => Partial<Record<DataKey, string>>) | undefined;
  onIssue: (issue: ManifestIssue) => void;
  /** Whether there are errors by now: of data with mistakes nobody knows what the corrected ones will cost. */
  isRefused: () => boolean;
}

/** Plans what a manifest asks for, and tells what is wrong or unwise about that; undefined where it is not right in itself. */
export function planManifest(input: ManifestToPlan): PlannedManifest | undefined {
  const { parsed, training, folderName, limits, trainExamples, runId, stagedUrisOf, onIssue } = input;
  const { manifest, locate, sweep } = parsed;
  if (!manifest) return undefined;
  const price = (one: Plan, ...refused: boolean[]) => costOfData(one, training, limits.prices, ...refused);
  if (sweep) return planRuns(input, sweep, price);
  const stagedUris = stagedUrisOf?.(runId);
  const { plan, issues } = planRun({
    ...{ manifest, folderName, limits, locate, trainExamples, runId, stagedUris },
  });
  issues.forEach(onIssue);
  const isRefused = input.isRefused();
  checkCost({ manifest, plan, price, limits, locate }).forEach(onIssue);
  return { plan, cost: price(plan, isRefused) };
}

function planRuns(
  { parsed, folderName, limits, trainExamples, runIdOf, stagedUrisOf, onIssue, isRefused }: ManifestToPlan,
  sweep: Sweep,
  price: (plan: Plan, ...refused: boolean[]) => Cost,
): PlannedManifest | undefined {
  const { draft: manifest, locate } = parsed;
  const { plans: runs, issues } = planSweep({
    ...{ sweep, folderName, limits, locate, trainExamples, runIdOf, stagedUrisOf },
  });
  issues.forEach(onIssue);
  const areRefused = isRefused();
  const [key = ''] = Object.keys(sweep.values);
  const plans = runs.map(({ plan }) => plan);
  checkSweepCost({ manifest, plans, price, limits, locate, key }).forEach(onIssue);
  const priced = runs.map((one) => ({ ...one, cost: price(one.plan, areRefused) }));
  const [first] = priced;
  return first && { plan: first.plan, cost: sumOfCosts(priced.map(({ cost }) => cost)), sweep: priced };
}
