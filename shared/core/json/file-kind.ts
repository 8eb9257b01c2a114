/** What the first bytes of a file give away, before a single line of it is read. */

export type FileKind =
  | { kind: 'text'; bomBytes: 0 | 3 }
  /** UTF-16 or UTF-32. */
  | { kind: 'utf16' }
  | { kind: 'compressed'; compression: Compression };

export type Compression = 'gzip' | 'zip' | 'zstd' | 'bzip2' | 'xz';

/** How many bytes are enough to tell. */
export const HEAD_BYTES = 4;

const MAGIC: readonly (readonly [Compression, readonly number[]])[] = [
  ['gzip', [0x1f, 0x8b]],
  ['zip', [0x50, 0x4b, 0x03, 0x04]],
  ['zstd', [0x28, 0xb5, 0x2f, 0xfd]],
  ['bzip2', [0x42, 0x5a, 0x68]],
  ['xz', [0xfd, 0x37, 0x7a, 0x58]],
];

/** The byte order marks of UTF-16 and of UTF-32; little-endian UTF-32 begins like UTF-16. */
const WIDE_MARKS: readonly (readonly number[])[] = [
  [0xff, 0xfe],
  [0xfe, 0xff],
  [0x00, 0x00, 0xfe, 0xff],
];

/** Recognises the file from its first four bytes, or from all of them where it is shorter. */
export function recogniseFile(head: Uint8Array): FileKind {
  const startsWith = (bytes: readonly number[]) => bytes.every((byte, index) => head[index] === byte);
  const magic = MAGIC.find(([, bytes]) => startsWith(bytes));
  if (magic) return { kind: 'compressed', compression: magic[0] };
  if (WIDE_MARKS.some(startsWith) || isUnmarkedWide(head)) return { kind: 'utf16' };
  return { kind: 'text', bomBytes: startsWith([0xef, 0xbb, 0xbf]) ? 3 : 0 };
}

/** JSON begins with an ASCII character, so at first the other bytes of UTF-16 and UTF-32 are zero (RFC 4627, section 3). */
function isUnmarkedWide([first, second, third, fourth]: Uint8Array): boolean {
  const littleEndian = first !== 0 && second === 0 && fourth === 0;
  const bigEndian = first === 0 && second !== 0 && third === 0;
  const bigEndian32 = first === 0 && second === 0 && third === 0 && fourth !== undefined && fourth !== 0;
  return littleEndian || bigEndian || bigEndian32;
}
