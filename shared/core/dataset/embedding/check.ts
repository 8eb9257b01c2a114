/** The check of the files of embedding tuning, each for itself and against each other. Pure, streaming, never throws. */
import type { DatasetIssue } from '../../issues/dataset.ts';
import { type EmbeddingIssue, embeddingIssue } from '../../issues/embedding.ts';
import { EMBEDDING_DATASET } from '../../models/limits.ts';
import type { HashIndex } from '../tallies/hash-index.ts';
import { createTextHasher } from '../tallies/text-hash.ts';
import { createLabelFile, createQuerySet } from './label-file.ts';
import { createRecordFile, type KnownIds } from './record-file.ts';
import type { DataStatistics, RecordStatistics, RelevanceStatistics } from './statistics.ts';

/** The files in the order in which they are to be read: labels name ids of the first two. */
export const EMBEDDING_FILES = [
  'queries_path',
  'corpus_path',
  'train_label_path',
  'test_label_path',
  'validation_label_path',
] as const satisfies readonly (keyof DataStatistics)[];

export type EmbeddingKey = (typeof EMBEDDING_FILES)[number];

export interface EmbeddingFileCheck {
  /** Reads the next bytes; any chunking gives the same result. The chunk is not kept. */
  push(chunk: Uint8Array): void;
  /** Ends the file; call it once. */
  finish(): RecordStatistics | RelevanceStatistics;
}

export interface EmbeddingCheck {
  /** Begins the next file, in the order of `EMBEDDING_FILES`; `uri` goes into its issues. A file may be missing. */
  open(key: EmbeddingKey, uri: string): EmbeddingFileCheck;
  /** Ends the check with what only all label files together show. */
  finish(): void;
}

const RECORD_ROLES = { queries_path: 'queries', corpus_path: 'corpus' } as const;
const LABEL_ROLES = {
  train_label_path: 'training',
  test_label_path: 'test',
  validation_label_path: 'validation',
} as const;

/** Makes the check of one run; `onIssue` gets every issue as it is found. */
export function createEmbeddingCheck(
  onIssue: (issue: DatasetIssue | EmbeddingIssue) => void,
): EmbeddingCheck {
  const hasher = createTextHasher();
  const allQueries = createQuerySet(hasher);
  const known: Partial<Record<RecordStatistics['role'], KnownIds>> = {};
  const labelFiles: { uri: string; labels: number; isComplete: boolean }[] = [];
  let training: HashIndex | undefined;

  function openRecords(role: RecordStatistics['role'], uri: string): EmbeddingFileCheck {
    const file = createRecordFile({ uri, role, hasher, add: onIssue });
    return {
      push: file.push,
      finish() {
        const result = file.finish();
        known[role] = result.known;
        return result.statistics;
      },
    };
  }

  function openLabels(role: RelevanceStatistics['role'], uri: string): EmbeddingFileCheck {
    const { queries, corpus } = known;
    const file = createLabelFile({ uri, role, hasher, add: onIssue, queries, corpus, allQueries, training });
    return {
      push: file.push,
      finish() {
        const { statistics, pairs, isComplete } = file.finish();
        labelFiles.push({ uri, labels: statistics.examples, isComplete });
        if (role === 'training') training = pairs;
        return statistics;
      },
    };
  }

  return {
    open(key, uri) {
      return key === 'queries_path' || key === 'corpus_path'
        ? openRecords(RECORD_ROLES[key], uri)
        : openLabels(LABEL_ROLES[key], uri);
    },
    finish() {
      const [first] = labelFiles;
      if (!first) return;
      const at = { uri: first.uri };
      const { minQueryIds: min, labelsBelow: below } = EMBEDDING_DATASET;
      const labels = labelFiles.reduce((sum, file) => sum + file.labels, 0);
      if (labels >= below) onIssue(embeddingIssue('labels_too_many', at, { labels, below }));
      const isComplete = labels > 0 && labelFiles.every((file) => file.isComplete);
      if (!isComplete || allQueries.size >= min) return;
      onIssue(embeddingIssue('labels_too_few_queries_overall', at, { queries: allQueries.size, min }));
    },
  };
}
