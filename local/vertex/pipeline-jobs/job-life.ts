/** What a pipeline job goes through, as pure steps from one record to the next. Nothing here waits or stores. */

import { rpcStatus } from '../http/api-error.ts';
import type { WorkFailure } from '../jobs/work-failure.ts';
import type { PipelineJobRecord, PipelineState, TaskRecord } from '../store/pipeline-job.ts';
import { templateOf } from './templates.ts';

const TERMINAL: ReadonlySet<PipelineState> = new Set([
  'PIPELINE_STATE_SUCCEEDED',
  'PIPELINE_STATE_FAILED',
  'PIPELINE_STATE_CANCELLED',
]);

export const hasPipelineEnded = (job: PipelineJobRecord): boolean => TERMINAL.has(job.state);

export const runningTask = (job: PipelineJobRecord): TaskRecord | undefined =>
  job.tasks.find((task) => task.state === 'RUNNING');

/** Starts the first task or the one after the last; without another task the job has succeeded. */
export function startNextTask(job: PipelineJobRecord, nowMs: number, taskMs: number): PipelineJobRecord {
  const name = templateOf(job.templateUri).tasks[job.tasks.length];
  if (!name) return end(job, 'PIPELINE_STATE_SUCCEEDED', nowMs);
  const task: TaskRecord = { name, state: 'RUNNING', createMs: nowMs, startMs: nowMs, outputs: {} };
  return {
    ...job,
    state: 'PIPELINE_STATE_RUNNING',
    startMs: job.startMs ?? nowMs,
    updateMs: nowMs,
    dueMs: nowMs + taskMs,
    tasks: [...job.tasks, task],
  };
}

/** The running task has succeeded. A job that is being cancelled starts nothing more, but may still have been at its end. */
export function completeTask(
  job: PipelineJobRecord,
  outputs: Record<string, string>,
  { nowMs, taskMs }: { nowMs: number; taskMs: number },
): PipelineJobRecord {
  const done = withRunning(job, (task) => ({ ...task, state: 'SUCCEEDED', endMs: nowMs, outputs }));
  const isLast = done.tasks.length === templateOf(job.templateUri).tasks.length;
  if (job.state === 'PIPELINE_STATE_CANCELLING' && !isLast) return waitForCancel(done, nowMs);
  return startNextTask(done, nowMs, taskMs);
}

/** The running task tells how far it is; when it ends, its outputs are what it ended with. */
export const reportOutputs = (job: PipelineJobRecord, outputs: Record<string, string>): PipelineJobRecord =>
  withRunning(job, (task) => ({ ...task, outputs }));

/** The running task has failed, and the job with it. The texts follow failures that users of the real service reported. */
export function failTask(
  job: PipelineJobRecord,
  failure: WorkFailure,
  { nowMs, projectId, projectNumber }: { nowMs: number; projectId: string; projectNumber: string },
): PipelineJobRecord {
  const name = runningTask(job)?.name ?? '';
  const cause =
    `com.google.cloud.ai.platform.common.errors.AiPlatformException: code=${failure.code}, message=${failure.message}, cause=null; ` +
    `Failed to create custom job.Project number: ${projectNumber}, Job id: ${job.uid}, Task name: ${name}, Task state: DRIVER_SUCCEEDED`;
  const failed = withRunning(job, (task) => ({
    ...task,
    state: 'FAILED',
    endMs: nowMs,
    error: rpcStatus(failure.code, cause),
  }));
  const summary =
    `The DAG failed because some tasks failed. The failed tasks are: [${name}].; ` +
    `Job (project_id = ${projectId}, job_id = ${job.uid}) is failed due to the above error.; ` +
    `Failed to handle the job: {project_number = ${projectNumber}, job_id = ${job.uid}}`;
  const ended = end(withUntriggered(failed, nowMs), 'PIPELINE_STATE_FAILED', nowMs);
  return { ...ended, error: rpcStatus('FAILED_PRECONDITION', summary) };
}

/** A cancellation was asked for: it takes effect at `cancelDueMs`, unless the job ends before. */
export function beginCancel(job: PipelineJobRecord, nowMs: number, cancelDueMs: number): PipelineJobRecord {
  if (hasPipelineEnded(job) || job.state === 'PIPELINE_STATE_CANCELLING') return job;
  const cancelling: PipelineJobRecord = {
    ...job,
    state: 'PIPELINE_STATE_CANCELLING',
    updateMs: nowMs,
    cancelDueMs,
  };
  return runningTask(job) ? cancelling : waitForCancel(cancelling, nowMs);
}

/** The cancellation has taken effect. The code is documented (1), the wording of the message is not. */
export function finishCancel(job: PipelineJobRecord, nowMs: number): PipelineJobRecord {
  const stopped = withRunning(job, (task) => ({ ...task, state: 'CANCELLED', endMs: nowMs }));
  const ended = end(withUntriggered(stopped, nowMs), 'PIPELINE_STATE_CANCELLED', nowMs);
  return { ...ended, error: rpcStatus('CANCELLED', 'The pipeline job was cancelled by a request.') };
}

function withRunning(job: PipelineJobRecord, change: (task: TaskRecord) => TaskRecord): PipelineJobRecord {
  return { ...job, tasks: job.tasks.map((task) => (task.state === 'RUNNING' ? change(task) : task)) };
}

/** That tasks which will never start are listed as NOT_TRIGGERED is inferred from the meaning of that state. */
function withUntriggered(job: PipelineJobRecord, nowMs: number): PipelineJobRecord {
  const rest = templateOf(job.templateUri).tasks.slice(job.tasks.length);
  const untriggered = rest.map(
    (name): TaskRecord => ({ name, state: 'NOT_TRIGGERED', createMs: nowMs, outputs: {} }),
  );
  return { ...job, tasks: [...job.tasks, ...untriggered] };
}

function waitForCancel(job: PipelineJobRecord, nowMs: number): PipelineJobRecord {
  const { dueMs: _, ...rest } = job;
  return { ...rest, updateMs: nowMs };
}

function end(job: PipelineJobRecord, state: PipelineState, nowMs: number): PipelineJobRecord {
  const { dueMs: _, cancelDueMs: __, ...rest } = job;
  return { ...rest, state, updateMs: nowMs, endMs: nowMs };
}
