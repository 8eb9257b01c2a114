import { DATASET_ISSUES, type DatasetIssue } from '../../issues/dataset.ts';
import { EMBEDDING_ISSUES, type EmbeddingIssue } from '../../issues/embedding.ts';
import { createFileProgress, type FileProgress } from '../lines/progress.ts';
import { createReporter, type ReporterOf } from '../lines/reporter.ts';
import type { HashIndex } from '../tallies/hash-index.ts';
import type { TextHasher } from '../tallies/text-hash.ts';
import type { IdSet, KnownIds } from './ids.ts';

/** What can be wrong with a file of embedding tuning: it is a file of lines, and records or labels. */
export type EmbeddingFileIssue = DatasetIssue | EmbeddingIssue;
export type EmbeddingReporter = ReporterOf<EmbeddingFileIssue>;

const CATALOG = { ...DATASET_ISSUES, ...EMBEDDING_ISSUES };

export interface EmbeddingFileOptions {
  /** Goes into every issue of the file. */
  uri: string;
  onIssue: (issue: EmbeddingFileIssue) => void;
  /** One for all files, so that their ids can be compared. */
  hasher: TextHasher;
}

/** What the files before this one have shown. */
export interface FilesBefore {
  /** Undefined where the file was not read: then its ids are not asked for. */
  queries: KnownIds | undefined;
  corpus: KnownIds | undefined;
  /** The query ids of all label files; gets those of this one too. */
  labelledQueries: IdSet;
  /** The pairs of the training labels, for the other splits. */
  trainingPairs: HashIndex | undefined;
}

/** What one file is checked with. */
export interface EmbeddingTools {
  report: EmbeddingReporter;
  progress: FileProgress;
  hasher: TextHasher;
}

export function createEmbeddingTools({ uri, onIssue, hasher }: EmbeddingFileOptions): EmbeddingTools {
  const progress = createFileProgress();
  const report = createReporter<EmbeddingFileIssue>({ uri, progress, catalog: CATALOG, onIssue });
  return { report, progress, hasher };
}
