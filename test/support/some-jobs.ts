import type { JobObservation } from '../../shared/core/tuning/job.ts';
import { observePipelineJob, PipelineJobSchema } from '../../shared/core/tuning/pipeline-job.ts';
import { A_JOB } from './runs.ts';

/** A pipeline job in few words. */
export interface SomeJob {
  name: string;
  state: string;
  createTime?: string;
  startTime?: string;
  endTime?: string;
  error?: string;
  /** Only jobs of `tuningJobs` say it. */
  stage?: JobObservation['stage'];
  trainingDataUri?: string | undefined;
  labels: Record<string, string>;
  tasks: SomeTask[];
}

export interface SomeTask {
  name: string;
  state: string;
  error?: string;
  schemaTitle?: string;
  metadata: Record<string, unknown>;
}

export function someJob(over: Partial<SomeJob> = {}): SomeJob {
  return { name: A_JOB.name, state: 'PIPELINE_STATE_RUNNING', labels: {}, tasks: [], ...over };
}

/** What the backend says of a job, by way of Google's JSON. */
export function observed({ error, tasks, stage, trainingDataUri, ...job }: SomeJob): JobObservation {
  const taskDetails = tasks.map(({ name, state, error: message, schemaTitle, metadata }) => ({
    ...{ taskName: name, state, execution: { schemaTitle, metadata } },
    error: message === undefined ? undefined : { message },
  }));
  const status = error === undefined ? undefined : { message: error };
  const json = { ...job, error: status, jobDetail: { taskDetails } };
  return { ...observePipelineJob(PipelineJobSchema.parse(json)), stage, trainingDataUri };
}
