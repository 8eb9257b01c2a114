/**
 * What each task of a pipeline really does. Effects are handed back, to be stored in one write with the task's success; only
 * progress and metrics are written while a task runs.
 */
import { int64Id } from '../http/ids.ts';
import type { TaskName } from '../store/pipeline-job.ts';
import type { Store } from '../store/store.ts';
import { openMetricBoard } from '../tensorboard/metric-board.ts';
import type { TuningTask } from '../training/trainer.ts';
import { runningTask, TaskFailure } from './job-life.ts';
import {
  modelNameOf,
  provenanceOf,
  subjectOf,
  type TaskContext,
  type TaskResult,
  tensorboardOf,
} from './task-context.ts';
import { templateOf } from './templates.ts';
import { deploy, upload } from './upload-tasks.ts';
import { validate } from './validation-task.ts';

export const TASK_WORK: Record<TaskName, (context: TaskContext) => Promise<TaskResult>> = {
  'vertex-pipelines-prompt-validation': validate,
  'large-language-model-tuner': tune,
  'upload-llm-model': upload,
  'deployment-graph': deploy,
  // No validation task is known for embedding tuning; that its trainer is the one that refuses bad data is inferred.
  'text-embedding-trainer': async (context) => {
    await validate(context);
    return tune(context);
  },
  // The real evaluator has metrics among its outputs. No embedding model is trained here, so there is nothing to measure.
  'text-embedding-evaluator': async () => ({ outputs: {} }),
  'text-embedding-model-uploader': upload,
};

async function tune(context: TaskContext): Promise<TaskResult> {
  const { job, store, trainer, signal, now } = context;
  const tensorboard = tensorboardOf(context);
  const board = tensorboard === undefined ? undefined : openMetricBoard(job, tensorboard, { store, now });
  for await (const event of trainer.tune(tuningOf(context))) {
    signal.throwIfAborted();
    if (event.kind === 'progress') context.report(event.outputs);
    if (event.kind === 'measured') board?.write(event.measurement);
    if (event.kind !== 'finished') continue;
    const { artifactUri, adapter, outputs } = event;
    const tunedBy = { tuned_by: provenanceOf(context).description };
    return {
      outputs: { ...tunedBy, ...outputs, ...(artifactUri ? { saved_model: artifactUri } : {}) },
      apply: (to: Store) => {
        if (adapter) to.put('tuned', tunedRecord(context, adapter));
      },
    };
  }
  throw new TaskFailure('INTERNAL', 'The trainer ended without a model.');
}

function tuningOf({ job, projectNumber, readObject, signal }: TaskContext): TuningTask {
  const { gcsOutputDirectory } = job.echo.runtimeConfig as { gcsOutputDirectory: string };
  const task = runningTask(job)?.name ?? '';
  return {
    jobName: job.name,
    ...subjectOf(job),
    parameters: job.parameters,
    // The path of a pipeline's artifacts, as Google's documentation of pipelines has it.
    artifactDirectory: `${gcsOutputDirectory.replace(/\/+$/, '')}/${projectNumber}/${job.id}/${task}_${int64Id(job.uid, task)}`,
    ...{ readObject, signal },
  };
}

const tunedRecord = (context: TaskContext, adapter: Uint8Array) => ({
  name: modelNameOf(context),
  family: templateOf(context.job.templateUri).family,
  adapter: Buffer.from(adapter).toString('base64'),
});
