/** Examples of a question and its answer, counted by what was measured of them; what `createPairChecker` does of a sound one. */
import type { FileProgress } from '../lines/progress.ts';
import type { DuplicateFinder } from '../tallies/duplicates.ts';
import type { InstructionTally } from '../tallies/instructions.ts';
import type { LabelTally } from '../tallies/labels.ts';
import type { SharedInstructionTally } from '../tallies/shared-instruction.ts';
import type { SizeTally } from '../tallies/sizes.ts';
import type { LimitedSize, TokenCheck } from '../tallies/token-limits.ts';
import type { TokenTally } from '../tallies/token-tally.ts';
import { estimateTokens } from '../tallies/tokens.ts';
import type { ProvedCounter, ProvedFormat } from './proved-lines.ts';
import { createScanner } from './scanner.ts';
import { createScannedTexts, type HashedText, type ScannedTexts, type TextSize } from './texts.ts';

export interface PairTallies {
  progress: FileProgress;
  tokens: TokenCheck;
  sizes: SizeTally;
  duplicates: DuplicateFinder;
  counting?: TokenTally | undefined;
  labels: LabelTally;
  instructions: InstructionTally;
  shared: SharedInstructionTally;
  extras: { noteAlike(): void };
}

export interface PairOptions {
  names: { input: string; output: string };
  /** Becomes a system instruction of each example. */
  defaultContext: string;
}

/** What was measured of the texts of a line; the same object for each. */
interface PairSize {
  asked: HashedText;
  answered: HashedText;
}

/** Makes the counting of one data set. */
export function createProvedPairs(
  tallies: PairTallies,
  { names, defaultContext }: PairOptions,
): ProvedFormat {
  const { progress, duplicates, counting, labels, instructions, shared, extras } = tallies;
  const contextBytes = Buffer.byteLength(defaultContext);
  const scanner = createScanner();
  const texts = createScannedTexts(scanner);
  const [beginning] = texts.known;
  const pair: PairSize = { asked: createHashedText(), answered: createHashedText() };
  const { asked, answered } = pair;
  const hash = { inputLow: 0, inputHigh: 0, output: 0 };
  const addSizes = createSizing(tallies, { texts, names, pair });

  function addShared(input: number): void {
    if (beginning.isBeginningOf(input, shared.beginning)) shared.addAlike(asked.units);
    else shared.add(defaultContext, texts.decode(input));
  }

  function addTokens(input: number, output: number): void {
    if (!counting) return;
    if (contextBytes > 0) counting.add('input', defaultContext, contextBytes);
    counting.add('input', texts.view(input), asked.bytes);
    counting.add('output', texts.view(output), answered.bytes);
  }

  function createCounter(inputAt: number, outputAt: number, hasExtras: boolean): ProvedCounter {
    return {
      isEnough: () => true,
      add(first) {
        const input = first + inputAt;
        const output = first + outputAt;
        texts.measure(input, asked);
        texts.measure(output, answered);
        hash.inputLow = asked.low;
        hash.inputHigh = asked.high;
        hash.output = answered.low ^ answered.high;
        duplicates.add(hash, progress.line);
        addTokens(input, output);
        addSizes(input, output);
        addShared(input);
        if (hasExtras) extras.noteAlike();
      },
      accept(first) {
        instructions.add(texts.beginning(first + inputAt, instructions.bytes), progress.line);
        if (labels.isOpen) labels.add(texts.decode(first + outputAt), progress.line);
      },
    };
  }

  const paths = { input: JSON.stringify([names.input]), output: JSON.stringify([names.output]) };
  return {
    ...{ scanner, texts },
    roles: { [paths.input]: 'hashed', [paths.output]: 'hashed' },
    counterOf({ values, keys }) {
      const inputAt = values.findIndex(({ path }) => path === paths.input);
      return createCounter(inputAt, 1 - inputAt, keys > 2);
    },
  };
}

const createHashedText = (): HashedText => ({ bytes: 0, units: 0, low: 0, high: 0 });

/** Makes what counts the sizes of a line whose texts were measured. */
function createSizing(
  { tokens, sizes }: PairTallies,
  {
    texts,
    names,
    pair: { asked, answered },
  }: { texts: ScannedTexts; pair: PairSize } & Pick<PairOptions, 'names'>,
) {
  const { maxInputTokens, maxOutputTokens } = tokens.limits;
  const limitOfInput = { limit: maxInputTokens, what: 'the input', path: names.input };
  const limitOfOutput = { limit: maxOutputTokens, what: 'the output', path: names.output };
  const size = {
    ...{ inputCharacters: 0, outputCharacters: 0 },
    ...{ tokens: { low: 0, high: 0 }, isProvedWithinLimits: true },
  };

  function tokensOf(text: number, { bytes, units }: TextSize, limited: Omit<LimitedSize, 'bytes'>) {
    if (size.isProvedWithinLimits) return estimateTokens(bytes, units);
    return tokens.checkMeasured({ ...limited, bytes }, units, () => texts.unusual(text));
  }

  return (input: number, output: number): void => {
    size.isProvedWithinLimits = asked.bytes <= maxInputTokens && answered.bytes <= maxOutputTokens;
    const one = tokensOf(input, asked, limitOfInput);
    const other = tokensOf(output, answered, limitOfOutput);
    size.inputCharacters = asked.units;
    size.outputCharacters = answered.units;
    size.tokens.low = one.low + other.low;
    size.tokens.high = one.high + other.high;
    sizes.add(size);
  };
}
