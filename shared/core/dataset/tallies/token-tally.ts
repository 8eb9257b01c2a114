/** The tokens of a whole file: counted one by one while that is cheap, then from a sample that grows thinner. */
import type { CountedTokens, TokenEstimate } from '../statistics.ts';
import { createRatioSample, type RatioSample } from '../tokens/ratio-sample.ts';
import { CUT_ERROR, type TokenCounter } from '../tokens/token-counter.ts';
import { estimateTokens } from './tokens.ts';

export type TokenPart = 'input' | 'output';

export interface TokenTally {
  /** A text of a usable example, with its length in UTF-8 bytes. */
  add(part: TokenPart, text: string, bytes: number): void;
  summary(): CountedTokens;
}

/** How much is counted: units of work, of which a UTF-16 unit that is remembered costs one. */
export interface TokenBudget {
  exact: number;
  /** Of each stage after it. */
  stage: number;
}

/** About a fifth of a second, then a twentieth a stage; a gigabyte of prose has four stages. */
const BUDGET: TokenBudget = { exact: 16_000_000, stage: 4_000_000 };
/** A unit that has to be joined costs as much as so many that are remembered: measured. */
const JOINED_COST = 20;
/** Each stage counts a text with a chance that is so many times smaller than in the one before. */
const THINNER = [1, 1 / 4, 1 / 16, 1 / 64, 1 / 256];
/** Longer texts are sampled in slices, so that a few of them do not make up the whole sample. */
const SLICE_UNITS = 4_096;

type Stage = Record<TokenPart, RatioSample>;

/** Makes a tally. The same file gives the same numbers: chance is a sequence that begins anew with each tally. */
export function createTokenTally(shared: TokenCounter, budget: TokenBudget = BUDGET): TokenTally {
  const counter = shared.fork();
  const stages: Stage[] = [stageOf(1)];
  const chance = createChance();
  let spent = 0;
  let texts = 0;
  let cuts = 0;

  function current(): { stage: Stage; share: number } {
    const most = stages.length === 1 ? budget.exact : budget.stage;
    if (spent > most && stages.length < THINNER.length) {
      stages.push(stageOf(THINNER[stages.length] as number));
      spent = 0;
    }
    return { stage: stages.at(-1) as Stage, share: THINNER[stages.length - 1] as number };
  }

  function count(text: string): number {
    const before = counter.joined;
    const tokens = counter.count(text);
    spent += text.length + (counter.joined - before) * JOINED_COST;
    return tokens;
  }

  function countSlices(sample: RatioSample, text: string, share: number): void {
    for (let start = 0; start < text.length; ) {
      const end = endOfSlice(text, start);
      if (chance.isTaken(share)) {
        const slice = text.slice(start, end);
        if (end < text.length && text[end] !== ' ') cuts += 1;
        sample.counted(guessOf(Buffer.byteLength(slice), slice.length), count(slice));
      }
      start = end;
    }
  }

  return {
    add(part, text, bytes) {
      texts += 1;
      const { stage, share } = current();
      const sample = stage[part];
      const { low, high } = estimateTokens(bytes, text.length);
      const guess = guessOf(bytes, text.length);
      sample.see(guess, low, high);
      if (share < 1 && text.length > SLICE_UNITS) countSlices(sample, text, share);
      else if (chance.isTaken(share)) sample.counted(guess, count(text));
    },
    summary() {
      const isExact = stages.length === 1;
      const slack = (counter.cuts + cuts) * CUT_ERROR;
      const sum = (part: TokenPart) => {
        const samples = stages.map((stage) => stage[part]);
        const ratio = ratioOf(samples);
        return sumOf(
          samples.map((sample) => sample.estimate(ratio)),
          slack,
        );
      };
      return { input: sum('input'), output: sum('output'), texts, isExact };
    },
  };
}

function stageOf(share: number): Stage {
  return { input: createRatioSample(share), output: createRatioSample(share) };
}

/** Tokens to guesses over all that was counted. */
function ratioOf(samples: readonly RatioSample[]): number {
  const x = samples.reduce((sum, { sums }) => sum + sums.x, 0);
  return x === 0 ? 1 : samples.reduce((sum, { sums }) => sum + sums.y, 0) / x;
}

/** Errors of different stages are independent of each other; added up they are surely enough. */
function sumOf(parts: readonly TokenEstimate[], slack: number): TokenEstimate {
  const sum = { low: 0, estimate: 0, high: 0 };
  for (const part of parts) {
    sum.low += part.low;
    sum.estimate += part.estimate;
    sum.high += part.high;
  }
  return {
    low: Math.max(0, Math.floor(sum.low - slack)),
    estimate: Math.round(sum.estimate),
    high: Math.ceil(sum.high + slack),
  };
}

/** Where a slice ends: at a space, if one is near, since no piece crosses one. */
function endOfSlice(text: string, start: number): number {
  const end = start + SLICE_UNITS;
  if (end >= text.length) return text.length;
  const space = text.indexOf(' ', end);
  return space !== -1 && space - end < 64 ? space : end;
}

/** Tokens as the sizes let one guess; only how they are spread matters, not how many they are. */
function guessOf(bytes: number, units: number): number {
  const wide = (bytes - units) / 2;
  return (units - wide) / 4.4 + wide / 1.6;
}

/** A sequence of chances: xorshift, the same for every file. */
function createChance() {
  let state = 0x2545f491;
  return {
    isTaken(share: number): boolean {
      if (share === 1) return true;
      state ^= state << 13;
      state ^= state >>> 17;
      state ^= state << 5;
      return (state >>> 0) / 0x1_0000_0000 < share;
    },
  };
}
