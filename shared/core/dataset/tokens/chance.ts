/** Chances that are the same for every file: xorshift. */
export interface Chance {
  /** How often something of this probability does not happen before it happens. */
  misses(probability: number): number;
}

/** Begins the sequence anew. */
export function createChance(): Chance {
  let state = 0x2545f491;
  return {
    misses(probability) {
      if (probability >= 1) return 0;
      state ^= state << 13;
      state ^= state >>> 17;
      state ^= state << 5;
      return Math.floor(Math.log(((state >>> 0) + 0.5) / 0x1_0000_0000) / Math.log1p(-probability));
    },
  };
}
