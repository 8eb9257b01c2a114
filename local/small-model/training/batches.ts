import type { Random } from '../math/random.ts';

/** Batches of one size without end: pass after pass over the items, each in a new order, a batch may span two passes. */
export interface Batches<T> {
  next(): T[];
}

export function createBatches<T>(items: readonly T[], size: number, random: Random): Batches<T> {
  let waiting: T[] = [];
  return {
    next() {
      while (waiting.length < size) waiting = [...waiting, ...random.shuffle(items)];
      const batch = waiting.slice(0, size);
      waiting = waiting.slice(size);
      return batch;
    },
  };
}
