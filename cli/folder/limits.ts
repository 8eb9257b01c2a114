import type { DeploymentLimits } from '../../shared/core/manifest/deployment-limits.ts';
import type { Region } from '../../shared/core/models/regions.ts';

/** What a deployment sets about costs and other caps, teams, and models that Google has retired. */
export type SetLimits = Pick<
  DeploymentLimits,
  | 'maxTrainSteps'
  | 'maxTrainingTokens'
  | 'maxAccelerators'
  | 'maxCostUsd'
  | 'prices'
  | 'unknownPrices'
  | 'retiredModels'
  | 'areTeamsSeparated'
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
export function offlineLimits({
  project,
  inboxBucket,
  resultsBucket,
  region,
  serviceAccount,
  ...set
}: KnownDeployment): DeploymentLimits {
  return {
    ...set,
    project: project ?? '',
    inboxBucket: inboxBucket ?? '',
    resultsBucket: resultsBucket ?? '',
    defaultRegion: region,
    allowedDataBuckets: [],
    allowedServiceAccounts: [],
    defaultServiceAccount: serviceAccount,
    allowedKmsKeys: [],
    allowedTensorboards: [],
    allowedOutputRoots: [],
  };
}
