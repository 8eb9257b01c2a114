/** Conversations, counted by what was measured of them; what `createChatChecker` does of sound ones within their limits. */
import type { FileProgress } from '../lines/progress.ts';
import type { DuplicateFinder, ExampleHash } from '../tallies/duplicates.ts';
import type { SharedInstructionTally } from '../tallies/shared-instruction.ts';
import type { SizeTally } from '../tallies/sizes.ts';
import type { TokenCheck } from '../tallies/token-limits.ts';
import type { TokenTally } from '../tallies/token-tally.ts';
import { estimateTokens } from '../tallies/tokens.ts';
import type { ProvedCounter, ProvedFormat } from './proved-lines.ts';
import { createScanner } from './scanner.ts';
import { createSharing } from './sharing.ts';
import { createScannedTexts, type ScannedTexts } from './texts.ts';
import type { ShapeValue } from './tokens.ts';

export interface ConversationTallies {
  progress: FileProgress;
  tokens: TokenCheck;
  sizes: SizeTally;
  duplicates: DuplicateFinder;
  counting?: TokenTally | undefined;
  shared: SharedInstructionTally;
  extras: { noteAlike(): void };
  /** Counts a conversation of so many messages, in turns. */
  addTurns(messages: number, hasContext: boolean): void;
}

export interface ConversationOptions {
  /** Counted where an example has no context of its own. */
  defaultContext: string;
  /** Bytes that are hashed behind the texts. */
  marks: { context: number; user: number; assistant: number };
}

const CONTEXT = '["context"]';
const AUTHOR = '["messages",0,"author"]';
const CONTENT = '["messages",0,"content"]';

/** Where the texts of a shape are, from the first one of a line on. */
interface ConversationShape {
  context: number | undefined;
  /** Of the contents, the first being the user's. */
  contents: number[];
  hasExtras: boolean;
}

/** Makes the counting of one data set. */
export function createProvedConversations(
  tallies: ConversationTallies,
  options: ConversationOptions,
): ProvedFormat {
  const scanner = createScanner(Buffer.byteLength(options.defaultContext));
  const texts = createScannedTexts(scanner);
  const hashOf = createHashing(texts, options);
  const sizeOf = createSizing(texts, options);
  const { progress, sizes, duplicates, extras, counting, shared } = tallies;
  const addTokens = createTokenCount(texts, counting, options);
  const addShared = createSharing(texts, shared, options.defaultContext);
  const { maxInputTokens, maxOutputTokens } = tallies.tokens.limits;

  function createCounter(shape: ConversationShape): ProvedCounter {
    const { contents, context, hasExtras } = shape;
    const instruction = { system: context, prompt: contents.slice(0, 1) };
    return {
      isEnough(first) {
        for (let index = 1; index < contents.length; index += 2) {
          if (texts.bytes(first + (contents[index] as number)) > maxOutputTokens) return false;
        }
        return sizeOf(shape, first).bytes <= maxInputTokens;
      },
      add(first) {
        tallies.addTurns(contents.length, context !== undefined);
        duplicates.add(hashOf(shape, first), progress.line);
        const { bytes, units } = sizeOf(shape, first);
        const output = texts.units(first + (contents.at(-1) as number));
        sizes.add({
          inputCharacters: units - output,
          outputCharacters: output,
          tokens: estimateTokens(bytes, units),
          isProvedWithinLimits: true,
        });
        addTokens(shape, first);
        addShared(instruction, first);
        if (hasExtras) extras.noteAlike();
      },
    };
  }

  return {
    ...{ scanner, texts },
    roles: { [CONTEXT]: 'kept', [AUTHOR]: 'fixed', [CONTENT]: 'text' },
    counterOf: ({ values, keys }) => createCounter(shapeOf(values, keys)),
  };
}

/** Makes what hashes a line: the last message is the output, all before is the input. */
function createHashing(texts: ScannedTexts, { defaultContext, marks }: ConversationOptions) {
  return ({ context, contents }: ConversationShape, first: number): ExampleHash => {
    texts.reset();
    if (context === undefined) texts.appendString(defaultContext);
    else texts.append(first + context);
    texts.mark(marks.context);
    const last = contents.length - 1;
    for (let index = 0; index < last; index++) {
      texts.append(first + (contents[index] as number));
      texts.mark(index % 2 === 0 ? marks.user : marks.assistant);
    }
    texts.digest();
    const { joinedLow: inputLow, joinedHigh: inputHigh } = texts;
    texts.reset();
    texts.append(first + (contents[last] as number));
    texts.mark(marks.assistant);
    texts.digest();
    return { inputLow, inputHigh, output: texts.joinedLow ^ texts.joinedHigh };
  };
}

/** Makes what tells the size of a line: of its context and all of its messages. */
function createSizing(texts: ScannedTexts, { defaultContext }: ConversationOptions) {
  const defaultBytes = Buffer.byteLength(defaultContext);
  return ({ context, contents }: ConversationShape, first: number) => {
    let bytes = context === undefined ? defaultBytes : texts.bytes(first + context);
    let units = context === undefined ? defaultContext.length : texts.units(first + context);
    for (const content of contents) {
      bytes += texts.bytes(first + content);
      units += texts.units(first + content);
    }
    return { bytes, units };
  };
}

/** Makes what adds the tokens of a line. */
function createTokenCount(
  texts: ScannedTexts,
  counting: TokenTally | undefined,
  { defaultContext }: ConversationOptions,
) {
  return ({ context, contents }: ConversationShape, first: number): void => {
    if (!counting) return;
    const own = context === undefined ? defaultContext : texts.decode(first + context);
    if (own !== '') counting.add('input', own, Buffer.byteLength(own));
    contents.forEach((content, index) => {
      const text = first + content;
      counting.add(index % 2 === 0 ? 'input' : 'output', texts.view(text), texts.bytes(text));
    });
  };
}

/** A line without a fault has one author and one content in each message, and turns that begin with the user. */
function shapeOf(values: readonly ShapeValue[], keys: number): ConversationShape {
  const kept = values.filter(({ role }) => role !== 'fixed');
  const at = (path: string) => kept.flatMap((value, index) => (value.path === path ? [index] : []));
  const contents = at(CONTENT);
  const [context] = at(CONTEXT);
  const known = (context === undefined ? 0 : 1) + 1 + 2 * contents.length;
  return { context, contents, hasExtras: keys > known };
}
