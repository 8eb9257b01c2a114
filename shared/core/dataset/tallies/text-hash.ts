/**
 * 64-bit hashes of texts as their UTF-8, so that two files agree however their JSON was escaped. Every step
 * is a bijection of the 128-bit state, sixteen bytes at a time; not for secrets, only for finding equal texts.
 */
export interface TextHasher {
  /** Forgets what was written. */
  reset(): void;
  /** Appends a text and returns its length in UTF-8 bytes. */
  write(text: string): number;
  /** Appends a byte that no UTF-8 text holds (0xf8 to 0xff), to keep neighbours apart. */
  mark(byte: number): void;
  /** Hashes what was written; the result is in `low` and `high` (signed 32-bit) until the next call. */
  digest(): void;
  readonly low: number;
  readonly high: number;
  /** A hash of the first bytes (a multiple of 4) of what was digested, the same for texts that begin alike. */
  prefix(bytes: number): number;
}

/** Bytes for each step: two chains side by side keep a processor busier than one. */
const BLOCK = 16;

/** Makes a hasher with one growing scratch buffer. */
export function createTextHasher(): TextHasher {
  let bytes = Buffer.alloc(16 * 1024);
  let words = new Int32Array(bytes.buffer, bytes.byteOffset, bytes.length / 4);
  let length = 0;

  function reserve(more: number): void {
    if (length + more <= bytes.length) return;
    const size = 2 ** Math.ceil(Math.log2(length + more));
    const larger = Buffer.alloc(size);
    bytes.copy(larger, 0, 0, length);
    bytes = larger;
    words = new Int32Array(larger.buffer, larger.byteOffset, size / 4);
  }

  const hasher = {
    low: 0,
    high: 0,
    reset() {
      length = 0;
    },
    write(text: string) {
      reserve(text.length * 3 + BLOCK);
      const size = bytes.write(text, length, 'utf8');
      length += size;
      return size;
    },
    mark(byte: number) {
      reserve(1 + BLOCK);
      bytes[length++] = byte;
    },
    digest() {
      for (let at = 0; at < BLOCK; at++) bytes[length + at] = 0;
      let a = length | 0;
      let b = 0x2545f491;
      let c = 0x3c6ef372;
      let d = 0x1b873593;
      for (let at = 0, end = (length + 3) >>> 2; at < end; at += 4) {
        a = Math.imul(a ^ (words[at] as number), 0x9e3779b1);
        b = Math.imul(b ^ (words[at + 1] as number), 0x85ebca77);
        c = Math.imul(c ^ (words[at + 2] as number), 0xc2b2ae3d);
        d = Math.imul(d ^ (words[at + 3] as number), 0x27d4eb2f);
        a = (((a << 13) | (a >>> 19)) + b) | 0;
        b = ((b << 17) | (b >>> 15)) ^ a;
        c = (((c << 11) | (c >>> 21)) + d) | 0;
        d = ((d << 19) | (d >>> 13)) ^ c;
      }
      hasher.low = finalize(a ^ Math.imul(d, 0x165667b1)) ^ finalize(c + 1);
      hasher.high = finalize(b ^ Math.imul(c, 0x9e3779b1)) ^ finalize(d + 2);
    },
    prefix(wanted: number) {
      let hash = Math.min(wanted, length);
      for (let at = 0, end = (hash + 3) >>> 2; at < end; at++) {
        hash = Math.imul(hash ^ (words[at] as number), 0x9e3779b1);
        hash = (hash << 13) | (hash >>> 19);
      }
      return hash;
    },
  };
  return hasher;
}

/** The end of MurmurHash3 (Austin Appleby, public domain): spreads every bit over all 32. */
function finalize(word: number): number {
  let mixed = Math.imul(word ^ (word >>> 16), 0x85ebca6b);
  mixed = Math.imul(mixed ^ (mixed >>> 13), 0xc2b2ae35);
  return mixed ^ (mixed >>> 16);
}
