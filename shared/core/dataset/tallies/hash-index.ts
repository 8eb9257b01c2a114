/** A table from 64-bit hashes to the line that had each first, in typed arrays: 24 to 32 bytes an entry, no objects. */
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
/** Where there are too few slots, all entries get new ones, which costs more than slots that are not used yet. */
const GROWTH = 4;
/** Words of an entry: both halves of its hash, its line, its tag. */
const WORDS = 4;
/** Entries lie in blocks of so many, so that none is copied when there are more of them. */
const BLOCK_BITS = 12;
const BLOCK_ENTRIES = 2 ** BLOCK_BITS;

/** Ours: so many different inputs are compared exactly, in 24 MiB where a file has them; Gemini takes ten times as many. */
const MAX_COMPARED_INPUTS = 2 ** 20;
/** Of a slot: the lower bits are the number of its entry, from 1, and the others are bits of the hash. */
const NUMBER = 2 ** 21 - 1;

/**
 * Makes an empty index, of at most 2,097,151 entries: open addressing, at most half full. The entries lie in the order in which they
 * came, so that a new hash touches one slot, of 4 bytes, beside the end of the entries. 0 is a free slot.
 */
export function createHashIndex(maxEntries = MAX_COMPARED_INPUTS): HashIndex {
  const mostSlots = Math.max(FIRST_SLOTS, 2 ** Math.ceil(Math.log2(2 * maxEntries)));
  let slots = new Int32Array(FIRST_SLOTS);
  const blocks: Int32Array[] = [];
  let size = 0;
  let hasOverflowed = false;

  const wordOf = (position: number, word: number) => wordIn(blocks, position, word);

  /** The slot of the hash, or the free slot where it belongs. */
  function slotOf(low: number, high: number): number {
    const mask = slots.length - 1;
    let at = low & mask;
    for (let slot = slots[at] as number; slot !== 0; slot = slots[at] as number) {
      if ((slot ^ high) >>> 21 === 0) {
        const position = (slot & NUMBER) - 1;
        if (wordOf(position, 0) === low && wordOf(position, 1) === high) break;
      }
      at = (at + 1) & mask;
    }
    return at;
  }

  function positionAt(slot: number): number {
    return ((slots[slot] as number) & NUMBER) - 1;
  }

  function append(low: number, high: number, line: number, tag: number): void {
    const place = size & (BLOCK_ENTRIES - 1);
    if (place === 0) blocks.push(new Int32Array(BLOCK_ENTRIES * WORDS));
    const block = blocks[size >>> BLOCK_BITS] as Int32Array;
    const entry = place * WORDS;
    block[entry] = low;
    block[entry + 1] = high;
    block[entry + 2] = line;
    block[entry + 3] = tag;
    size += 1;
  }

  function add(low: number, high: number, line: number, tag: number): number {
    const slot = slotOf(low, high);
    if (slots[slot] !== 0) return positionAt(slot);
    if (size >= maxEntries) {
      hasOverflowed = true;
      return -1;
    }
    if (size * 2 === slots.length) {
      slots = slotsOf(blocks, size, Math.min(slots.length * GROWTH, mostSlots));
      return add(low, high, line, tag);
    }
    slots[slot] = slotFor(high, size);
    append(low, high, line, tag);
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
    lineAt: (position) => (position < 0 ? 0 : wordOf(position, 2)),
    tagAt: (position) => (position < 0 ? 0 : wordOf(position, 3)),
    forEach(visit) {
      for (let position = 0; position < size; position++) {
        visit(wordOf(position, 0), wordOf(position, 1), wordOf(position, 2), wordOf(position, 3));
      }
    },
  };
}

const wordIn = (blocks: readonly Int32Array[], position: number, word: number) =>
  (blocks[position >>> BLOCK_BITS] as Int32Array)[(position & (BLOCK_ENTRIES - 1)) * WORDS + word] as number;

const slotFor = (high: number, position: number) => (high & ~NUMBER) | (position + 1);

/** So many slots with all of these entries, which are different. */
function slotsOf(blocks: readonly Int32Array[], size: number, count: number): Int32Array<ArrayBuffer> {
  const slots = new Int32Array(count);
  for (let position = 0; position < size; position++) {
    let at = wordIn(blocks, position, 0) & (count - 1);
    while (slots[at] !== 0) at = (at + 1) & (count - 1);
    slots[at] = slotFor(wordIn(blocks, position, 1), position);
  }
  return slots;
}
