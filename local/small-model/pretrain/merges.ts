import { FIRST_MERGE, joinPair, type Merges, pairKey, splitPieces } from '../text/tokenizer.ts';

/** The `count` byte pairs that save most tokens on these texts, found one after the other. */
export function learnMerges(texts: Iterable<string>, count: number): Merges {
  const pieces = new Map<string, { tokens: number[]; times: number }>();
  for (const text of texts) {
    for (const piece of splitPieces(text)) {
      const known = pieces.get(piece);
      if (known) known.times++;
      else pieces.set(piece, { tokens: [...Buffer.from(piece)], times: 1 });
    }
  }
  const merges: [number, number][] = [];
  while (merges.length < count) {
    const pair = commonestPair(pieces.values());
    if (!pair) break;
    const [first, second] = pair;
    const merged = FIRST_MERGE + merges.length;
    merges.push(pair);
    for (const piece of pieces.values()) {
      if (!piece.tokens.includes(first)) continue;
      piece.tokens = joinPair(piece.tokens, merged, (left, right) => left === first && right === second);
    }
  }
  return merges;
}

/** Ties go to the pair that was met first, so the same texts always give the same merges. */
function commonestPair(pieces: Iterable<{ tokens: number[]; times: number }>): [number, number] | undefined {
  const counts = new Map<number, { pair: [number, number]; times: number }>();
  for (const { tokens, times } of pieces) {
    for (let index = 0; index + 1 < tokens.length; index++) {
      const pair: [number, number] = [tokens[index] ?? 0, tokens[index + 1] ?? 0];
      const key = pairKey(...pair);
      const count = counts.get(key);
      if (count) count.times += times;
      else counts.set(key, { pair, times });
    }
  }
  let best: { pair: [number, number]; times: number } | undefined;
  for (const count of counts.values()) if (!best || count.times > best.times) best = count;
  return best?.pair;
}
