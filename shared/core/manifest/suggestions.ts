import type { Backend } from '../models/models.ts';
import { NOT_OFFERED } from './not-offered.ts';

/** What an unknown key, or an unknown value, was meant to be. */

export interface Suggestion {
  /** The key of this product's manifest. */
  meant?: string;
  /** Whether `meant` is the same word, written otherwise: in other case, or with other signs in it. */
  isRespelt?: boolean;
  /** What to do, where writing `meant` is not the whole answer. */
  note?: string;
  /** Whether the note names the keys that the data of the model stands under. */
  isOfData?: boolean;
}

const meant = (key: string): Suggestion => ({ meant: key });
const note = (sentence: string): Suggestion => ({ note: sentence });

const NOT_YOURS = 'Remove it: the administrator of the deployment sets it, not the manifest.';
/** The keys in place of dataset_uri. */
export const DATA_OF_EMBEDDING =
  'queries_path, corpus_path and train_label_path (one file of {"query", "pos", "neg"} in all three)';
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
    validationsplit: meant('evaluation_split'),
    validationshare: meant('evaluation_split'),
    validationfraction: meant('evaluation_split'),
    evalsplit: meant('evaluation_split'),
    testsplit: meant('evaluation_split'),
    testsize: meant('evaluation_split'),
    split: meant('evaluation_split'),
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
    preferenceoptimizationspec: note(
      'Name a Gemini model that is tuned on preferences: a model of the guide is tuned on answers.',
    ),
    hyperparameters: note('Write train_steps and learning_rate_multiplier at the top level of tune.json.'),
    supervisedtuningspec: note('Write its settings at the top level of tune.json: dataset_uri and the like.'),
    exportlastcheckpointonly: { meant: 'enable_checkpoint_selection', note: GEMINI_ONLY },
  }),
);

/** Names that mean something else to `tuningJobs`, or that only its documents have. */
const ALIASES_OF_TUNING_JOBS: ReadonlyMap<string, Suggestion> = new Map(
  Object.entries({
    epochs: meant('epoch_count'),
    numepochs: meant('epoch_count'),
    nepochs: meant('epoch_count'),
    lorarank: meant('adapter_size'),
    tunedmodel: meant('pre_tuned_model'),
    checkpoint: meant('checkpoint_id'),
    supervisedtuningspec: note(
      'Write an object with its settings, or write them at the top level of tune.json.',
    ),
    preferenceoptimizationspec: note(
      'Write an object with its settings, or write them at the top level beside "tuning_method": "preference".',
    ),
    hyperparameters: note('Write epoch_count, adapter_size and the like at the top level of tune.json.'),
  }),
);

const NOT_OFFERED_BY_NAME: ReadonlyMap<string, Suggestion> = new Map(
  NOT_OFFERED.map(({ name, what, instead }) => [
    plainOf(name),
    note(`Remove it: ${what} is not offered. ${instead}.`),
  ]),
);

/** Longer keys are no slip of the pen, and comparing them would take time. */
const MAX_COMPARED = 64;

export interface SuggestOptions {
  /** Whether only names that are known are looked up, and no spelling is compared. */
  areNamesAlone?: boolean | undefined;
}

/** Finds the key that an unknown one stands for; an empty suggestion when nothing comes near. */
export type SuggestKey = (unknown: string, options?: SuggestOptions) => Suggestion;

/** Makes the suggestions among the keys that a model takes. */
export function createSuggestions(keys: readonly string[], backend: Backend | undefined): SuggestKey {
  const byPlainName = new Map(keys.map((key) => [plainOf(key), key]));
  return (unknown, { areNamesAlone = false } = {}) => {
    if (unknown.length > MAX_COMPARED) return {};
    const plain = plainOf(unknown);
    const respelt = byPlainName.get(plain);
    if (respelt !== undefined) return { meant: respelt, isRespelt: true };
    const ofBackend = backend === 'pipelineJobs' ? undefined : ALIASES_OF_TUNING_JOBS.get(plain);
    const alias = NOT_OFFERED_BY_NAME.get(plain) ?? ofBackend ?? ALIASES.get(plain);
    if (alias !== undefined) return forKeys(alias, keys);
    const near = areNamesAlone ? undefined : nearest(unknown, keys);
    return near === undefined ? {} : { meant: near };
  };
}

/** A key that the model does not take is no answer: an embedding model has its data under other keys. */
function forKeys(alias: Suggestion, keys: readonly string[]): Suggestion {
  const { meant: key } = alias;
  if (key === undefined || keys.includes(key)) return alias;
  const isData = key === 'dataset_uri' && keys.includes('queries_path');
  return isData
    ? {
        note: `Name the data of an embedding model in ${DATA_OF_EMBEDDING}, and remove this key.`,
        isOfData: true,
      }
    : note(`Remove it: this model takes no ${key}.`);
}

function plainOf(key: string): string {
  return key.toLowerCase().replace(/[^a-z0-9]+/g, '');
}

/** The candidate with the fewest slips of the pen between, case aside; undefined when all are too far away. */
export function nearest(word: string, candidates: readonly string[]): string | undefined {
  if (word.length > MAX_COMPARED) return undefined;
  let best: string | undefined;
  let bestDistance = Math.min(3, Math.floor(word.length / 3)) + 1;
  const typed = word.toLowerCase();
  for (const candidate of candidates) {
    // Each slip makes a word longer or shorter by one at most.
    if (Math.abs(candidate.length - typed.length) >= bestDistance) continue;
    const distance = editDistance(typed, candidate.toLowerCase());
    if (distance >= bestDistance) continue;
    best = candidate;
    bestDistance = distance;
  }
  return best;
}

/** Insertions, deletions, replacements, and neighbours that changed places. */
function editDistance(from: string, to: string): number {
  let before: number[] = [];
  let last = Array.from({ length: to.length + 1 }, (_, index) => index);
  for (let row = 1; row <= from.length; row += 1) {
    const current = [row];
    for (let column = 1; column <= to.length; column += 1) {
      const change = from[row - 1] === to[column - 1] ? 0 : 1;
      current[column] = Math.min(
        at(last, column) + 1,
        at(current, column - 1) + 1,
        at(last, column - 1) + change,
        isSwapped(from, to, { row, column }) ? at(before, column - 2) + 1 : Number.POSITIVE_INFINITY,
      );
    }
    before = last;
    last = current;
  }
  return at(last, to.length);
}

function isSwapped(from: string, to: string, { row, column }: { row: number; column: number }): boolean {
  return row > 1 && column > 1 && from[row - 1] === to[column - 2] && from[row - 2] === to[column - 1];
}

function at(row: readonly number[], index: number): number {
  return row[index] ?? Number.POSITIVE_INFINITY;
}
