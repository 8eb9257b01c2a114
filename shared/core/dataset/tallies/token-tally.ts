/** The tokens of a whole file: counted one by one while that is cheap, then from a sample that grows thinner. */
import type { CountedTokens } from '../statistics.ts';
import { createChance } from '../tokens/chance.ts';
import { guessTokens, kindOfText, type UnitText } from '../tokens/text-look.ts';
import { CUT_ERROR, isSecondHalf, type TokenCounter } from '../tokens/token-counter.ts';
import { createPartTotals, type PartTotals } from './part-totals.ts';

export type TokenPart = 'input' | 'output';

export interface TokenTally {
  /** A text of a usable example, with its length in UTF-8 bytes; the text is not kept. */
  add(part: TokenPart, text: UnitText, bytes: number): void;
  summary(): CountedTokens;
}

/** How much is counted: units of work, of which a UTF-16 unit that is remembered costs one. */
export interface TokenBudget {
  /** Until so much was done every text is counted. */
  exact: number;
  /** Then so much is done, times 0.7, whenever the file has become twice as large. */
  sampled: number;
}

const BUDGET: TokenBudget = { exact: 16_000_000, sampled: 4_000_000 };
/** A unit that has to be joined costs as much as so many that are remembered: measured. */
const JOINED_COST = 20;
/** Longer texts are counted in slices, so that a few of them do not make up the whole sample. */
const SLICE_UNITS = 1_024;
/** Work for a unit is that of the last slices: a file may become dearer. */
const MEMORY = 63 / 64;

interface Part {
  totals: PartTotals;
  /** Slices that are left out before the next one is counted, which then stands for `weight` of them. */
  wait: number;
  weight: number;
}

/** Makes a tally. The same file gives the same numbers: chance is a sequence that begins anew with each tally. */
export function createTokenTally(shared: TokenCounter, budget: TokenBudget = BUDGET): TokenTally {
  const counter = shared.fork();
  const chance = createChance();
  const parts: Record<TokenPart, Part> = { input: newPart(counter), output: newPart(counter) };
  const recent = { units: 1, work: 1 };
  let cuts = 0;
  let spent = 0;
  let seen = 0;
  let texts = 0;

  /** Where a slice is cut: at a border that is near, else through a token, but never through a character. */
  function edge(text: string, at: number): number {
    const border = counter.border(text, at);
    if (border !== undefined) return border;
    cuts += 1;
    return isSecondHalf(text.charCodeAt(at)) ? at + 1 : at;
  }

  /** Counts a slice from the place where no token crosses its begin to where none crosses its end. */
  function count(text: string, start: number, end: number): { tokens: number; slack: number } {
    const joinedBefore = counter.joined;
    const cutsBefore = counter.cuts + cuts;
    const isWhole = start === 0 && end === text.length;
    const slice = isWhole ? text : text.slice(edge(text, start), edge(text, end));
    const tokens = counter.count(slice);
    const work = slice.length + (counter.joined - joinedBefore) * JOINED_COST;
    spent += work;
    recent.units = recent.units * MEMORY + slice.length;
    recent.work = recent.work * MEMORY + work;
    return { tokens, slack: (counter.cuts + cuts - cutsBefore) * CUT_ERROR };
  }

  /** Of how many slices the next one is chosen: as many as keep the work for a file of twice the size the same. */
  function chooseNext(part: Part): void {
    const whole = spent < budget.exact ? 0 : (seen * recent.work) / recent.units;
    part.weight = Math.max(1, whole / budget.sampled);
    part.wait = chance.misses(1 / part.weight);
  }

  /** Adds the units from `start` to `end` of a text. Most are not counted: no object is made of them. */
  function addSlice(part: Part, text: UnitText, start: number, end: number, bytes: number): void {
    const kind = kindOfText(text, start, end);
    const guess = guessTokens(kind, bytes, end - start);
    part.totals.predict(kind, guess);
    if (part.wait-- > 0) return;
    part.totals.counted(kind, guess, { ...count(text.toString(), start, end), weight: part.weight });
    chooseNext(part);
  }

  return {
    add(name, text, bytes) {
      texts += 1;
      seen += text.length;
      const part = parts[name];
      let start = 0;
      for (; text.length - start >= 1.5 * SLICE_UNITS; start += SLICE_UNITS) {
        addSlice(part, text, start, start + SLICE_UNITS, (bytes * SLICE_UNITS) / text.length);
      }
      const rest = start === 0 ? bytes : (bytes * (text.length - start)) / text.length;
      addSlice(part, text, start, text.length, rest);
    },
    summary() {
      const [input, output] = [parts.input.totals.summary(), parts.output.totals.summary()];
      return { input, output, texts, isExact: spent < budget.exact };
    },
  };
}

const newPart = (counter: TokenCounter): Part => ({ totals: createPartTotals(counter), wait: 0, weight: 1 });
