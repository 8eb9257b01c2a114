import type { Locate } from '../issues/issue.ts';
import { type ManifestIssue, manifestIssue } from '../issues/manifest.ts';
import type { DeploymentLimits } from '../manifest/deployment-limits.ts';
import type { Manifest } from '../manifest/keys.ts';
import { writtenAs } from '../manifest/reading.ts';
import type { Cost } from './cost.ts';
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
