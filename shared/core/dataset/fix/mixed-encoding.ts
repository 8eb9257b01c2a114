/**
 * A file of UTF-8 with lines or texts of another encoding between: only what is no UTF-8 is read in the other one, since the rest would be
 * spoilt by it.
 */

/** Encodings of which a character may be several bytes; of the others each byte is one. */
const OF_SEVERAL_BYTES: ReadonlySet<string> = new Set([
  ...['gbk', 'gb18030', 'big5', 'shift_jis', 'euc-jp', 'euc-kr'],
]);

/** They have bytes of ASCII for something else, or are UTF-8. */
const NO_ASCII = /^(?:utf-|iso-2022)/;
const nameOf = (encoding: string) => new TextDecoder(encoding).encoding;

/** Whether a byte of ASCII is always that in an encoding. */
export const hasAscii = (encoding: string): boolean => !NO_ASCII.test(nameOf(encoding));

const LINE_FEED = 0x0a;
/** A line feed, a carriage return, a tab, a quotation mark: within a character of no encoding here. */
const isSeparator = (byte: number) => byte === LINE_FEED || byte === 0x0d || byte === 0x09 || byte === 0x22;
const isAscii = (byte: number) => byte < 0x80;

/** Ours: so many characters in a row are UTF-8 by chance in no text of another encoding. */
const CERTAIN = 10;

/** What is UTF-8 in a file, and what is not. */
export interface Mixture {
  utf8: number;
  other: number;
  /** Of one text that is UTF-8, the most characters beyond ASCII. */
  most: number;
}

export const NO_MIXTURE: Readonly<Mixture> = { utf8: 0, other: 0, most: 0 };

/**
 * Whether what is UTF-8 was written so. A byte of Windows-1252 hardly ever makes a character of UTF-8 with the next; two of GBK do so now and then,
 * so that few short texts prove nothing.
 */
export function isMixture({ utf8, other, most }: Mixture, encoding: string): boolean {
  if (utf8 === 0) return false;
  return !OF_SEVERAL_BYTES.has(nameOf(encoding)) || utf8 > other || most >= CERTAIN;
}

/** Gets the number of a line. */
export type OnLine = (line: number) => void;

/** Makes what reads a file of UTF-8 in which the rest has another encoding; `onLine` gets the lines that are no UTF-8. */
export function createMixedDecoder(encoding: string, onLine?: OnLine) {
  const other = new TextDecoder(encoding, { fatal: true });
  const isEnd = OF_SEVERAL_BYTES.has(other.encoding) ? isSeparator : isAscii;
  const mixture: Mixture = { ...NO_MIXTURE };
  let waiting: Buffer[] = [];
  let line = 1;

  function noted(text: string): string {
    const characters = text.match(/[^\0-\x7f]/gu)?.length ?? 0;
    if (characters === 0) return text;
    mixture.utf8 += 1;
    mixture.most = Math.max(mixture.most, characters);
    return text;
  }

  /** What is between two separators. */
  function readText(bytes: Buffer): string {
    const text = asUtf8Text(bytes);
    if (text !== undefined) return noted(text);
    mixture.other += 1;
    return other.decode(bytes);
  }

  function readLine(bytes: Buffer): string {
    const whole = asUtf8Text(bytes);
    if (whole !== undefined) return noted(whole);
    onLine?.(line);
    let text = '';
    let start = 0;
    for (let at = 0; at < bytes.length; at++) {
      if (!isEnd(bytes[at] as number)) continue;
      if (at > start) text += readText(bytes.subarray(start, at));
      text += String.fromCharCode(bytes[at] as number);
      start = at + 1;
    }
    return text + readText(bytes.subarray(start));
  }

  function readLines(bytes: Buffer): string {
    let text = '';
    for (let start = 0; start < bytes.length; ) {
      const found = bytes.indexOf(LINE_FEED, start);
      const end = found === -1 ? bytes.length : found + 1;
      text += readLine(bytes.subarray(start, end));
      if (found !== -1) line += 1;
      start = end;
    }
    return text;
  }

  return {
    mixture,
    /** Reads what is whole; without a chunk the rest. */
    decode(chunk?: Uint8Array): string {
      const bytes = Buffer.from(chunk ?? []);
      const end = bytes.findLastIndex(isEnd) + 1;
      if (chunk && end === 0) {
        waiting.push(bytes);
        return '';
      }
      const whole = Buffer.concat([...waiting, bytes.subarray(0, end)]);
      waiting = [bytes.subarray(end)];
      return readLines(whole);
    },
  };
}

/** Undefined where the bytes are none. */
function asUtf8Text(bytes: Buffer): string | undefined {
  try {
    return new TextDecoder('utf-8', { fatal: true, ignoreBOM: true }).decode(bytes);
  } catch {
    return undefined;
  }
}
