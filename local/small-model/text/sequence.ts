import type { Batch } from '../model/transformer.ts';
import { ANSWER, BEGIN, END, type Tokenizer } from './tokenizer.ts';

/** A piece of what the model reads, or, where `isTarget`, of what it is to write. */
export interface Segment {
  text: string;
  isTarget: boolean;
}

/** One training example as alternating segments; targets are what the loss counts (every assistant turn in chat). */
export interface TuningExample {
  segments: Segment[];
  /** The same prompt with an answer that is not wanted, where a preference is to be learned. */
  rejected?: Segment[];
}

/** BEGIN, then the segments; a target stands between ANSWER and END, and END is a target token too. */
export interface Sequence {
  tokens: number[];
  /** Positions whose next token counts. */
  answers: number[];
  isTruncated: boolean;
}

/** A word has its blank in its token: with one before it, a target is spelled as it is within the prompt, and can be copied. */
const TARGET_PREFIX = ' ';

/** The text of what the model wrote after ANSWER. */
export function decodeTarget(tokenizer: Tokenizer, tokens: readonly number[]): string {
  const text = tokenizer.decode(tokens);
  return text.startsWith(TARGET_PREFIX) ? text.slice(TARGET_PREFIX.length) : text;
}

interface Part {
  tokens: number[];
  isTarget: boolean;
}

/** What is longer than the window loses the middle of its longest given segment first: both ends of a prompt say most. */
export function encodeExample(tokenizer: Tokenizer, example: TuningExample, window: number): Sequence {
  const parts = example.segments.map(({ text, isTarget }) => ({
    tokens: tokenizer.encode(isTarget ? TARGET_PREFIX + text : text),
    isTarget,
  }));
  // The last token is only ever a label, so the sequence may be one longer than the window.
  const isTruncated = shorten(parts, window + 1);
  const sequence: Sequence = { tokens: [BEGIN], answers: [], isTruncated };
  for (const part of parts) {
    if (!part.isTarget) {
      sequence.tokens.push(...part.tokens);
      continue;
    }
    sequence.tokens.push(ANSWER);
    for (const token of [...part.tokens, END]) {
      sequence.answers.push(sequence.tokens.length - 1);
      sequence.tokens.push(token);
    }
  }
  return sequence;
}

/** The given segments and the mark after which the model writes, with room for `reserve` tokens. */
export function encodePrompt(
  tokenizer: Tokenizer,
  example: TuningExample,
  options: { window: number; reserve: number },
): number[] {
  const room = options.window - options.reserve - 1;
  return [...encodeExample(tokenizer, example, room).tokens, ANSWER];
}

/** Given segments are not cut below this many tokens while another can still be cut. */
const KEPT_OF_EACH = 8;

function shorten(parts: Part[], limit: number): boolean {
  const marks = 1 + 2 * parts.filter((part) => part.isTarget).length;
  let excess = parts.reduce((sum, part) => sum + part.tokens.length, marks) - limit;
  const isTruncated = excess > 0;
  while (excess > 0) {
    const part = longest(parts.filter((one) => !one.isTarget && one.tokens.length > KEPT_OF_EACH));
    if (!part) break;
    const cut = Math.min(excess, part.tokens.length - KEPT_OF_EACH);
    const head = Math.ceil((part.tokens.length - cut) / 2);
    part.tokens.splice(head, cut);
    excess -= cut;
  }
  while (excess > 0) {
    const part = longest(parts.filter((one) => one.tokens.length > 0));
    if (!part) throw new RangeError('the example has more segments than the window has tokens');
    part.tokens.pop();
    excess--;
  }
  return isTruncated;
}

function longest(parts: readonly Part[]): Part | undefined {
  return parts.reduce<Part | undefined>(
    (best, part) => (best && best.tokens.length >= part.tokens.length ? best : part),
    undefined,
  );
}

/** Tokens that count, over all of these. */
export const countAnswers = (sequences: readonly Sequence[]): number =>
  sequences.reduce((sum, { answers }) => sum + answers.length, 0);

/** Lays sequences after each other. The last token of each is a label alone. */
export function layOut(sequences: readonly Sequence[]): Batch {
  const tokens: number[] = [];
  const answerRows: number[] = [];
  const labels: number[] = [];
  const spans = sequences.map((sequence) => {
    const from = tokens.length;
    const length = sequence.tokens.length - 1;
    for (let index = 0; index < length; index++) tokens.push(sequence.tokens[index] ?? 0);
    for (const position of sequence.answers) {
      answerRows.push(from + position);
      labels.push(sequence.tokens[position + 1] ?? 0);
    }
    return { from, length };
  });
  return {
    tokens: Int32Array.from(tokens),
    spans,
    answerRows: Int32Array.from(answerRows),
    labels: Int32Array.from(labels),
  };
}
