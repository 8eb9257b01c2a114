import type { Locate } from '../issues/issue.ts';
import { type ManifestIssue, manifestIssue, shown } from '../issues/manifest.ts';
import { findModel } from '../models/models.ts';
import type { TuningModel } from '../models/tuning-models.ts';
import { parseGsUri } from '../objects/gs-uri.ts';
import { byProjectId, type DeploymentLimits, locationOfName } from './deployment-limits.ts';
import type { Manifest } from './keys.ts';

/** What this deployment's runs know of a tuned model. */
export interface KnownTunedModel {
  baseModel: string;
  /** The one that the run made. */
  version: string;
}

interface TuningDeployment {
  locate: Locate;
  /** Undefined when no run of this deployment made the manifest's `pre_tuned_model`. */
  preTunedModel?: KnownTunedModel | undefined;
}

/** What a deployment allows of a manifest for `tuningJobs`, and regions against each other. */
export function checkTuningDeployment(
  manifest: Partial<Manifest>,
  limits: DeploymentLimits,
  { locate, preTunedModel }: TuningDeployment,
): ManifestIssue[] {
  return [
    ...checkPreTunedModel(manifest, limits, { locate, preTunedModel }),
    ...checkCustomWeights(manifest, limits, locate),
    ...checkKeyRegion(manifest, limits, locate),
  ];
}

/**
 * Where the job runs: the manifest's word, where the model lies that it goes on from, the deployment's region for this kind of
 * model, the deployment's region if the model is tuned there, else the first of the model's.
 */
export function tuningRegionOf(
  manifest: Partial<Manifest>,
  limits: DeploymentLimits,
  model: TuningModel,
): string {
  const { pipeline_job_region, pre_tuned_model } = manifest;
  const { defaultRegion, tuningRegions } = limits;
  const regions: readonly string[] = model.regions;
  const own = [tuningRegions?.[model.kind], defaultRegion].filter((region) => region !== undefined);
  return (
    pipeline_job_region ??
    (pre_tuned_model && locationOfName(pre_tuned_model)) ??
    own.find((region) => regions.includes(region)) ??
    model.regions[0] ??
    defaultRegion
  );
}

/** Training goes on from weights that the job's identity can read and the manifest's author perhaps cannot. */
function checkPreTunedModel(
  { pre_tuned_model: name, base_model }: Partial<Manifest>,
  limits: DeploymentLimits,
  { locate, preTunedModel }: TuningDeployment,
): ManifestIssue[] {
  if (name === undefined) return [];
  const asked = byProjectId(name, limits);
  const [model, version] = asked.split('@');
  // Somebody else may have added a version to the model of a run; an alias can name any of them.
  const isOwn = preTunedModel !== undefined && (version ?? preTunedModel.version) === preTunedModel.version;
  const isListed = limits.allowedTunedModels?.some((listed) =>
    [asked, model].includes(byProjectId(listed, limits)),
  );
  if (!isOwn && !isListed) {
    const fields = { found: shown(name) };
    return [manifestIssue('pre_tuned_model_not_allowed', locate('pre_tuned_model'), fields)];
  }
  const baseModel = preTunedModel?.baseModel;
  if (baseModel === undefined || base_model === undefined || base_model === baseModel) return [];
  const fields = { found: base_model, baseModel };
  return [manifestIssue('pre_tuned_model_mismatch', locate('base_model'), fields)];
}

/**
 * The results bucket also has the data of every run, and only the job may read it: of that bucket a manifest may name what jobs
 * wrote, which everybody who uploads may build on, and nothing else.
 */
function checkCustomWeights(
  { custom_base_model: uri }: Partial<Manifest>,
  { inboxBucket, resultsBucket, allowedDataBuckets }: DeploymentLimits,
  locate: Locate,
): ManifestIssue[] {
  if (uri === undefined) return [];
  const allowed = [inboxBucket, ...allowedDataBuckets, `${resultsBucket}/output`].map(
    (place) => `gs://${place}/`,
  );
  if (parseGsUri(uri).ok && allowed.some((place) => uri.startsWith(place))) return [];
  const fields = { found: shown(uri), allowed: allowed.join(', ') };
  return [manifestIssue('custom_base_model_not_allowed', locate('custom_base_model'), fields)];
}

function checkKeyRegion(manifest: Partial<Manifest>, limits: DeploymentLimits, locate: Locate) {
  const { base_model, encryption_spec_key_name: key } = manifest;
  const model = findModel(base_model ?? '');
  if (key === undefined || model?.backend !== 'tuningJobs') return [];
  const region = tuningRegionOf(manifest, limits, model);
  if (locationOfName(key) === region) return [];
  const fields = { found: locationOfName(key), region };
  return [manifestIssue('encryption_key_region', locate('encryption_spec_key_name'), fields)];
}
