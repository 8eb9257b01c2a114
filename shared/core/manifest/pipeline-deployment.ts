import type { Locate } from '../issues/issue.ts';
import { type ManifestIssue, manifestIssue, shown } from '../issues/manifest.ts';
import { TEMPLATE_DEFAULTS } from '../models/limits.ts';
import { findModel } from '../models/models.ts';
import { ACCELERATORS, type AcceleratorType, CMEK_REGION } from '../models/regions.ts';
import { byProjectId, type DeploymentLimits, listed, locationOfName } from './deployment-limits.ts';
import type { Manifest, ManifestKey } from './keys.ts';

/** What a deployment allows of a manifest for a compiled pipeline, and regions against each other. */
export function checkPipelineDeployment(
  manifest: Partial<Manifest>,
  limits: DeploymentLimits,
  locate: Locate,
) {
  return [
    ...checkSteps(manifest, limits, locate),
    ...checkAccelerators(manifest, limits, locate),
    ...checkEncryption(manifest, limits, locate),
    ...checkTensorboard(manifest, limits, locate),
    ...checkTensorboardRegion(manifest, limits, locate),
  ];
}

/** The full name of a TensorBoard; a bare id is one of the deployment's project, in the region of the pipeline job. */
function tensorboardName(id: string, limits: DeploymentLimits, region: string): string {
  return id.includes('/') ? id : `projects/${limits.project}/locations/${region}/tensorboards/${id}`;
}

/** The TensorBoard of a job: the manifest's, else the deployment's in the region of the pipeline job; undefined without one. */
export function tensorboardOf(
  { tensorboard_resource_id }: Partial<Manifest>,
  limits: DeploymentLimits,
  region: string,
): string | undefined {
  if (tensorboard_resource_id !== undefined) return tensorboardName(tensorboard_resource_id, limits, region);
  return limits.defaultTensorboards?.find((name) => locationOfName(name) === region);
}

/** The regions of the pipeline job and of the tuned model. Guide: the second defaults to the first. */
export function regionsOf(manifest: Partial<Manifest>, { defaultRegion }: DeploymentLimits) {
  const pipelineJob = manifest.pipeline_job_region ?? defaultRegion;
  return { pipelineJob, modelUpload: manifest.model_upload_region ?? pipelineJob };
}

/** The accelerator of large models, whether or not anybody chose it. */
export function acceleratorOf(manifest: Partial<Manifest>, limits: DeploymentLimits): AcceleratorType {
  const chosen = manifest.accelerator_type;
  if (chosen === 'GPU' || chosen === 'TPU') return chosen;
  return limits.defaultAcceleratorType ?? TEMPLATE_DEFAULTS.acceleratorType;
}

function checkSteps(manifest: Partial<Manifest>, { maxTrainSteps }: DeploymentLimits, locate: Locate) {
  const model = findModel(manifest.base_model ?? '');
  const steps =
    manifest.train_steps ?? (model?.backend === 'pipelineJobs' ? model.trainStepsDefault : undefined);
  if (maxTrainSteps === undefined || steps === undefined || steps <= maxTrainSteps) return [];
  const fields = { found: steps, limit: maxTrainSteps };
  return [manifestIssue('train_steps_over_limit', locate('train_steps'), fields)];
}

function checkAccelerators(
  { accelerator_count: found }: Partial<Manifest>,
  { maxAccelerators: limit }: DeploymentLimits,
  locate: Locate,
) {
  if (limit === undefined || found === undefined || found <= limit) return [];
  return [manifestIssue('accelerators_over_limit', locate('accelerator_count'), { found, limit })];
}

function checkEncryption(
  manifest: Partial<Manifest>,
  limits: DeploymentLimits,
  locate: Locate,
): ManifestIssue[] {
  const key = manifest.encryption_spec_key_name;
  if (key === undefined) return [];
  const regions = regionsOf(manifest, limits);
  const places: [ManifestKey, string, string][] = [
    ['pipeline_job_region', 'the pipeline job', regions.pipelineJob],
    ['model_upload_region', 'the model upload', regions.modelUpload],
    ['encryption_spec_key_name', 'the key', locationOfName(key)],
  ];
  const issues: ManifestIssue[] = places
    .filter(([, , region]) => region !== CMEK_REGION)
    .map(([name, setting, region]) => {
      const at = locate(manifest[name] === undefined ? 'encryption_spec_key_name' : name);
      return manifestIssue('cmek_region', at, { setting, region });
    });
  const isEmbedding = findModel(manifest.base_model ?? '')?.kind === 'embedding';
  if (isEmbedding || ACCELERATORS[acceleratorOf(manifest, limits)].isCmekSupported) return issues;
  return [...issues, manifestIssue('cmek_accelerator', locate('accelerator_type'), {})];
}

function checkTensorboard(manifest: Partial<Manifest>, limits: DeploymentLimits, locate: Locate) {
  const tensorboard = manifest.tensorboard_resource_id;
  if (tensorboard === undefined) return [];
  const { pipelineJob } = regionsOf(manifest, limits);
  const name = byProjectId(tensorboardName(tensorboard, limits, pipelineJob), limits);
  const tensorboards = [...limits.allowedTensorboards, ...(limits.defaultTensorboards ?? [])];
  if (tensorboards.some((listedName) => byProjectId(listedName, limits) === name)) return [];
  const fields = { found: shown(tensorboard), allowed: listed(tensorboards) };
  return [manifestIssue('tensorboard_not_allowed', locate('tensorboard_resource_id'), fields)];
}

function checkTensorboardRegion(manifest: Partial<Manifest>, limits: DeploymentLimits, locate: Locate) {
  const tensorboard = manifest.tensorboard_resource_id;
  const { pipelineJob } = regionsOf(manifest, limits);
  if (tensorboard === undefined || !tensorboard.includes('/') || locationOfName(tensorboard) === pipelineJob)
    return [];
  const fields = { found: locationOfName(tensorboard), region: pipelineJob };
  return [manifestIssue('tensorboard_region', locate('tensorboard_resource_id'), fields)];
}
