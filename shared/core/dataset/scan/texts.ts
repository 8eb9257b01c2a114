/** The texts of lines that were scanned, each by its number: measured where they lie, decoded only where somebody asks for it. */

import { withoutQuotes } from '../../json/strings.ts';
import type { Unusual } from '../tallies/tokens.ts';
import type { UnitText } from '../tokens/text-look.ts';
import { KNOWN_BYTES, type Scanner, TEXT_WORDS } from './scanner.ts';

/** A text that others are compared with. */
export interface KnownText {
  /** Whether a text begins with this one. */
  isBeginningOf(text: number, known: string): boolean;
  /** Whether a text is this one. */
  is(text: number, known: string): boolean;
}

export interface TextSize {
  /** UTF-8 bytes. */
  bytes: number;
  /** UTF-16 units. */
  units: number;
}

/** What is known of a text that was hashed. */
export interface HashedText extends TextSize {
  /** Of its hash, as of a hasher that only this text was written to. */
  low: number;
  high: number;
}

export interface ScannedTexts {
  /** Writes all that is known of a text into `size`. */
  measure(text: number, size: HashedText): void;
  /** UTF-8 bytes. */
  bytes(text: number): number;
  /** UTF-16 units. */
  units(text: number): number;
  decode(text: number): string;
  /** Of a text that was not hashed: as JSON.stringify writes it, without its quotes. */
  json(text: number): string;
  /** The text until the next one is asked for: decoded only where it has other characters than ASCII, or its string is. */
  view(text: number): UnitText;
  unusual(text: number): Unusual;
  /** Of a text that was hashed: as of a hasher that only this one was written to. */
  low(text: number): number;
  high(text: number): number;
  beginning(text: number, bytes: number): number;
  /** Begins several texts that are hashed together. */
  reset(): void;
  append(text: number): void;
  appendString(text: string): void;
  mark(byte: number): void;
  digest(): void;
  /** A hash of the first bytes of the texts together. */
  joinedBeginning(bytes: number): number;
  /** Of the texts together. */
  readonly joinedLow: number;
  readonly joinedHigh: number;
  /** Two of them. */
  known: readonly [KnownText, KnownText];
}

/** Makes the view of the texts that a scanner has in its memory. */
export function createScannedTexts({ code, places, bytes, words }: Scanner): ScannedTexts {
  const { out, joined } = places;
  const table = places.texts / 4;
  let end = joined;
  const address = (text: number) => words[table + text * TEXT_WORDS] as number;
  const length = (text: number) => words[table + text * TEXT_WORDS + 1] as number;
  const units = (text: number) => words[table + text * TEXT_WORDS + 2] as number;
  const decode = (text: number) => bytes.toString('utf8', address(text), address(text) + length(text));

  function createKnown(place: number): KnownText {
    let kept: string | undefined;
    let keptBytes = 0;
    /** Whether `known` is in the memory: it has to fit, and half a character has no bytes. */
    function keep(known: string): boolean {
      if (known === kept) return keptBytes >= 0;
      kept = known;
      keptBytes = known.isWellFormed() && known.length * 3 <= KNOWN_BYTES ? bytes.write(known, place) : -1;
      return keptBytes >= 0;
    }
    return {
      isBeginningOf: (text, known) =>
        keep(known) && length(text) >= keptBytes && code.isSame(place, address(text), keptBytes) === 1,
      is: (text, known) =>
        keep(known) && length(text) === keptBytes && code.isSame(place, address(text), keptBytes) === 1,
    };
  }

  const ascii = createAsciiView(bytes, decode);

  const view = (text: number): UnitText =>
    length(text) === units(text) ? ascii(text, address(text), length(text)) : decode(text);

  const texts = {
    joinedLow: 0,
    joinedHigh: 0,
    bytes: length,
    ...{ units, decode, view },
    measure: createMeasure(words, table),
    json: createJsonView(bytes, words, { table, decode }),
    unusual(text: number) {
      code.measureUnusual(address(text), length(text), out);
      return { dense: words[out / 4] as number, repeated: words[out / 4 + 1] as number };
    },
    low: (text: number) => words[table + text * TEXT_WORDS + 3] as number,
    high: (text: number) => words[table + text * TEXT_WORDS + 4] as number,
    beginning: (text: number, wanted: number) => code.hashBeginning(address(text), length(text), wanted),
    reset() {
      end = joined;
    },
    append(text: number) {
      code.copy(end, address(text), length(text));
      end += length(text);
    },
    joinedBeginning: (wanted: number) => code.hashBeginning(joined, end - joined, wanted),
    appendString(text: string) {
      end += bytes.write(text, end);
    },
    mark(byte: number) {
      bytes[end++] = byte;
    },
    digest() {
      code.hash(joined, end - joined, out);
      texts.joinedLow = words[out / 4] as number;
      texts.joinedHigh = words[out / 4 + 1] as number;
    },
    known: [createKnown(places.known), createKnown(places.known + KNOWN_BYTES)] as const,
  };
  return texts;
}

/** Makes the view of one text after the other: in ASCII each byte is a unit. */
function createAsciiView(bytes: Buffer, decode: (text: number) => string) {
  let [current, from] = [0, 0];
  let decoded: string | undefined;
  const view = {
    length: 0,
    charCodeAt: (at: number) => bytes[from + at] as number,
    toString() {
      decoded ??= decode(current);
      return decoded;
    },
  };
  return (text: number, address: number, length: number): UnitText => {
    current = text;
    from = address;
    decoded = undefined;
    view.length = length;
    return view;
  };
}

/** Makes what reads all of a text at once: fewer calls for each of many short lines. */
const createMeasure = (words: Int32Array, table: number) => (text: number, size: HashedText) => {
  const row = table + text * TEXT_WORDS;
  size.bytes = words[row + 1] as number;
  size.units = words[row + 2] as number;
  size.low = words[row + 3] as number;
  size.high = words[row + 4] as number;
};

/** Makes what gives a text as JSON has it: as it stands in its line, where that is how it would be written. */
function createJsonView(
  bytes: Buffer,
  words: Int32Array,
  { table, decode }: { table: number; decode: (text: number) => string },
) {
  return (text: number): string => {
    const from = words[table + text * TEXT_WORDS + 3] as number;
    const length = words[table + text * TEXT_WORDS + 4] as number;
    return length < 0 ? withoutQuotes(decode(text)) : bytes.toString('utf8', from, from + length);
  };
}
