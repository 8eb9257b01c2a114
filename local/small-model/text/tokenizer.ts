/** Byte pairs in the order in which they were learned: the token of merge i is `FIRST_MERGE + i`. */
export type Merges = readonly (readonly [number, number])[];

/** The 256 bytes come first, so that any text is some sequence of tokens. */
export const BEGIN = 256;
/** Between what is given and what is to be written. */
export const ANSWER = 257;
export const END = 258;
export const FIRST_MERGE = 259;

export interface Tokenizer {
  encode(text: string): number[];
  /** Leaves out the marks, and bytes that are no character: a model that stops within one, or writes any, shows nothing of it. */
  decode(tokens: readonly number[]): string;
}

/** Merges never cross these pieces: a word, digit or sign with the blank before it, or a run of blanks. Bounded in length. */
const PIECES = / ?\p{L}{1,24}| ?\p{N}| ?[^\s\p{L}\p{N}]|\s{1,16}(?!\S)|\s{1,16}/gu;

export const splitPieces = (text: string): string[] => text.match(PIECES) ?? [];

const MAX_REMEMBERED = 50_000;
const PAIR_BASE = 65_536;
export const pairKey = (left: number, right: number): number => left * PAIR_BASE + right;

/** Byte-pair encoding (Sennrich et al., arXiv:1508.07909) over UTF-8 bytes. */
export function createTokenizer(merges: Merges): Tokenizer {
  const mergedAs = new Map(merges.map(([left, right], index) => [pairKey(left, right), FIRST_MERGE + index]));
  const bytesOf: number[][] = Array.from({ length: FIRST_MERGE }, (_, token) => (token < 256 ? [token] : []));
  for (const [left, right] of merges) bytesOf.push([...(bytesOf[left] ?? []), ...(bytesOf[right] ?? [])]);
  const remembered = new Map<string, number[]>();

  const encodePiece = (piece: string) => {
    const known = remembered.get(piece);
    if (known) return known;
    const tokens = mergeAll([...Buffer.from(piece)], mergedAs);
    if (remembered.size < MAX_REMEMBERED) remembered.set(piece, tokens);
    return tokens;
  };
  return {
    encode: (text) => splitPieces(text).flatMap(encodePiece),
    decode: (tokens) => wholeCharacters(Buffer.from(tokens.flatMap((token) => bytesOf[token] ?? []))),
  };
}

const REPLACEMENT = '\u{fffd}';
const MOST_BYTES = 4;

/** The characters that these bytes spell in UTF-8, without the bytes that spell none. */
function wholeCharacters(bytes: Buffer): string {
  const text = bytes.toString('utf8');
  if (!text.includes(REPLACEMENT)) return text;
  let whole = '';
  for (let at = 0; at < bytes.length; ) {
    const character = characterAt(bytes, at);
    whole += character;
    at += Math.max(1, Buffer.byteLength(character));
  }
  return whole;
}

/** One character; nothing where none begins there. */
function characterAt(bytes: Buffer, at: number): string {
  for (let length = 1; length <= MOST_BYTES; length++) {
    const part = bytes.subarray(at, at + length);
    const [character = '', ...more] = part.toString('utf8');
    if (more.length === 0 && Buffer.from(character).equals(part)) return character;
  }
  return '';
}

/** Joins the pair that was learned first until no known pair is left. */
function mergeAll(bytes: number[], mergedAs: ReadonlyMap<number, number>): number[] {
  let tokens = bytes;
  for (;;) {
    let first = Number.POSITIVE_INFINITY;
    for (let index = 0; index + 1 < tokens.length; index++) {
      const merged = mergedAs.get(pairKey(tokens[index] ?? 0, tokens[index + 1] ?? 0));
      if (merged !== undefined && merged < first) first = merged;
    }
    if (first === Number.POSITIVE_INFINITY) return tokens;
    tokens = joinPair(tokens, first, (left, right) => mergedAs.get(pairKey(left, right)) === first);
  }
}

/** Replaces every pair that fits by `merged`, from the left. */
export function joinPair(
  tokens: readonly number[],
  merged: number,
  fits: (left: number, right: number) => boolean,
): number[] {
  const joined: number[] = [];
  for (let index = 0; index < tokens.length; index++) {
    const [left, right] = [tokens[index] ?? 0, tokens[index + 1]];
    if (right !== undefined && fits(left, right)) {
      joined.push(merged);
      index++;
    } else joined.push(left);
  }
  return joined;
}
