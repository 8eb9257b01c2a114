/** The size of an example made of turns, and its hash: the answers that are trained on are the output, all before is the input. */
import { type FileProgress, placeOf } from '../../lines/progress.ts';
import type { TokenPart } from '../../tallies/token-tally.ts';
import { estimateTokens } from '../../tallies/tokens.ts';
import type { ExampleMeasures } from '../example-checker.ts';

/** A byte that no UTF-8 holds, so that the end of one text is not the beginning of the next. */
export const END_OF_TEXT = 0xf8;

export interface TurnTexts {
  input: readonly string[];
  output: readonly string[];
}

export interface TurnMeasure {
  /** Compares a sound example with all before, and holds it against the limit of one example. */
  add(texts: TurnTexts): void;
  /** A hash of how the last input begins. */
  readonly beginning: number;
}

/** Makes the measure of one data set; `path` is where a text over the limit is said to be. */
export function createTurnMeasure(
  { hasher, tokens, sizes, duplicates, counting }: ExampleMeasures,
  { progress, path, beginningBytes }: { progress: FileProgress; path: string; beginningBytes: number },
): TurnMeasure {
  const { maxInputTokens: limit } = tokens.limits;
  const measure = { beginning: 0, add };

  function write(texts: readonly string[], part: TokenPart): { bytes: number; units: number } {
    let bytes = 0;
    let units = 0;
    hasher.reset();
    for (const text of texts) {
      const written = hasher.write(text);
      counting?.add(part, text, written);
      bytes += written;
      units += text.length;
      hasher.mark(END_OF_TEXT);
    }
    hasher.digest();
    return { bytes, units };
  }

  function add({ input, output }: TurnTexts): void {
    const asked = write(input, 'input');
    const { low: inputLow, high: inputHigh } = hasher;
    measure.beginning = hasher.prefix(beginningBytes);
    const answered = write(output, 'output');
    duplicates.add({ inputLow, inputHigh, output: hasher.low ^ hasher.high }, placeOf(progress));
    const bytes = asked.bytes + answered.bytes;
    const isProved = bytes <= limit;
    const what = 'the whole example';
    const size = isProved
      ? estimateTokens(bytes, asked.units + answered.units)
      : tokens.check({ text: [...input, ...output].join(''), bytes, limit, what, path });
    sizes.add({
      inputCharacters: asked.units,
      outputCharacters: answered.units,
      tokens: size,
      isProvedWithinLimits: isProved,
      beyondLimit: Math.max(0, size.high - limit),
    });
  }

  return measure;
}
