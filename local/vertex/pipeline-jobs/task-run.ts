/** Runs the task that a job is at, and writes what became of it. */
import type { Clock } from '../../clock.ts';
import type { ObjectReader } from '../storage/objects.ts';
import type { PipelineJobRecord } from '../store/pipeline-job.ts';
import type { Store } from '../store/store.ts';
import type { Trainer } from '../training/trainer.ts';
import { completeTask, failTask, isTerminal, reportOutputs, runningTask, TaskFailure } from './job-life.ts';
import type { TaskResult } from './task-context.ts';
import { TASK_WORK } from './tasks.ts';

export interface TaskRunOptions {
  store: Store;
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
export async function attemptTask(
  job: PipelineJobRecord,
  signal: AbortSignal,
  options: TaskRunOptions,
): Promise<TaskResult | TaskFailure> {
  const task = runningTask(job);
  if (!task) return new TaskFailure('INTERNAL', 'no task is running');
  const scripted = job.scriptedFailure;
  if (scripted?.task === task.name) return new TaskFailure(scripted.code, scripted.message);
  const { store, projectId, projectNumber, readObject, trainer, clock, log } = options;
  const context = {
    ...{ job, store, projectId, projectNumber, readObject, trainer, signal },
    now: () => clock.now(),
    report: (outputs: Record<string, string>) => {
      const current = store.get('job', job.name);
      if (current?.uid === job.uid && !isTerminal(current)) store.put('job', reportOutputs(current, outputs));
    },
  };
  try {
    return await TASK_WORK[task.name](context);
  } catch (error) {
    if (!(error instanceof TaskFailure) && !signal.aborted) log(`${job.name} ${task.name}: ${String(error)}`);
    return asFailure(error);
  }
}

/** Writes the running task's end together with what it made, or neither; returns the job as it is then. */
export function recordResult(
  job: PipelineJobRecord,
  result: TaskResult | TaskFailure,
  options: TaskRunOptions,
): PipelineJobRecord {
  const { store, clock, taskMs, projectId, projectNumber } = options;
  const nowMs = clock.now();
  if (result instanceof TaskFailure) {
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
    return recordResult(job, asFailure(error), options);
  }
}

function asFailure(error: unknown): TaskFailure {
  if (error instanceof TaskFailure) return error;
  return new TaskFailure('INTERNAL', error instanceof Error ? error.message : String(error));
}
