import type { DeploymentLimits } from '../../shared/core/manifest/deployment-limits.ts';
import type { Region } from '../../shared/core/models/regions.ts';

/** What a deployment sets about costs, teams, and models that Google has retired. */
export type SetLimits = Pick<
  DeploymentLimits,
  'maxCostUsd' | 'prices' | 'unknownPrices' | 'retiredModels' | 'areTeamsSeparated'
>;

/** What a caller may say about the deployment; nothing of it is needed to check data. */
export interface KnownDeployment extends SetLimits {
  project?: string | undefined;
  inboxBucket?: string | undefined;
  resultsBucket?: string | undefined;
  region: Region;
  serviceAccount?: string | undefined;
}

/** A deployment of which no list is known. */
export function offlineLimits(known: KnownDeployment): DeploymentLimits {
  return {
    project: known.project ?? '',
    inboxBucket: known.inboxBucket ?? '',
    resultsBucket: known.resultsBucket ?? '',
    defaultRegion: known.region,
    allowedDataBuckets: [],
    allowedServiceAccounts: [],
    defaultServiceAccount: known.serviceAccount,
    allowedKmsKeys: [],
    allowedTensorboards: [],
    allowedOutputRoots: [],
    retiredModels: known.retiredModels,
    areTeamsSeparated: known.areTeamsSeparated,
    ...{ maxCostUsd: known.maxCostUsd, prices: known.prices, unknownPrices: known.unknownPrices },
  };
}
