import { SCRIPTS } from '../../models/tokenizers.ts';
import { asVocabulary, createPieceJoiner, LONGEST_STRETCH } from './join-pieces.ts';
import { BASES, createPieceTable, type PieceTable } from './piece-table.ts';
import { SCRIPT_BITS, scriptOf } from './scripts.ts';

/** Counts the tokens of texts by a vocabulary. */
export interface TokenCounter {
  count(text: string): number;
  /** The first place from `from` on where a text may be cut without changing how many tokens it is; undefined where none is near. */
  border(text: string, from: number): number | undefined;
  /** How often a stretch was so long that it was cut, which is where a count can be wrong: by at most `CUT_ERROR` each. */
  readonly cuts: number;
  /** Tokens by `scriptOf`, those of the usual scripts left out, since somebody set them to 0. */
  readonly byScript: Float64Array;
  /** UTF-16 units that were joined and not remembered, which is what counting costs. */
  readonly joined: number;
  /** The same vocabulary with nothing remembered, so that what one file costs does not depend on the one before. */
  fork(): TokenCounter;
}

/** Tokens that a cut through a stretch may add or take away. */
export const CUT_ERROR = 2;

/** Pieces in the order of their ranks, in UTF-8 and a line each, and what is a token of its own wherever it stands. */
export interface Vocabulary {
  pieces: Uint8Array;
  /** Such as `<b>`: begins with `<`, ends with `>`. */
  tags: readonly string[];
  /** Runs of spaces, of line feeds or of tabs are a token up to this length. */
  longestRun: number;
}

const SPACE = 0x20;
const LINE_FEED = 0x0a;
const TAB = 0x09;
const LESS_THAN = 0x3c;

/** Stretches whose number is remembered: a slot each, the last one to come stays. */
const CACHE_BITS = 16;
const SCRIPT_MASK = (1 << SCRIPT_BITS) - 1;

/**
 * Makes the counter. A text falls into stretches that no piece crosses (between words, at runs of white space, between two
 * characters that no piece has side by side), so that each is counted by itself, and most were counted before.
 */
export function createTokenCounter({ pieces, tags, longestRun }: Vocabulary): TokenCounter {
  return counterOf({ table: createPieceTable(pieces), tagAt: createTagFinder(tags), longestRun });
}

/** A vocabulary that is ready to count with. */
interface ReadyVocabulary {
  table: PieceTable;
  /** The length of the tag that begins at a place; 0 for none. */
  tagAt: (text: string, at: number) => number;
  longestRun: number;
}

function counterOf(vocabulary: ReadyVocabulary): TokenCounter {
  const { table, tagAt, longestRun } = vocabulary;
  const joiner = createPieceJoiner(table);
  const cache = createCountCache();
  const byScript = new Float64Array(SCRIPTS.length + 1);
  let cuts = 0;
  let joined = 0;
  /** Where the last run or stretch ended. */
  let end = 0;

  /** A run of white space, with the tokens that it is. */
  function run(text: string, start: number): number {
    end = endOfRun(text, start, longestRun);
    return Math.ceil((end - start) / longestRun);
  }

  function endsStretch(text: string, at: number, before: number): boolean {
    const unit = text.charCodeAt(at);
    if (unit === SPACE || unit === LINE_FEED || unit === TAB) return true;
    if (unit === LESS_THAN && tagAt(text, at) > 0) return true;
    return !isSecondHalf(unit) && !table.mayJoin(before, unit);
  }

  function stretch(text: string, start: number): number {
    let before = asVocabulary(text.charCodeAt(start));
    let first = before;
    let second = before;
    const longest = start + LONGEST_STRETCH;
    const most = Math.min(text.length, isSecondHalf(text.charCodeAt(longest)) ? longest + 1 : longest);
    for (end = start + 1; end < most && !endsStretch(text, end, before); end++) {
      before = text.charCodeAt(end);
      first = (Math.imul(first, BASES[0]) + before) | 0;
      second = (Math.imul(second, BASES[1]) + before) | 0;
    }
    if (end === most && end < text.length && !endsStretch(text, end, before)) cuts += 1;
    const known = cache.find(first, second) || joinNew(text, start, [first, second]);
    const [tokens, script] = [known >>> SCRIPT_BITS, known & SCRIPT_MASK];
    if (script > 0) byScript[script] = (byScript[script] as number) + tokens;
    return tokens;
  }

  /** Counts a stretch that is not remembered, and remembers it: its tokens, and its script in the last bits. */
  function joinNew(text: string, start: number, [first, second]: [number, number]): number {
    const tokens = joiner.count(text, start, end);
    joined += end - start;
    const counted = (tokens << SCRIPT_BITS) | scriptOf(text, start, end);
    cache.keep(first, second, counted);
    return counted;
  }

  return {
    get cuts() {
      return cuts;
    },
    get joined() {
      return joined;
    },
    byScript,
    fork: () => counterOf(vocabulary),
    border: (text, from) => findBorder(table, text, from),
    count(text) {
      let tokens = 0;
      for (let at = 0; at < text.length; at = end) {
        const tag = text.charCodeAt(at) === LESS_THAN ? tagAt(text, at) : 0;
        if (tag > 0) {
          tokens += 1;
          end = at + tag;
        } else tokens += beginsRun(text, at) ? run(text, at) : stretch(text, at);
      }
      return tokens;
    },
  };
}

function beginsRun(text: string, at: number): boolean {
  const unit = text.charCodeAt(at);
  return unit === LINE_FEED || unit === TAB || (unit === SPACE && text.charCodeAt(at + 1) === SPACE);
}

function endOfRun(text: string, start: number, longestRun: number): number {
  const unit = text.charCodeAt(start);
  let end = start + 1;
  while (end < text.length && text.charCodeAt(end) === unit) end += 1;
  // A single space that is left over belongs to the word after it.
  return unit === SPACE && (end - start) % longestRun === 1 ? end - 1 : end;
}

/** Whether a unit is the second of a character that takes two. */
export function isSecondHalf(unit: number): boolean {
  return unit >= 0xdc00 && unit <= 0xdfff;
}

function findBorder(table: PieceTable, text: string, from: number): number | undefined {
  if (from === 0 || from === text.length) return from;
  const most = Math.min(text.length, from + LONGEST_STRETCH);
  for (let at = from; at < most; at++) if (isBorder(table, text, at)) return at;
  return undefined;
}

/** Whether no token crosses a place: a run of white space begins there, or two letters that stand in no piece together meet. */
function isBorder(table: PieceTable, text: string, at: number): boolean {
  const unit = text.charCodeAt(at);
  const before = text.charCodeAt(at - 1);
  if (unit === SPACE || unit === LINE_FEED || unit === TAB) return before !== unit;
  // Signs of ASCII may belong to a tag.
  return before > 0x7f && !isSecondHalf(unit) && !table.mayJoin(before, unit);
}

function createTagFinder(tags: readonly string[]): ReadyVocabulary['tagAt'] {
  const known = new Set(tags);
  const longest = tags.reduce((most, tag) => Math.max(most, tag.length), 0);
  return (text, at) => {
    const most = Math.min(text.length, at + longest);
    for (let end = at + 2; end < most; end++) {
      if (text.charCodeAt(end) !== 0x3e) continue;
      return known.has(text.slice(at, end + 1)) ? end + 1 - at : 0;
    }
    return 0;
  };
}

function createCountCache() {
  const firsts = new Int32Array(1 << CACHE_BITS);
  const seconds = new Int32Array(1 << CACHE_BITS);
  const counts = new Int32Array(1 << CACHE_BITS);
  const slotOf = (first: number) => (first ^ (first >>> 16)) & ((1 << CACHE_BITS) - 1);
  return {
    /** 0 when the stretch is not known. */
    find(first: number, second: number): number {
      const slot = slotOf(first);
      return firsts[slot] === first && seconds[slot] === second ? (counts[slot] as number) : 0;
    },
    keep(first: number, second: number, count: number): void {
      const slot = slotOf(first);
      firsts[slot] = first;
      seconds[slot] = second;
      counts[slot] = count;
    },
  };
}
