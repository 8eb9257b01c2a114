import * as z from 'zod';
import { openObject } from '../json/open-object.ts';
import { TUNING_METHODS, TUNING_MODES } from '../models/tuning-models.ts';

const ParameterSchema = z.union([z.string(), z.number(), z.boolean()]);
export type ParameterValue = z.infer<typeof ParameterSchema>;
const ParametersSchema = z.record(z.string(), ParameterSchema);

/** What every plan has, whichever service of Vertex AI tunes the model. */
const COMMON = {
  runId: z.string().describe('The run.'),
  project: z.string().describe('The project that the job runs in.'),
  baseModel: z.string().describe('The model to tune.'),
  serviceAccount: z.string().optional().describe('Who the job runs as.'),
  encryptionKey: z.string().optional().describe('The customer-managed key.'),
  labels: z.record(z.string(), z.string()).describe('Your labels; the product adds its own.'),
  deployment: z
    .string()
    .optional()
    .describe('The deployment that asks, by its results bucket, as the label of the job says it.'),
  isDryRun: z.boolean().describe('True: checked and planned only.'),
  notes: z.array(z.string()).describe('What the manifest left open and what was made of it, in sentences.'),
};

const StepsSchema = openObject({
  steps: z.number().describe('Training steps.'),
  batchSize: z.number().describe('Examples a step.'),
  examples: z.number().optional().describe('Examples of the training data, where they were counted.'),
  epochs: z
    .number()
    .optional()
    .describe('Passes over the data: steps × batch size ÷ examples, two decimals.'),
  evaluations: z.number().optional().describe('Data points that evaluation gives, without early stopping.'),
});
export type PlannedSteps = z.infer<typeof StepsSchema>;

/**
 * What will be asked of a compiled pipeline, as it stands in the run document: everything that was chosen, by whom, and what
 * follows from it. Plain JSON. Parameters have Google's names.
 */
export const PipelinePlanSchema = openObject({
  backend: z.literal('pipelineJobs').describe('Which service of Vertex AI tunes the model.'),
  ...COMMON,
  modelDisplayName: z.string().describe('The name of the tuned model.'),
  templateUri: z.string().describe('Google’s template that tunes it.'),
  pipelineName: z.string().describe('The beginning of the job’s id, as Google’s SDK has it.'),
  regions: openObject({
    pipelineJob: z.string().describe('Where the pipeline job runs.'),
    modelUpload: z.string().describe('Where the model goes.'),
    training: z.string().describe('Where it is trained.'),
  }).describe('Where the pipeline job runs, where the model goes, where it is trained.'),
  accelerator: z.string().describe('What it is trained on, in words.'),
  training: StepsSchema.describe('Steps, batch size, and what follows from them.'),
  parameters: ParametersSchema.describe('What is sent to the template, as it is.'),
  templateDefaults: ParametersSchema.describe(
    'What is not sent, and what the template takes then, as far as Google documents it.',
  ),
  outputDirectory: z.string().describe('Where the pipeline writes its artifacts.'),
});
export type PipelinePlan = z.infer<typeof PipelinePlanSchema>;

const EpochsSchema = openObject({
  epochs: z.number().describe('Passes over the data; always sent.'),
  examples: z.number().optional().describe('Examples of the training data, where they were counted.'),
  fromTrainSteps: z
    .number()
    .optional()
    .describe('The train_steps of the manifest that the epochs were made from.'),
});

/** Settings of a `tuningJobs` job under Google's names, as they are sent. */
const HyperParametersSchema = openObject({
  epochCount: z.number().describe('Passes over the data.'),
  learningRateMultiplier: z.number().optional().describe('Factor on the recommended learning rate.'),
  learningRate: z.number().optional().describe('The learning rate itself; open models only.'),
  adapterSize: z.string().optional().describe('Google’s name of the adapter’s size.'),
  batchSize: z.number().optional().describe('Examples a step; open models only.'),
  beta: z.number().optional().describe('How far preference tuning may leave the base model.'),
});

/** What will be asked of `tuningJobs`. Plain JSON; what is sent has Google's names. */
export const TuningPlanSchema = openObject({
  backend: z.literal('tuningJobs').describe('Which service of Vertex AI tunes the model.'),
  ...COMMON,
  modelDisplayName: z
    .string()
    .optional()
    .describe('The name of the tuned model. None: a new version of the model that training goes on from.'),
  description: z.string().optional().describe('Your words about the job.'),
  apiVersion: z.enum(['v1', 'v1beta1']).describe('The version of the API that the job is created through.'),
  region: z.string().describe('Where the job runs.'),
  method: z.enum(TUNING_METHODS).describe('How it is tuned.'),
  training: EpochsSchema.describe('Passes over the data, and what they were made from.'),
  trainingDatasetUri: z.string().describe('What is trained on.'),
  validationDatasetUri: z.string().optional().describe('What is evaluated on while it trains.'),
  hyperParameters: HyperParametersSchema.describe('Settings of the training, as they are sent.'),
  tuningMode: z
    .enum(TUNING_MODES)
    .optional()
    .describe('An adapter or all weights, of open models that have both.'),
  exportLastCheckpointOnly: z.boolean().optional().describe('True: no checkpoint is kept but the last.'),
  preTunedModel: openObject({
    tunedModelName: z.string().describe('Resource name of the tuned model.'),
    checkpointId: z.string().optional().describe('Its checkpoint; the last one where none is named.'),
  })
    .optional()
    .describe('The tuned model that training goes on from, in place of the base model.'),
  customBaseModel: z.string().optional().describe('gs:// directory of your own weights of the base model.'),
  outputDirectory: z.string().optional().describe('Where the weights are written; open models only.'),
});
export type TuningPlan = z.infer<typeof TuningPlanSchema>;

/** What will be asked of Vertex AI; `backend` tells the plans of its services apart. */
export const PlanSchema = z.discriminatedUnion('backend', [PipelinePlanSchema, TuningPlanSchema]);
export type Plan = z.infer<typeof PlanSchema>;

/** The training steps of a plan that counts in steps; undefined where it counts in epochs. */
export function plannedSteps(plan: Plan | undefined): number | undefined {
  return plan?.backend === 'pipelineJobs' ? plan.training.steps : undefined;
}

/** The TensorBoard that a plan names; jobs of `tuningJobs` have one that Vertex AI chooses. */
export function plannedTensorboard(plan: Plan | undefined): string | undefined {
  const value = plan?.backend === 'pipelineJobs' ? plan.parameters.tensorboard_resource_id : undefined;
  return typeof value === 'string' && value !== '' ? value : undefined;
}

/** Whether the model is evaluated while it is trained. */
export function hasEvaluation(plan: Plan | undefined): boolean {
  if (plan?.backend === 'tuningJobs') return plan.validationDatasetUri !== undefined;
  return plan?.parameters.evaluation_data_uri !== undefined;
}

/** Where the training itself runs. */
export function trainingRegion(plan: Plan): string {
  return plan.backend === 'pipelineJobs' ? plan.regions.training : plan.region;
}
