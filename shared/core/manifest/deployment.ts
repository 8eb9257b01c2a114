import type { Locate } from '../issues/issue.ts';
import { type ManifestIssue, manifestIssue, shown } from '../issues/manifest.ts';
import { CATALOGUE_DAY } from '../models/catalogue.ts';
import { DATA_KEYS } from '../models/data-keys.ts';
import { findModel } from '../models/models.ts';
import { gsUri, parseGsUri } from '../objects/gs-uri.ts';
import { dataBuckets, isOpenToManifests, SAMPLE_BUCKET, SAMPLE_DATA } from './data-places.ts';
import { byProjectId, type DeploymentLimits, listed } from './deployment-limits.ts';
import { checkJudge } from './judge.ts';
import type { Manifest } from './keys.ts';
import { checkModelLife } from './model-life.ts';
import { checkPipelineDeployment } from './pipeline-deployment.ts';
import { writtenAs } from './reading.ts';
import { nearest } from './suggestions.ts';
import { checkTeamFolder } from './team-folders.ts';
import { checkTuningDeployment, type KnownTunedModel } from './tuning-deployment.ts';

export interface DeploymentCheckOptions {
  locate: Locate;
  /** What this deployment's runs know of the manifest's `pre_tuned_model`; undefined when none of them made it. */
  preTunedModel?: KnownTunedModel | undefined;
  /** ISO 8601 day by which models are judged retired. Default: the day of the model table. */
  today?: string;
}

/** Checks the keys that are right in themselves against what the deployment allows, and regions against each other. */
export function checkDeployment(
  manifest: Partial<Manifest>,
  limits: DeploymentLimits,
  { locate, today = CATALOGUE_DAY, preTunedModel }: DeploymentCheckOptions,
): ManifestIssue[] {
  return [
    ...checkModelLife(manifest, limits, { locate, today }),
    ...checkJudge(manifest, { limits, locate, today }),
    ...checkDataBuckets(manifest, limits, locate),
    ...checkTeamFolder(manifest, limits, { locate, manifestUri: locate('dataset_uri').uri }),
    ...checkManagedDataset(manifest, limits, locate),
    ...checkIdentities(manifest, limits, locate),
    ...checkOutput(manifest, limits, locate),
    ...(isForTuningJobs(manifest)
      ? checkTuningDeployment(manifest, limits, { locate, preTunedModel })
      : checkPipelineDeployment(manifest, limits, locate)),
  ];
}

/** A tuned model says which service goes on from it, also where the manifest leaves the base model to its run. */
function isForTuningJobs({ base_model, pre_tuned_model }: Partial<Manifest>): boolean {
  return base_model === undefined
    ? pre_tuned_model !== undefined
    : findModel(base_model)?.backend === 'tuningJobs';
}

function checkDataBuckets(manifest: Partial<Manifest>, limits: DeploymentLimits, locate: Locate) {
  return DATA_KEYS.flatMap((key): ManifestIssue[] => {
    const uri = manifest[key];
    if (uri === undefined || !uri.startsWith('gs://')) return [];
    const parsed = parseGsUri(uri);
    if (parsed.ok && isOpenToManifests(parsed, limits)) return [];
    const bucket = shown(parsed.ok ? parsed.bucket : uri);
    const fields = { key, bucket, allowed: dataBuckets(limits).join(', ') };
    const near = parsed.ok && parsed.bucket === SAMPLE_BUCKET ? nearSample(parsed.name) : undefined;
    return [manifestIssue('bucket_not_allowed', locate(key), { ...fields, near })];
  });
}

/** The sample that was probably meant, by the last part of its name. */
function nearSample(name: string): string | undefined {
  const lastPart = (path: string) => path.slice(path.lastIndexOf('/') + 1);
  const near = nearest(lastPart(name), SAMPLE_DATA.map(lastPart));
  const sample = SAMPLE_DATA.find((one) => lastPart(one) === near);
  return sample && gsUri({ bucket: SAMPLE_BUCKET, name: sample });
}

/** No bucket tells whose a managed data set is; its project does. */
/** The job reads it with its own rights, and nobody has read it before: only what an administrator has looked at. */
function checkManagedDataset({ dataset_name }: Partial<Manifest>, limits: DeploymentLimits, locate: Locate) {
  if (dataset_name === undefined) return [];
  const { allowedDatasets = [] } = limits;
  const asked = byProjectId(dataset_name, limits);
  if (allowedDatasets.some((name) => byProjectId(name, limits) === asked)) return [];
  const fields = { found: shown(dataset_name), allowed: listed(allowedDatasets) };
  return [manifestIssue('dataset_not_allowed', locate('dataset_name'), fields)];
}

function checkIdentities(manifest: Partial<Manifest>, limits: DeploymentLimits, locate: Locate) {
  const issues: ManifestIssue[] = [];
  const account = manifest.service_account;
  const accounts = withDefault(limits.allowedServiceAccounts, limits.defaultServiceAccount);
  if (account !== undefined && !accounts.includes(account)) {
    const at = locate('service_account');
    const fields = {
      key: writtenAs(locate, 'service_account'),
      found: shown(account),
      allowed: listed(accounts),
    };
    issues.push(manifestIssue('service_account_not_allowed', at, fields));
  }
  const key = manifest.encryption_spec_key_name;
  if (key !== undefined && !limits.allowedKmsKeys.includes(key)) {
    const at = locate('encryption_spec_key_name');
    const allowed = listed(limits.allowedKmsKeys);
    const fields = { key: writtenAs(locate, 'encryption_spec_key_name'), found: shown(key), allowed };
    issues.push(manifestIssue('kms_key_not_allowed', at, fields));
  }
  return issues;
}

function checkOutput({ output_directory }: Partial<Manifest>, limits: DeploymentLimits, locate: Locate) {
  if (output_directory === undefined) return [];
  const at = locate('output_directory');
  const key = writtenAs(locate, 'output_directory');
  const found = shown(output_directory);
  const parsed = parseGsUri(output_directory);
  if (parsed.ok && parsed.bucket === limits.inboxBucket)
    return [manifestIssue('output_in_inbox', at, { key, found })];
  if (parsed.ok && limits.allowedOutputRoots.some((root) => isUnder(root, output_directory))) return [];
  return [
    manifestIssue('output_not_allowed', at, { key, found, allowed: listed(limits.allowedOutputRoots) }),
  ];
}

function withDefault(list: readonly string[], first: string | undefined): readonly string[] {
  return first === undefined || list.includes(first) ? list : [first, ...list];
}

/** Whether a directory is another or below it; names are compared as they are, only a slash at the end is nothing. */
function isUnder(root: string, directory: string): boolean {
  const base = root.endsWith('/') ? root : `${root}/`;
  return `${directory}/`.startsWith(base);
}
