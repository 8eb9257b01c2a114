import { createDatasetCheck, type DatasetResult } from '../core/dataset/check.ts';
import { checkEvaluationLabels, checkEvaluationShare, checkOverlap } from '../core/dataset/compare.ts';
import { LINES } from '../core/dataset/containers/container.ts';
import { createEmbeddingCheck, EMBEDDING_FILES, type EmbeddingKey } from '../core/dataset/embedding/check.ts';
import { type EmbeddingConversion, formOfEmbedding } from '../core/dataset/embedding/forms.ts';
import type { MayRead } from '../core/dataset/formats/turns/contents.ts';
import { type ChosenForm, chooseFormOf, isConverted, PEEKED_BYTES } from '../core/dataset/forms/choose.ts';
import { createConverter } from '../core/dataset/forms/convert.ts';
import { convertRecords, type RewriteOptions } from '../core/dataset/forms/convert-records.ts';
import type { EmbeddingForm, FormName } from '../core/dataset/forms/names.ts';
import { formsOfModel, OF_ANY_MODEL, targetOf } from '../core/dataset/forms/target.ts';
import { hideTexts } from '../core/dataset/hide-texts.ts';
import {
  type DatasetLimits,
  type DatasetRole,
  type ExampleFormat,
  LONG_CONTEXT_LIMITS,
  NO_LIMITS,
  tuningDatasetLimits,
} from '../core/dataset/limits.ts';
import type { ExampleSplit } from '../core/dataset/split/split-examples.ts';
import { type DataStatistics, examplesForJob } from '../core/dataset/statistics.ts';
import type { TokenCounter } from '../core/dataset/tokens/token-counter.ts';
import { isToldWithoutModel } from '../core/dataset/without-model.ts';
import type { Issue } from '../core/issues/catalog.ts';
import { type ContainerName, type LossCount, lossWords } from '../core/issues/conversion.ts';
import { type DatasetIssue, datasetIssue } from '../core/issues/dataset.ts';
import type { Manifest } from '../core/manifest/manifest.ts';
import type { DataKey } from '../core/models/data-keys.ts';
import { findModel, type Model } from '../core/models/models.ts';
import type { ObjectStore } from '../ports.ts';
import { lookAtFiles } from './look-at-files.ts';
import { prepareSplit, type SplitFile } from './split-data.ts';

/** A file that the manifest names, ready to be read. `uri` is what people call it. */
export interface DataFile {
  key: DataKey;
  uri: string;
  chunks: AsyncIterable<Uint8Array>;
  /** Reads it once more, where a part of it is kept for the evaluation. */
  again?: (() => AsyncIterable<Uint8Array>) | undefined;
}

export interface CheckedData {
  statistics: DataStatistics;
  /** Training examples; undefined when there is no training file, or one with errors. */
  trainExamples: number | undefined;
  /** Files that have to be written in another form before they are trained on. */
  conversions: Partial<Record<DataKey, Conversion>>;
  /** How many lines a file has that was read to its end. */
  linesIn: (uri: string) => number | undefined;
  /** Which examples of the training file are kept for the evaluation, where the manifest asks for it and they could be chosen. */
  split?: ExampleSplit | undefined;
}

/** From which form to which a file is converted, and what that loses with the manifest's consent. */
export interface Conversion {
  from: FormName | EmbeddingForm;
  to: ExampleFormat | EmbeddingForm;
  container: ContainerName;
  examples: number;
  losses: LossCount[];
  /** Writes a file that was checked and has no errors in the other form, or some of its examples by their numbers. */
  rewrite: (chunks: AsyncIterable<Uint8Array>, options?: RewriteOptions) => AsyncIterable<string>;
}

/** What the run document says of a conversion, beside its file. */
export function conversionFacts({ from, to, container, examples, losses }: Conversion) {
  const lost = losses.map((loss) => ({
    what: lossWords(loss),
    examples: loss.examples,
    firstLine: loss.firstLine,
  }));
  return {
    convertedFrom: from,
    convertedContainer: container === 'lines' ? undefined : container,
    convertedInto: to,
    convertedExamples: examples,
    lost: lost.length > 0 ? lost : undefined,
  };
}

/** Gives what counts tokens; the vocabulary, a megabyte, may be loaded then. */
export type TokenCounterSource = () => TokenCounter | Promise<TokenCounter>;

export interface DataCheckOptions {
  onIssue: (issue: Issue) => void;
  /** Whether the job may read a file that an example names; without it every file. */
  mayRead?: MayRead | undefined;
  /** Looks at a file that an example names; without it nobody does. */
  stat?: ObjectStore['stat'] | undefined;
  /** Whether this deployment forbids that data is converted. */
  isConversionForbidden?: boolean | undefined;
  /** Whether no text of an example may stand in what is said of the data. */
  areTextsHidden?: boolean | undefined;
  /** Counts the tokens of what a model of tuningJobs is trained on; read when first used, and by no other. */
  counter?: TokenCounterSource | undefined;
}

type ExampleKey = Exclude<DataKey, EmbeddingKey>;

/** Reads every file once, from beginning to end, and reports everything that is wrong with it and between them. */
export async function checkData(
  draft: Partial<Manifest>,
  files: DataFile[],
  options: DataCheckOptions,
): Promise<CheckedData> {
  const { onIssue } = options;
  const results = new Map<ExampleKey, DatasetResult>();
  const conversions: CheckedData['conversions'] = {};
  let parts: SplitFile | undefined;
  for (const file of files) {
    if (isEmbeddingKey(file.key)) continue;
    const checked = await checkFile(draft, file, options);
    if (!checked) continue;
    results.set(file.key, checked.result);
    if (checked.conversion) conversions[file.key] = checked.conversion;
    parts ??= checked.parts;
  }
  const training = results.get('dataset_uri');
  const evaluation = results.get('evaluation_data_uri');
  if (training && evaluation) {
    for (const issue of checkOverlap(training, evaluation)) onIssue(issue);
    for (const issue of checkEvaluationLabels(training, evaluation)) onIssue(issue);
    for (const issue of checkShare(draft, training, evaluation)) onIssue(issue);
  }
  const examples = Object.fromEntries([...results].map(([key, result]) => [key, result.statistics]));
  const embedding = await checkEmbedding(draft, files, options);
  const statistics: DataStatistics = { ...examples, ...parts?.statistics, ...embedding.statistics };
  return {
    statistics: options.areTextsHidden ? hideTexts(statistics) : statistics,
    // How often the job would pass over data with faults nobody knows.
    trainExamples:
      training?.isSound && statistics.dataset_uri ? examplesForJob(statistics.dataset_uri) : undefined,
    conversions: { ...conversions, ...embedding.conversions },
    split: parts?.split,
    linesIn: (uri) => {
      const file = files.find((named) => named.uri === uri);
      return file && statistics[file.key]?.lines;
    },
  };
}

function checkShare(draft: Partial<Manifest>, training: DatasetResult, evaluation: DatasetResult): Issue[] {
  const model = findModel(draft.base_model ?? '');
  if (model?.backend !== 'tuningJobs') return [];
  return checkEvaluationShare(training, evaluation, model.limits.validation);
}

interface CheckedFile {
  result: DatasetResult;
  conversion?: Conversion | undefined;
  parts?: SplitFile | undefined;
}

async function checkFile(
  draft: Partial<Manifest>,
  { key, uri, chunks, again }: DataFile,
  options: DataCheckOptions,
): Promise<CheckedFile | undefined> {
  const { mayRead, counter } = options;
  const model = findModel(draft.base_model ?? '');
  const { beginning, all } = await peek(chunks);
  const form = chooseForm(draft, beginning, { ...options, uri });
  if (form === undefined) return undefined;
  const onIssue = model ? options.onIssue : withoutModel(options.onIssue, form);
  const isTuningJob = model?.backend === 'tuningJobs';
  const role = roleOf(key);
  const counting = isTuningJob && role === 'training' ? await counter?.() : undefined;
  const optionsFor = (role: DatasetRole) => ({
    ...checkOptionsOf(draft, { role, uri, form }),
    mayRead,
    counter: role === 'training' ? counting : undefined,
  });
  const splitting = role === 'training' && again ? prepareSplit(draft, { model, onIssue }) : undefined;
  const check = createDatasetCheck({ ...optionsFor(role), onIssue, ...splitting?.options });
  for await (const chunk of all) {
    check.push(chunk);
    if (check.isOver) break;
  }
  const result = check.finish();
  await reportFiles(result, { ...options, onIssue, uri });
  const parts = again && (await splitting?.split({ result, again, uri, optionsFor }));
  // What becomes of the file is told once it can be used.
  const isLost = result.isSound && isTuningJob && draft.default_context && !form.target;
  if (isLost) onIssue(datasetIssue('default_context_not_used', { uri }, {}));
  // Into what, nobody knows without the model.
  const conversion = model && conversionOf(draft, result, { form, uri, onIssue });
  return { result, parts, conversion };
}

/** What follows from a model that is not known is no finding of its data. */
const withoutModel =
  (onIssue: DataCheckOptions['onIssue'], form: ChosenForm): DataCheckOptions['onIssue'] =>
  (issue) => {
    if (isToldWithoutModel(issue.code, form)) onIssue(issue);
  };

const roleOf = (key: DataKey): DatasetRole => (key === 'evaluation_data_uri' ? 'evaluation' : 'training');

/** What the check of a file takes from the manifest. */
function checkOptionsOf(
  draft: Partial<Manifest>,
  { role, uri, form }: { role: DatasetRole; uri: string; form: ChosenForm },
) {
  const model = findModel(draft.base_model ?? '');
  return {
    ...{ uri, role, ...form },
    isLossAccepted: draft.convert === true,
    traits: model?.backend === 'tuningJobs' ? model.traits : undefined,
    limits: limitsOf(draft, model, role),
    task: draft.task,
    tokenOverflow: draft.token_overflow,
    defaultContext: draft.default_context || undefined,
  };
}

/** Checks one row of a file by itself, in its own form: what is wrong with it. Nothing of the files of embedding models. */
export function checkRow(draft: Partial<Manifest>, { key, uri }: Pick<DataFile, 'key' | 'uri'>, row: string) {
  const issues: DatasetIssue[] = [];
  const onIssue = (issue: DatasetIssue) => void issues.push(issue);
  const bytes = Buffer.from(`${row}\n`);
  const form = chooseForm({ ...draft, convert: undefined }, bytes, { uri, onIssue: () => {} });
  if (form === undefined || isEmbeddingKey(key)) return issues;
  const check = createDatasetCheck({ ...checkOptionsOf(draft, { role: roleOf(key), uri, form }), onIssue });
  check.push(bytes);
  check.finish();
  return issues;
}

/** The form that a file is read in: that of the model, or another one from which it is converted; undefined for an embedding model. */
function chooseForm(
  draft: Partial<Manifest>,
  beginning: Uint8Array,
  options: DataCheckOptions & { uri: string },
): ChosenForm | undefined {
  const forms = formsOfModel(findModel(draft.base_model ?? ''), draft.tuning_method);
  const [usual] = forms;
  if (usual === undefined) return undefined;
  const target = targetOf(draft.base_model, draft.tuning_method);
  const chosen = chooseFormOf(beginning, forms, target ?? OF_ANY_MODEL);
  if (target === undefined) return chosen;
  const conversion = { from: chosen.format, to: usual, container: chosen.container.kind };
  if (!isConverted(chosen) || mayConvert(draft, conversion, options)) return chosen;
  return { format: usual, container: LINES, isRecognised: false };
}

type Proposed = Pick<Conversion, 'from' | 'to' | 'container'>;

/** Whether a file may be converted; says so where it may not, by the manifest or by the deployment. */
function mayConvert(
  { convert }: Partial<Manifest>,
  conversion: Proposed,
  { uri, onIssue, isConversionForbidden }: DataCheckOptions & { uri: string },
): boolean {
  if (convert !== false && !isConversionForbidden) return true;
  const by = isConversionForbidden ? 'deployment' : 'manifest';
  onIssue(datasetIssue('conversion_off', { uri, line: 1 }, { ...conversion, by }));
  return false;
}

/** What becomes of a file that is read in another form than the model's; undefined where it is in that. */
function conversionOf(
  draft: Partial<Manifest>,
  { losses, isSound, statistics: { examples } }: DatasetResult,
  { form, uri, onIssue }: { form: ChosenForm; uri: string } & Pick<DataCheckOptions, 'onIssue'>,
): Conversion | undefined {
  if (!isConverted(form)) return undefined;
  const { format: from, target, container } = form;
  const isOfTuningJobs = findModel(draft.base_model ?? '')?.backend === 'tuningJobs';
  const defaultContext = isOfTuningJobs ? draft.default_context : undefined;
  const convert = target ? createConverter(from, target, { defaultContext }) : (record: object) => record;
  const to = target?.form ?? (from as ExampleFormat);
  const rewrite: Conversion['rewrite'] = (chunks, options) =>
    convertRecords(chunks, { container, from, convert, ...options });
  return announce(
    draft,
    { from, to, losses, rewrite },
    { uri, examples, isSound, onIssue, container: container.kind },
  );
}

/** Says what is converted into what, or refuses what would be lost of it without the manifest's consent. */
function announce(
  { convert }: Partial<Manifest>,
  { from, to, losses, rewrite }: Omit<Conversion, 'examples' | 'container'>,
  file: { uri: string; examples: number; isSound?: boolean; container?: ContainerName } & Pick<
    DataCheckOptions,
    'onIssue'
  >,
): Conversion {
  const { uri, examples, onIssue, isSound = true, container = 'lines' } = file;
  const isAccepted = convert === true;
  const fields = { from, to, examples, container };
  if (losses.length > 0) {
    const [first] = losses.toSorted(
      (a, b) => a.firstLine - b.firstLine || (a.firstRecord ?? 0) - (b.firstRecord ?? 0),
    );
    const at = { uri, line: first?.firstLine, record: first?.firstRecord };
    const severity = isAccepted ? 'advice' : 'error';
    onIssue(datasetIssue('conversion_loses', at, { ...fields, losses, isAccepted }, severity));
  }
  if (isSound && (losses.length === 0 || isAccepted))
    onIssue(datasetIssue('dataset_converted', { uri, line: 1 }, fields));
  return { ...fields, losses, rewrite };
}

/** Looks at the files that examples name, and says once that they are not copied. */
async function reportFiles(
  { files, statistics }: DatasetResult,
  { uri, stat, onIssue }: Pick<DataCheckOptions, 'stat' | 'onIssue'> & { uri: string },
): Promise<void> {
  const named = statistics.files;
  if (!files || !named) return;
  if (stat) named.lookedAt = await lookAtFiles(files, { uri, stat, onIssue });
  onIssue(datasetIssue('files_not_copied', { uri }, named));
}

function limitsOf(
  draft: Partial<Manifest>,
  model: Model | undefined,
  role: DatasetRole,
): Partial<DatasetLimits> | undefined {
  if (model === undefined) return NO_LIMITS;
  if (model.backend === 'tuningJobs') return tuningDatasetLimits(model, role);
  const isLongContext = model.contextLength === '32k' && draft.max_context_length !== '8k';
  return isLongContext ? LONG_CONTEXT_LIMITS : undefined;
}

/** The first bytes of a file, and all of it again. */
async function peek(chunks: AsyncIterable<Uint8Array>) {
  const iterator = chunks[Symbol.asyncIterator]();
  const first: Uint8Array[] = [];
  let size = 0;
  while (size < PEEKED_BYTES) {
    const next = await iterator.next();
    if (next.done) break;
    // A reader may use its buffer again for the next chunk.
    first.push(next.value.slice());
    size += next.value.length;
  }
  async function* all(): AsyncGenerator<Uint8Array> {
    yield* first;
    yield* { [Symbol.asyncIterator]: () => iterator };
  }
  return { beginning: Buffer.concat(first), all: all() };
}

/** The files of embedding tuning, known by their keys, in the order in which they refer to each other. */
async function checkEmbedding(
  draft: Partial<Manifest>,
  files: DataFile[],
  options: DataCheckOptions,
): Promise<Pick<CheckedData, 'statistics' | 'conversions'>> {
  const check = createEmbeddingCheck(options.onIssue);
  const statistics: [EmbeddingKey, unknown][] = [];
  const conversions: CheckedData['conversions'] = {};
  for (const key of EMBEDDING_FILES) {
    const named = files.find((file) => file.key === key);
    if (!named) continue;
    const { uri } = named;
    const { beginning, all } = await peek(named.chunks);
    const form = embeddingFormOf(draft, { key, uri, beginning }, options);
    const file = check.open(key, uri, form?.reading);
    for await (const chunk of all) {
      file.push(chunk);
      if (file.isOver) break;
    }
    const found = file.finish();
    statistics.push([key, found]);
    if (form)
      conversions[key] = announce(draft, { ...form, losses: form.losses() }, { uri, ...found, ...options });
  }
  check.finish();
  // `open` gives each key the statistics of its kind.
  return { statistics: Object.fromEntries(statistics) as DataStatistics, conversions };
}

/** The form that a file of embedding tuning is converted from; undefined where it is taken as it is. */
function embeddingFormOf(
  draft: Partial<Manifest>,
  { key, uri, beginning }: { key: EmbeddingKey; uri: string; beginning: Uint8Array },
  options: DataCheckOptions,
): EmbeddingConversion | undefined {
  const form = formOfEmbedding(key, beginning);
  if (form === undefined) return undefined;
  const { from, to } = form;
  return mayConvert(draft, { from, to, container: 'lines' }, { ...options, uri }) ? form : undefined;
}

function isEmbeddingKey(key: DataKey): key is EmbeddingKey {
  return (EMBEDDING_FILES as readonly DataKey[]).includes(key);
}
