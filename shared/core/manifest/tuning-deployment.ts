import type { Locate } from '../issues/issue.ts';
import { type ManifestIssue, manifestIssue, shown } from '../issues/manifest.ts';
import { findModel } from '../models/models.ts';
import type { TuningModel } from '../models/tuning-models.ts';
import { parseGsUri } from '../objects/gs-uri.ts';
import { byProjectId, type DeploymentLimits, locationOfName } from './deployment-limits.ts';
import type { Manifest } from './keys.ts';
import { writtenAs } from './reading.ts';

/** What this deployment's runs know of a tuned model. */
export interface KnownTunedModel {
  baseModel: string;
  /** The latest that one of its runs made. */
  version: string;
  /** All that they made. Default: the latest alone. */
  versions?: readonly string[] | undefined;
  /** Ids of the checkpoints of that version; undefined where its run does not tell. */
  checkpoints?: readonly string[] | undefined;
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

/** Where a tuning job runs, and who said so. */
export interface RegionChoice {
  region: string;
  chosenBy: 'manifest' | 'tunedModel' | 'deployment' | 'model';
}

/**
 * Where the job runs: the manifest's word, where the model lies that it goes on from, the deployment's region for this kind of
 * model, the deployment's region if the model is tuned there, else the first of the model's.
 */
export function tuningRegionChoice(
  { pipeline_job_region, pre_tuned_model }: Partial<Manifest>,
  { defaultRegion, tuningRegions }: DeploymentLimits,
  model: TuningModel,
): RegionChoice {
  if (pipeline_job_region !== undefined) return { region: pipeline_job_region, chosenBy: 'manifest' };
  if (pre_tuned_model !== undefined) {
    return { region: locationOfName(pre_tuned_model), chosenBy: 'tunedModel' };
  }
  const regions: readonly string[] = model.regions;
  const own = [tuningRegions?.[model.kind], defaultRegion].find(
    (region) => region !== undefined && regions.includes(region),
  );
  if (own !== undefined) return { region: own, chosenBy: 'deployment' };
  return { region: model.regions[0] ?? defaultRegion, chosenBy: 'model' };
}

/** Training goes on from weights that the job's identity can read and the manifest's author perhaps cannot. */
function checkPreTunedModel(
  manifest: Partial<Manifest>,
  limits: DeploymentLimits,
  { locate, preTunedModel: known }: TuningDeployment,
): ManifestIssue[] {
  const { pre_tuned_model: name, base_model } = manifest;
  if (name === undefined) return [];
  const asked = byProjectId(name, limits);
  const [model = asked, version] = asked.split('@');
  const isListed = limits.allowedTunedModels?.some((listed) =>
    [asked, model].includes(byProjectId(listed, limits)),
  );
  const at = locate('pre_tuned_model');
  if (known === undefined) {
    const found = shown(name);
    if (!isListed) return [manifestIssue('pre_tuned_model_not_allowed', at, { found })];
    return base_model === undefined ? [manifestIssue('base_model_not_known', at, { found })] : [];
  }
  const { baseModel } = known;
  if (findModel(baseModel)?.backend === 'pipelineJobs') {
    const fields = { key: writtenAs(locate, 'pre_tuned_model'), found: shown(name), baseModel };
    return [manifestIssue('pre_tuned_model_of_pipeline', at, fields)];
  }
  if (base_model !== undefined && base_model !== baseModel) {
    const place = locate('base_model');
    const fields = { key: writtenAs(locate, 'base_model'), found: base_model, baseModel };
    return [manifestIssue('pre_tuned_model_mismatch', place, fields)];
  }
  // Somebody else may have added a version to the model of a run; an alias can name any of them.
  const { versions = [known.version] } = known;
  const isOwn = version === undefined || versions.includes(version);
  if (!isOwn && !isListed) return [manifestIssue('pre_tuned_model_not_allowed', at, { found: shown(name) })];
  return checkCheckpoint(manifest, known, locate);
}

/** Checkpoints are known of the latest version, which is the one that is meant where there is no other. */
function checkCheckpoint(
  { pre_tuned_model = '', checkpoint_id }: Partial<Manifest>,
  { version: latest, checkpoints }: KnownTunedModel,
  locate: Locate,
): ManifestIssue[] {
  const version = pre_tuned_model.split('@')[1] ?? (latest === '1' ? latest : undefined);
  const isLatest = version === latest;
  if (checkpoint_id === undefined || checkpoints === undefined || !isLatest) return [];
  if (checkpoints.includes(checkpoint_id)) return [];
  const at = locate('checkpoint_id');
  const fields = {
    key: writtenAs(locate, 'checkpoint_id'),
    found: checkpoint_id,
    checkpoints: checkpoints.join(', '),
  };
  return [manifestIssue('checkpoint_not_known', at, fields)];
}

/** Whether a name of a tuned model is that of a model that a run made; runs work in one project, whose id is not its number. */
export function isSameTunedModel(
  name: string,
  made: string,
  { project, projectNumber }: DeploymentLimits,
): boolean {
  const [, own, ...rest] = name.replace(/@.*$/, '').split('/');
  const [, makers, ...model] = made.split('/');
  return [makers, project, projectNumber].includes(own) && rest.join('/') === model.join('/');
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

function checkKeyRegion(
  manifest: Partial<Manifest>,
  limits: DeploymentLimits,
  locate: Locate,
): ManifestIssue[] {
  const { base_model, encryption_spec_key_name: name } = manifest;
  const model = findModel(base_model ?? '');
  if (name === undefined || model?.backend !== 'tuningJobs') return [];
  const at = locate('encryption_spec_key_name');
  const found = locationOfName(name);
  const { region } = tuningRegionChoice(manifest, limits, model);
  const regions: readonly string[] = model.regions.filter((other) => other !== 'global');
  const isKeysOwn = regions.includes(found);
  const regionKey = writtenAs(locate, 'pipeline_job_region');
  if (region === 'global') {
    const key = writtenAs(locate, 'encryption_spec_key_name');
    const ofKey = isKeysOwn ? found : (regions[0] ?? limits.defaultRegion);
    return [manifestIssue('encryption_key_global', at, { key, region: ofKey, regionKey, isKeysOwn })];
  }
  if (found === region) return [];
  const canMove = isKeysOwn && manifest.pre_tuned_model === undefined;
  return [manifestIssue('encryption_key_region', at, { found, region, regionKey, canMove })];
}
