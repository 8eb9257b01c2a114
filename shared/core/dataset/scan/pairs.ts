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
import { createScannedTexts } from './texts.ts';

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

/** Makes the counting of one data set. */
export function createProvedPairs(
  tallies: PairTallies,
  { names, defaultContext }: PairOptions,
): ProvedFormat {
  const { progress, tokens, sizes, duplicates, counting, labels, instructions, shared, extras } = tallies;
  const { maxInputTokens, maxOutputTokens } = tokens.limits;
  const limitOfInput = { limit: maxInputTokens, what: 'the input', path: names.input };
  const limitOfOutput = { limit: maxOutputTokens, what: 'the output', path: names.output };
  const contextBytes = Buffer.byteLength(defaultContext);
  const scanner = createScanner();
  const texts = createScannedTexts(scanner);
  const [beginning] = texts.known;

  function addShared(input: number): void {
    if (beginning.isBeginningOf(input, shared.beginning)) shared.addAlike(texts.units(input));
    else shared.add(defaultContext, texts.decode(input));
  }

  function addHashes(input: number, output: number): void {
    const [inputLow, inputHigh] = [texts.low(input), texts.high(input)];
    duplicates.add({ inputLow, inputHigh, output: texts.low(output) ^ texts.high(output) }, progress.line);
  }

  function addTokens(input: number, output: number): void {
    if (!counting) return;
    if (contextBytes > 0) counting.add('input', defaultContext, contextBytes);
    counting.add('input', texts.view(input), texts.bytes(input));
    counting.add('output', texts.view(output), texts.bytes(output));
  }

  function tokensOf(text: number, { limit, what, path }: Omit<LimitedSize, 'bytes'>) {
    const bytes = texts.bytes(text);
    if (bytes <= limit) return estimateTokens(bytes, texts.units(text));
    return tokens.checkMeasured({ bytes, limit, what, path }, texts.units(text), () => texts.unusual(text));
  }

  function addSizes(input: number, output: number): void {
    const inputTokens = tokensOf(input, limitOfInput);
    const outputTokens = tokensOf(output, limitOfOutput);
    sizes.add({
      inputCharacters: texts.units(input),
      outputCharacters: texts.units(output),
      tokens: { low: inputTokens.low + outputTokens.low, high: inputTokens.high + outputTokens.high },
      isProvedWithinLimits:
        texts.bytes(input) <= limitOfInput.limit && texts.bytes(output) <= limitOfOutput.limit,
    });
  }

  function createCounter(inputAt: number, outputAt: number, hasExtras: boolean): ProvedCounter {
    return {
      isEnough: () => true,
      add(first) {
        const [input, output] = [first + inputAt, first + outputAt];
        addHashes(input, output);
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
