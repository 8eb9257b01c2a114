import { type JobObservation, outputOf, type TaskObservation } from './job-state.ts';
import type { Evaluation } from './metrics.ts';
import type { Plan } from './plan.ts';

/** `status.result`: what a job that succeeded left behind. */
export interface TuningResult {
  /** Resource name of the model, without a version. */
  model: string;
  version?: string;
  /** The same with `@version`. */
  modelVersion?: string;
  /** Resource name of the endpoint that serves it. */
  endpoint?: string;
  /** The training step whose weights the model has, where the job says it. */
  checkpointStep?: number;
  /** The training step at which the job stopped early: as the job says it, else as it follows from the curves. */
  stoppedAtStep?: number;
  /** Why it stopped there, and how that is known. */
  stoppedBecause?: string;
  /** The evaluation at that checkpoint; absent where nobody says which checkpoint the model is. */
  evaluation?: Evaluation;
  /** What the job says of who trained the model, where it says it: on the embedded cloud that it was a small one, or nobody. */
  tunedBy?: string;
}

/** `models/{modelId}`: what the model registry says of a model that a run made. */
export interface ModelDocument {
  /** Resource name, without a version. */
  model: string;
  version: string;
  displayName: string;
  baseModel: string;
  runId: string;
  endpoint?: string;
  region: string;
  createTime: string;
  labels: Record<string, string>;
}

/** A model as Vertex AI's registry has it. */
export interface RegisteredModel {
  displayName: string;
  version?: string;
  createTime?: string;
  labels: Record<string, string>;
  /** The first endpoint that it is deployed to. */
  endpoint?: string;
}

/** What is known besides the job itself, at the end. */
export interface Found {
  registered?: RegisteredModel | undefined;
  evaluations?: readonly Evaluation[];
  /** The last training step of the curves. */
  lastStep?: number | undefined;
}

/**
 * Where a job says which checkpoint it kept and where it stopped. Google documents no such output of its templates; these
 * are the names of the embedded cloud's tuner, with or without a prefix, and the real service may never have them.
 */
const CHECKPOINT_KEY = /^output:(?:[a-z]+_)*checkpoint_step$/;
const EARLY_STOP_KEY = /^output:(?:[a-z]+_)*early_stop_step$/;
const EARLY_STOP_REASON_KEY = /^output:(?:[a-z]+_)*early_stop_reason$/;
const TUNED_BY_KEY = /^output:tuned_by$/;

/** What a job left; undefined when it names no model. */
export function resultOf(
  job: JobObservation,
  plan: Plan | undefined,
  { registered, evaluations = [], lastStep }: Found = {},
): TuningResult | undefined {
  const named = outputOf(job.tasks, 'model_resource_name');
  if (!named) return undefined;
  const [model = named, suffix] = named.split('@');
  const version = suffix ?? registered?.version;
  const endpoint = outputOf(job.tasks, 'endpoint_resource_name') ?? registered?.endpoint;
  const checkpointStep = stepOf(job.tasks, CHECKPOINT_KEY);
  const evaluation = evaluationOf(evaluations, checkpointStep, plan);
  return {
    model,
    ...(version ? { version, modelVersion: `${model}@${version}` } : {}),
    ...(endpoint ? { endpoint } : {}),
    ...(checkpointStep === undefined ? {} : { checkpointStep }),
    ...(earlyStopTold(job.tasks) ?? earlyStopInferred(evaluations, { lastStep, plan })),
    ...(evaluation ? { evaluation } : {}),
    ...tunedByTold(job.tasks),
  };
}

/** The document that mirrors the registry; what the registry did not say comes from the plan and the job. */
export function modelDocument(
  { model, version, endpoint }: TuningResult,
  { plan, job, registered }: { plan: Plan; job: JobObservation; registered?: RegisteredModel | undefined },
): ModelDocument {
  return {
    model,
    version: version ?? '1',
    displayName: registered?.displayName || plan.modelDisplayName,
    baseModel: plan.baseModel,
    runId: plan.runId,
    ...(endpoint ? { endpoint } : {}),
    region: model.split('/')[3] ?? plan.regions.modelUpload,
    createTime: registered?.createTime ?? job.endTime ?? '',
    labels: registered?.labels ?? {},
  };
}

/** Id of the document of a model: the last part of its resource name, without a version. */
export function modelId(model: string): string {
  return (model.split('/').at(-1) ?? model).split('@')[0] ?? model;
}

/** Without checkpoint selection the model is the last checkpoint; with it only the job could say which one it is. */
function evaluationOf(
  evaluations: readonly Evaluation[],
  checkpointStep: number | undefined,
  plan: Plan | undefined,
): Evaluation | undefined {
  if (checkpointStep !== undefined) return evaluations.find(({ step }) => step === checkpointStep);
  const selection = plan?.parameters.enable_checkpoint_selection ?? false;
  return String(selection) === 'false' ? evaluations.at(-1) : undefined;
}

type EarlyStop = Pick<TuningResult, 'stoppedAtStep' | 'stoppedBecause'>;

function earlyStopTold(tasks: TaskObservation[]): EarlyStop | undefined {
  const stoppedAtStep = stepOf(tasks, EARLY_STOP_KEY);
  if (stoppedAtStep === undefined) return undefined;
  const reason = outputLike(tasks, EARLY_STOP_REASON_KEY);
  return { stoppedAtStep, ...(typeof reason === 'string' && reason ? { stoppedBecause: reason } : {}) };
}

function tunedByTold(tasks: TaskObservation[]): Pick<TuningResult, 'tunedBy'> {
  const tunedBy = outputLike(tasks, TUNED_BY_KEY);
  return typeof tunedBy === 'string' && tunedBy ? { tunedBy } : {};
}

/** A job that was to evaluate once more, and had nothing measured after its last evaluation, has stopped there. */
function earlyStopInferred(
  evaluations: readonly Evaluation[],
  { lastStep, plan }: { lastStep: number | undefined; plan: Plan | undefined },
): EarlyStop | undefined {
  const { enable_early_stopping, evaluation_interval } = { ...plan?.templateDefaults, ...plan?.parameters };
  const step = evaluations.at(-1)?.step;
  if (enable_early_stopping !== true || step === undefined || step !== lastStep) return undefined;
  const due = step + Number(evaluation_interval);
  if (!plan || !(due <= plan.training.steps)) return undefined;
  return {
    stoppedAtStep: step,
    stoppedBecause: `The job does not say it. It is inferred: early stopping was on, and the curves have no evaluation at step ${due}, though ${plan.training.steps} steps were planned.`,
  };
}

function stepOf(tasks: TaskObservation[], key: RegExp): number | undefined {
  const step = Number(outputLike(tasks, key));
  return Number.isInteger(step) && step > 0 ? step : undefined;
}

/** The first output of the job whose name fits. */
function outputLike(tasks: TaskObservation[], key: RegExp): unknown {
  const outputs = tasks.flatMap(({ metadata }) => Object.entries(metadata));
  return outputs.find(([name]) => key.test(name))?.[1];
}
