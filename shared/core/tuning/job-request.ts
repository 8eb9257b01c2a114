import { buildPipelineJobRequest, type CreatePipelineJobRequest } from './pipeline-job-request.ts';
import type { Plan } from './plan.ts';
import { buildTuningJobRequest, type CreateTuningJobRequest } from './tuning-job-request.ts';

/** One call of Vertex AI that creates a job, ready to be sent; `backend` says of which service. */
export type JobRequest = CreatePipelineJobRequest | CreateTuningJobRequest;

/**
 * Builds the request of a plan. An attempt after the first differs where the caller chooses the job's id: Vertex AI keeps the ids
 * of jobs that failed.
 */
export function buildJobRequest(plan: Plan, attempt = 1): JobRequest {
  return plan.backend === 'tuningJobs' ? buildTuningJobRequest(plan) : buildPipelineJobRequest(plan, attempt);
}

/** The URL of a request as it is sent and as `tunedrop plan` prints it. */
export function sentUrl({ url, query }: Pick<JobRequest, 'url' | 'query'>): string {
  const parameters = `${new URLSearchParams({ ...query })}`;
  return parameters === '' ? url : `${url}?${parameters}`;
}
