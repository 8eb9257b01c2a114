/** What the files of embedding tuning hold, for a person to read: plain JSON. */

import type { DatasetStatistics } from '../statistics.ts';
import type { LengthSummary } from '../tallies/lengths.ts';

/** The queries or the corpus. */
export interface RecordStatistics {
  format: 'embedding';
  role: 'queries' | 'corpus';
  bytes: number;
  lines: number;
  blankLines: number;
  /** Lines that are not blank: one query or document each. */
  examples: number;
  /** Records with at least one error. */
  unusableExamples: number;
  /** UTF-16 units of `text`. */
  textCharacters: LengthSummary;
  recordsWithTitle: number;
  duplicateIds: number;
}

/** The labels of one split. */
export interface RelevanceStatistics {
  format: 'embedding';
  role: 'training' | 'test' | 'validation';
  bytes: number;
  lines: number;
  blankLines: number;
  /** Lines that are not blank, without the header: one label each. */
  examples: number;
  /** Labels with at least one error. */
  unusableExamples: number;
  /** Different query ids. */
  queries: number;
  /** Labels with a score above 0. */
  relevant: number;
  /** Labels with a score of 0. */
  notRelevant: number;
  /** Labels without a score of their own, which counts as 1. */
  withoutScore: number;
  /** Different ids that stand in no line of the queries. */
  unknownQueries: number;
  /** Different ids that stand in no line of the corpus. */
  unknownDocuments: number;
}

/** What each file holds, by the key of the manifest that names it. */
export interface DataStatistics {
  dataset_uri: DatasetStatistics;
  evaluation_data_uri: DatasetStatistics;
  queries_path: RecordStatistics;
  corpus_path: RecordStatistics;
  train_label_path: RelevanceStatistics;
  test_label_path: RelevanceStatistics;
  validation_label_path: RelevanceStatistics;
}

export type FileStatistics = DataStatistics[keyof DataStatistics];
