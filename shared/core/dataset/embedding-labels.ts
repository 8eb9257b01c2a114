/** The labels of one split: which document answers which query. */
import { type DatasetIssue, datasetIssue } from '../issues/dataset.ts';
import { type EmbeddingIssue, embeddingIssue, type IdHint } from '../issues/embedding.ts';
import { EMBEDDING_DATASET } from '../limits.ts';
import { createIdSet, type IdSet } from './embedding-ids.ts';
import type { KnownIds } from './embedding-records.ts';
import type { RelevanceStatistics } from './embedding-statistics.ts';
import { createHashIndex, type HashIndex } from './hash-index.ts';
import { createProgress, type Progress } from './line-reader.ts';
import { createReport, type Report, type ReportOf } from './report.ts';
import { createTextFile } from './text-file.ts';
import type { TextHasher } from './text-hash.ts';
import { createLabelReader, type Label } from './tsv-labels.ts';

export interface LabelFileOptions {
  uri: string;
  role: RelevanceStatistics['role'];
  hasher: TextHasher;
  add: (issue: DatasetIssue | EmbeddingIssue) => void;
  /** Undefined where the file was not read: then its ids are not asked for. */
  queries: KnownIds | undefined;
  corpus: KnownIds | undefined;
  /** Gets the query ids of this file too. */
  allQueries: IdSet;
  /** The pairs of the training labels, for the other splits. */
  training: HashIndex | undefined;
}

export interface LabelFile {
  push(chunk: Uint8Array): void;
  finish(): { statistics: RelevanceStatistics; pairs: HashIndex; isComplete: boolean };
}

/** Query ids that are kept to count them; three times what the queries file may hold. */
const MAX_QUERY_IDS = 3 * EMBEDDING_DATASET.maxQueries;
const WHOLE_FILE = { line: 0 } as const;

/** Makes the set that the query ids of all splits are counted in. */
export function createQuerySet(hasher: TextHasher): IdSet {
  return createIdSet(hasher, MAX_QUERY_IDS);
}

/** Makes the check of one label file. */
export function createLabelFile(options: LabelFileOptions): LabelFile {
  const { uri, role, add } = options;
  const progress = createProgress();
  const report = createReport(datasetIssue, { uri, progress, add });
  const reportLabel = createReport<EmbeddingIssue>(embeddingIssue, { uri, progress, add });
  const checker = createLabelChecker(options, { reportLabel, progress });
  const reader = createLabelReader({ report, reportLabel, progress, onLabel: checker.check });
  const file = createTextFile(reader, { report, progress });

  return {
    push: file.push,
    finish() {
      file.finish();
      const statistics: RelevanceStatistics = {
        format: 'embedding',
        role,
        bytes: file.bytes,
        lines: progress.line,
        blankLines: progress.blankLines,
        examples: progress.examples,
        unusableExamples: progress.unusable,
        ...checker.counts(),
      };
      const isComplete = !progress.isStopped;
      if (isComplete) reportFile(statistics, { report, reportLabel, progress });
      return { statistics, pairs: checker.pairs, isComplete };
    },
  };
}

interface LabelTools {
  report: Report;
  reportLabel: ReportOf<EmbeddingIssue>;
  progress: Progress;
}

/** Reports what only the whole file shows. */
function reportFile(statistics: RelevanceStatistics, { report, reportLabel, progress }: LabelTools): void {
  const { blankLines, examples, bytes, queries, relevant, notRelevant } = statistics;
  if (blankLines > 0) {
    report('dataset_blank_lines', { count: blankLines }, { line: progress.firstBlankLine });
  }
  if (examples === 0) {
    reportLabel('labels_empty', { sizeBytes: bytes }, WHOLE_FILE);
    return;
  }
  const min = EMBEDDING_DATASET.minQueryIdsPerLabelFile;
  if (queries < min) reportLabel('labels_too_few_queries', { queries, min }, WHOLE_FILE);
  if (relevant === 0 && notRelevant > 0) {
    reportLabel('labels_none_relevant', { labels: notRelevant }, WHOLE_FILE);
  }
}

type LabelCounts = Omit<
  RelevanceStatistics,
  'format' | 'role' | 'bytes' | 'lines' | 'blankLines' | 'examples' | 'unusableExamples'
>;

interface LabelChecker {
  check(label: Label): void;
  counts(): LabelCounts;
  /** Every pair of query and document, with its first line and its score as the tag. */
  pairs: HashIndex;
}

function createLabelChecker(
  { hasher, queries, corpus, allQueries, training }: LabelFileOptions,
  { reportLabel, progress }: Omit<LabelTools, 'report'>,
): LabelChecker {
  const pairs = createHashIndex(EMBEDDING_DATASET.labelsBelow);
  const queryIds = createQuerySet(hasher);
  const counts = { relevant: 0, notRelevant: 0, withoutScore: 0, unknownQueries: 0, unknownDocuments: 0 };

  const unknownQueries = createUnknownIds(queries, { other: corpus, hasher });
  const unknownDocuments = createUnknownIds(corpus, { other: queries, hasher });

  function checkId(id: string, { unknown, onNew }: { unknown: UnknownIds; onNew: () => void }): void {
    if (unknown.isKnown(id)) return;
    if (unknown.isNew(id, progress.line)) onNew();
    else progress.lastErrorLine = progress.line;
  }

  function checkIds({ query, document }: Label): void {
    checkId(query, {
      unknown: unknownQueries,
      onNew() {
        counts.unknownQueries += 1;
        reportLabel('labels_query_unknown', unknownQueries.describe(query), { path: 'query-id' });
      },
    });
    checkId(document, {
      unknown: unknownDocuments,
      onNew() {
        counts.unknownDocuments += 1;
        reportLabel('labels_document_unknown', unknownDocuments.describe(document), { path: 'corpus-id' });
      },
    });
  }

  function countScore(score: number, isDefaultScore: boolean): void {
    if (score > 0) counts.relevant += 1;
    else counts.notRelevant += 1;
    if (isDefaultScore) counts.withoutScore += 1;
  }

  function checkPair({ query, document }: Label, score: number): void {
    hasher.reset();
    hasher.write(query);
    hasher.mark(0xff);
    hasher.write(document);
    hasher.digest();
    const { low, high } = hasher;
    const inTraining = training?.find(low, high) ?? -1;
    if (training && inTraining !== -1) {
      reportLabel('labels_overlap', { trainingLine: training.lineAt(inTraining) });
    }
    const first = pairs.add(low, high, progress.line, score);
    if (first === -1) return;
    const code = pairs.tagAt(first) === (score | 0) ? 'labels_duplicate' : 'labels_conflict';
    reportLabel(code, { firstLine: pairs.lineAt(first) });
  }

  return {
    pairs,
    check(label) {
      queryIds.add(label.query, progress.line);
      allQueries.add(label.query, progress.line);
      checkIds(label);
      if (label.score === undefined) return;
      countScore(label.score, label.isDefaultScore);
      checkPair(label, label.score);
    },
    counts: () => ({ queries: queryIds.size, ...counts }),
  };
}

interface UnknownIds {
  isKnown(id: string): boolean;
  isNew(id: string, line: number): boolean;
  describe(id: string): { id: string; hint?: IdHint; unread: number };
}

/** Why an id that is not found may still be meant, the first that fits. */
const REPAIRS: readonly { hint: IdHint; repair: (id: string) => string }[] = [
  { hint: 'spaces', repair: (id) => id.trim() },
  { hint: 'quotes', repair: (id) => id.trim().replaceAll(/^["']|["']$/g, '') },
];

/** Makes the check of one column against its file; without the ids of that file every id passes. */
function createUnknownIds(
  known: KnownIds | undefined,
  { other, hasher }: { other: KnownIds | undefined; hasher: TextHasher },
): UnknownIds {
  const canTell = known?.ids.isComplete === true && known.ids.size > 0;
  const unknown = createHashIndex();
  const has = (id: string) => known?.ids.has(id) === true;

  function hintFor(id: string): IdHint | undefined {
    const repair = REPAIRS.find(({ repair }) => repair(id) !== id && has(repair(id)));
    return repair?.hint ?? (other?.ids.has(id) ? 'swapped' : undefined);
  }

  return {
    isKnown: (id) => !canTell || has(id),
    isNew(id, line) {
      hasher.reset();
      hasher.write(id);
      hasher.digest();
      return unknown.add(hasher.low, hasher.high, line, 0) === -1;
    },
    describe(id) {
      const hint = hintFor(id);
      return { id, unread: known?.unread ?? 0, ...(hint && { hint }) };
    },
  };
}
