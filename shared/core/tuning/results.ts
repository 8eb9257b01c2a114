import * as z from 'zod';
import { openObject } from '../json/open-object.ts';
import { ModelEndingSchema, ToldNoticeSchema } from './ending.ts';
import type { JobObservation, JobOutputs } from './job.ts';
import { type Evaluation, EvaluationSchema } from './metrics.ts';
import { type Plan, trainingRegion } from './plan.ts';

const CheckpointSchema = openObject({
  id: z.string().describe('Its id, for `checkpoint_id`.'),
  epoch: z.number().optional().describe('After how many passes over the data.'),
  step: z.number().optional().describe('After how many training steps.'),
  endpoint: z.string().optional().describe('Resource name of the endpoint that serves it.'),
  evaluationLoss: z
    .number()
    .optional()
    .describe('The last evaluation loss up to its step that is not of the checkpoint before it.'),
  evaluationStep: z.number().optional().describe('The step at which that was measured.'),
});

/** `status.result`: what a job that succeeded left behind. */
export const TuningResultSchema = openObject({
  model: z
    .string()
    .optional()
    .describe('Resource name of the model, without a version; of an open model only `weights` may be there.'),
  version: z.string().optional().describe('Its version.'),
  modelVersion: z.string().optional().describe('Resource name with `@version`.'),
  endpoint: z
    .string()
    .optional()
    .describe(
      'Resource name of the endpoint that serves it; embedding models have none until you deploy them.',
    ),
  checkpointStep: z
    .number()
    .optional()
    .describe('The training step whose weights the model has, where the job says it.'),
  stoppedAtStep: z
    .number()
    .optional()
    .describe(
      'The training step at which the job stopped early: as the job says it, else as it follows from the curves.',
    ),
  stoppedBecause: z.string().optional().describe('Why it stopped there, and how that is known.'),
  checkpoints: z
    .array(CheckpointSchema)
    .optional()
    .describe('The weights that the job kept on its way, in that order.'),
  bestCheckpoint: z
    .string()
    .optional()
    .describe('The id of the checkpoint with the least evaluation loss, where one was measured.'),
  weights: z.string().optional().describe('Of an open model: the directory with its weights.'),
  evaluation: EvaluationSchema.optional().describe(
    'The evaluation at that checkpoint, where it is known which one the model is.',
  ),
  measured: z
    .array(
      openObject({
        name: z.string().describe('As the job has it, such as `NDCG@10`.'),
        value: z.number().describe('As the job has it.'),
      }),
    )
    .optional()
    .describe(
      'Of an embedding model: what its job has measured on the test labels. What its base would have is measured by nobody.',
    ),
  tunedBy: z
    .string()
    .optional()
    .describe(
      'What the job says of who trained the model: only the embedded cloud says it, of its small model or that nothing was trained.',
    ),
});
export type TuningResult = z.infer<typeof TuningResultSchema>;

/** `models/{modelId}`: what the model registry says of a model that a run made. */
export const ModelDocumentSchema = openObject({
  model: z.string().describe('Resource name, without a version.'),
  version: z.string().describe('Its version, the latest that a run made.'),
  versions: z
    .array(z.string())
    .optional()
    .describe('Every version that runs made; somebody else may have added others.'),
  displayName: z.string().describe('Its name for people.'),
  baseModel: z.string().describe('What was tuned.'),
  runId: z.string().describe('The run that made it.'),
  endpoint: z.string().optional().describe('Resource name of the endpoint that serves it.'),
  region: z.string().describe('Where it is.'),
  createTime: z.string().describe('When it was registered, or else when the job ended.'),
  labels: z.record(z.string(), z.string()).describe('As the registry has them.'),
  ending: ModelEndingSchema.optional().describe(
    'When it ends with its base model, and what replaces it; absent where no such day is known.',
  ),
  told: ToldNoticeSchema.optional().describe(
    'The last notice of its end that was [published](run-events.md#a-tuned-model-that-ends).',
  ),
  nextNoticeAt: z.string().optional().describe('When the next one is due; absent where none follows.'),
  goneTime: z
    .string()
    .optional()
    .describe('When it was seen that the registry has it no more: then nobody is told of its end.'),
});
export type ModelDocument = z.infer<typeof ModelDocumentSchema>;

/** A model as Vertex AI's registry has it. */
export interface RegisteredModel {
  displayName: string;
  version?: string | undefined;
  createTime?: string | undefined;
  labels: Record<string, string>;
  /** The first endpoint that it is deployed to. */
  endpoint?: string | undefined;
}

/** What is known besides the job itself, at the end. */
export interface Found {
  registered?: RegisteredModel | undefined;
  evaluations?: readonly Evaluation[];
  /** The last training step of the curves. */
  lastStep?: number | undefined;
}

/** What a job left; undefined when it names no model and leaves no weights. */
export function resultOf(
  { outputs }: Pick<JobObservation, 'outputs'>,
  plan: Plan | undefined,
  { registered, evaluations = [], lastStep }: Found = {},
): TuningResult | undefined {
  const weights = weightsOf(plan);
  if (!outputs.model && weights === undefined) return undefined;
  const [model, suffix] = outputs.model?.split('@') ?? [];
  const version = suffix ?? registered?.version;
  const { checkpointStep, measured, tunedBy } = outputs;
  const stop = outputs.earlyStop ?? inferredStop(evaluations, { lastStep, plan });
  return {
    model,
    version,
    modelVersion: model && version && `${model}@${version}`,
    endpoint: outputs.endpoint ?? registered?.endpoint,
    checkpointStep,
    stoppedAtStep: stop?.step,
    stoppedBecause: stop?.reason,
    ...checkpointsOf(outputs, evaluations),
    weights,
    evaluation: evaluationOf(evaluations, checkpointStep, plan),
    measured,
    tunedBy,
  };
}

/**
 * The checkpoints, each with the loss of the evaluation at its step or the next before it, and the best of them. An evaluation up
 * to the checkpoint before was made of weights that are no later than those, so it says nothing of this one.
 */
function checkpointsOf(
  { checkpoints = [] }: JobOutputs,
  evaluations: readonly Evaluation[],
): Pick<TuningResult, 'checkpoints' | 'bestCheckpoint'> {
  if (checkpoints.length === 0) return {};
  const losses = evaluations.filter(({ loss }) => loss !== undefined);
  const measured = checkpoints.map((checkpoint, index) => {
    const last = losses.findLast(({ step }) => step <= (checkpoint.step ?? -1));
    const own = last && last.step > (checkpoints[index - 1]?.step ?? -1) ? last : undefined;
    return { ...checkpoint, evaluationLoss: own?.loss, evaluationStep: own?.step };
  });
  const [best] = measured
    .filter(({ evaluationLoss }) => evaluationLoss !== undefined)
    .sort((a, b) => (a.evaluationLoss ?? 0) - (b.evaluationLoss ?? 0));
  return { checkpoints: measured, bestCheckpoint: best?.id };
}

/** Google Cloud, "Tune open models": where a job writes what it ends with. */
function weightsOf(plan: Plan | undefined): string | undefined {
  if (plan?.backend !== 'tuningJobs' || plan.outputDirectory === undefined) return undefined;
  return `${plan.outputDirectory.replace(/\/$/, '')}/postprocess/node-0/checkpoints/final`;
}

/**
 * The document that mirrors the registry; what the registry did not say comes from the plan and the job. Undefined where no model was
 * registered.
 */
export function modelDocument(
  { model, version, endpoint }: TuningResult,
  {
    runId,
    plan,
    job,
    registered,
  }: {
    runId: string;
    plan: Plan | undefined;
    job: JobObservation;
    registered?: RegisteredModel | undefined;
  },
): ModelDocument | undefined {
  if (model === undefined) return undefined;
  return {
    model,
    version: version ?? '1',
    displayName: registered?.displayName || (plan?.modelDisplayName ?? ''),
    baseModel: plan?.baseModel ?? '',
    runId,
    endpoint,
    region: model.split('/')[3] ?? (plan ? trainingRegion(plan) : ''),
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
  const selection =
    (plan?.backend === 'pipelineJobs' && plan.parameters.enable_checkpoint_selection) || false;
  return String(selection) === 'false' ? evaluations.at(-1) : undefined;
}

/** A job that was to evaluate once more, and had nothing measured after its last evaluation, has stopped there. */
function inferredStop(
  evaluations: readonly Evaluation[],
  { lastStep, plan }: { lastStep: number | undefined; plan: Plan | undefined },
): JobOutputs['earlyStop'] {
  if (plan?.backend !== 'pipelineJobs') return undefined;
  const { enable_early_stopping, evaluation_interval } = { ...plan.templateDefaults, ...plan.parameters };
  const step = evaluations.at(-1)?.step;
  if (enable_early_stopping !== true || step === undefined || step !== lastStep) return undefined;
  const due = step + Number(evaluation_interval);
  if (!(due <= plan.training.steps)) return undefined;
  return {
    step,
    reason: `The job does not say it. It is inferred: early stopping was on, and the curves have no evaluation at step ${due}, though ${plan.training.steps} steps were planned.`,
  };
}
