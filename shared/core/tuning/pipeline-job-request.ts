import { NAMES } from '../models/limits.ts';
import { vertexHost } from '../models/regions.ts';
import { labelsOf, withFingerprint } from './job-labels.ts';
import type { ParameterValue, PipelinePlan } from './plan.ts';

/** The body of `pipelineJobs.create`. No `pipelineSpec`: Vertex AI reads the template itself (Google's REST samples do so). */
export interface PipelineJobBody {
  displayName: string;
  runtimeConfig: { gcsOutputDirectory: string; parameterValues: Record<string, ParameterValue> };
  templateUri: string;
  labels: Record<string, string>;
  encryptionSpec?: { kmsKeyName: string } | undefined;
  serviceAccount?: string | undefined;
}

/** One call of `pipelineJobs.create`, ready to be sent. */
export interface CreatePipelineJobRequest {
  backend: 'pipelineJobs';
  method: 'POST';
  /** Without the query. */
  url: string;
  region: string;
  /** Chosen by us, so that sending twice creates once. */
  pipelineJobId: string;
  query: { pipelineJobId: string };
  body: PipelineJobBody;
}

/**
 * Builds the request of a plan: the same plan and attempt give the same request, byte for byte.
 * An attempt after the first has an id of its own, since Vertex AI keeps ids of jobs that failed.
 */
export function buildPipelineJobRequest(plan: PipelinePlan, attempt = 1): CreatePipelineJobRequest {
  const region = plan.regions.pipelineJob;
  const pipelineJobId = jobIdOf(plan, attempt);
  const body = bodyOf(plan);
  const request: CreatePipelineJobRequest = {
    backend: 'pipelineJobs',
    method: 'POST',
    url: `https://${vertexHost(region)}/v1/projects/${plan.project}/locations/${region}/pipelineJobs`,
    region,
    pipelineJobId,
    query: { pipelineJobId },
    body,
  };
  return withFingerprint(request);
}

function bodyOf(plan: PipelinePlan): PipelineJobBody {
  const { encryptionKey, serviceAccount } = plan;
  return {
    displayName: plan.modelDisplayName,
    runtimeConfig: { gcsOutputDirectory: plan.outputDirectory, parameterValues: { ...plan.parameters } },
    templateUri: plan.templateUri,
    labels: labelsOf(plan),
    encryptionSpec: encryptionKey === undefined ? undefined : { kmsKeyName: encryptionKey },
    serviceAccount,
  };
}

const JOB_ID = /^[a-z][-a-z0-9]*[a-z0-9]$/;

function jobIdOf({ pipelineName, runId }: PipelinePlan, attempt: number): string {
  const id = attempt > 1 ? `${pipelineName}-${runId}-a${attempt}` : `${pipelineName}-${runId}`;
  if (id.length > NAMES.maxJobIdLength || !JOB_ID.test(id))
    throw new RangeError('not an id of a pipeline job');
  return id;
}

const LATER_ATTEMPT = /-a(?<attempt>\d+)$/;

/** Which attempt at its run a job is, as its id says; 1 where that says nothing. An id of Vertex AI's own has no such end. */
export function attemptOfJob(jobName: string): number {
  const [collection, id = ''] = jobName.split('/').slice(-2);
  if (collection !== 'pipelineJobs') return 1;
  return Number(LATER_ATTEMPT.exec(id)?.groups?.attempt ?? 1);
}
