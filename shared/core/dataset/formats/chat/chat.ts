/** Examples of chat models: `{"context"?, "messages": [{"author", "content"}]}`. */
import { isObject, type ParsedObject } from '../../../json/values.ts';
import { createProvedConversations } from '../../scan/conversations.ts';
import { createSharedInstruction } from '../../tallies/shared-instruction.ts';
import type { ExampleChecker, ExampleTools, KeyCount } from '../example-checker.ts';
import { checkTurns, checkWellFormed } from '../fields.ts';
import { createChatMeasure, MARKS } from './measure.ts';
import { type ChatMessage, createMessageChecker, KNOWN_IN_MESSAGE } from './messages.ts';
import { createOtherTypes } from './other-types.ts';
import { createTurnCheck } from './turns.ts';

const KNOWN = ['context', 'messages'] as const;

export interface ChatCheckerOptions {
  /** Counted where an example has no context of its own. */
  defaultContext: string | undefined;
}

/** Makes the checker of one data set. */
export function createChatChecker(
  tools: ExampleTools,
  { defaultContext }: ChatCheckerOptions,
): ExampleChecker {
  const { report, progress, extras } = tools;
  const otherTypes = createOtherTypes(report);
  const messageChecker = createMessageChecker(report, otherTypes);
  const turns = createTurnCheck(report);
  const measure = createChatMeasure(tools.measures, {
    progress,
    pathOf: (message) => (message === undefined ? 'messages' : `messages[${message}].content`),
  });
  const shared = createSharedInstruction();
  let examplesWithContext = 0;

  function checkContext(example: ParsedObject): boolean {
    const { context } = example;
    if (context === undefined) return true;
    examplesWithContext += 1;
    if (typeof context === 'string') return checkWellFormed(context, 'context', report);
    example.context = otherTypes.accept(context, 'context');
    return true;
  }

  function addTurns(messages: number, hasContext: boolean): void {
    if (hasContext) examplesWithContext += 1;
    messageChecker.addSound(messages);
    turns.addSound(messages);
  }

  /** The keys of the example and of its messages, unless an unused field holds an object of its own. */
  function countKeys(example: ParsedObject, messages: readonly ChatMessage[]): KeyCount {
    let keys = Object.keys(example).length;
    let isPlain = keys === (example.context === undefined ? 1 : 2) || !extras.note(example, KNOWN);
    for (const message of messages) {
      const inMessage = Object.keys(message).length;
      keys += inMessage;
      if (inMessage === KNOWN_IN_MESSAGE.length) continue;
      if (extras.note(message, KNOWN_IN_MESSAGE, 'messages[].')) isPlain = false;
    }
    return isPlain ? keys : 'unknown';
  }

  return {
    isExpectedFormat: ({ messages }) =>
      Array.isArray(messages) && isObject(messages[0]) && Object.hasOwn(messages[0], 'author'),
    check(example) {
      otherTypes.areMet = false;
      const isContextFine = checkContext(example);
      const messages = messageChecker.check(checkTurns(example, 'messages', report) ?? []);
      if (!messages) return 'unknown';
      turns.check(messages);
      const context = (example.context as string | undefined) ?? defaultContext ?? '';
      if (isContextFine) {
        measure.add(context, messages);
        shared.add(context, messages[0]?.content ?? '');
      }
      const keys = countKeys(example, messages);
      return otherTypes.areMet ? 'unknown' : keys;
    },
    statistics: () => ({
      chat: { authors: messageChecker.authors, pairs: turns.pairs(), examplesWithContext },
      sharedInstruction: shared.summary(),
    }),
    reportWhole() {
      if (defaultContext === undefined || examplesWithContext === 0) return;
      const fields = { count: examplesWithContext, examples: progress.examples };
      report('dataset_context_overrides', fields, { line: 0 });
    },
    countProved() {
      const tallies = { ...tools.measures, progress, shared, extras, addTurns };
      return createProvedConversations(tallies, { defaultContext: defaultContext ?? '', marks: MARKS });
    },
  };
}
