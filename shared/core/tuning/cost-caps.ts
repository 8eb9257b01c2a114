import type { Locate } from '../issues/issue.ts';
import { type ManifestIssue, manifestIssue } from '../issues/manifest.ts';
import type { DeploymentLimits } from '../manifest/deployment-limits.ts';
import type { Manifest } from '../manifest/keys.ts';
import { writtenAs } from '../manifest/reading.ts';
import { type Cost, sumOfCosts } from './cost.ts';
import type { Plan } from './plan.ts';

export interface CostCheck {
  manifest: Pick<Manifest, 'max_cost_usd'>;
  plan: Plan;
  /** What a plan costs. */
  price: (plan: Plan) => Cost;
  limits: Pick<DeploymentLimits, 'maxCostUsd' | 'maxTrainingTokens' | 'unknownPrices'>;
  locate: Locate;
}

interface Cap {
  limit: number;
  setBy: 'manifest' | 'deployment';
}

/** Holds what a run will take against what the manifest and the deployment allow. */
export function checkCost(check: CostCheck): ManifestIssue[] {
  return [...checkTokens(check), ...checkDollars(check)];
}

export interface SweepCostCheck extends Omit<CostCheck, 'plan'> {
  plans: readonly Plan[];
  /** The key whose list asks for the runs. */
  key: string;
}

/** The same of the runs of a sweep, taken together: a manifest has one cap, however many runs it asks for. */
export function checkSweepCost({ plans, key, ...check }: SweepCostCheck): ManifestIssue[] {
  const [plan] = plans;
  if (plan === undefined) return [];
  const costs = plans.map((one) => check.price(one));
  const sum = sumOfCosts(costs);
  const runs = plans.length;
  const most = check.limits.maxTrainingTokens;
  const found = sum.trainingTokens?.high ?? 0;
  const isOverTokens = most !== undefined && plan.backend === 'tuningJobs' && found > most;
  const fitting = (limit: number, high: (cost: Cost) => number) => runsThatFit(costs.map(high), limit);
  const tokens = isOverTokens
    ? [
        manifestIssue('sweep_tokens_over_limit', check.locate(key), {
          ...{ found, limit: most, runs },
          fits: fitting(most, ({ trainingTokens }) => trainingTokens?.high ?? 0),
        }),
      ]
    : [];
  const caps = capsOf({ ...check, plan });
  const [lowest] = caps.toSorted((a, b) => a.limit - b.limit);
  if (lowest === undefined) return tokens;
  if (sum.usd === null) {
    return [...tokens, ...caps.flatMap((cap) => unknownUnder(cap, sum, { ...check, plan }))];
  }
  const { low, high } = sum.usd;
  if (high <= lowest.limit) return tokens;
  const fits = fitting(lowest.limit, ({ usd }) => usd?.high ?? 0);
  const at = check.locate(lowest.setBy === 'manifest' ? 'max_cost_usd' : key);
  return [...tokens, manifestIssue('sweep_cost_over_limit', at, { ...lowest, low, high, runs, fits })];
}

/** How many of the cheapest runs fit together. */
function runsThatFit(each: readonly number[], limit: number): number {
  const cheapest = each.toSorted((a, b) => a - b);
  const sumOf = (count: number) => cheapest.slice(0, count).reduce((sum, one) => sum + one, 0);
  return cheapest.filter((_, index) => sumOf(index + 1) <= limit).length;
}

/** Tokens that nobody could count, of files and of data with mistakes, are in no number here. */
function checkTokens(check: CostCheck): ManifestIssue[] {
  const { plan, limits, locate } = check;
  const limit = limits.maxTrainingTokens;
  if (limit === undefined || plan.backend !== 'tuningJobs') return [];
  const found = check.price(plan).trainingTokens?.high ?? 0;
  if (found <= limit) return [];
  const { epochs } = plan.training;
  const fits = epochsThatFit(check, ({ trainingTokens }) => (trainingTokens?.high ?? 0) <= limit);
  const fields = { found, limit, epochs, fits, key: writtenAs(locate, 'epoch_count') };
  return [manifestIssue('training_tokens_over_limit', locate('epoch_count'), fields)];
}

/** Holds the high end of a cost against the manifest's cap and the deployment's; a cost that is not known fits under none, unless the deployment lets it. */
function checkDollars(check: CostCheck): ManifestIssue[] {
  const caps = capsOf(check);
  const [lowest] = caps.toSorted((a, b) => a.limit - b.limit);
  if (lowest === undefined) return [];
  const cost = check.price(check.plan);
  if (cost.usd === null) return caps.flatMap((cap) => unknownUnder(cap, cost, check));
  const { high } = cost.usd;
  return high > lowest.limit ? [overCap(lowest, { high, low: cost.usd.low }, check)] : [];
}

function capsOf({ manifest, limits }: CostCheck): Cap[] {
  const caps: [Cap['setBy'], number | undefined][] = [
    ['manifest', manifest.max_cost_usd],
    ['deployment', limits.maxCostUsd],
  ];
  return caps.flatMap(([setBy, limit]) => (limit === undefined ? [] : [{ setBy, limit }]));
}

/** What nobody counted here is counted at upload. A deployment lets such runs under its own cap, and under nobody else's. */
function unknownUnder(cap: Cap, { unknown = 'price', madeOf }: Cost, check: CostCheck): ManifestIssue[] {
  const isAllowed = cap.setBy === 'deployment' && check.limits.unknownPrices === 'allow';
  if (unknown === 'notCounted' || isAllowed) return [];
  const fields = { ...cap, model: check.plan.baseModel, why: unknown, madeOf };
  return [manifestIssue('cost_unknown', at(cap, check), fields)];
}

function overCap(cap: Cap, { low, high }: { low: number; high: number }, check: CostCheck): ManifestIssue {
  const { plan, locate } = check;
  const epochs = plan.backend === 'tuningJobs' ? plan.training.epochs : 0;
  const fits = epochsThatFit(check, ({ usd }) => usd !== null && usd.high <= cap.limit);
  const fields = { ...cap, low, high, epochs, fits, key: writtenAs(locate, 'epoch_count') };
  return manifestIssue('cost_over_limit', at(cap, check), fields);
}

/** The largest number of epochs whose own cost fits; 0 where not even that of one does. */
function epochsThatFit({ plan, price }: CostCheck, isWithin: (cost: Cost) => boolean): number {
  if (plan.backend !== 'tuningJobs') return 0;
  const { training } = plan;
  for (let epochs = training.epochs - 1; epochs > 0; epochs--) {
    if (isWithin(price({ ...plan, training: { ...training, epochs } }))) return epochs;
  }
  return 0;
}

function at({ setBy }: Cap, { locate }: CostCheck) {
  return locate(setBy === 'manifest' ? 'max_cost_usd' : 'epoch_count');
}
