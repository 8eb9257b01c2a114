/** Conversations as OpenAI and open models have them: `{"messages": [{"role", "content"}]}`. */
import { isObject, type ParsedObject, typeName } from '../../../json/values.ts';
import type { Reporter } from '../../lines/reporter.ts';
import type { ExampleChecker, ExampleTools } from '../example-checker.ts';
import { checkPresent, checkTextValue } from '../fields.ts';
import { createTurnMeasure } from './measure.ts';

const KNOWN = ['messages'];
const ROLES = ['system', 'developer', 'user', 'assistant'];

interface Message {
  role: string;
  content: string;
}

/** Makes the checker of one data set. */
export function createChatMessagesChecker(tools: ExampleTools): ExampleChecker {
  const { report, progress, extras } = tools;
  const measure = createTurnMeasure(tools.measures, { progress, path: 'messages', beginningBytes: 4 });

  return {
    isExpectedFormat: ({ messages }) =>
      Array.isArray(messages) && isObject(messages[0]) && Object.hasOwn(messages[0], 'role'),
    check(example) {
      const messages = readMessages(example, report);
      if (messages && checkOrder(messages, report)) {
        const texts = messages.map(({ content }) => content);
        measure.add({ input: texts.slice(0, -1), output: texts.slice(-1) });
      }
      if (Object.keys(example).some((key) => !KNOWN.includes(key))) extras.note(example, KNOWN);
      return 'unknown';
    },
    statistics: () => ({}),
    reportWhole: () => {},
  };
}

function checkOrder(messages: readonly Message[], report: Reporter): boolean {
  const last = messages.length - 1;
  const hasUser = messages.some(({ role }) => role === 'user');
  if (!hasUser) report('turns_without_user', {}, { path: 'messages' });
  if (messages[last]?.role !== 'assistant') {
    report('last_author_not_assistant', {}, { path: `messages[${last}].role` });
    return false;
  }
  return hasUser;
}

/** The messages, when there are any and all are sound; reports what is wrong with each. */
function readMessages(example: ParsedObject, report: Reporter): Message[] | undefined {
  const { messages } = example;
  if (messages === undefined && !checkPresent(example, 'messages', report)) return undefined;
  if (!Array.isArray(messages)) {
    const fields = { expected: 'a list of messages', type: typeName(messages) };
    report('field_wrong_type', fields, { path: 'messages' });
    return undefined;
  }
  if (messages.length === 0) report('messages_empty', {}, { path: 'messages' });
  const sound = messages.filter((message, index): message is Message =>
    isSound(message, `messages[${index}]`, report),
  );
  return sound.length === messages.length && sound.length > 0 ? sound : undefined;
}

function isSound(message: unknown, path: string, report: Reporter): boolean {
  if (!isObject(message)) {
    const fields = { expected: 'an object with "role" and "content"', type: typeName(message) };
    report('field_wrong_type', fields, { path });
    return false;
  }
  const { role, content } = message;
  const isKnown = typeof role === 'string' && ROLES.includes(role);
  if (!isKnown)
    report('role_unknown', { allowed: '"system", "user" or "assistant"' }, { path: `${path}.role` });
  if (content === undefined && !checkPresent(message, 'content', report, `${path}.content`)) return false;
  return checkTextValue(content, `${path}.content`, report) && isKnown;
}
