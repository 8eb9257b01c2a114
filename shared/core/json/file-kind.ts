/** What the first bytes of a file give away, before anything of it is read. */
export type FileKind =
  | { kind: 'text'; bomBytes: 0 | 3 }
  /** UTF-16 or UTF-32, with a byte order mark or without. */
  | { kind: 'wide'; encoding: WideEncoding; isMarked: boolean }
  | { kind: 'compressed'; compression: Compression };

export type WideEncoding = `UTF-${16 | 32} text (${'little' | 'big'}-endian)`;
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

/** Little-endian UTF-32 begins like UTF-16, so it stands first. */
const BYTE_ORDER_MARKS: readonly (readonly [WideEncoding, readonly number[]])[] = [
  ['UTF-32 text (little-endian)', [0xff, 0xfe, 0x00, 0x00]],
  ['UTF-16 text (little-endian)', [0xff, 0xfe]],
  ['UTF-16 text (big-endian)', [0xfe, 0xff]],
  ['UTF-32 text (big-endian)', [0x00, 0x00, 0xfe, 0xff]],
];

const UTF8_MARK = [0xef, 0xbb, 0xbf];

/** Recognises the file from its first four bytes, or from all of them where it is shorter. */
export function recogniseFile(head: Uint8Array): FileKind {
  const startsWith = (bytes: readonly number[]) => bytes.every((byte, index) => head[index] === byte);
  const magic = MAGIC.find(([, bytes]) => startsWith(bytes));
  if (magic) return { kind: 'compressed', compression: magic[0] };
  const marked = BYTE_ORDER_MARKS.find(([, bytes]) => startsWith(bytes))?.[0];
  const encoding = marked ?? unmarkedEncoding(head);
  if (encoding) return { kind: 'wide', encoding, isMarked: marked !== undefined };
  return { kind: 'text', bomBytes: startsWith(UTF8_MARK) ? 3 : 0 };
}

/** JSON begins with an ASCII character, so at first the other bytes of UTF-16 and UTF-32 are zero (RFC 4627, section 3). */
function unmarkedEncoding([first, second, third, fourth]: Uint8Array): WideEncoding | undefined {
  if (first !== 0 && second === 0 && fourth === 0) {
    return third === 0 ? 'UTF-32 text (little-endian)' : 'UTF-16 text (little-endian)';
  }
  if (first !== 0) return undefined;
  if (second !== 0 && third === 0) return 'UTF-16 text (big-endian)';
  return second === 0 && third === 0 && fourth ? 'UTF-32 text (big-endian)' : undefined;
}
