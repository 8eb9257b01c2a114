/** The labels of one split: which document answers which query. */
import { type DatasetIssue, datasetIssue } from '../../issues/dataset.ts';
import { type EmbeddingIssue, embeddingIssue } from '../../issues/embedding.ts';
import { EMBEDDING_DATASET } from '../../models/limits.ts';
import { createProgress, type Progress } from '../jsonl/json-lines.ts';
import { createReport, type Report, type ReportOf } from '../lines/reporter.ts';
import { createTextFile } from '../lines/text-file.ts';
import type { HashIndex } from '../tallies/hash-index.ts';
import type { TextHasher } from '../tallies/text-hash.ts';
import { createIdSet, type IdSet } from './ids.ts';
import { createLabelReader, type Label } from './label-lines.ts';
import { createPairCheck } from './pairs.ts';
import type { KnownIds } from './record-file.ts';
import { createReferences } from './references.ts';
import type { RelevanceStatistics } from './statistics.ts';

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
  pairs: HashIndex;
}

function createLabelChecker(
  { hasher, queries, corpus, allQueries, training }: LabelFileOptions,
  { reportLabel, progress }: Omit<LabelTools, 'report'>,
): LabelChecker {
  const queryIds = createQuerySet(hasher);
  const tools = { hasher, reportLabel, progress };
  const queryColumn = createReferences({ ...tools, column: 'query', known: queries, other: corpus });
  const documentColumn = createReferences({ ...tools, column: 'document', known: corpus, other: queries });
  const pairs = createPairCheck({ hasher, reportLabel, training });
  const counts = { relevant: 0, notRelevant: 0, withoutScore: 0 };

  return {
    pairs: pairs.index,
    check({ query, document, score, isDefaultScore }) {
      queryIds.add(query, progress.line);
      allQueries.add(query, progress.line);
      queryColumn.check(query);
      documentColumn.check(document);
      if (score === undefined) return;
      counts[score > 0 ? 'relevant' : 'notRelevant'] += 1;
      if (isDefaultScore) counts.withoutScore += 1;
      pairs.check({ query, document, score }, progress.line);
    },
    counts: () => ({
      queries: queryIds.size,
      ...counts,
      unknownQueries: queryColumn.unknown,
      unknownDocuments: documentColumn.unknown,
    }),
  };
}
