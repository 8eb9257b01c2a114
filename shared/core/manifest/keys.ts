import * as z from 'zod';
import { MAX_SPLIT_SHARE } from '../models/evaluation-limits.ts';
import { JUDGE_REFERENCES } from '../models/judges.ts';
import { EMBEDDING_PARAMETERS, MOST_ASKED_FOR, NAMES } from '../models/limits.ts';
import { MODEL_REFERENCES } from '../models/models.ts';
import { ACCELERATOR_TYPES, ALL_TASK_TYPES } from '../models/pipeline-models.ts';
import { LOCATIONS, REGIONS } from '../models/regions.ts';
import { ADAPTER_SIZE_CHOICES, TUNING_METHODS, TUNING_MODES } from '../models/tuning-models.ts';

// ---- what each key may hold ------------------------------------------------------------------------------------------
// The message of every check is the end of the sentence "expected …".

const oneOf = <const Values extends readonly string[]>(values: Values) =>
  z.enum(values, { error: `one of ${values.join(', ')}` });

const wholeNumber = (min: number, max: number) => {
  const error = `a whole number from ${min} to ${max}`;
  return z.int({ error }).min(min, { error }).max(max, { error });
};

const flag = () => z.boolean({ error: 'true or false, without quotes' });

const matching = (pattern: RegExp, error: string) =>
  z.string({ error }).max(512, { error, abort: true }).regex(pattern, { error });

const dataUri = () => z.string({ error: 'a name in the manifest’s folder or a gs:// URI' });

const SPLIT = `a share up to ${MAX_SPLIT_SHARE} such as 0.1, or a whole number of examples from 1, without quotes`;

const EVALUATE = `true, false or a number of examples from 1 to ${MOST_ASKED_FOR.evaluatedExamples}, without quotes`;

const DISPLAY_NAME = `a name of 1 to ${NAMES.maxDisplayNameLength} characters on one line`;
const PROJECT = '[a-z0-9.:-]{1,64}';
const RESOURCE = '[A-Za-z0-9_-]{1,63}';

/** The manifest `tune.json`, in the guide's words. URIs of data are read further by `parseManifest`. */
export const ManifestSchema = z.strictObject({
  $schema: z
    .string({ error: 'the address of a JSON Schema' })
    .describe('The address of the JSON Schema of this file, for editors. Ignored.')
    .optional(),
  base_model: oneOf(MODEL_REFERENCES).describe(
    'The model to tune, such as gemini-3.1-flash-lite. May be left out with pre_tuned_model, where this deployment knows the model.',
  ),
  task: oneOf(['classification', 'summarization', 'extractive_qa', 'chat'])
    .describe(
      'What the model is for. The plan compares your settings with the guide’s recommendation for it.',
    )
    .optional(),
  model_display_name: z
    .string({ error: DISPLAY_NAME })
    .refine((name) => isDisplayName(name), { error: DISPLAY_NAME })
    .describe(
      'The name of the tuned model and of its endpoint. With pre_tuned_model a name makes a new model; without one the model keeps its name and gets a new version. Default: the name of the manifest’s folder.',
    )
    .optional(),
  description: z
    .string({ error: 'a text' })
    .describe('Gemini and open models: what the tuning job is for, in your words. It stands in the job.')
    .optional(),
  dataset_uri: dataUri()
    .describe(
      'Training data, JSON Lines: a name relative to the manifest’s folder, such as train.jsonl or ../shared/train.jsonl, or a gs:// URI. Required but for embedding models and with dataset_name.',
    )
    .optional(),
  dataset_name: matching(
    new RegExp(`^projects/${PROJECT}/locations/[a-z0-9-]{1,63}/datasets/[0-9]{1,20}$`),
    'projects/PROJECT/locations/REGION/datasets/NUMBER',
  )
    .describe(
      'Training data that is a managed data set of Vertex AI, full name, in place of dataset_uri. It is not checked before training.',
    )
    .optional(),
  evaluation_data_uri: dataUri()
    .describe(
      'Evaluation data: a relative name or a gs:// URI. How much of it a model takes is in docs/models.md; the guide’s models take 10 to 250 examples, those for chat none.',
    )
    .optional(),
  evaluation_split: z
    .union(
      [
        z.number({ error: SPLIT }).gt(0, { error: SPLIT }).max(MAX_SPLIT_SHARE, { error: SPLIT }),
        z.int({ error: SPLIT }).min(1, { error: SPLIT }),
      ],
      { error: SPLIT },
    )
    .describe(
      'In place of evaluation_data_uri: how much of dataset_uri is kept for the evaluation, 0.1 for a tenth or a number of examples. Examples with one input stay together, labels keep their proportion, and the same file is always split in the same way. What the model takes at most holds.',
    )
    .optional(),
  train_steps: wholeNumber(1, MOST_ASKED_FOR.trainSteps)
    .describe(
      'Steps to train. The template’s default is 300, for embedding models 1,000. A model of tuningJobs counts in epochs: the plan shows how many it makes of them.',
    )
    .optional(),
  learning_rate_multiplier: z
    .number({ error: 'a number above 0' })
    .gt(0, { error: 'a number above 0' })
    .describe('Factor on the recommended learning rate. The template’s default is 1.0.')
    .optional(),
  evaluation_interval: wholeNumber(1, MOST_ASKED_FOR.trainSteps)
    .describe(
      'Steps between evaluations. The template’s default is 20. Needs evaluation_data_uri or evaluation_split.',
    )
    .optional(),
  enable_early_stopping: flag()
    .describe(
      'Stop when evaluation shows no more progress. The template’s default is true. Needs evaluation_data_uri or evaluation_split.',
    )
    .optional(),
  enable_checkpoint_selection: z
    .union([z.boolean(), z.enum(['true', 'false', 'default'])], { error: 'true, false or "default"' })
    .describe(
      'Return the checkpoint with the best evaluation instead of the last; sent as you write it. The template’s default is "default", which Google’s SDK describes as off for @002 models. Needs evaluation_data_uri or evaluation_split.',
    )
    .optional(),
  accelerator_type: oneOf(ACCELERATOR_TYPES)
    .describe(
      'GPU: 8 A100 80 GB in us-central1. TPU: 64 cores of a TPU v3 Pod in europe-west4. The guide’s default is GPU. Embedding models take one of the others; their template’s default is NVIDIA_TESLA_V100.',
    )
    .optional(),
  max_context_length: oneOf(['8k', '32k'])
    .describe('Context length to tune with. Only a 32k model has a choice.')
    .optional(),
  pipeline_job_region: oneOf(LOCATIONS)
    .describe(
      'Where the job runs; each model has its list of regions. Default: the deployment’s region for its kind of model.',
    )
    .optional(),
  model_upload_region: oneOf(REGIONS)
    .describe('Where the tuned model goes. Google’s parameter location. Default: pipeline_job_region.')
    .optional(),
  default_context: z
    .string({ error: 'the context as text' })
    .min(1, { error: 'the context as text' })
    .describe(
      'Context of every example that has none of its own. Chat models; on Gemini and open models it becomes the system instruction of rows that are converted.',
    )
    .optional(),
  tensorboard_resource_id: matching(
    new RegExp(`^(?:projects/${PROJECT}/locations/[a-z0-9-]{1,63}/tensorboards/)?[0-9]{1,20}$`),
    'the number of a TensorBoard instance, or projects/PROJECT/locations/REGION/tensorboards/NUMBER',
  )
    .describe(
      'Vertex AI TensorBoard for the metrics, in the pipeline job’s region: its number or its full name.',
    )
    .optional(),
  encryption_spec_key_name: matching(
    new RegExp(`^projects/${PROJECT}/locations/[a-z0-9-]{1,63}/keyRings/${RESOURCE}/cryptoKeys/${RESOURCE}$`),
    'projects/PROJECT/locations/REGION/keyRings/RING/cryptoKeys/KEY',
  )
    .describe(
      'Customer-managed encryption key, full name, in the region of the job. The guide’s models: us-central1 and GPU only. Not for Gemini 3.',
    )
    .optional(),
  service_account: matching(
    /^[a-z0-9-]{1,63}@[a-z0-9.-]{1,100}\.gserviceaccount\.com$/,
    'an address like NAME@PROJECT.iam.gserviceaccount.com',
  )
    .describe('Service account that runs the job. Default: the deployment’s.')
    .optional(),
  output_directory: z
    .string({ error: 'a gs:// URI' })
    .describe(
      'gs:// URI of a directory for artifacts of the pipeline, or for the weights of an open model. Default: output/RUN in the results bucket. Not for Gemini.',
    )
    .optional(),
  labels: z
    .record(z.string(), z.string(), { error: 'an object of texts' })
    .describe(
      'Labels of the job, which Vertex AI passes on to the model. Lowercase letters, digits, _ and -.',
    )
    .optional(),
  queries_path: dataUri().describe('Embedding models: queries, JSON Lines with _id and text.').optional(),
  corpus_path: dataUri().describe('Embedding models: documents, JSON Lines with _id and text.').optional(),
  train_label_path: dataUri()
    .describe('Embedding models: training labels, tab-separated query-id, corpus-id, score.')
    .optional(),
  test_label_path: dataUri()
    .describe('Embedding models: test labels. Default: split from the training labels.')
    .optional(),
  validation_label_path: dataUri()
    .describe('Embedding models: validation labels. Default: split from the training labels.')
    .optional(),
  batch_size: wholeNumber(EMBEDDING_PARAMETERS.minBatchSize, EMBEDDING_PARAMETERS.maxBatchSize)
    .describe('Embedding and open models: examples a step. The embedding template’s default is 128.')
    .optional(),
  task_type: oneOf(ALL_TASK_TYPES)
    .describe('Embedding models: what the embeddings are for. The template’s default is DEFAULT.')
    .optional(),
  machine_type: matching(/^[a-z][a-z0-9]*(?:-[a-z0-9]+)+$/, 'a machine type such as n1-standard-16')
    .describe(
      'Embedding models: the machine that trains, one that the accelerator goes with. The template’s default is n1-standard-16.',
    )
    .optional(),
  accelerator_count: wholeNumber(1, MOST_ASKED_FOR.accelerators)
    .describe('Embedding models: accelerators of the machine. The template’s default is 4.')
    .optional(),
  output_dimensionality: wholeNumber(
    EMBEDDING_PARAMETERS.minOutputDimensionality,
    EMBEDDING_PARAMETERS.maxOutputDimensionality,
  )
    .describe('Embedding models but textembedding-gecko: length of the vectors.')
    .optional(),
  tuning_method: oneOf(TUNING_METHODS)
    .describe(
      'How a Gemini model is tuned: supervised (the default) on answers to give, preference on pairs of a better and a worse answer.',
    )
    .optional(),
  epoch_count: wholeNumber(1, MOST_ASKED_FOR.epochs)
    .describe('Gemini and open models: passes over the data. Default: 3; it is always sent.')
    .optional(),
  learning_rate: z
    .number({ error: 'a number above 0' })
    .gt(0, { error: 'a number above 0' })
    .describe('Open models: the learning rate itself, in place of learning_rate_multiplier.')
    .optional(),
  adapter_size: z
    .union([z.literal(ADAPTER_SIZE_CHOICES.numbers), z.enum(ADAPTER_SIZE_CHOICES.names)], {
      error: `one of ${ADAPTER_SIZE_CHOICES.numbers.join(', ')}, or Google’s name such as ADAPTER_SIZE_FOUR`,
    })
    .describe('Gemini and open models: size of the adapter, 4 or ADAPTER_SIZE_FOUR. Default: Vertex AI’s.')
    .optional(),
  beta: z
    .number({ error: 'a number from 0' })
    .min(0, { error: 'a number from 0' })
    .describe('Preference tuning: how far the model may leave its base; small is far.')
    .optional(),
  tuning_mode: oneOf(TUNING_MODES)
    .describe(
      'Open models that can be tuned either way: an adapter or all weights. Default: an adapter. Models with one way need no word.',
    )
    .optional(),
  export_last_checkpoint_only: flag()
    .describe('Gemini and open models: keep no checkpoint but the last. Default: false.')
    .optional(),
  pre_tuned_model: matching(
    new RegExp(`^projects/${PROJECT}/locations/[a-z0-9-]{1,63}/models/[0-9]{1,20}(?:@[A-Za-z0-9-]{1,63})?$`),
    'projects/PROJECT/locations/REGION/models/NUMBER, with @VERSION or not',
  )
    .describe(
      'Gemini: the tuned model to go on from, a model of this deployment’s runs or one that it lists.',
    )
    .optional(),
  checkpoint_id: matching(/^[0-9]{1,10}$/, 'the number of a checkpoint, in quotes')
    .describe('The checkpoint of pre_tuned_model to go on from. Default: its last.')
    .optional(),
  custom_base_model: z
    .string({ error: 'a gs:// URI' })
    .describe('Open models: gs:// URI of a directory with weights of your own of the base model.')
    .optional(),
  token_overflow: oneOf(['error', 'warning'])
    .describe(
      'What an example is that has more tokens than the model takes. Default: error, since the service was seen to refuse such rows, although the guide says that it cuts them.',
    )
    .optional(),
  max_cost_usd: z
    .number({ error: 'US dollars, a number above 0' })
    .gt(0, { error: 'US dollars, a number above 0' })
    .describe(
      'The most that the run may cost, in US dollars. It is refused where the high end of its expected cost is above, or the cost is not known; the evaluation is asked no more examples than there is room for beside it.',
    )
    .optional(),
  convert: flag()
    .describe(
      'Data in another form than the model’s. Left out: what loses nothing is converted. true: also what has no place in the form of the model, which is then named and left out. false: every file is taken as it was uploaded.',
    )
    .optional(),
  evaluate: z
    .union([flag(), wholeNumber(1, MOST_ASKED_FOR.evaluatedExamples)], { error: EVALUATE })
    .describe(
      'Whether the tuned model and its base are asked the examples of the evaluation data once the run has succeeded, or how many of them at most. Default: 100.',
    )
    .optional(),
  evaluate_checkpoints: flag()
    .describe(
      'Gemini: whether the other checkpoints of the tuned model are asked the same examples, each of which costs what asking the model once more does. Default: false.',
    )
    .optional(),
  judge: oneOf(JUDGE_REFERENCES)
    .describe(
      'A Gemini model that compares what the tuned model and its base have answered, example by example: which answer is better, without knowing whose it is, each two asked in both orders. Each example costs two questions to the judge. Default: none.',
    )
    .optional(),
  dry_run: flag().describe('Check and plan, submit nothing.').optional(),
  cancel: flag().describe('Cancel the run of this manifest path; no other key matters then.').optional(),
});

/** A manifest that is right in itself. URIs of data are resolved: `gs://`, or a path when the manifest is a local file. */
export type Manifest = z.infer<typeof ManifestSchema>;
export type ManifestKey = keyof Manifest & string;

export const MANIFEST_KEYS = Object.keys(ManifestSchema.shape) as ManifestKey[];

function isDisplayName(name: string): boolean {
  const { length } = [...name];
  return name.trim() !== '' && length <= NAMES.maxDisplayNameLength && !/[\p{Cc}\u2028\u2029]/u.test(name);
}
