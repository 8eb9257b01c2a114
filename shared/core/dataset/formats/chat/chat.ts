/** Examples of chat models: `{"context"?, "messages": [{"author", "content"}]}`. */

import { isObject, type JsonObject, typeName } from '../../../json/values.ts';
import { RECOMMENDED_PAIRS } from '../../limits.ts';
import { createLengthTally } from '../../tallies/lengths.ts';
import { estimateTokens } from '../../tallies/tokens.ts';
import { checkPresent, checkTextValue, checkWellFormed, isWellFormedInside } from '../fields.ts';
import type { ExampleChecker, ExampleTools, KeyCount } from '../format.ts';

type Author = 'user' | 'assistant';

interface Message {
  author: Author;
  content: string;
}

const KNOWN = ['context', 'messages'] as const;
const KNOWN_IN_MESSAGE = ['author', 'content'] as const;
/** Authors that are names in other services and so may be shown. */
const FAMILIAR_AUTHORS = [
  'bot',
  'model',
  'system',
  'human',
  'ai',
  'gpt',
  'User',
  'Assistant',
  'USER',
  'ASSISTANT',
];
/** Bytes that no UTF-8 holds, so that the end of one text is not the beginning of the next. */
const MARKS = { context: 0xf8, user: 0xf9, assistant: 0xfa } as const;

const isAuthor = (value: unknown): value is Author => value === 'user' || value === 'assistant';

/** What Python takes for empty. */
function isEmptyInPython(value: unknown): boolean {
  return !value || (typeof value === 'object' && Object.keys(value).length === 0);
}

/** Makes the checker of one data set. */
export function createChatChecker(tools: ExampleTools): ExampleChecker {
  const { report, limits, hasher, tokens, sizes, duplicates, extras, lineNow, defaultContext = '' } = tools;
  const pairs = createLengthTally();
  /** Of the example that is being measured. */
  const hash = { inputLow: 0, inputHigh: 0, output: 0 };
  let authors = 0;
  let examplesWithContext = 0;
  /** Whether the example has a value that should be a text and is accepted all the same. */
  let hasOtherTypes = false;

  function checkMessage(value: unknown, index: number): Message | undefined {
    const path = `messages[${index}]`;
    if (!isObject(value)) {
      report(
        'field_wrong_type',
        { expected: 'an object with "author" and "content"', type: typeName(value) },
        { path },
      );
      return undefined;
    }
    const { author } = value;
    if (author !== undefined) authors += 1;
    const isAuthorFine = isAuthor(author) || reportAuthor(value, path);
    const isContentFine =
      (value.content !== undefined || checkPresent(value, 'content', report, `${path}.content`)) &&
      checkContent(value, `${path}.content`);
    return isAuthorFine && isContentFine ? (value as unknown as Message) : undefined;
  }

  /** Google's preprocessing only asks that a content is not empty; another type is written as its JSON here. */
  function checkContent(message: JsonObject, path: string): boolean {
    const { content } = message;
    if (typeof content === 'string' || isEmptyInPython(content)) return checkTextValue(content, path, report);
    message.content = acceptOtherType(content, path);
    return true;
  }

  /** Warns of a value that is no text, and makes one of it to be measured. */
  function acceptOtherType(value: unknown, path: string): string {
    hasOtherTypes = true;
    report('field_wrong_type', { expected: 'a text', type: typeName(value) }, { path, severity: 'warning' });
    if (!isWellFormedInside(value)) report('lone_surrogate', {}, { path });
    return value === null ? '' : JSON.stringify(value);
  }

  function reportAuthor(message: JsonObject, messagePath: string): false {
    const path = `${messagePath}.author`;
    const { author } = message;
    if (author === undefined) checkPresent(message, 'author', report, path);
    else if (typeof author !== 'string' || author === '') checkTextValue(author, path, report);
    else report('author_unknown', FAMILIAR_AUTHORS.includes(author) ? { known: author } : {}, { path });
    return false;
  }

  function checkTurns(messages: readonly Message[]): void {
    const last = messages.length - 1;
    if (messages[0]?.author !== 'user') report('first_author_not_user', {}, { path: 'messages[0].author' });
    if (messages[last]?.author !== 'assistant') {
      report('last_author_not_assistant', {}, { path: `messages[${last}].author` });
    }
    const repeated = messages.findIndex(({ author }, index) => author === messages[index - 1]?.author);
    if (repeated > 0) {
      const author = messages[repeated]?.author ?? 'user';
      report('authors_not_alternating', { author }, { path: `messages[${repeated}].author` });
    }
    checkPairs(messages);
  }

  function checkPairs(messages: readonly Message[]): void {
    let count = 0;
    messages.forEach(({ author }, index) => {
      if (author === 'assistant' && messages[index - 1]?.author === 'user') count += 1;
    });
    pairs.add(count);
    if (count < RECOMMENDED_PAIRS.min || count > RECOMMENDED_PAIRS.max) {
      report('pairs_not_recommended', { pairs: count }, { path: 'messages' });
    }
  }

  function checkContext(example: JsonObject): boolean {
    const { context } = example;
    if (context === undefined) return true;
    examplesWithContext += 1;
    if (typeof context !== 'string') {
      example.context = acceptOtherType(context, 'context');
      return true;
    }
    return checkWellFormed(context, 'context', report);
  }

  /** Writes the messages into the hasher and holds each answer against its limit; returns the bytes and units of all. */
  function measure(
    context: string,
    messages: readonly Message[],
  ): { bytes: number; units: number; input: number; answers: boolean } {
    const last = messages.length - 1;
    let areAnswersProved = true;
    hasher.reset();
    let bytes = hasher.write(context);
    let units = context.length;
    hasher.mark(MARKS.context);
    for (let index = 0; index <= last; index++) {
      const { author, content } = messages[index] as Message;
      if (index === last) {
        hasher.digest();
        hash.inputLow = hasher.low;
        hash.inputHigh = hasher.high;
        hasher.reset();
      }
      const written = hasher.write(content);
      hasher.mark(MARKS[author]);
      bytes += written;
      units += content.length;
      if (author !== 'assistant' || written <= limits.maxOutputTokens) continue;
      areAnswersProved = false;
      tokens.check({
        text: content,
        bytes: written,
        limit: limits.maxOutputTokens,
        what: 'one answer of the assistant',
        path: `messages[${index}].content`,
      });
    }
    hasher.digest();
    hash.output = hasher.low ^ hasher.high;
    return { bytes, units, input: units - (messages[last]?.content.length ?? 0), answers: areAnswersProved };
  }

  function record(context: string, messages: readonly Message[]): void {
    const { bytes, units, input, answers } = measure(context, messages);
    duplicates.add(hash, lineNow());
    const limit = limits.maxInputTokens;
    const isProved = bytes <= limit;
    const all = () => [context, ...messages.map(({ content }) => content)].join('');
    const interval = isProved
      ? estimateTokens(bytes, units)
      : tokens.check({ text: all(), bytes, limit, what: 'the context and all messages', path: 'messages' });
    sizes.add({
      inputCharacters: input,
      outputCharacters: units - input,
      tokens: interval,
      isProvedWithinLimits: isProved && answers,
    });
  }

  /** The sound messages, or undefined when one is not. */
  function checkMessages(list: readonly unknown[]): Message[] | undefined {
    let areSound = true;
    for (let index = 0; index < list.length; index++) {
      if (checkMessage(list[index], index) === undefined) areSound = false;
    }
    return areSound ? (list as Message[]) : undefined;
  }

  function findMessages(example: JsonObject): readonly unknown[] | undefined {
    const { messages } = example;
    if (messages === undefined && !checkPresent(example, 'messages', report)) return undefined;
    if (!Array.isArray(messages)) {
      report(
        'field_wrong_type',
        { expected: 'a list of messages', type: typeName(messages) },
        { path: 'messages' },
      );
      return undefined;
    }
    if (messages.length === 0) report('messages_empty', {}, { path: 'messages' });
    return messages;
  }

  /** The keys of the example and of its messages, unless an unused field holds an object of its own. */
  function countKeys(example: JsonObject, messages: readonly Message[]): KeyCount {
    let keys = Object.keys(example).length;
    let isPlain = keys === (example.context === undefined ? 1 : 2) || !extras.note(example, KNOWN);
    for (const message of messages) {
      const inMessage = Object.keys(message).length;
      keys += inMessage;
      if (
        inMessage !== KNOWN_IN_MESSAGE.length &&
        extras.note(message as never, KNOWN_IN_MESSAGE, 'messages[].')
      ) {
        isPlain = false;
      }
    }
    return isPlain ? keys : 'unknown';
  }

  return {
    isExpectedFormat: ({ messages }) =>
      Array.isArray(messages) && isObject(messages[0]) && Object.hasOwn(messages[0], 'author'),
    check(example) {
      hasOtherTypes = false;
      const isContextFine = checkContext(example);
      const list = findMessages(example);
      const messages = list && list.length > 0 ? checkMessages(list) : undefined;
      if (!messages) return 'unknown';
      checkTurns(messages);
      if (isContextFine) record((example.context as string | undefined) ?? defaultContext, messages);
      const keys = countKeys(example, messages);
      return hasOtherTypes ? 'unknown' : keys;
    },
    chatStatistics: () => ({ authors, pairs: pairs.summary(), examplesWithContext }),
  };
}
