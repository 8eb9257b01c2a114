/** What the tasks of a pipeline work with, and what they all ask of its job. */
import { resourceId } from '../http/ids.ts';
import { withProjectNumber } from '../http/resource-names.ts';
import type { ObjectReader } from '../storage/objects.ts';
import type { PipelineJobRecord } from '../store/pipeline-job.ts';
import type { VertexStore } from '../store/store.ts';
import type { Provenance, Trainer } from '../training/trainer.ts';
import { baseModelOf, templateOf } from './templates.ts';

export interface TaskContext {
  job: PipelineJobRecord;
  store: VertexStore;
  projectId: string;
  projectNumber: string;
  readObject: ObjectReader;
  trainer: Trainer;
  signal: AbortSignal;
  now: () => number;
  /** Shows these outputs of the task while it runs. */
  report: (outputs: Record<string, string>) => void;
}

export interface TaskResult {
  outputs: Record<string, string>;
  /** Writes what the task made. Runs inside the write that records the task's success. */
  apply?: (store: VertexStore) => void;
}

export const textParameter = (job: PipelineJobRecord, name: string) => String(job.parameters[name] ?? '');

export function tensorboardNameOf(context: TaskContext): string | undefined {
  const written = textParameter(context.job, 'tensorboard_resource_id');
  return written === '' ? undefined : withProjectNumber(written, context);
}

/** The `location` parameter; embedding templates have none, and upload where the job runs. */
export const uploadLocation = (job: PipelineJobRecord) => textParameter(job, 'location') || job.location;

/** Drawn from the job, so that a job can never have two models. */
export const modelNameOf = ({ job, projectNumber }: TaskContext) =>
  `projects/${projectNumber}/locations/${uploadLocation(job)}/models/${resourceId(job.uid, 'model')}`;

export const endpointNameOf = ({ job, projectNumber }: TaskContext) =>
  `projects/${projectNumber}/locations/${uploadLocation(job)}/endpoints/${resourceId(job.uid, 'endpoint')}`;

export function subjectOf(job: PipelineJobRecord) {
  const template = templateOf(job.templateUri);
  return { family: template.family, baseModel: baseModelOf(template, job.parameters) };
}

export const provenanceOf = ({ job, trainer }: TaskContext): Provenance => trainer.provenance(subjectOf(job));
