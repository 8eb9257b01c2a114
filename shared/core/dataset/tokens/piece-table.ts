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
/** Of a slot: the lower bits are the rank of its piece, from 1, and the others are bits of its second hash. */
const RANK_BITS = 19;
const RANK_MASK = (1 << RANK_BITS) - 1;

const LINE_FEED = 0x0a;

/** Texts that differ in their last unit alone have neighbouring hashes; they must not have neighbouring slots. */
function slotOf(first: number): number {
  return Math.imul(first ^ (first >>> 16), 0x45d9f3b) >>> (32 - SLOT_BITS);
}

/** Where the bit of two units is. */
function pairBit(left: number, right: number): number {
  return (Math.imul(Math.imul(left, 0x2c1b3c6d) ^ right, 0x297a2d39) >>> (32 - PAIR_BITS)) >>> 0;
}

/** Makes the table of a vocabulary: its pieces in UTF-8, in the order of their ranks, a line each. */
export function createPieceTable(pieces: Uint8Array): PieceTable {
  const { hashes, pairs } = readPieces(pieces);
  const slots = new Int32Array(1 << SLOT_BITS);
  for (let rank = 0; rank * 2 < hashes.length; rank++) {
    let slot = slotOf(hashes[rank * 2] as number);
    while (slots[slot] !== 0) slot = (slot + 1) & SLOT_MASK;
    slots[slot] = ((hashes[rank * 2 + 1] as number) & ~RANK_MASK) | (rank + 1);
  }

  return {
    rankOf(first, second) {
      let at = slotOf(first);
      for (let slot = slots[at] as number; slot !== 0; slot = slots[at] as number) {
        if ((slot ^ second) >>> RANK_BITS === 0) {
          const rank = (slot & RANK_MASK) - 1;
          if (hashes[rank * 2] === first && hashes[rank * 2 + 1] === second) return rank;
        }
        at = (at + 1) & SLOT_MASK;
      }
      return -1;
    },
    mayJoin(left, right) {
      const bit = pairBit(left, right);
      return ((pairs[bit >>> 3] as number) & (1 << (bit & 7))) !== 0;
    },
  };
}

/** Both hashes of each piece, and the bits of all pairs; no string is made of a vocabulary of some megabytes. */
function readPieces(pieces: Uint8Array): { hashes: Int32Array; pairs: Uint8Array } {
  const hashes = new Int32Array(
    2 * (1 + pieces.reduce((lines, byte) => lines + (byte === LINE_FEED ? 1 : 0), 0)),
  );
  const pairs = new Uint8Array(1 << (PAIR_BITS - 3));
  let words = 0;
  let before = -1;

  function addUnit(unit: number): void {
    hashes[words] = (Math.imul(hashes[words] as number, BASES[0]) + unit) | 0;
    hashes[words + 1] = (Math.imul(hashes[words + 1] as number, BASES[1]) + unit) | 0;
    if (before !== -1) {
      const bit = pairBit(before, unit);
      pairs[bit >>> 3] = (pairs[bit >>> 3] as number) | (1 << (bit & 7));
    }
    before = unit;
  }

  for (let at = 0; at < pieces.length; at += sizeOf(pieces[at] as number)) {
    if (pieces[at] === LINE_FEED) {
      words += 2;
      before = -1;
      continue;
    }
    const point = pointAt(pieces, at);
    if (point < 0x10000) addUnit(point);
    else {
      addUnit(0xd7c0 + (point >> 10));
      addUnit(0xdc00 + (point & 0x3ff));
    }
  }
  return { hashes, pairs };
}

const sizeOf = (byte: number): number => (byte < 0x80 ? 1 : byte < 0xe0 ? 2 : byte < 0xf0 ? 3 : 4);

/** The character at a place; the bytes are UTF-8. */
function pointAt(bytes: Uint8Array, at: number): number {
  const first = bytes[at] as number;
  const size = sizeOf(first);
  let point = size === 1 ? first : first & (0x7f >> size);
  for (let next = at + 1; next < at + size; next++) point = (point << 6) | ((bytes[next] as number) & 0x3f);
  return point;
}
