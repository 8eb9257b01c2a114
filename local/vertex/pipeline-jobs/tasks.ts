/**
 * What each task of a pipeline really does. Effects are handed back, to be stored in one write with the task's success; only
 * progress and metrics are written while a task runs.
 */
import { int64Id } from '../http/ids.ts';
import { WorkFailure } from '../jobs/work-failure.ts';
import { weightsName } from '../store/models.ts';
import type { TaskName } from '../store/pipeline-job.ts';
import { ANSWER_SERIES, type MetricBoard, openMetricBoard } from '../tensorboard/metric-board.ts';
import type { TrainingPlan, TrainingResult, TuningTask } from '../training/trainer.ts';
import { readTuningExamples } from './examples.ts';
import { runningTask } from './job-life.ts';
import { readTuningSettings } from './settings.ts';
import {
  modelNameOf,
  provenanceOf,
  subjectOf,
  type TaskContext,
  type TaskResult,
  tensorboardNameOf,
  textParameter,
} from './task-context.ts';
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
  const { trainer, signal } = context;
  const board = boardOf(context);
  for await (const event of trainer.tune(tuningOf(context))) {
    signal.throwIfAborted();
    if (event.kind === 'progress') context.report(event.outputs);
    if (event.kind === 'measured') board?.write(event.measurement);
    if (event.kind === 'finished') return resultOf(context, event);
  }
  throw new WorkFailure('INTERNAL', 'The trainer ended without a model.');
}

/**
 * What the real tuning pipeline calls the experiment of a job is not known: here it is the id of the pipeline job and its number,
 * both of which a client may look for. The run is `default`, as the uploader of TensorBoard calls one at its root.
 */
function boardOf(context: TaskContext): MetricBoard | undefined {
  const { job, store, now } = context;
  const tensorboard = tensorboardNameOf(context);
  if (tensorboard === undefined) return undefined;
  const place = {
    experiment: `${tensorboard}/experiments/${job.id.slice(0, MAX_JOB_ID)}-${job.uid}`,
    run: 'default',
    displayName: job.id,
    source: job.name,
  };
  return openMetricBoard(place, ANSWER_SERIES, { store, now });
}

/** Ids of experiments are at most 128 characters; the number of the job is at most 19. */
const MAX_JOB_ID = 100;

function resultOf(context: TaskContext, { artifactUri, weights, outputs }: TrainingResult): TaskResult {
  const tunedBy = { tuned_by: provenanceOf(context).description };
  const saved = artifactUri === undefined ? {} : { saved_model: artifactUri };
  return {
    outputs: { ...tunedBy, ...outputs, ...saved },
    apply: (store) => {
      store.put('tuned', {
        name: weightsName(modelNameOf(context), '1'),
        ...subjectOf(context.job),
        weights: weights && Buffer.from(weights).toString('base64'),
      });
    },
  };
}

function tuningOf(context: TaskContext): TuningTask {
  const { job, projectNumber, signal } = context;
  const { gcsOutputDirectory } = job.echo.runtimeConfig as { gcsOutputDirectory: string };
  const task = runningTask(job)?.name ?? '';
  return {
    jobName: job.name,
    ...subjectOf(job),
    plan: () => planOf(context),
    // The path of a pipeline's artifacts, as Google's documentation of pipelines has it.
    artifactDirectory: `${gcsOutputDirectory.replace(/\/+$/, '')}/${projectNumber}/${job.id}/${task}_${int64Id(job.uid, task)}`,
    signal,
  };
}

async function planOf({ job, readObject }: TaskContext): Promise<TrainingPlan> {
  const { parameters } = job;
  const { family, baseModel } = subjectOf(job);
  const settings = readTuningSettings({ baseModel, parameters });
  const examplesOf = (uri: string) => readTuningExamples(uri, { family, parameters, readObject });
  const evaluationUri = textParameter(job, 'evaluation_data_uri');
  return {
    ...settings,
    examples: await examplesOf(textParameter(job, 'dataset_uri')),
    evaluation: evaluationUri === '' ? undefined : await examplesOf(evaluationUri),
  };
}
