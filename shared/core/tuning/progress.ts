import * as z from 'zod';
import { openObject } from '../json/open-object.ts';
import type { JobObservation } from './job.ts';
import type { MetricSeries } from './metrics.ts';
import type { PipelinePlan, Plan, TuningPlan } from './plan.ts';

/** How far a running job is: by its training steps, else by its passes over the data, else by its tasks. */
export const ProgressSchema = openObject({
  percent: z
    .number()
    .optional()
    .describe('0 to 100, rounded down, where it is known how much there is to do.'),
  step: z.number().optional().describe('The last training step that was measured.'),
  ofSteps: z.number().optional().describe('The training steps that were planned.'),
  estimatedEndTime: z
    .string()
    .optional()
    .describe(
      'When the last step will be done if the pace stays; upload and deployment follow it. An estimate.',
    ),
  epoch: z.number().optional().describe('Passes over the data that are done, where the job counts them.'),
  ofEpochs: z.number().optional().describe('Passes over the data that were asked for.'),
  tasksDone: z.number().optional().describe('Tasks of the job that are done, where no step was measured.'),
  ofTasks: z.number().optional().describe('Tasks that such a job has, as far as Google says.'),
  reason: z.string().optional().describe('Why it is as coarse as it is.'),
});
export type Progress = z.infer<typeof ProgressSchema>;

/** Two measured points of a curve that are as far apart as there are. Times are RFC 3339. */
export interface Pace {
  from: { step: number; time: string };
  to: { step: number; time: string };
}

/** What was measured of a job while it runs. */
export interface Measured {
  series: readonly MetricSeries[];
  pace?: Pace | undefined;
}

/** How far a job is. Undefined where nothing says it. */
export function progressOf(
  plan: Plan,
  job: JobObservation,
  measured: Measured | undefined,
): Progress | undefined {
  return plan.backend === 'pipelineJobs'
    ? pipelineProgress(plan, job, measured)
    : tuningProgress(plan, job, measured);
}

/** A tuning job counts its epochs, its curves have its steps, and its statistics of the data may say how many there will be. */
function tuningProgress(
  { training: { epochs: ofEpochs } }: Pick<TuningPlan, 'training'>,
  { completed, dataStats }: Pick<JobObservation, 'completed' | 'dataStats'>,
  measured: Measured | undefined,
): Progress | undefined {
  const step = Math.max(completed?.steps ?? 0, measured ? lastStep(measured.series) : 0);
  const epoch = completed?.epochs;
  const epochs = epoch === undefined ? {} : { epoch, ofEpochs };
  if (step === 0) return epoch === undefined ? undefined : { percent: percentOf(epoch, ofEpochs), ...epochs };
  if (dataStats?.steps) return { ...stepProgress(step, dataStats.steps, measured?.pace), ...epochs };
  return { percent: epoch === undefined ? undefined : percentOf(epoch, ofEpochs), step, ...epochs };
}

/**
 * How far a job of a compiled pipeline is. Training steps say it best. Google's guide promises the curves for after the job only, so there may be
 * none while it runs; then its tasks count. Undefined where neither is known.
 */
function pipelineProgress(
  { training, parameters, pipelineName }: Pick<PipelinePlan, 'training' | 'parameters' | 'pipelineName'>,
  { tasks }: Pick<JobObservation, 'tasks'>,
  measured: Measured | undefined,
): Progress | undefined {
  const step = measured ? lastStep(measured.series) : 0;
  if (step > 0) return stepProgress(step, training.steps, measured?.pace);
  const isMeasured = Boolean(parameters.tensorboard_resource_id);
  const reason = isMeasured ? 'No training step was measured yet.' : 'No TensorBoard was named.';
  if (tasks) {
    const ofTasks = Math.max(tasks.listed, TASKS_OF_TEMPLATE[pipelineName] ?? 0);
    const counted = `${reason} The tasks of the job are counted instead.`;
    return { percent: percentOf(tasks.done, ofTasks), tasksDone: tasks.done, ofTasks, reason: counted };
  }
  return isMeasured ? { percent: 0, step: 0, ofSteps: training.steps, reason } : undefined;
}

/**
 * How many tasks a job has at least, since one may be listed only once it starts. Google's notebook on tuning shows five for
 * text models (validation, export, conversion, tuning, upload); its embedding template has three. That the chat template has
 * as many as the text template is inferred, and so is what a list holds while the job runs.
 */
const TASKS_OF_TEMPLATE: Readonly<Record<string, number>> = {
  'tune-large-model': 5,
  'tune-large-chat-model': 5,
  'tune-text-embedding-model': 3,
};

/** The last training step of the curves; 0 where there is none. */
export function lastStep(series: readonly MetricSeries[]): number {
  return Math.max(0, ...series.map(({ points }) => points.at(-1)?.step ?? 0));
}

/** Progress by training steps. */
export function stepProgress(step: number, ofSteps: number, pace?: Pace): Progress {
  const done = Math.min(step, ofSteps);
  const estimatedEndTime = pace && estimate(pace, ofSteps);
  return { percent: percentOf(done, ofSteps), step: done, ofSteps, estimatedEndTime };
}

/** A straight line through two points: honest for training steps, which take about the same time each. */
function estimate({ from, to }: Pace, ofSteps: number): string | undefined {
  const [begun, reached] = [Date.parse(from.time), Date.parse(to.time)];
  const msPerStep = (reached - begun) / (to.step - from.step);
  if (!Number.isFinite(msPerStep) || msPerStep <= 0) return undefined;
  return new Date(Math.round(reached + Math.max(0, ofSteps - to.step) * msPerStep)).toISOString();
}

function percentOf(done: number, of: number): number {
  return of > 0 ? Math.floor((done / of) * 100) : 0;
}
