import * as z from 'zod';
import { EMBEDDING_PARAMETERS, NAMES } from '../models/limits.ts';
import { ACCELERATOR_TYPES, ALL_TASK_TYPES, MODEL_REFERENCES } from '../models/models.ts';
import { REGIONS } from '../models/regions.ts';

// ---- what each key may hold ------------------------------------------------------------------------------------------
// The message of every check is the end of the sentence "expected …".

const oneOf = <const Values extends readonly string[]>(values: Values) =>
  z.enum(values, { error: `one of ${values.join(', ')}` });

const wholeNumber = (min: number, max: number = Number.MAX_SAFE_INTEGER) => {
  const error =
    max === Number.MAX_SAFE_INTEGER ? `a whole number from ${min}` : `a whole number from ${min} to ${max}`;
  return z.int({ error }).min(min, { error }).max(max, { error });
};

const flag = () => z.boolean({ error: 'true or false, without quotes' });

const matching = (pattern: RegExp, error: string) =>
  z.string({ error }).max(512, { error, abort: true }).regex(pattern, { error });

const dataUri = () => z.string({ error: 'a name in the manifest’s folder or a gs:// URI' });

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
    'The model to tune, with its version, such as text-bison@002. Google’s parameter large_model_reference.',
  ),
  task: oneOf(['classification', 'summarization', 'extractive_qa', 'chat'])
    .describe(
      'What the model is for. The plan compares your settings with the guide’s recommendation for it.',
    )
    .optional(),
  model_display_name: z
    .string({ error: DISPLAY_NAME })
    .refine((name) => isDisplayName(name), { error: DISPLAY_NAME })
    .describe('The name of the tuned model and of its endpoint. Default: the name of the manifest’s folder.')
    .optional(),
  dataset_uri: dataUri()
    .describe(
      'Training data, JSON Lines: a name relative to the manifest’s folder, or a gs:// URI. Required but for embedding models and with dataset_name.',
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
    .describe('Evaluation data, 10 to 250 examples: a relative name or a gs:// URI. Not for chat models.')
    .optional(),
  train_steps: wholeNumber(1)
    .describe('Steps to train. The template’s default is 300, for embedding models 1,000.')
    .optional(),
  learning_rate_multiplier: z
    .number({ error: 'a number above 0' })
    .gt(0, { error: 'a number above 0' })
    .describe('Factor on the recommended learning rate. The template’s default is 1.0.')
    .optional(),
  evaluation_interval: wholeNumber(1)
    .describe('Steps between evaluations. The template’s default is 20. Needs evaluation_data_uri.')
    .optional(),
  enable_early_stopping: flag()
    .describe(
      'Stop when evaluation shows no more progress. The template’s default is true. Needs evaluation_data_uri.',
    )
    .optional(),
  enable_checkpoint_selection: z
    .union([z.boolean(), z.enum(['true', 'false', 'default'])], { error: 'true, false or "default"' })
    .describe(
      'Return the checkpoint with the best evaluation instead of the last; sent as you write it. The template’s default is "default", which Google’s SDK describes as off for @002 models. Needs evaluation_data_uri.',
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
  pipeline_job_region: oneOf(REGIONS)
    .describe('Where the pipeline job runs and intermediate data is kept. Default: the deployment’s region.')
    .optional(),
  model_upload_region: oneOf(REGIONS)
    .describe('Where the tuned model goes. Google’s parameter location. Default: pipeline_job_region.')
    .optional(),
  default_context: z
    .string({ error: 'the context as text' })
    .min(1, { error: 'the context as text' })
    .describe('Context of every example that has none of its own. Chat models only.')
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
    'projects/PROJECT/locations/us-central1/keyRings/RING/cryptoKeys/KEY',
  )
    .describe('Customer-managed encryption key, full name. us-central1 and GPU only.')
    .optional(),
  service_account: matching(
    /^[a-z0-9-]{1,63}@[a-z0-9.-]{1,100}\.gserviceaccount\.com$/,
    'an address like NAME@PROJECT.iam.gserviceaccount.com',
  )
    .describe('Service account that runs the pipeline. Default: the deployment’s.')
    .optional(),
  output_directory: z
    .string({ error: 'a gs:// URI' })
    .describe(
      'gs:// URI of a directory for the pipeline’s artifacts. Default: output/RUN in the results bucket.',
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
    .describe('Embedding models: examples a step. The template’s default is 128.')
    .optional(),
  task_type: oneOf(ALL_TASK_TYPES)
    .describe('Embedding models: what the embeddings are for. The template’s default is DEFAULT.')
    .optional(),
  machine_type: matching(/^[a-z][a-z0-9]*(?:-[a-z0-9]+)+$/, 'a machine type such as n1-standard-16')
    .describe(
      'Embedding models: the machine that trains, one that the accelerator goes with. The template’s default is n1-standard-16.',
    )
    .optional(),
  accelerator_count: wholeNumber(1)
    .describe('Embedding models: accelerators of the machine. The template’s default is 4.')
    .optional(),
  output_dimensionality: wholeNumber(
    EMBEDDING_PARAMETERS.minOutputDimensionality,
    EMBEDDING_PARAMETERS.maxOutputDimensionality,
  )
    .describe('Embedding models but textembedding-gecko: length of the vectors.')
    .optional(),
  token_overflow: oneOf(['error', 'warning'])
    .describe(
      'What an example is that has more tokens than the model takes. Default: error, since the service was seen to refuse such rows, although the guide says that it cuts them.',
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

// ---- what an unknown key was meant to be -----------------------------------------------------------------------------

export interface Suggestion {
  /** The key of this product's manifest. */
  meant?: string;
  /** What to do, where writing `meant` is not the whole answer. */
  note?: string;
}

const meant = (key: string): Suggestion => ({ meant: key });
const note = (sentence: string): Suggestion => ({ note: sentence });

const NOT_YOURS = 'Remove it: the administrator of the deployment sets it, not the manifest.';
const GEMINI_ONLY = 'Remove it: it belongs to Gemini tuning and has no counterpart in these templates.';

/**
 * Names that other documents have for our keys, without case and punctuation: the REST body, the SDK's arguments
 * (`tune_model`, `TuningEvaluationSpec`), the console, and Gemini's `tuningJobs`.
 */
const ALIASES: ReadonlyMap<string, Suggestion> = new Map(
  Object.entries({
    largemodelreference: meant('base_model'),
    basemodelversionid: meant('base_model'),
    sourcemodel: meant('base_model'),
    model: meant('base_model'),
    modelid: meant('base_model'),
    modelname: meant('base_model'),
    displayname: meant('model_display_name'),
    tunedmodeldisplayname: meant('model_display_name'),
    name: meant('model_display_name'),
    dataset: meant('dataset_uri'),
    traindata: meant('dataset_uri'),
    traindataset: meant('dataset_uri'),
    traindataseturi: meant('dataset_uri'),
    trainingdata: meant('dataset_uri'),
    trainingdataset: meant('dataset_uri'),
    trainingdataseturi: meant('dataset_uri'),
    evaluationdata: meant('evaluation_data_uri'),
    evaluationdataset: meant('evaluation_data_uri'),
    evaldataseturi: meant('evaluation_data_uri'),
    evaldatauri: meant('evaluation_data_uri'),
    validationdata: meant('evaluation_data_uri'),
    validationdataset: meant('evaluation_data_uri'),
    validationdataseturi: meant('evaluation_data_uri'),
    steps: meant('train_steps'),
    trainingsteps: meant('train_steps'),
    iterations: meant('train_steps'),
    epochs: {
      meant: 'train_steps',
      note: 'Write train_steps: epochs × examples ÷ batch size (docs/models.md).',
    },
    epochcount: {
      meant: 'train_steps',
      note: 'Write train_steps: epochs × examples ÷ batch size (docs/models.md).',
    },
    learningrate: {
      meant: 'learning_rate_multiplier',
      note: 'Google has deprecated learning_rate: write learning_rate_multiplier, 1.0 for the recommended rate.',
    },
    evalinterval: meant('evaluation_interval'),
    earlystopping: meant('enable_early_stopping'),
    checkpointselection: meant('enable_checkpoint_selection'),
    accelerator: meant('accelerator_type'),
    contextlength: meant('max_context_length'),
    tuningjoblocation: meant('pipeline_job_region'),
    pipelinejoblocation: meant('pipeline_job_region'),
    region: meant('pipeline_job_region'),
    location: meant('model_upload_region'),
    tunedmodellocation: meant('model_upload_region'),
    tunedmodelregion: meant('model_upload_region'),
    context: meant('default_context'),
    instruction: meant('default_context'),
    systeminstruction: meant('default_context'),
    tensorboard: meant('tensorboard_resource_id'),
    tensorboardid: meant('tensorboard_resource_id'),
    kmskeyname: meant('encryption_spec_key_name'),
    kmskey: meant('encryption_spec_key_name'),
    encryptionspec: meant('encryption_spec_key_name'),
    encryptionkeyname: meant('encryption_spec_key_name'),
    gcsoutputdirectory: meant('output_directory'),
    outputdir: meant('output_directory'),
    outputuri: meant('output_directory'),
    stagingbucket: meant('output_directory'),
    queriesdata: meant('queries_path'),
    queries: meant('queries_path'),
    corpusdata: meant('corpus_path'),
    corpus: meant('corpus_path'),
    trainlabels: meant('train_label_path'),
    testdata: meant('test_label_path'),
    testlabels: meant('test_label_path'),
    validationlabels: meant('validation_label_path'),
    project: note(NOT_YOURS),
    projectid: note(NOT_YOURS),
    templateuri: note('Remove it: the template follows from base_model.'),
    pipelinespec: note('Remove it: the template follows from base_model.'),
    runtimeconfig: note('Write its parameters at the top level of tune.json.'),
    parametervalues: note('Write its parameters at the top level of tune.json.'),
    pipelinejobid: note('Remove it: the id follows from the upload, so that one upload starts one job.'),
    network: note(NOT_YOURS),
    reservedipranges: note(NOT_YOURS),
    apiendpoint: note(NOT_YOURS),
    tuningmethod: note('Remove it: it is internal to the template.'),
    tputrainingskipcmek: note('Remove it: it is internal to the template.'),
    evaluationoutputrootdir: note('Remove it: Google does not document it.'),
    adaptersize: note(GEMINI_ONLY),
    hyperparameters: note('Write train_steps and learning_rate_multiplier at the top level of tune.json.'),
    supervisedtuningspec: note('Write its settings at the top level of tune.json: dataset_uri and the like.'),
    exportlastcheckpointonly: { meant: 'enable_checkpoint_selection', note: GEMINI_ONLY },
  }),
);

/** Longer keys are no slip of the pen, and comparing them would take time. */
const MAX_COMPARED = 64;

/** Finds the key that an unknown one stands for; an empty suggestion when nothing comes near. */
export function suggestKey(unknown: string, keys: readonly string[]): Suggestion {
  if (unknown.length > MAX_COMPARED) return {};
  const plain = plainOf(unknown);
  const respelt = keys.find((key) => plainOf(key) === plain);
  if (respelt !== undefined) return { meant: respelt };
  const alias = ALIASES.get(plain);
  if (alias !== undefined) return alias;
  const near = nearest(unknown, keys);
  return near === undefined ? {} : { meant: near };
}

function plainOf(key: string): string {
  return key.toLowerCase().replace(/[^a-z0-9]+/g, '');
}

/** The candidate with the fewest slips of the pen between, case aside; undefined when all are too far away. */
export function nearest(word: string, candidates: readonly string[]): string | undefined {
  if (word.length > MAX_COMPARED) return undefined;
  let best: string | undefined;
  let bestDistance = Math.min(3, Math.floor(word.length / 3)) + 1;
  for (const candidate of candidates) {
    const distance = editDistance(word.toLowerCase(), candidate.toLowerCase());
    if (distance >= bestDistance) continue;
    best = candidate;
    bestDistance = distance;
  }
  return best;
}

/** Insertions, deletions and replacements (Levenshtein). */
function editDistance(from: string, to: string): number {
  let last = Array.from({ length: to.length + 1 }, (_, index) => index);
  for (let row = 1; row <= from.length; row += 1) {
    const current = [row];
    for (let column = 1; column <= to.length; column += 1) {
      const change = from[row - 1] === to[column - 1] ? 0 : 1;
      current[column] = Math.min(
        at(last, column) + 1,
        at(current, column - 1) + 1,
        at(last, column - 1) + change,
      );
    }
    last = current;
  }
  return at(last, to.length);
}

function at(row: readonly number[], index: number): number {
  return row[index] ?? Number.POSITIVE_INFINITY;
}
