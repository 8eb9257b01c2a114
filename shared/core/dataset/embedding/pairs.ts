/** The pairs of query and document that the labels of one file give a score to. */
import { EMBEDDING_DATASET } from '../../models/limits.ts';
import { createHashIndex, type HashIndex } from '../tallies/hash-index.ts';
import type { EmbeddingTools } from './tools.ts';

export interface ScoredPair {
  query: string;
  document: string;
  score: number;
}

export interface PairCheck {
  /** Reports a pair that the file or the training labels already have. */
  check(pair: ScoredPair): void;
  /** Each pair with its first line, and its score as the tag. */
  index: HashIndex;
}

/** Makes the check of one label file; `training` has the pairs of the training labels, for the other splits. */
export function createPairCheck(
  { hasher, report, progress }: EmbeddingTools,
  training: HashIndex | undefined,
): PairCheck {
  const index = createHashIndex(EMBEDDING_DATASET.labelsBelow);

  function hash({ query, document }: ScoredPair): void {
    hasher.reset();
    hasher.write(query);
    hasher.mark(0xff);
    hasher.write(document);
    hasher.digest();
  }

  return {
    index,
    check(pair) {
      hash(pair);
      const inTraining = training?.find(hasher.low, hasher.high) ?? -1;
      if (training && inTraining !== -1) {
        report('labels_overlap', { trainingLine: training.lineAt(inTraining) });
      }
      const first = index.add(hasher.low, hasher.high, progress.line, pair.score);
      if (first === -1) return;
      const isSame = index.tagAt(first) === (pair.score | 0);
      report(isSame ? 'labels_duplicate' : 'labels_conflict', { firstLine: index.lineAt(first) });
    },
  };
}
