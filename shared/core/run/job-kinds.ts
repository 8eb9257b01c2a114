import { findModel } from '../models/models.ts';

/** Jobs that share a quota of Vertex AI: Gemini over all regions and models, open models likewise, and the guide's pipelines. */
export const JOB_KINDS = ['gemini', 'openModels', 'pipelines'] as const;
export type JobKind = (typeof JOB_KINDS)[number];

/** Each kind in words, for sentences. */
export const WORDS_OF_KIND: Readonly<Record<JobKind, string>> = {
  gemini: 'Gemini jobs',
  openModels: 'jobs of open models',
  pipelines: 'pipeline jobs',
};

/** The kind of the job that a plan asks for. */
export function jobKindOf({ backend, baseModel }: { backend: string; baseModel: string }): JobKind {
  if (backend === 'pipelineJobs') return 'pipelines';
  return findModel(baseModel)?.kind === 'open' ? 'openModels' : 'gemini';
}
