/** The check of the files of embedding tuning, each for itself and against each other. Pure, streaming, never throws. */
import { type EmbeddingIssue, embeddingIssue } from '../../issues/embedding.ts';
import { EMBEDDING_DATASET } from '../../models/limits.ts';
import type { SplitRecords } from '../lines/text-file.ts';
import type { DataStatistics, RecordStatistics, RelevanceStatistics } from '../statistics.ts';
import { createTextHasher } from '../tallies/text-hash.ts';
import { createLabelFile, createQuerySet } from './label-file.ts';
import { createRecordFile } from './record-file.ts';
import type { EmbeddingFileIssue, FilesBefore } from './tools.ts';

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
  /** Whether nothing that follows would be read: the file is hopeless. */
  readonly isOver: boolean;
  /** Reads the next bytes; any chunking gives the same result. The chunk is not kept. */
  push(chunk: Uint8Array): void;
  /** Ends the file; call it once. */
  finish(): RecordStatistics | RelevanceStatistics;
}

/** How a file is written. */
export interface EmbeddingFileForm {
  /** Whether labels have no header, and may be judgements of TREC. */
  areQrels: boolean;
  /** How it is cut into records or labels, where they are not one a line. */
  split?: SplitRecords | undefined;
}

export interface EmbeddingCheck {
  /** Begins the next file, in the order of `EMBEDDING_FILES`; `uri` goes into its issues. A file may be missing. */
  open(key: EmbeddingKey, uri: string, form?: EmbeddingFileForm): EmbeddingFileCheck;
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
export function createEmbeddingCheck(onIssue: (issue: EmbeddingFileIssue) => void): EmbeddingCheck {
  const hasher = createTextHasher();
  const labelledQueries = createQuerySet(hasher);
  const before: FilesBefore = {
    labelledQueries,
    queries: undefined,
    corpus: undefined,
    trainingPairs: undefined,
  };
  const labelFiles: LabelFileSeen[] = [];

  function openRecords(
    role: RecordStatistics['role'],
    uri: string,
    { split }: EmbeddingFileForm,
  ): EmbeddingFileCheck {
    const file = createRecordFile(role, { uri, hasher, onIssue }, split);
    return {
      get isOver() {
        return file.isOver;
      },
      push: file.push,
      finish() {
        const { statistics, known } = file.finish();
        before[role] = known;
        return statistics;
      },
    };
  }

  function openLabels(
    role: RelevanceStatistics['role'],
    uri: string,
    { areQrels, split }: EmbeddingFileForm,
  ): EmbeddingFileCheck {
    const file = createLabelFile(role, { uri, hasher, onIssue, before, areQrels, split });
    return {
      get isOver() {
        return file.isOver;
      },
      push: file.push,
      finish() {
        const { statistics, pairs, isComplete } = file.finish();
        labelFiles.push({ uri, labels: statistics.examples, isComplete });
        if (role === 'training') before.trainingPairs = pairs;
        return statistics;
      },
    };
  }

  return {
    open(key, uri, form = { areQrels: false }) {
      return key === 'queries_path' || key === 'corpus_path'
        ? openRecords(RECORD_ROLES[key], uri, form)
        : openLabels(LABEL_ROLES[key], uri, form);
    },
    finish() {
      for (const issue of checkAllLabels(labelFiles, labelledQueries.size)) onIssue(issue);
    },
  };
}

interface LabelFileSeen {
  uri: string;
  labels: number;
  isComplete: boolean;
}

/** What only all label files together show. */
function checkAllLabels(files: readonly LabelFileSeen[], queries: number): EmbeddingIssue[] {
  const [first] = files;
  if (!first) return [];
  const at = { uri: first.uri };
  const { minQueryIds: min, labelsBelow: below } = EMBEDDING_DATASET;
  const labels = files.reduce((sum, file) => sum + file.labels, 0);
  const areAllRead = files.every((file) => file.isComplete);
  const isComplete = labels > 0 && areAllRead;
  const tooMany = { labels, below, isRestUnread: !areAllRead || undefined };
  return [
    ...(labels >= below ? [embeddingIssue('labels_too_many', at, tooMany)] : []),
    ...(isComplete && queries < min
      ? [embeddingIssue('labels_too_few_queries_overall', at, { queries, min })]
      : []),
  ];
}
