/** Runs the task that a job is at, and writes what became of it. */
import type { Clock } from '../../clock.ts';
import type { JobLife } from '../jobs/engine.ts';
import { asWorkFailure, WorkFailure } from '../jobs/work-failure.ts';
import type { ObjectReader } from '../storage/objects.ts';
import type { PipelineJobRecord } from '../store/pipeline-job.ts';
import type { VertexStore } from '../store/store.ts';
import type { Trainer } from '../training/trainer.ts';
import {
  beginCancel,
  completeTask,
  failTask,
  finishCancel,
  hasPipelineEnded,
  reportOutputs,
  runningTask,
  startNextTask,
} from './job-life.ts';
import type { TaskResult } from './task-context.ts';
import { TASK_WORK } from './tasks.ts';

export interface TaskRunOptions {
  store: VertexStore;
  clock: Clock;
  projectId: string;
  projectNumber: string;
  readObject: ObjectReader;
  trainer: Trainer;
  /** How long a job is pending, and how long each task takes at least. */
  taskMs: number;
  log: (line: string) => void;
}

/** Does the running task's work; only its progress is written yet, so it may be done again after a crash. */
async function attemptTask(
  job: PipelineJobRecord,
  signal: AbortSignal,
  options: TaskRunOptions,
): Promise<TaskResult | WorkFailure> {
  const task = runningTask(job);
  if (!task) return new WorkFailure('INTERNAL', 'no task is running');
  const scripted = job.scriptedFailure;
  if (scripted?.task === task.name) return new WorkFailure(scripted.code, scripted.message);
  const { store, projectId, projectNumber, readObject, trainer, clock, log } = options;
  const context = {
    ...{ job, store, projectId, projectNumber, readObject, trainer, signal },
    now: () => clock.now(),
    report: (outputs: Record<string, string>) => {
      const current = store.get('job', job.name);
      if (current?.uid === job.uid && !hasPipelineEnded(current))
        store.put('job', reportOutputs(current, outputs));
    },
  };
  try {
    return await TASK_WORK[task.name](context);
  } catch (error) {
    if (!(error instanceof WorkFailure) && !signal.aborted) log(`${job.name} ${task.name}: ${String(error)}`);
    return asWorkFailure(error);
  }
}

/** Writes the running task's end together with what it made, or neither; returns the job as it is then. */
function recordResult(
  job: PipelineJobRecord,
  result: TaskResult | WorkFailure,
  options: TaskRunOptions,
): PipelineJobRecord {
  const { store, clock, taskMs, projectId, projectNumber } = options;
  const nowMs = clock.now();
  if (result instanceof WorkFailure) {
    const failed = failTask(job, result, { nowMs, projectId, projectNumber });
    store.put('job', failed);
    return failed;
  }
  try {
    return store.atomically(() => {
      result.apply?.(store);
      const next = completeTask(job, result.outputs, { nowMs, taskMs });
      store.put('job', next);
      return next;
    });
  } catch (error) {
    return recordResult(job, asWorkFailure(error), options);
  }
}

/** A cancellation takes half a task: one that arrives late in the last task finds the job succeeded, as it may in reality. */
const CANCEL_SHARE = 0.5;

/** The life of pipeline jobs, for the engine. */
export function pipelineLife(options: TaskRunOptions): JobLife<PipelineJobRecord, TaskResult | WorkFailure> {
  const { store, clock, taskMs } = options;
  return {
    get: (name) => store.get('job', name),
    all: () => store.list('job'),
    put: (job) => store.put('job', job),
    hasEnded: hasPipelineEnded,
    isWork: (job) => runningTask(job) !== undefined,
    advance: (job) => startNextTask(job, clock.now(), taskMs),
    attempt: (job, signal) => attemptTask(job, signal, options),
    record: (job, result) => recordResult(job, result, options),
    beginCancel: (job) => beginCancel(job, clock.now(), clock.now() + taskMs * CANCEL_SHARE),
    finishCancel: (job) => finishCancel(job, clock.now()),
  };
}
