/** Conversations as OpenAI and open models have them: `{"messages": [{"role", "content"}]}`. */
import { isObject, type ParsedObject, typeName } from '../../../json/values.ts';
import type { Reporter } from '../../lines/reporter.ts';
import { createSharedInstruction } from '../../tallies/shared-instruction.ts';
import type { ExampleChecker, ExampleTools } from '../example-checker.ts';
import { checkPresent, checkTextValue, checkTurns } from '../fields.ts';
import { createTurnMeasure } from './measure.ts';

const KNOWN = ['messages'];
const SYSTEM = ['system', 'developer'];
const ROLES = [...SYSTEM, 'user', 'assistant'];

interface Message {
  role: string;
  content: string;
}

/** Makes the checker of one data set. */
export function createChatMessagesChecker(
  tools: ExampleTools,
  { defaultContext = '' }: { defaultContext?: string | undefined },
): ExampleChecker {
  const { report, progress, extras } = tools;
  const measure = createTurnMeasure(tools.measures, { progress, path: 'messages', beginningBytes: 4 });
  const shared = createSharedInstruction();

  return {
    isExpectedFormat: ({ messages }) =>
      Array.isArray(messages) && isObject(messages[0]) && Object.hasOwn(messages[0], 'role'),
    check(example) {
      const messages = readMessages(example, report);
      if (messages && checkOrder(messages, report)) {
        const texts = messages.map(({ content }) => content);
        measure.add({ input: texts.slice(0, -1), output: texts.slice(-1) });
        shared.add(
          systemOf(messages) || defaultContext,
          messages.find(({ role }) => role === 'user')?.content ?? '',
        );
      }
      if (Object.keys(example).some((key) => !KNOWN.includes(key))) extras.note(example, KNOWN);
      return 'unknown';
    },
    statistics: () => ({ sharedInstruction: shared.summary() }),
    reportWhole: () => {},
  };
}

function systemOf(messages: readonly Message[]): string {
  return messages.flatMap(({ role, content }) => (SYSTEM.includes(role) ? [content] : [])).join('\n\n');
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
  const messages = checkTurns(example, 'messages', report);
  if (!messages) return undefined;
  const sound = messages.filter((message, index): message is Message =>
    isSound(message, `messages[${index}]`, report),
  );
  return sound.length === messages.length ? sound : undefined;
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
