/** The labels of one split: which document answers which query. */
import { EMBEDDING_DATASET } from '../../models/limits.ts';
import { createHeadReader } from '../faults/recognise.ts';
import { type FileCounts, fileCounts, stopsWhereHopeless } from '../lines/progress.ts';
import { WHOLE_FILE } from '../lines/reporter.ts';
import { createTextFile, type SplitRecords } from '../lines/text-file.ts';
import type { RelevanceStatistics } from '../statistics.ts';
import type { HashIndex } from '../tallies/hash-index.ts';
import type { TextHasher } from '../tallies/text-hash.ts';
import { createIdSet, type IdSet } from './ids.ts';
import { createLabelLines, type RelevanceLabel } from './label-lines.ts';
import { createPairCheck } from './pairs.ts';
import { createReferences } from './references.ts';
import {
  createEmbeddingTools,
  type EmbeddingFileOptions,
  type EmbeddingReporter,
  type EmbeddingTools,
  type FilesBefore,
} from './tools.ts';

export interface LabelFileOptions extends EmbeddingFileOptions {
  before: FilesBefore;
  /** Whether lines are parted otherwise, and have no header. */
  areQrels: boolean;
  /** How the file is cut into labels, where they are not one a line. */
  split?: SplitRecords | undefined;
}

export interface LabelFile {
  readonly isOver: boolean;
  push(chunk: Uint8Array): void;
  finish(): { statistics: RelevanceStatistics; pairs: HashIndex; isComplete: boolean };
}

/** Query ids that are kept to count them; three times what the queries file may hold. */
const MAX_QUERY_IDS = 3 * EMBEDDING_DATASET.maxQueries;

/** Makes the set that the query ids of all splits are counted in. */
export function createQuerySet(hasher: TextHasher): IdSet {
  return createIdSet(hasher, MAX_QUERY_IDS);
}

/** Makes the check of one label file. */
export function createLabelFile(role: RelevanceStatistics['role'], options: LabelFileOptions): LabelFile {
  const tools = createEmbeddingTools(options);
  const { report, progress } = tools;
  const checker = createLabelChecker(tools, options.before);
  const file = createTextFile(
    createLabelLines({ report, progress, onLabel: checker.check, areQrels: options.areQrels }),
    { ...tools, readHead: createHeadReader(report, { expected: 'labels' }) },
    options.split,
  );

  return {
    get isOver() {
      return file.isOver;
    },
    push(chunk) {
      file.push(chunk);
      // What is too many is said of all label files together.
      stopsWhereHopeless(progress, EMBEDDING_DATASET.labelsBelow);
    },
    finish() {
      file.finish();
      const statistics: RelevanceStatistics = {
        format: 'embedding',
        role,
        ...fileCounts(progress, file.bytes),
        ...checker.counts(),
      };
      const isComplete = !progress.isStopped;
      if (isComplete) reportWhole(statistics, report);
      return { statistics, pairs: checker.pairs, isComplete };
    },
  };
}

/** Reports what only the whole file shows. */
function reportWhole(statistics: RelevanceStatistics, report: EmbeddingReporter): void {
  const { examples, bytes, queries, relevant, notRelevant } = statistics;
  if (examples === 0) {
    report('labels_empty', { sizeBytes: bytes }, WHOLE_FILE);
    return;
  }
  const min = EMBEDDING_DATASET.minQueryIdsPerLabelFile;
  if (queries < min) report('labels_too_few_queries', { queries, min }, WHOLE_FILE);
  if (relevant === 0 && notRelevant > 0) {
    report('labels_none_relevant', { labels: notRelevant }, WHOLE_FILE);
  }
}

type LabelCounts = Omit<RelevanceStatistics, 'format' | 'role' | keyof FileCounts>;

interface LabelChecker {
  check(label: RelevanceLabel): void;
  counts(): LabelCounts;
  pairs: HashIndex;
}

function createLabelChecker(tools: EmbeddingTools, before: FilesBefore): LabelChecker {
  const { progress } = tools;
  const queryIds = createQuerySet(tools.hasher);
  const queryColumn = createReferences('query', tools, before);
  const documentColumn = createReferences('document', tools, before);
  const pairs = createPairCheck(tools, before.trainingPairs);
  const counts = { relevant: 0, notRelevant: 0, withoutScore: 0 };

  return {
    pairs: pairs.index,
    check({ query, document, score, isDefaultScore }) {
      queryIds.add(query, progress.line);
      before.labelledQueries.add(query, progress.line);
      queryColumn.check(query);
      documentColumn.check(document);
      if (score === undefined) return;
      counts[score > 0 ? 'relevant' : 'notRelevant'] += 1;
      if (isDefaultScore) counts.withoutScore += 1;
      pairs.check({ query, document, score });
    },
    counts: () => ({
      queries: queryIds.size,
      ...counts,
      unknownQueries: queryColumn.unknown,
      unknownDocuments: documentColumn.unknown,
    }),
  };
}
