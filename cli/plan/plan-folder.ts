import { type IssueReport, reportIssue } from '../../shared/core/issues/catalog.ts';
import type { DeploymentLimits } from '../../shared/core/manifest/deployment.ts';
import { type Manifest, parseManifest } from '../../shared/core/manifest/manifest.ts';
import { DATA_KEYS, type DataKey } from '../../shared/core/models/models.ts';
import { gsUri } from '../../shared/core/objects/gs-uri.ts';
import { stagedName } from '../../shared/core/run/files.ts';
import { runIdOf } from '../../shared/core/run/ids.ts';
import { buildPipelineJobRequest, type JobRequest } from '../../shared/core/tuning/pipeline-job-request.ts';
import { type Plan, planRun } from '../../shared/core/tuning/plan.ts';
import type { FolderCheck } from '../check/check-folder.ts';
import { manifestVersion, nameOf } from '../check/folder.ts';
import type { PlanOptions } from './arguments.ts';

/** What would be sent for a folder, and why. */
export interface FolderPlan {
  manifestUri: string;
  plan: Plan;
  request: Pick<JobRequest, 'method' | 'url' | 'query' | 'body'>;
}

/**
 * Plans a folder without errors as if it had been uploaded. Its manifest is read again under the URI that it would have
 * there: a name that is short on this machine can be too long in a bucket, which is the one thing that is left to go wrong.
 */
export function planFolder(
  { manifest: bytes, trainExamples }: Pick<FolderCheck, 'manifest' | 'trainExamples'>,
  limits: DeploymentLimits,
  options: PlanOptions,
): FolderPlan | { issues: IssueReport[] } {
  const version = manifestVersion(options.upload, options.generation);
  const manifestUri = gsUri(version);
  const { manifest, issues, locate } = parseManifest(bytes, { uri: manifestUri });
  if (!manifest) return { issues: issues.map(reportIssue) };
  const runId = runIdOf(version);
  const { plan } = planRun({
    ...{ manifest, limits, locate, runId },
    folderName: nameOf(options),
    stagedUris: options.isStaged ? stagedUris(manifest, runId, options.resultsBucket) : {},
    ...(trainExamples === undefined ? {} : { datasets: { trainExamples } }),
  });
  const { method, url, query, body } = buildPipelineJobRequest(plan);
  return { manifestUri, plan, request: { method, url, query, body } };
}

function stagedUris(manifest: Manifest, runId: string, bucket: string): Partial<Record<DataKey, string>> {
  const named = DATA_KEYS.filter((key) => manifest[key] !== undefined);
  return Object.fromEntries(named.map((key) => [key, gsUri({ bucket, name: stagedName(runId, key) })]));
}
