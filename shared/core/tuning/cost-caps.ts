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
  limits: Pick<DeploymentLimits, 'maxCostUsd' | 'unknownPrices'>;
  locate: Locate;
}

interface Cap {
  limit: number;
  setBy: 'manifest' | 'deployment';
}

/** Holds the high end of a cost against the manifest's cap and the deployment's; a cost that is not known fits under none, unless the deployment lets it. */
export function checkCost(check: CostCheck): ManifestIssue[] {
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
  const fits = epochsThatFit(cap, check);
  const fields = { ...cap, low, high, epochs, fits, key: writtenAs(locate, 'epoch_count') };
  return manifestIssue('cost_over_limit', at(cap, check), fields);
}

/** The largest number of epochs whose own high end is within the cap; 0 where not even one is. */
function epochsThatFit({ limit }: Cap, { plan, price }: CostCheck): number {
  if (plan.backend !== 'tuningJobs') return 0;
  const { training } = plan;
  for (let epochs = training.epochs - 1; epochs > 0; epochs--) {
    const { usd } = price({ ...plan, training: { ...training, epochs } });
    if (usd !== null && usd.high <= limit) return epochs;
  }
  return 0;
}

function at({ setBy }: Cap, { locate }: CostCheck) {
  return locate(setBy === 'manifest' ? 'max_cost_usd' : 'epoch_count');
}
