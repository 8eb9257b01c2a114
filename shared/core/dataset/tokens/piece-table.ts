/**
 * The pieces of a vocabulary by a hash of their text, so that two pieces are joined without making a string. A hash of a joined
 * text follows from the hashes of its parts: h(ab) = h(a) × base^|b| + h(b), twice, modulo 2^32 each. 64 bits for a quarter of a
 * million pieces: a text that is none is taken for one once in 10^13.
 */
export interface PieceTable {
  /** The rank of a piece, which is its place in the vocabulary: pieces of lower rank are joined first; -1 for no piece. */
  rankOf(first: number, second: number): number;
  /** Whether two UTF-16 units may stand beside each other within a piece; false is certain. */
  mayJoin(left: number, right: number): boolean;
}

/** Bases of the two hashes: odd, so that their powers lose nothing modulo 2^32. */
export const BASES = [0x9e3779b1, 0x85ebca77] as const;

/** No piece has more UTF-16 units. */
export const LONGEST_PIECE = 64;

/** Powers of the bases by the length of what is appended. */
export const POWERS = BASES.map((base) => {
  const powers = new Int32Array(LONGEST_PIECE + 1);
  powers[0] = 1;
  for (let at = 1; at < powers.length; at++) powers[at] = Math.imul(powers[at - 1] as number, base);
  return powers;
}) as [Int32Array, Int32Array];

/** Bits that say which two units stand side by side in a piece. */
const PAIR_BITS = 22;
/** Twice as many slots as pieces at least: a look ends after one or two. */
const SLOT_BITS = 19;
const SLOT_MASK = (1 << SLOT_BITS) - 1;

/** Texts that differ in their last unit alone have neighbouring hashes; they must not have neighbouring slots. */
function slotOf(first: number): number {
  return Math.imul(first ^ (first >>> 16), 0x45d9f3b) >>> (32 - SLOT_BITS);
}

/** Where the bit of two units is. */
function pairBit(left: number, right: number): number {
  return (Math.imul(Math.imul(left, 0x2c1b3c6d) ^ right, 0x297a2d39) >>> (32 - PAIR_BITS)) >>> 0;
}

/** Makes the table of a vocabulary: its pieces in the order of their ranks, a line each. */
export function createPieceTable(pieces: string): PieceTable {
  const firsts = new Int32Array(1 << SLOT_BITS);
  const seconds = new Int32Array(1 << SLOT_BITS);
  const ranks = new Int32Array(1 << SLOT_BITS);
  const pairs = new Uint8Array(1 << (PAIR_BITS - 3));

  function add(rank: number, first: number, second: number): void {
    let slot = slotOf(first);
    while (ranks[slot] !== 0) slot = (slot + 1) & SLOT_MASK;
    firsts[slot] = first;
    seconds[slot] = second;
    ranks[slot] = rank + 1;
  }

  let rank = 0;
  let first = 0;
  let second = 0;
  let before = -1;
  for (let at = 0; at <= pieces.length; at++) {
    const unit = at === pieces.length ? 10 : pieces.charCodeAt(at);
    if (unit === 10) {
      if (before !== -1) add(rank++, first, second);
      first = 0;
      second = 0;
      before = -1;
      continue;
    }
    first = (Math.imul(first, BASES[0]) + unit) | 0;
    second = (Math.imul(second, BASES[1]) + unit) | 0;
    if (before !== -1) {
      const bit = pairBit(before, unit);
      pairs[bit >>> 3] = (pairs[bit >>> 3] as number) | (1 << (bit & 7));
    }
    before = unit;
  }

  return {
    rankOf(askedFirst, askedSecond) {
      let slot = slotOf(askedFirst);
      while (ranks[slot] !== 0) {
        if (firsts[slot] === askedFirst && seconds[slot] === askedSecond) return (ranks[slot] as number) - 1;
        slot = (slot + 1) & SLOT_MASK;
      }
      return -1;
    },
    mayJoin(left, right) {
      const bit = pairBit(left, right);
      return ((pairs[bit >>> 3] as number) & (1 << (bit & 7))) !== 0;
    },
  };
}
