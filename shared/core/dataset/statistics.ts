/** What the files of a run hold, for a person to read: plain JSON. */
import type { DatasetRole, ExampleFormat } from './limits.ts';

/** The training or the evaluation examples of a text, code or chat model. */
export interface DatasetStatistics {
  format: ExampleFormat;
  role: DatasetRole;
  bytes: number;
  lines: number;
  blankLines: number;
  /** Lines that are not blank. */
  examples: number;
  /** Examples with at least one error. */
  unusableExamples: number;
  /** UTF-16 units of the usable examples: `input_text`, or the context and all messages but the last. */
  inputCharacters: LengthSummary;
  /** UTF-16 units of `output_text`, or of the last message. */
  outputCharacters: LengthSummary;
  tokens: TokenStatistics;
  duplicates: { exact: number; conflicting: number };
  labels?: LabelStatistics | undefined;
  chat?: ChatStatistics | undefined;
}

/** Of many lengths. */
export interface LengthSummary {
  min: number;
  /** The lower edge of the bucket that holds the median: exact below 16, at most 12.5 % under it above. */
  median: number;
  max: number;
}

/** How many tokens a text has, as far as an estimate goes. */
export interface TokenInterval {
  low: number;
  high: number;
}

export interface TokenStatistics {
  method: string;
  total: TokenInterval;
  largestExample: TokenInterval;
  /** Examples of which the byte bound alone proves that they are within every token limit. */
  provedWithinLimits: number;
}

/** The labels of a data set whose outputs are few and short. */
export interface LabelStatistics {
  distinct: number;
  /** The most frequent, at most 20; none without a classification task, where outputs may be confidential texts. */
  top: { label: string; count: number }[];
}

export interface ChatStatistics {
  /** `author` fields over all messages. */
  authors: number;
  pairs: LengthSummary;
  /** Examples with the field `context`, also an empty one: it overrides the default. */
  examplesWithContext: number;
}

/** The queries or the corpus of embedding tuning; an example is a query or a document. */
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

/** The labels of one split of embedding tuning; an example is a label. */
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
