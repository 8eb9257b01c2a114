/** The ids of a file as hashes: 32 bytes for each, however long they are. */
import { createHashIndex } from '../tallies/hash-index.ts';
import type { TextHasher } from '../tallies/text-hash.ts';

export interface IdSet {
  /** Different ids, up to the number that is kept. */
  readonly size: number;
  /** False when there were more ids than are kept: then a missing one proves nothing. */
  readonly isComplete: boolean;
  /** Adds an id; gives the line that had it first, or 0 when it is new. */
  add(id: string, line: number): number;
  has(id: string): boolean;
}

/** The ids of the queries or of the corpus, for the labels to be compared with. */
export interface KnownIds {
  ids: IdSet;
  /** Records whose id could not be read. */
  unread: number;
}

/** Makes an empty set of at most `maxIds`. */
export function createIdSet(hasher: TextHasher, maxIds: number): IdSet {
  const index = createHashIndex(maxIds + 1);
  const hash = (id: string) => {
    hasher.reset();
    hasher.write(id);
    hasher.digest();
  };

  return {
    get size() {
      return Math.min(index.size, maxIds);
    },
    get isComplete() {
      return index.size <= maxIds;
    },
    add(id, line) {
      hash(id);
      const found = index.add(hasher.low, hasher.high, line, 0);
      return found === -1 ? 0 : index.lineAt(found);
    },
    has(id) {
      hash(id);
      return index.find(hasher.low, hasher.high) !== -1;
    },
  };
}
