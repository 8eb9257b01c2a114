import type { Locate } from '../issues/issue.ts';
import { type ManifestIssue, manifestIssue, shown } from '../issues/manifest.ts';
import { TEMPLATE_DEFAULTS } from '../models/limits.ts';
import { DATA_KEYS, findModel, isRetired } from '../models/models.ts';
import { ACCELERATORS, type AcceleratorType, CMEK_REGION, type Region } from '../models/regions.ts';
import { parseGsUri } from '../objects/gs-uri.ts';
import type { Manifest, ManifestKey } from './keys.ts';

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
  /** Sent when the manifest names no accelerator; without it nothing is sent, and Vertex AI takes its default. */
  defaultAcceleratorType?: AcceleratorType;
  retiredModels: 'warn' | 'error';
  maxTrainSteps?: number | undefined;
}

export interface DeploymentCheckOptions {
  locate: Locate;
  /** ISO 8601 day by which models are judged retired. Default: the day of the model table. */
  today?: string;
}

/** The day on which the model table was last compared with Google's pages. */
const MODEL_TABLE_DAY = '2026-11-22';

/** Checks the keys that are right in themselves against what the deployment allows, and regions against each other. */
export function checkDeployment(
  manifest: Partial<Manifest>,
  limits: DeploymentLimits,
  { locate, today = MODEL_TABLE_DAY }: DeploymentCheckOptions,
): ManifestIssue[] {
  return [
    ...checkModel(manifest, limits, { locate, today }),
    ...checkDataBuckets(manifest, limits, locate),
    ...checkDataProject(manifest, limits, locate),
    ...checkIdentities(manifest, limits, locate),
    ...checkOutput(manifest, limits, locate),
    ...checkSteps(manifest, limits, locate),
    ...checkEncryption(manifest, limits, locate),
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
  return limits.defaultTensorboards?.find((name) => locationOf(name) === region);
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

function checkModel(
  { base_model }: Partial<Manifest>,
  { retiredModels }: DeploymentLimits,
  { locate, today }: Required<DeploymentCheckOptions>,
): ManifestIssue[] {
  const model = base_model === undefined ? undefined : findModel(base_model);
  if (model === undefined || !isRetired(model, today)) return [];
  const { tuningBlockedOn, retiredOn, source } = model.retirement;
  const fields = { model: model.reference, date: tuningBlockedOn ?? retiredOn, source };
  const severity = retiredModels === 'error' ? 'error' : 'warning';
  return [manifestIssue('model_retired', locate('base_model'), fields, severity)];
}

function checkDataBuckets(manifest: Partial<Manifest>, limits: DeploymentLimits, locate: Locate) {
  const allowed = [limits.inboxBucket, ...limits.allowedDataBuckets];
  return DATA_KEYS.flatMap((key): ManifestIssue[] => {
    const uri = manifest[key];
    if (uri === undefined || !uri.startsWith('gs://')) return [];
    const parsed = parseGsUri(uri);
    const bucket = parsed.ok ? parsed.bucket : uri;
    if (allowed.includes(bucket)) return [];
    const fields = { key, bucket: shown(bucket), allowed: allowed.join(', ') };
    return [manifestIssue('bucket_not_allowed', locate(key), fields)];
  });
}

/** No bucket tells whose a managed data set is; its project does. */
function checkDataProject({ dataset_name }: Partial<Manifest>, limits: DeploymentLimits, locate: Locate) {
  const own = `projects/${limits.project}/`;
  if (dataset_name === undefined || byProjectId(dataset_name, limits).startsWith(own)) return [];
  const fields = { found: shown(dataset_name), project: limits.project };
  return [manifestIssue('dataset_not_allowed', locate('dataset_name'), fields)];
}

function checkIdentities(manifest: Partial<Manifest>, limits: DeploymentLimits, locate: Locate) {
  const issues: ManifestIssue[] = [];
  const region = manifest.pipeline_job_region ?? limits.defaultRegion;
  const account = manifest.service_account;
  const accounts = withDefault(limits.allowedServiceAccounts, limits.defaultServiceAccount);
  if (account !== undefined && !accounts.includes(account)) {
    const fields = { found: shown(account), allowed: listed(accounts) };
    issues.push(manifestIssue('service_account_not_allowed', locate('service_account'), fields));
  }
  const key = manifest.encryption_spec_key_name;
  if (key !== undefined && !limits.allowedKmsKeys.includes(key)) {
    const fields = { found: shown(key), allowed: listed(limits.allowedKmsKeys) };
    issues.push(manifestIssue('kms_key_not_allowed', locate('encryption_spec_key_name'), fields));
  }
  const tensorboard = manifest.tensorboard_resource_id;
  const isSame = (name: string) =>
    byProjectId(name, limits) === byProjectId(tensorboardName(tensorboard ?? '', limits, region), limits);
  const tensorboards = [...limits.allowedTensorboards, ...(limits.defaultTensorboards ?? [])];
  if (tensorboard !== undefined && !tensorboards.some(isSame)) {
    const fields = { found: shown(tensorboard), allowed: listed(tensorboards) };
    issues.push(manifestIssue('tensorboard_not_allowed', locate('tensorboard_resource_id'), fields));
  }
  return issues;
}

function checkOutput({ output_directory }: Partial<Manifest>, limits: DeploymentLimits, locate: Locate) {
  if (output_directory === undefined) return [];
  const at = locate('output_directory');
  const found = shown(output_directory);
  const parsed = parseGsUri(output_directory);
  if (parsed.ok && parsed.bucket === limits.inboxBucket)
    return [manifestIssue('output_in_inbox', at, { found })];
  if (parsed.ok && limits.allowedOutputRoots.some((root) => isUnder(root, output_directory))) return [];
  return [manifestIssue('output_not_allowed', at, { found, allowed: listed(limits.allowedOutputRoots) })];
}

function checkSteps(manifest: Partial<Manifest>, { maxTrainSteps }: DeploymentLimits, locate: Locate) {
  const model = findModel(manifest.base_model ?? '');
  const steps = manifest.train_steps ?? model?.trainStepsDefault;
  if (maxTrainSteps === undefined || steps === undefined || steps <= maxTrainSteps) return [];
  const fields = { found: steps, limit: maxTrainSteps };
  return [manifestIssue('train_steps_over_limit', locate('train_steps'), fields)];
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
    ['encryption_spec_key_name', 'the key', locationOf(key)],
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

function checkTensorboardRegion(manifest: Partial<Manifest>, limits: DeploymentLimits, locate: Locate) {
  const tensorboard = manifest.tensorboard_resource_id;
  const { pipelineJob } = regionsOf(manifest, limits);
  if (tensorboard === undefined || !tensorboard.includes('/') || locationOf(tensorboard) === pipelineJob)
    return [];
  const fields = { found: locationOf(tensorboard), region: pipelineJob };
  return [manifestIssue('tensorboard_region', locate('tensorboard_resource_id'), fields)];
}

/** `projects/P/locations/LOCATION/…` */
function locationOf(resourceName: string): string {
  return resourceName.split('/')[3] ?? '';
}

function withDefault(list: readonly string[], first: string | undefined): readonly string[] {
  return first === undefined || list.includes(first) ? list : [first, ...list];
}

function listed(allowed: readonly string[]): string {
  return allowed.length === 0 ? 'none: this deployment lists none' : allowed.join(', ');
}

/** Resource names come with the project's id or its number. */
function byProjectId(name: string, { project, projectNumber }: DeploymentLimits): string {
  const numbered = `projects/${projectNumber}/`;
  return projectNumber !== undefined && name.startsWith(numbered)
    ? `projects/${project}/${name.slice(numbered.length)}`
    : name;
}

/** Whether a directory is another or below it; names are compared as they are, only a slash at the end is nothing. */
function isUnder(root: string, directory: string): boolean {
  const base = root.endsWith('/') ? root : `${root}/`;
  return `${directory}/`.startsWith(base);
}
