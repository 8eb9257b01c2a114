import * as z from 'zod';
import type { JobObservation } from '../../core/tuning/job-state.ts';

/** The parts of Google's PipelineJob JSON that a run is made of; whatever else is there, now or later, is let through. */
const StatusSchema = z.looseObject({ message: z.string().optional() });

const TaskSchema = z.looseObject({
  taskId: z.string().default(''),
  taskName: z.string().default(''),
  state: z.string().default('STATE_UNSPECIFIED'),
  error: StatusSchema.optional(),
  execution: z
    .looseObject({
      schemaTitle: z.string().optional(),
      metadata: z.record(z.string(), z.unknown()).default({}),
    })
    .optional(),
});

export const PipelineJobSchema = z.looseObject({
  name: z.string(),
  state: z.string().default('PIPELINE_STATE_UNSPECIFIED'),
  createTime: z.string().optional(),
  startTime: z.string().optional(),
  endTime: z.string().optional(),
  updateTime: z.string().optional(),
  labels: z.record(z.string(), z.string()).default({}),
  error: StatusSchema.optional(),
  jobDetail: z.looseObject({ taskDetails: z.array(TaskSchema).default([]) }).optional(),
});

export const PipelineJobListSchema = z.looseObject({
  pipelineJobs: z.array(PipelineJobSchema).default([]),
  nextPageToken: z.string().optional(),
});

/** Google's JSON as our own words. */
export function observationOf(job: z.infer<typeof PipelineJobSchema>): JobObservation {
  const { name, state, createTime, startTime, endTime, updateTime, labels } = job;
  const root = job.jobDetail?.taskDetails.find((task) => task.execution?.schemaTitle === 'system.Run');
  return {
    name,
    state,
    labels,
    ...(root?.taskId ? { numericId: root.taskId.replace('-', '') } : {}),
    ...(createTime ? { createTime } : {}),
    ...(startTime ? { startTime } : {}),
    ...(endTime ? { endTime } : {}),
    ...(updateTime ? { updateTime } : {}),
    ...(job.error?.message ? { error: job.error.message } : {}),
    tasks: (job.jobDetail?.taskDetails ?? []).map((task) => ({
      name: task.taskName,
      state: task.state,
      metadata: task.execution?.metadata ?? {},
      ...(task.execution?.schemaTitle ? { schemaTitle: task.execution.schemaTitle } : {}),
      ...(task.error?.message ? { error: task.error.message } : {}),
    })),
  };
}
