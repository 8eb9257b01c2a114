import { BASES, LONGEST_PIECE, type PieceTable, POWERS } from './piece-table.ts';

/** Joins the characters of a stretch of text to pieces, as SentencePiece's byte-pair encoding does: lowest rank first. */
export interface PieceJoiner {
  /** How many tokens the units from `start` to `end` of a text become. */
  count(text: string, start: number, end: number): number;
}

/** What stands for a space in a vocabulary of SentencePiece. */
const SPACE_MARK = 0x2581;
const SPACE = 0x20;

const [FIRST_POWERS, SECOND_POWERS] = POWERS;
/** Rank of two neighbours that are no piece together. */
const NEVER = 0x7fffffff;

/** Joining takes the square of this at worst: nothing that people write has longer stretches, an image in base64 does. */
export const LONGEST_STRETCH = 160;

/** Makes a joiner; it works in arrays of its own, with room for a stretch and the second half of its last character. */
export function createPieceJoiner(table: PieceTable): PieceJoiner {
  const [first, second, units, joined] = Array.from(
    { length: 4 },
    () => new Int32Array(LONGEST_STRETCH + 2),
  ) as [Int32Array, Int32Array, Int32Array, Int32Array];

  /** Rank of a symbol joined with the next one. */
  function rankWithNext(at: number, last: number): number {
    if (at >= last) return NEVER;
    const length = units[at + 1] as number;
    if ((units[at] as number) + length > LONGEST_PIECE) return NEVER;
    const a =
      (Math.imul(first[at] as number, FIRST_POWERS[length] as number) + (first[at + 1] as number)) | 0;
    const b =
      (Math.imul(second[at] as number, SECOND_POWERS[length] as number) + (second[at + 1] as number)) | 0;
    const rank = table.rankOf(a, b);
    return rank === -1 ? NEVER : rank;
  }

  function joinWithNext(at: number, last: number): void {
    const length = units[at + 1] as number;
    first[at] = Math.imul(first[at] as number, FIRST_POWERS[length] as number) + (first[at + 1] as number);
    second[at] =
      Math.imul(second[at] as number, SECOND_POWERS[length] as number) + (second[at + 1] as number);
    units[at] = (units[at] as number) + length;
    for (const list of [first, second, units, joined]) list.copyWithin(at + 1, at + 2, last + 1);
  }

  /** Characters as symbols; returns how many there are, and how many more tokens those are that are no piece. */
  function split(text: string, start: number, end: number): { symbols: number; more: number } {
    let symbols = 0;
    let more = 0;
    for (let at = start; at < end; symbols++) {
      const point = text.codePointAt(at) as number;
      const width = point > 0xffff ? 2 : 1;
      first[symbols] = hashOf(text, at, { width, base: BASES[0] });
      second[symbols] = hashOf(text, at, { width, base: BASES[1] });
      // A character that is no piece becomes its bytes, which join with nothing: a length that no piece has says so.
      const isPiece = table.rankOf(first[symbols] as number, second[symbols] as number) !== -1;
      if (!isPiece) more += utf8Length(point) - 1;
      units[symbols] = isPiece ? width : LONGEST_PIECE + 1;
      at += width;
    }
    return { symbols, more };
  }

  function lowest(last: number): number {
    let best = 0;
    for (let at = 1; at < last; at++) if ((joined[at] as number) < (joined[best] as number)) best = at;
    return best;
  }

  return {
    count(text, start, end) {
      const { symbols, more } = split(text, start, end);
      let last = symbols - 1;
      for (let at = 0; at <= last; at++) joined[at] = rankWithNext(at, last);
      while (last > 0) {
        const best = lowest(last);
        if (joined[best] === NEVER) break;
        joinWithNext(best, last);
        last -= 1;
        joined[best] = rankWithNext(best, last);
        if (best > 0) joined[best - 1] = rankWithNext(best - 1, last);
      }
      return last + 1 + more;
    },
  };
}

/** A hash of a character of one or two units. */
function hashOf(text: string, at: number, { width, base }: { width: number; base: number }): number {
  const unit = asVocabulary(text.charCodeAt(at));
  return width === 1 ? unit : (Math.imul(unit, base) + text.charCodeAt(at + 1)) | 0;
}

/** A unit of a text as the vocabulary has it. */
export function asVocabulary(unit: number): number {
  return unit === SPACE ? SPACE_MARK : unit;
}

function utf8Length(point: number): number {
  if (point < 0x80) return 1;
  if (point < 0x800) return 2;
  return point < 0x10000 ? 3 : 4;
}
