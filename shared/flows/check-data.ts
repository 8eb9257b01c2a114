import { createDatasetCheck, type DatasetResult } from '../core/dataset/check.ts';
import { checkEvaluationLabels, checkEvaluationShare, checkOverlap } from '../core/dataset/compare.ts';
import { createEmbeddingCheck, EMBEDDING_FILES, type EmbeddingKey } from '../core/dataset/embedding/check.ts';
import type { MayRead } from '../core/dataset/formats/turns/contents.ts';
import { formOfFile, formsOfModel, PEEKED_BYTES } from '../core/dataset/forms/recognise.ts';
import {
  type DatasetLimits,
  type DatasetRole,
  type ExampleFormat,
  LONG_CONTEXT_LIMITS,
  tuningDatasetLimits,
} from '../core/dataset/limits.ts';
import type { DataStatistics } from '../core/dataset/statistics.ts';
import type { TokenCounter } from '../core/dataset/tokens/token-counter.ts';
import type { Issue } from '../core/issues/catalog.ts';
import { datasetIssue } from '../core/issues/dataset.ts';
import type { Manifest } from '../core/manifest/manifest.ts';
import type { DataKey } from '../core/models/data-keys.ts';
import { findModel, type Model } from '../core/models/models.ts';
import type { ObjectStore } from '../ports.ts';
import { lookAtFiles } from './look-at-files.ts';

/** A file that the manifest names, ready to be read. `uri` is what people call it. */
export interface DataFile {
  key: DataKey;
  uri: string;
  chunks: AsyncIterable<Uint8Array>;
}

export interface CheckedData {
  statistics: DataStatistics;
  /** Training examples that can be used; undefined when there is no training file. */
  trainExamples: number | undefined;
  /** Files that have to be written in another form before they are trained on. */
  conversions: Partial<Record<DataKey, Conversion>>;
}

export interface Conversion {
  from: ExampleFormat;
  to: ExampleFormat;
}

export interface DataCheckOptions {
  onIssue: (issue: Issue) => void;
  /** Whether the job may read a file that an example names; without it every file. */
  mayRead?: MayRead | undefined;
  /** Looks at a file that an example names; without it nobody does. */
  stat?: ObjectStore['stat'] | undefined;
  /** Counts the tokens of what a model of tuningJobs is trained on; read when first used, and by no other. */
  counter?: (() => TokenCounter) | undefined;
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
  for (const file of files) {
    if (isEmbeddingKey(file.key)) continue;
    const checked = await checkFile(draft, file, options);
    if (!checked) continue;
    results.set(file.key, checked.result);
    if (checked.conversion) conversions[file.key] = checked.conversion;
  }
  const training = results.get('dataset_uri');
  const evaluation = results.get('evaluation_data_uri');
  if (training && evaluation) {
    for (const issue of checkOverlap(training, evaluation)) onIssue(issue);
    for (const issue of checkEvaluationLabels(training, evaluation)) onIssue(issue);
    for (const issue of checkShare(draft, training, evaluation)) onIssue(issue);
  }
  const examples = Object.fromEntries([...results].map(([key, { statistics }]) => [key, statistics]));
  return {
    statistics: { ...examples, ...(await checkEmbedding(files, onIssue)) },
    trainExamples: training && training.statistics.examples - training.statistics.unusableExamples,
    conversions,
  };
}

function checkShare(draft: Partial<Manifest>, training: DatasetResult, evaluation: DatasetResult): Issue[] {
  const model = findModel(draft.base_model ?? '');
  if (model?.backend !== 'tuningJobs') return [];
  return checkEvaluationShare(training, evaluation, model.limits.validation);
}

async function checkFile(
  draft: Partial<Manifest>,
  { key, uri, chunks }: DataFile,
  { onIssue, mayRead, stat, counter }: DataCheckOptions,
): Promise<{ result: DatasetResult; conversion?: Conversion } | undefined> {
  const model = findModel(draft.base_model ?? '');
  const forms = formsOfModel(model, draft.tuning_method);
  const [to] = forms;
  if (to === undefined) return undefined;
  const { beginning, all } = await peek(chunks);
  const format = model?.backend === 'tuningJobs' ? formOfFile(beginning, forms) : to;
  const isConverted = !forms.includes(format);
  const role = key === 'evaluation_data_uri' ? 'evaluation' : 'training';
  const check = createDatasetCheck({
    ...{ uri, format, role, onIssue, mayRead, isConverted },
    counter: model?.backend === 'tuningJobs' && role === 'training' ? counter?.() : undefined,
    traits: model?.backend === 'tuningJobs' ? model.traits : undefined,
    limits: limitsOf(draft, model, role),
    task: draft.task,
    tokenOverflow: draft.token_overflow,
    defaultContext: draft.default_context || undefined,
  });
  for await (const chunk of all) check.push(chunk);
  const result = check.finish();
  await reportFiles(result, { uri, stat, onIssue });
  if (!isConverted) {
    const isLost = model?.backend === 'tuningJobs' && draft.default_context;
    if (isLost) onIssue(datasetIssue('default_context_not_used', { uri }, {}));
    return { result };
  }
  const { examples } = result.statistics;
  onIssue(datasetIssue('dataset_converted', { uri, line: 1 }, { from: format, to, examples }));
  return { result, conversion: { from: format, to } };
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
  if (model?.backend === 'tuningJobs') return tuningDatasetLimits(model, role);
  const isLongContext = model?.contextLength === '32k' && draft.max_context_length !== '8k';
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
async function checkEmbedding(files: DataFile[], onIssue: (issue: Issue) => void): Promise<DataStatistics> {
  const check = createEmbeddingCheck(onIssue);
  const statistics: [EmbeddingKey, unknown][] = [];
  for (const key of EMBEDDING_FILES) {
    const named = files.find((file) => file.key === key);
    if (!named) continue;
    const file = check.open(key, named.uri);
    for await (const chunk of named.chunks) file.push(chunk);
    statistics.push([key, file.finish()]);
  }
  check.finish();
  // `open` gives each key the statistics of its kind.
  return Object.fromEntries(statistics) as DataStatistics;
}

function isEmbeddingKey(key: DataKey): key is EmbeddingKey {
  return (EMBEDDING_FILES as readonly DataKey[]).includes(key);
}
