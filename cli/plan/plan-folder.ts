import { reportIssue } from '../../shared/core/issues/catalog.ts';
import type { IssueReport } from '../../shared/core/issues/report.ts';
import type { DeploymentLimits } from '../../shared/core/manifest/deployment-limits.ts';
import { type Manifest, parseManifest } from '../../shared/core/manifest/manifest.ts';
import type { SweepSettings } from '../../shared/core/manifest/sweep.ts';
import { DATA_KEYS, type DataKey } from '../../shared/core/models/data-keys.ts';
import { gsUri } from '../../shared/core/objects/gs-uri.ts';
import { convertedName, partName, stagedName } from '../../shared/core/run/files.ts';
import { runIdOf, runIdOfSwept } from '../../shared/core/run/ids.ts';
import { buildJobRequest, type JobRequest } from '../../shared/core/tuning/job-request.ts';
import type { Plan } from '../../shared/core/tuning/plan.ts';
import { planRun } from '../../shared/core/tuning/planning.ts';
import { planSweep } from '../../shared/core/tuning/sweep-planning.ts';
import type { FolderCheck } from '../folder/check-folder.ts';
import { displayNameOf, manifestVersion, type Upload } from '../folder/folder.ts';

/** What would be sent for a folder, and why. */
export interface FolderPlan {
  manifestUri: string;
  plan: Plan;
  request: SentRequest;
  /** The runs that lists of settings ask for, each with its own request; the one above is that of the first. */
  sweep?: { index: number; settings: SweepSettings; runId: string; request: SentRequest }[] | undefined;
}

type SentRequest = Pick<JobRequest, 'method' | 'url' | 'query' | 'body'>;

/** A folder on this machine and where it would be. */
interface UploadedFolder {
  dir: string;
  upload: Upload;
}

interface PlanFolderOptions {
  limits: DeploymentLimits;
  /** The generation that the uploaded manifest is said to have. */
  generation: string;
  /** Whether the copies are shown that are trained on, or the URIs of the manifest. */
  staging: boolean;
}

/**
 * Plans a folder without errors as if it had been uploaded. Its manifest is read again under the URI that it would have
 * there: a name that is short on this machine can be too long in a bucket, which is the one thing that is left to go wrong.
 */
export function planFolder(
  {
    manifest: bytes,
    trainExamples,
    conversions,
    split,
  }: Pick<FolderCheck, 'manifest' | 'trainExamples' | 'conversions' | 'split'>,
  folder: UploadedFolder,
  { limits, generation, staging }: PlanFolderOptions,
): FolderPlan | { issues: IssueReport[] } {
  const version = manifestVersion(folder.upload, generation);
  const manifestUri = gsUri(version);
  const { manifest, issues, locate, sweep } = parseManifest(bytes, { uri: manifestUri });
  if (!manifest) return { issues: issues.map(reportIssue) };
  const parentId = runIdOf(version);
  const stagedUrisOf = (runId: string) =>
    staging ? trainedUris(manifest, { conversions, split }, { runId, bucket: limits.resultsBucket }) : {};
  const common = { limits, locate, folderName: displayNameOf(folder), trainExamples };
  if (sweep === undefined) {
    const { plan } = planRun({
      ...{ ...common, manifest, runId: parentId, stagedUris: stagedUrisOf(parentId) },
    });
    return { manifestUri, plan, request: requestOf(plan) };
  }
  const runIdOfPlace = (index: number) => runIdOfSwept(parentId, index);
  const { plans } = planSweep({ ...common, sweep, stagedUrisOf, runIdOf: runIdOfPlace });
  const runs = plans.map(({ index, settings, plan }) => ({
    ...{ index, settings, runId: plan.runId, request: requestOf(plan) },
  }));
  const [first] = plans;
  if (first === undefined) throw new RangeError('a sweep without runs');
  return { manifestUri, plan: first.plan, request: requestOf(first.plan), sweep: runs };
}

function requestOf(plan: Plan): SentRequest {
  const { method, url, query, body } = buildJobRequest(plan);
  return { method, url, query, body };
}

/** Where the copies will be that the job reads: as they were uploaded, in the form of the model, or the parts of one. */
function trainedUris(
  manifest: Manifest,
  { conversions, split }: Pick<FolderCheck, 'conversions' | 'split'>,
  { runId, bucket }: { runId: string; bucket: string },
): Partial<Record<DataKey, string>> {
  const nameOf = (key: DataKey) => {
    const staged = stagedName(runId, key);
    const conversion = conversions[key];
    return conversion ? convertedName(staged, conversion.to) : staged;
  };
  const names: Partial<Record<DataKey, string>> = Object.fromEntries(
    DATA_KEYS.filter((key) => manifest[key] !== undefined).map((key) => [key, nameOf(key)]),
  );
  if (split) {
    const copy = nameOf('dataset_uri');
    names.dataset_uri = partName(copy, 'training');
    names.evaluation_data_uri = partName(copy, 'evaluation');
  }
  return Object.fromEntries(Object.entries(names).map(([key, name]) => [key, gsUri({ bucket, name })]));
}
