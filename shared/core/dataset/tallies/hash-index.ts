/** A table from 64-bit hashes to the line that had each first, in two typed arrays: 20 to 40 bytes an entry, no objects. */
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
/** Words of an entry: both halves of its hash, its line, its tag. */
const WORDS = 4;

/** Ours: so many different inputs are compared exactly, in 24 MiB where a file has them; Gemini takes ten times as many. */
const MAX_COMPARED_INPUTS = 2 ** 20;
/** Of a slot: the lower bits are the number of its entry, from 1, and the others are bits of the hash. */
const NUMBER = 2 ** 21 - 1;

/**
 * Makes an empty index, of at most 2,097,151 entries: open addressing, at most half full. The entries lie in the order in which they
 * came, so that a new hash touches one slot, of 4 bytes, beside the end of the entries. 0 is a free slot.
 */
export function createHashIndex(maxEntries = MAX_COMPARED_INPUTS): HashIndex {
  let slots = new Int32Array(FIRST_SLOTS);
  let entries = new Int32Array((FIRST_SLOTS / 2) * WORDS);
  let size = 0;
  let hasOverflowed = false;

  /** The slot of the hash, or the free slot where it belongs. */
  function slotOf(low: number, high: number): number {
    const mask = slots.length - 1;
    let at = low & mask;
    for (let slot = slots[at] as number; slot !== 0; slot = slots[at] as number) {
      if ((slot ^ high) >>> 21 === 0) {
        const entry = ((slot & NUMBER) - 1) * WORDS;
        if (entries[entry] === low && entries[entry + 1] === high) break;
      }
      at = (at + 1) & mask;
    }
    return at;
  }

  function positionAt(slot: number): number {
    return ((slots[slot] as number) & NUMBER) - 1;
  }

  function grow(): void {
    slots = slotsOf(entries, slots.length * 2);
    const larger = new Int32Array(entries.length * 2);
    larger.set(entries);
    entries = larger;
  }

  function add(low: number, high: number, line: number, tag: number): number {
    const slot = slotOf(low, high);
    if (slots[slot] !== 0) return positionAt(slot);
    if (size >= maxEntries) {
      hasOverflowed = true;
      return -1;
    }
    if (size * 2 === slots.length) {
      grow();
      return add(low, high, line, tag);
    }
    slots[slot] = slotFor(high, size);
    const entry = size * WORDS;
    entries[entry] = low;
    entries[entry + 1] = high;
    entries[entry + 2] = line;
    entries[entry + 3] = tag;
    size += 1;
    return -1;
  }

  return {
    get size() {
      return size;
    },
    get hasOverflowed() {
      return hasOverflowed;
    },
    find: (low, high) => positionAt(slotOf(low, high)),
    add,
    lineAt: (position) => entries[position * WORDS + 2] ?? 0,
    tagAt: (position) => entries[position * WORDS + 3] ?? 0,
    forEach(visit) {
      for (let entry = 0; entry < size * WORDS; entry += WORDS) {
        visit(
          entries[entry] as number,
          entries[entry + 1] as number,
          entries[entry + 2] as number,
          entries[entry + 3] as number,
        );
      }
    },
  };
}

const slotFor = (high: number, position: number) => (high & ~NUMBER) | (position + 1);

/** So many slots with all of these entries, which are different. */
function slotsOf(entries: Int32Array, count: number): Int32Array<ArrayBuffer> {
  const slots = new Int32Array(count);
  for (let entry = 0; entry < entries.length; entry += WORDS) {
    let at = (entries[entry] as number) & (count - 1);
    while (slots[at] !== 0) at = (at + 1) & (count - 1);
    slots[at] = slotFor(entries[entry + 1] as number, entry / WORDS);
  }
  return slots;
}
