import type { AcceleratorType, Location, Region } from '../models/regions.ts';
import type { TuningModel } from '../models/tuning-models.ts';
import type { OwnPrices } from './own-prices.ts';

/**
 * What a deployment allows: a manifest steers identities that may do more than its author, so data, accounts, keys and
 * directories come from lists that the administrator keeps. Nothing is allowed that is not listed, but the inbox itself.
 */
export interface DeploymentLimits {
  project: string;
  projectNumber?: string;
  /** Bucket names, without `gs://`. */
  inboxBucket: string;
  resultsBucket: string;
  /** Buckets that data sets may come from, beside the inbox. */
  allowedDataBuckets: string[];
  /** Whether a manifest may name only what lies in its own top-level folder of the inbox. Default: all of the inbox. */
  areTeamsSeparated?: boolean | undefined;
  /** Full resource names of managed data sets that a manifest may name. Default: none. */
  allowedDatasets?: readonly string[] | undefined;
  /** Whether examples may name public files by https, which Google fetches. Default: not. */
  areHttpsFilesAllowed?: boolean | undefined;
  /** Whether data is taken only in the form of the model. Default: other forms are converted. */
  isConversionForbidden?: boolean | undefined;
  /** Whether documents and reports may have no text of an example, not what all of them begin with either. */
  areTextsHidden?: boolean | undefined;
  allowedServiceAccounts: string[];
  /** Runs the pipeline when the manifest names no account; without it Vertex AI takes its own default. */
  defaultServiceAccount?: string | undefined;
  /** Full resource names of keys. */
  allowedKmsKeys: string[];
  /** Full resource names of TensorBoard instances. */
  allowedTensorboards: string[];
  /** Full resource names: a job whose manifest names none takes the one in its region. They need not be listed above. */
  defaultTensorboards?: string[];
  /** `gs://` URIs of directories that pipelines may write to, beside the results bucket's own. */
  allowedOutputRoots: string[];
  /** Where the pipeline job runs when the manifest does not say. */
  defaultRegion: Region;
  /** Where `tuningJobs` run when the manifest does not say, by the kind of model. Default: `defaultRegion`, where it is possible. */
  tuningRegions?: Partial<Record<TuningModel['kind'], Location | undefined>> | undefined;
  /** Full resource names of tuned models that manifests may go on from, beside those of the deployment's own runs. */
  allowedTunedModels?: readonly string[] | undefined;
  /** Sent when the manifest names no accelerator; without it nothing is sent, and Vertex AI takes its default. */
  defaultAcceleratorType?: AcceleratorType;
  retiredModels: 'warn' | 'error';
  maxTrainSteps?: number | undefined;
  /** The most training tokens of a run, tokens of its data times its epochs, by their high end. */
  maxTrainingTokens?: number | undefined;
  /** The most accelerators of a machine that a manifest may ask for. */
  maxAccelerators?: number | undefined;
  /** The most that a run may cost, in US dollars, by the high end of its expected cost. */
  maxCostUsd?: number | undefined;
  /** Prices that this deployment pays, by `base_model`: dollars a million training tokens, in place of the list's. */
  prices?: OwnPrices | undefined;
  /** Whether a run whose cost is not known starts under a cap. Default: it does not. */
  unknownPrices?: 'hold' | 'allow' | undefined;
}

/** What a deployment caps unless it says otherwise: nobody who forgets a cap has none. The product's own numbers. */
export const DEFAULT_CAPS = {
  activeJobs: { gemini: 4, openModels: 2, pipelines: 1 },
  folderRunsADay: 20,
  trainSteps: 10_000,
  trainingTokens: 100_000_000,
  accelerators: 8,
} as const;

/** `projects/P/locations/LOCATION/…` */
export function locationOfName(resourceName: string): string {
  return resourceName.split('/')[3] ?? '';
}

/** Resource names come with the project's id or its number. */
export function byProjectId(name: string, { project, projectNumber }: DeploymentLimits): string {
  const numbered = `projects/${projectNumber}/`;
  return projectNumber !== undefined && name.startsWith(numbered)
    ? `projects/${project}/${name.slice(numbered.length)}`
    : name;
}

/** A list of what is allowed, in words. */
export function listed(allowed: readonly string[]): string {
  return allowed.length === 0 ? 'none: this deployment lists none' : allowed.join(', ');
}
