/** A table from 64-bit hashes to the line that had each first, in two typed arrays: 32 to 64 bytes an entry, no objects. */
export interface HashIndex {
  readonly size: number;
  /** Whether a new hash was not taken any more: then what is not found may have been there. */
  readonly hasOverflowed: boolean;
  /** The position of a hash, or -1. */
  find(low: number, high: number): number;
  /** The position of the entry that is there already, or -1 when the hash is new; a full index takes no more entries. */
  add(low: number, high: number, line: number, tag: number): number;
  lineAt(position: number): number;
  tagAt(position: number): number;
  /** Calls `visit` with every entry, in no particular order. */
  forEach(visit: (low: number, high: number, line: number, tag: number) => void): void;
}

const FIRST_SLOTS = 1024;
/** Of an entry beside its low half: the high half, the line, the tag. */
const REST = 3;

/** Ours: so many different inputs are compared exactly, in 32 MiB where a file has them; Gemini takes ten times as many. */
const MAX_COMPARED_INPUTS = 2 ** 20;

/**
 * Makes an empty index: open addressing, at most half full. The low halves lie apart from the rest, so that a search
 * for a new hash touches 4 bytes and stays in the processor's cache; 0 is a free slot, and a hash of 0 counts as 1.
 */
export function createHashIndex(maxEntries = MAX_COMPARED_INPUTS): HashIndex {
  let lows = new Int32Array(FIRST_SLOTS);
  let rest = new Int32Array(FIRST_SLOTS * REST);
  let size = 0;
  let hasOverflowed = false;

  /** The slot of the hash, or the free slot where it belongs. */
  function slotOf(low: number, high: number): number {
    const table = lows;
    const mask = table.length - 1;
    let slot = low & mask;
    while (table[slot] !== 0 && (table[slot] !== low || rest[slot * REST] !== high)) slot = (slot + 1) & mask;
    return slot;
  }

  function put(low: number, high: number, line: number, tag: number): void {
    const slot = slotOf(low, high);
    lows[slot] = low;
    rest[slot * REST] = high;
    rest[slot * REST + 1] = line;
    rest[slot * REST + 2] = tag;
  }

  function grow(): void {
    const [oldLows, oldRest] = [lows, rest];
    lows = new Int32Array(oldLows.length * 2);
    rest = new Int32Array(oldRest.length * 2);
    forEachOf(oldLows, oldRest, put);
  }

  return {
    get size() {
      return size;
    },
    get hasOverflowed() {
      return hasOverflowed;
    },
    find(low, high) {
      const slot = slotOf(low || 1, high);
      return lows[slot] === 0 ? -1 : slot;
    },
    add(low, high, line, tag) {
      const slot = slotOf(low || 1, high);
      if (lows[slot] !== 0) return slot;
      if (size >= maxEntries) {
        hasOverflowed = true;
        return -1;
      }
      put(low || 1, high, line, tag);
      size += 1;
      if (size * 2 > lows.length) grow();
      return -1;
    },
    lineAt: (position) => rest[position * REST + 1] ?? 0,
    tagAt: (position) => rest[position * REST + 2] ?? 0,
    forEach: (visit) => forEachOf(lows, rest, visit),
  };
}

function forEachOf(lows: Int32Array, rest: Int32Array, visit: Parameters<HashIndex['forEach']>[0]): void {
  for (let slot = 0; slot < lows.length; slot++) {
    const low = lows[slot] as number;
    const at = slot * REST;
    if (low !== 0) visit(low, rest[at] as number, rest[at + 1] as number, rest[at + 2] as number);
  }
}
