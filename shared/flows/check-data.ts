import { createDatasetCheck, type DatasetResult } from '../core/dataset/check.ts';
import { checkEvaluationLabels, checkOverlap } from '../core/dataset/compare.ts';
import { createEmbeddingCheck, EMBEDDING_FILES, type EmbeddingKey } from '../core/dataset/embedding/check.ts';
import { LONG_CONTEXT_LIMITS } from '../core/dataset/limits.ts';
import type { DataStatistics } from '../core/dataset/statistics.ts';
import type { Issue } from '../core/issues/catalog.ts';
import type { Manifest } from '../core/manifest/manifest.ts';
import { type DataKey, findModel } from '../core/models/models.ts';

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
}

type ExampleKey = Exclude<DataKey, EmbeddingKey>;

/** Reads every file once, from beginning to end, and reports everything that is wrong with it and between them. */
export async function checkData(
  draft: Partial<Manifest>,
  files: DataFile[],
  onIssue: (issue: Issue) => void,
): Promise<CheckedData> {
  const results = new Map<ExampleKey, DatasetResult>();
  for (const file of files) {
    if (isEmbeddingKey(file.key)) continue;
    const result = await checkFile(draft, file, onIssue);
    if (result) results.set(file.key, result);
  }
  const training = results.get('dataset_uri');
  const evaluation = results.get('evaluation_data_uri');
  if (training && evaluation) {
    for (const issue of checkOverlap(training, evaluation)) onIssue(issue);
    for (const issue of checkEvaluationLabels(training, evaluation)) onIssue(issue);
  }
  const examples = Object.fromEntries([...results].map(([key, { statistics }]) => [key, statistics]));
  return {
    statistics: { ...examples, ...(await checkEmbedding(files, onIssue)) },
    trainExamples: training && training.statistics.examples - training.statistics.unusableExamples,
  };
}

async function checkFile(
  draft: Partial<Manifest>,
  { key, uri, chunks }: DataFile,
  onIssue: (issue: Issue) => void,
): Promise<DatasetResult | undefined> {
  const model = findModel(draft.base_model ?? '');
  const format = model?.dataset ?? 'input_output';
  if (format === 'embedding') return undefined;
  const isLongContext = model?.contextLength === '32k' && draft.max_context_length !== '8k';
  const check = createDatasetCheck({
    uri,
    format,
    role: key === 'evaluation_data_uri' ? 'evaluation' : 'training',
    limits: isLongContext ? LONG_CONTEXT_LIMITS : undefined,
    task: draft.task,
    tokenOverflow: draft.token_overflow,
    defaultContext: draft.default_context || undefined,
    onIssue,
  });
  for await (const chunk of chunks) check.push(chunk);
  return check.finish();
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
