/** Recognises a file that is written in another encoding than UTF-8 throughout. */
import type { OtherEncoding } from '../../issues/whole-file-faults.ts';
import type { Beginning } from './beginning.ts';

export interface EncodingFault {
  /** Lines of the beginning that are no UTF-8. */
  lines: number;
  /** The encoding that they read as, where exactly one is plausible. */
  encoding?: OtherEncoding | undefined;
}

/** One line with a wrong byte is a fault of that line. */
const LEAST_LINES = 2;

/** What the beginning is written in; undefined where it is UTF-8, or where lines are that and others are not. */
export function recogniseEncoding({ bytes }: Pick<Beginning, 'bytes'>): EncodingFault | undefined {
  const text = bytes.subarray(0, bytes.lastIndexOf(0x0a) + 1 || bytes.length);
  if (decodes(text, 'utf-8')) return undefined;
  const lines = linesOf(text).filter((line) => line.some((byte) => byte >= 0x80));
  if (lines.length < LEAST_LINES || lines.some((line) => decodes(line, 'utf-8'))) return undefined;
  const all = Buffer.concat(lines);
  const [encoding, ...others] = (Object.keys(FITS) as OtherEncoding[]).filter(
    (name) => decodes(all, name) && FITS[name](all),
  );
  return { lines: lines.length, encoding: others.length === 0 ? encoding : undefined };
}

function linesOf(bytes: Buffer): Buffer[] {
  const lines: Buffer[] = [];
  for (let start = 0; start < bytes.length; ) {
    const found = bytes.indexOf(0x0a, start);
    const end = found === -1 ? bytes.length : found;
    lines.push(bytes.subarray(start, end));
    start = end + 1;
  }
  return lines;
}

function decodes(bytes: Uint8Array, encoding: string): boolean {
  try {
    new TextDecoder(encoding, { fatal: true }).decode(bytes);
    return true;
  } catch {
    return false;
  }
}

const share = (part: number, whole: number) => (whole === 0 ? 0 : part / whole);

/** What a text in an encoding looks like, beside that it can be decoded; the numbers are ours. */
const FITS: Record<OtherEncoding, (bytes: Buffer) => boolean> = {
  // The common characters are pairs of high bytes.
  gbk: (bytes) => {
    const { pairs, high } = countPairs(bytes);
    return share(high, pairs) > 0.9;
  },
  // Half-width katakana is rare, and what other encodings look like.
  shift_jis: (bytes) => {
    const text = new TextDecoder('shift_jis').decode(bytes);
    const wide = text.match(/[^\0-\x7f]/gu) ?? [];
    return share(wide.filter((mark) => mark >= '\uff61' && mark <= '\uff9f').length, wide.length) < 0.2;
  },
  // Letters with accents stand alone among others, and five bytes are no character.
  'windows-1252': (bytes) => {
    const isHigh = (byte: number | undefined) => byte !== undefined && byte >= 0x80;
    const high = [...bytes.keys()].filter((at) => isHigh(bytes[at]));
    const beside = high.filter((at) => isHigh(bytes[at - 1]) || isHigh(bytes[at + 1]));
    const isNone = bytes.some((byte) => UNDEFINED_IN_1252.has(byte));
    return !isNone && share(beside.length, high.length) < 0.3;
  },
};

const UNDEFINED_IN_1252: ReadonlySet<number> = new Set([0x81, 0x8d, 0x8f, 0x90, 0x9d]);

function countPairs(bytes: Buffer): { pairs: number; high: number } {
  let pairs = 0;
  let high = 0;
  for (let at = 0; at < bytes.length; at += 1) {
    const lead = bytes[at] ?? 0;
    if (lead < 0x80) continue;
    pairs += 1;
    at += 1;
    if (lead >= 0xa1 && lead <= 0xf7 && (bytes[at] ?? 0) >= 0xa1) high += 1;
  }
  return { pairs, high };
}
