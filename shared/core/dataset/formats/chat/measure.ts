/** The size of a conversation, and its hash: the last message is the output, all before is the input. */
import { type FileProgress, placeOf } from '../../lines/progress.ts';
import { estimateTokens } from '../../tallies/tokens.ts';
import type { ExampleMeasures } from '../example-checker.ts';
import type { ChatMessage } from './messages.ts';

/** Bytes that no UTF-8 holds, so that the end of one text is not the beginning of the next. */
export const MARKS = { context: 0xf8, user: 0xf9, assistant: 0xfa } as const;

export interface ChatMeasure {
  /** Compares a sound example with all before, and holds its texts against their limits. */
  add(context: string, messages: readonly ChatMessage[]): void;
}

/** Of one example, in UTF-8 bytes and UTF-16 units. */
interface Size {
  bytes: number;
  units: number;
  /** Units of the context and of all messages but the last. */
  inputUnits: number;
  areAnswersProved: boolean;
}

interface ChatMeasureOptions {
  progress: FileProgress;
  /** Where a message stands, and without a number where all of them do. */
  pathOf: (message?: number) => string;
}

/** Makes the measure of one data set. */
export function createChatMeasure(
  { hasher, tokens, sizes, duplicates, counting }: ExampleMeasures,
  { progress, pathOf }: ChatMeasureOptions,
): ChatMeasure {
  const { maxInputTokens, maxOutputTokens } = tokens.limits;
  /** Of the example that is being measured. */
  const hash = { inputLow: 0, inputHigh: 0, output: 0 };

  function hashInput(): void {
    hasher.digest();
    hash.inputLow = hasher.low;
    hash.inputHigh = hasher.high;
    hasher.reset();
  }

  /** Whether the bytes alone prove that an answer is within its limit; else its tokens are estimated. */
  function isAnswerProved(content: string, bytes: number, index: number): boolean {
    if (bytes <= maxOutputTokens) return true;
    const what = 'one answer of the assistant';
    tokens.check({
      text: content,
      bytes,
      limit: maxOutputTokens,
      what,
      path: pathOf(index),
    });
    return false;
  }

  function measure(context: string, messages: readonly ChatMessage[]): Size {
    const last = messages.length - 1;
    let areAnswersProved = true;
    hasher.reset();
    let bytes = hasher.write(context);
    let units = context.length;
    if (units > 0) counting?.add('input', context, bytes);
    hasher.mark(MARKS.context);
    for (let index = 0; index <= last; index++) {
      const { author, content } = messages[index] as ChatMessage;
      if (index === last) hashInput();
      const written = hasher.write(content);
      hasher.mark(MARKS[author]);
      counting?.add(author === 'assistant' ? 'output' : 'input', content, written);
      bytes += written;
      units += content.length;
      if (author === 'assistant' && !isAnswerProved(content, written, index)) areAnswersProved = false;
    }
    hasher.digest();
    hash.output = hasher.low ^ hasher.high;
    return { bytes, units, inputUnits: units - (messages[last]?.content.length ?? 0), areAnswersProved };
  }

  function tokensOf(context: string, messages: readonly ChatMessage[], { bytes, units }: Size) {
    if (bytes <= maxInputTokens) return estimateTokens(bytes, units);
    const text = [context, ...messages.map(({ content }) => content)].join('');
    const what = 'the context and all messages';
    return tokens.check({ text, bytes, limit: maxInputTokens, what, path: pathOf() });
  }

  return {
    add(context, messages) {
      const size = measure(context, messages);
      duplicates.add(hash, placeOf(progress));
      sizes.add({
        inputCharacters: size.inputUnits,
        outputCharacters: size.units - size.inputUnits,
        tokens: tokensOf(context, messages, size),
        isProvedWithinLimits: size.bytes <= maxInputTokens && size.areAnswersProved,
      });
    },
  };
}
