/** The pairs of query and document that the labels of one file give a score to. */
import type { EmbeddingIssue } from '../../issues/embedding.ts';
import { EMBEDDING_DATASET } from '../../models/limits.ts';
import type { ReportOf } from '../lines/reporter.ts';
import { createHashIndex, type HashIndex } from '../tallies/hash-index.ts';
import type { TextHasher } from '../tallies/text-hash.ts';

export interface Pair {
  query: string;
  document: string;
  score: number;
}

export interface PairCheck {
  /** Reports a pair that the file or the training labels already have. */
  check(pair: Pair, line: number): void;
  /** Each pair with its first line, and its score as the tag. */
  index: HashIndex;
}

export interface PairCheckOptions {
  hasher: TextHasher;
  reportLabel: ReportOf<EmbeddingIssue>;
  /** The pairs of the training labels, for the other splits. */
  training: HashIndex | undefined;
}

/** Makes the check of one label file. */
export function createPairCheck({ hasher, reportLabel, training }: PairCheckOptions): PairCheck {
  const index = createHashIndex(EMBEDDING_DATASET.labelsBelow);

  function hash({ query, document }: Pair): void {
    hasher.reset();
    hasher.write(query);
    hasher.mark(0xff);
    hasher.write(document);
    hasher.digest();
  }

  return {
    index,
    check(pair, line) {
      hash(pair);
      const inTraining = training?.find(hasher.low, hasher.high) ?? -1;
      if (training && inTraining !== -1) {
        reportLabel('labels_overlap', { trainingLine: training.lineAt(inTraining) });
      }
      const first = index.add(hasher.low, hasher.high, line, pair.score);
      if (first === -1) return;
      const isSame = index.tagAt(first) === (pair.score | 0);
      reportLabel(isSame ? 'labels_duplicate' : 'labels_conflict', { firstLine: index.lineAt(first) });
    },
  };
}
