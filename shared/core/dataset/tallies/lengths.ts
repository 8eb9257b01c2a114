import type { LengthSummary } from '../statistics.ts';

/** The least, the middle and the greatest of many lengths in a few hundred bytes. */
export interface LengthTally {
  add(length: number): void;
  summary(): LengthSummary;
}

/** Makes a tally with eight buckets to each power of two. */
export function createLengthTally(): LengthTally {
  const buckets = new Float64Array(256);
  let count = 0;
  let min = Number.MAX_SAFE_INTEGER;
  let max = 0;

  function median(): number {
    let seen = 0;
    const bucket = buckets.findIndex((inBucket) => {
      seen += inBucket;
      return seen * 2 >= count;
    });
    return Math.max(min, lowerEdge(bucket));
  }

  return {
    add(length) {
      count += 1;
      if (length < min) min = length;
      if (length > max) max = length;
      const bucket = bucketOf(length);
      buckets[bucket] = (buckets[bucket] as number) + 1;
    },
    summary: () => (count === 0 ? { min: 0, median: 0, max: 0 } : { min, median: median(), max }),
  };
}

function bucketOf(length: number): number {
  if (length < 16) return length;
  const exponent = 31 - Math.clz32(length);
  return (exponent - 2) * 8 + ((length >>> (exponent - 3)) & 7);
}

function lowerEdge(bucket: number): number {
  if (bucket < 16) return bucket;
  const exponent = (bucket >>> 3) + 2;
  return (8 + (bucket & 7)) * 2 ** (exponent - 3);
}
