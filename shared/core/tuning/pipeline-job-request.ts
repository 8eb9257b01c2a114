import { NAMES } from '../models/limits.ts';
import { vertexHost } from '../models/regions.ts';
import { digest } from '../objects/digest.ts';
import type { ParameterValue, Plan } from './plan.ts';

/** Marks every job of this product. */
export const MANAGED_BY = { label: 'managed-by', value: 'tunedrop' } as const;
/** The run that a job belongs to. */
const RUN_LABEL = 'tunedrop-run';
/** What was asked, in short: an id that is taken is ours when this label says the same. */
export const FINGERPRINT_LABEL = 'tunedrop-fingerprint';

/** The body of `pipelineJobs.create`. No `pipelineSpec`: Vertex AI reads the template itself (Google's REST samples do so). */
export interface PipelineJobBody {
  displayName: string;
  runtimeConfig: { gcsOutputDirectory: string; parameterValues: Record<string, ParameterValue> };
  templateUri: string;
  labels: Record<string, string>;
  encryptionSpec?: { kmsKeyName: string } | undefined;
  serviceAccount?: string | undefined;
}

/** The call that creates a pipeline job, ready to be sent. */
export interface CreatePipelineJobRequest {
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
export function buildPipelineJobRequest(plan: Plan, attempt = 1): CreatePipelineJobRequest {
  const region = plan.regions.pipelineJob;
  const pipelineJobId = jobIdOf(plan, attempt);
  const body = bodyOf(plan);
  const request: CreatePipelineJobRequest = {
    method: 'POST',
    url: `https://${vertexHost(region)}/v1/projects/${plan.project}/locations/${region}/pipelineJobs`,
    region,
    pipelineJobId,
    query: { pipelineJobId },
    body,
  };
  const labels = { ...body.labels, [FINGERPRINT_LABEL]: fingerprintOfRequest(request) };
  return { ...request, body: { ...body, labels } };
}

/** The URL of a request as it is sent and as `tunedrop plan` prints it. */
export function sentUrl({ url, query }: Pick<CreatePipelineJobRequest, 'url' | 'query'>): string {
  return `${url}?${new URLSearchParams(query)}`;
}

/** What a request asks for, wherever its keys stand: equal for every attempt of a plan. Fits into a label. */
export function fingerprintOfRequest({ url, body }: Pick<CreatePipelineJobRequest, 'url' | 'body'>): string {
  const labels = Object.entries(body.labels).filter(([name]) => name !== FINGERPRINT_LABEL);
  return digest(stableJson({ url, body: { ...body, labels: Object.fromEntries(labels) } }));
}

function bodyOf(plan: Plan): PipelineJobBody {
  const { encryptionKey, serviceAccount } = plan;
  return {
    displayName: plan.modelDisplayName,
    runtimeConfig: { gcsOutputDirectory: plan.outputDirectory, parameterValues: { ...plan.parameters } },
    templateUri: plan.templateUri,
    labels: { ...plan.labels, [MANAGED_BY.label]: MANAGED_BY.value, [RUN_LABEL]: plan.runId },
    encryptionSpec: encryptionKey === undefined ? undefined : { kmsKeyName: encryptionKey },
    serviceAccount,
  };
}

const JOB_ID = /^[a-z][-a-z0-9]*[a-z0-9]$/;

function jobIdOf({ pipelineName, runId }: Plan, attempt: number): string {
  const id = attempt > 1 ? `${pipelineName}-${runId}-a${attempt}` : `${pipelineName}-${runId}`;
  if (id.length > NAMES.maxJobIdLength || !JOB_ID.test(id))
    throw new RangeError('not an id of a pipeline job');
  return id;
}

/** JSON with the keys of every object in order, so that equal content is equal text. */
function stableJson(value: unknown): string {
  return JSON.stringify(value, (_key, inner: unknown) => {
    if (typeof inner !== 'object' || inner === null || Array.isArray(inner)) return inner;
    return Object.fromEntries(Object.entries(inner).sort(([a], [b]) => (a < b ? -1 : 1)));
  });
}
