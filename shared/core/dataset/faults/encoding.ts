/** Recognises a file that is written in another encoding than UTF-8 throughout. */
import { OTHER_ENCODINGS, type OtherEncoding } from '../../issues/whole-file-faults.ts';
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
  const [encoding, ...others] = (Object.keys(OTHER_ENCODINGS) as OtherEncoding[]).filter(
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

/**
 * What a text in an encoding looks like, beside that it can be decoded; the numbers are ours. The encodings of East Asia can decode each
 * other's bytes, so that each row says what its own characters are and those of the others are not.
 */
const FITS: Record<OtherEncoding, (bytes: Buffer) => boolean> = {
  // The common characters are pairs of high bytes, many of them behind the rows that Korean syllables have, few in the rows of the rare
  // ones, and hardly any is kana.
  gbk: (bytes) => {
    const pairs = countPairs(bytes);
    const characters = pairs.late + pairs.middle;
    const areCommon = share(pairs.late, characters) > 0.15 && share(pairs.rare, characters) < 0.3;
    return share(pairs.high, pairs.all) > 0.9 && areCommon && share(pairs.kana, pairs.all) < 0.1;
  },
  // Japanese has kana between its characters; half-width katakana is rare, and what other encodings look like.
  shift_jis: (bytes) => {
    const wide = wideIn(bytes, 'shift_jis');
    const narrow = wide.filter((mark) => mark >= '\uff61' && mark <= '\uff9f');
    return share(narrow.length, wide.length) < 0.2 && share(wide.filter(isKana).length, wide.length) > 0.05;
  },
  'euc-jp': (bytes) => share(wideIn(bytes, 'euc-jp').filter(isKana).length, countPairs(bytes).all) > 0.2,
  'euc-kr': (bytes) => {
    const wide = wideIn(bytes, 'euc-kr');
    return share(wide.filter((mark) => mark >= '\uac00' && mark <= '\ud7a3').length, wide.length) > 0.8;
  },
  // The common characters stand in the first rows, and a good part of them has a second byte of ASCII.
  big5: (bytes) => {
    const pairs = countPairs(bytes);
    return share(pairs.common, pairs.all) > 0.8 && share(pairs.high, pairs.all) < 0.9;
  },
  // Most letters with accents stand alone among others, and five bytes are no character. What the code pages of Central Europe and of Turkey
  // have their own letters for is no letter of Western Europe, or a rare one.
  'windows-1252': (bytes) => {
    const isHigh = (byte: number | undefined) => byte !== undefined && byte >= 0x80;
    const high = [...bytes.keys()].filter((at) => isHigh(bytes[at]));
    const beside = high.filter((at) => isHigh(bytes[at - 1]) || isHigh(bytes[at + 1]));
    const isOther = bytes.some((byte) => NOT_WESTERN.has(byte));
    const isAlone = share(beside.length, high.length) < 0.6;
    return isAlone && !isOther && !hasOtherLetters(bytes.toString('latin1'));
  },
};

/** Without a meaning in Windows-1252, and then: Š, š, Ž, ž, Ð, Ý, Þ, ð, ý, þ. */
const NOT_WESTERN: ReadonlySet<number> = new Set([
  ...[0x81, 0x8d, 0x8f, 0x90, 0x9d],
  ...[0x8a, 0x9a, 0x8e, 0x9e, 0xd0, 0xdd, 0xde, 0xf0, 0xfd, 0xfe],
]);

/** A sign between two letters, as ¹, ³ or ¿, is a letter of another code page; so is õ in a text without ã. */
const hasOtherLetters = (text: string) =>
  /[a-z][\xa1-\xac\xae-\xb6\xb8-\xbf][a-z]/i.test(text) || (/\xf5/i.test(text) && !/\xe3/i.test(text));

const wideIn = (bytes: Buffer, encoding: OtherEncoding) =>
  new TextDecoder(encoding).decode(bytes).match(/[^\0-\x7f]/gu) ?? [];

const isKana = (mark: string) => mark >= '\u3041' && mark <= '\u30ff';

/** Characters of two bytes by where the first lies, or the second. */
function countPairs(bytes: Buffer) {
  const pairs = { all: 0, high: 0, middle: 0, late: 0, rare: 0, kana: 0, common: 0 };
  for (let at = 0; at < bytes.length; at += 1) {
    const lead = bytes[at] ?? 0;
    if (lead < 0x80) continue;
    at += 1;
    const isIn = (from: number, to: number) => (lead >= from && lead <= to ? 1 : 0);
    pairs.all += 1;
    pairs.high += (bytes[at] ?? 0) >= 0xa1 ? isIn(0xa1, 0xf7) : 0;
    pairs.middle += isIn(0xb0, 0xc8);
    pairs.late += isIn(0xc9, 0xf7);
    pairs.rare += isIn(0xd8, 0xf7);
    pairs.kana += isIn(0xa4, 0xa5);
    pairs.common += isIn(0xa1, 0xc9);
  }
  return pairs;
}
