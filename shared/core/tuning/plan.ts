import * as z from 'zod';
import { openObject } from '../json/open-object.ts';

const ParameterSchema = z.union([z.string(), z.number(), z.boolean()]);
export type ParameterValue = z.infer<typeof ParameterSchema>;
const ParametersSchema = z.record(z.string(), ParameterSchema);

const PlannedTrainingSchema = openObject({
  steps: z.number().describe('Training steps.'),
  batchSize: z.number().describe('Examples a step.'),
  examples: z.number().optional().describe('Examples of the training data, where they were counted.'),
  epochs: z
    .number()
    .optional()
    .describe('Passes over the data: steps × batch size ÷ examples, two decimals.'),
  evaluations: z.number().optional().describe('Data points that evaluation gives, without early stopping.'),
});
export type PlannedTraining = z.infer<typeof PlannedTrainingSchema>;

/**
 * What will be asked of Vertex AI, as it stands in the run document: everything that was chosen, by whom, and what follows
 * from it. Plain JSON. Parameters have Google's names. `backend` tells the plans of different services apart.
 */
export const PlanSchema = openObject({
  backend: z.literal('pipelineJobs').describe('Which service of Vertex AI tunes the model.'),
  runId: z.string().describe('The run.'),
  project: z.string().describe('The project that the job runs in.'),
  baseModel: z.string().describe('The model to tune.'),
  modelDisplayName: z.string().describe('The name of the tuned model.'),
  templateUri: z.string().describe('Google’s template that tunes it.'),
  pipelineName: z.string().describe('The beginning of the job’s id, as Google’s SDK has it.'),
  regions: openObject({
    pipelineJob: z.string().describe('Where the pipeline job runs.'),
    modelUpload: z.string().describe('Where the model goes.'),
    training: z.string().describe('Where it is trained.'),
  }).describe('Where the pipeline job runs, where the model goes, where it is trained.'),
  accelerator: z.string().describe('What it is trained on, in words.'),
  training: PlannedTrainingSchema.describe('Steps, batch size, and what follows from them.'),
  parameters: ParametersSchema.describe('What is sent to the template, as it is.'),
  templateDefaults: ParametersSchema.describe(
    'What is not sent, and what the template takes then, as far as Google documents it.',
  ),
  outputDirectory: z.string().describe('Where the pipeline writes its artifacts.'),
  serviceAccount: z.string().optional().describe('Who the pipeline runs as.'),
  encryptionKey: z.string().optional().describe('The customer-managed key.'),
  labels: z.record(z.string(), z.string()).describe('Your labels; the product adds its own.'),
  isDryRun: z.boolean().describe('True: checked and planned only.'),
  notes: z.array(z.string()).describe('What the manifest left open and what was made of it, in sentences.'),
});
export type Plan = z.infer<typeof PlanSchema>;
