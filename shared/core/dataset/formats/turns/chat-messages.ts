/** Conversations as OpenAI and open models have them: `{"messages": [{"role", "content"}]}`. */
import { speakerFound } from '../../../issues/speakers.ts';
import { countKeys, isObject, type ParsedObject, typeName } from '../../../json/values.ts';
import type { Reporter } from '../../lines/reporter.ts';
import { CHAT_LAYOUT } from '../../scan/layouts.ts';
import { createProvedTurns } from '../../scan/turns.ts';
import { createSharedInstruction } from '../../tallies/shared-instruction.ts';
import { type ExampleChecker, type ExampleTools, PLAIN_DEPTH } from '../example-checker.ts';
import { checkPresent, checkTurns } from '../fields.ts';
import { type ContentRead, readContent } from './chat-content.ts';
import type { MayRead } from './contents.ts';
import { createFileParts } from './file-parts.ts';
import { createTurnMeasure, END_OF_TEXT } from './measure.ts';
import { toolTexts } from './parts.ts';

const KNOWN = ['messages'];
const KNOWN_IN_MESSAGE = ['role', 'content'];
const ROLES = ['system', 'user', 'assistant'];

export interface ChatMessagesOptions {
  defaultContext?: string | undefined;
  mayRead?: MayRead | undefined;
}

interface Message extends ContentRead {
  role: string;
}

/** Makes the checker of one data set. */
export function createChatMessagesChecker(
  tools: ExampleTools,
  { defaultContext = '', mayRead }: ChatMessagesOptions,
): ExampleChecker {
  const { report, progress, extras } = tools;
  const measure = createTurnMeasure(tools.measures, { progress, path: 'messages', beginningBytes: 4 });
  const shared = createSharedInstruction();
  const fileParts = createFileParts(tools, mayRead);

  function noteExtras(example: ParsedObject): void {
    if (Object.keys(example).some((key) => !KNOWN.includes(key))) extras.note(example, KNOWN);
    if (!Array.isArray(example.messages)) return;
    for (const message of example.messages.filter(isObject)) {
      if (Object.keys(message).some((key) => !KNOWN_IN_MESSAGE.includes(key))) {
        extras.note(message, KNOWN_IN_MESSAGE, 'messages[].');
      }
    }
  }

  return {
    isExpectedFormat: ({ messages }) =>
      Array.isArray(messages) && isObject(messages[0]) && Object.hasOwn(messages[0], 'role'),
    check(example) {
      const messages = readMessages(example, report);
      const files = messages?.flatMap((message) => message.files) ?? [];
      fileParts.check(files);
      if (messages && checkOrder(messages, report)) {
        const texts = messages.map((message) => message.texts.join('\n\n'));
        const asked = [...texts.slice(0, -1), ...files.map(({ uri }) => uri), ...calledTexts(example)];
        measure.add({ input: asked, output: texts.slice(-1) });
        const user = messages.findIndex(({ role }) => role === 'user');
        shared.add(systemOf(messages) || defaultContext, texts[user] ?? '');
      }
      noteExtras(example);
      return countKeys(example, PLAIN_DEPTH) ?? 'unknown';
    },
    statistics: () => ({
      sharedInstruction: shared.summary(),
      files: fileParts.named.statistics(),
    }),
    reportWhole: () => {},
    files: fileParts.named,
    countProved: () =>
      createProvedTurns(
        { ...tools.measures, progress, shared, extras },
        { layout: CHAT_LAYOUT, mark: END_OF_TEXT, defaultSystem: defaultContext, areEmptyTold: true },
      ),
  };
}

/** The functions that an example declares, and those that its messages call. */
function calledTexts({ tools, messages }: ParsedObject): string[] {
  const all = Array.isArray(messages) ? messages.filter(isObject) : [];
  return [...toolTexts(tools), ...all.flatMap(({ tool_calls }) => toolTexts(tool_calls))];
}

function systemOf(messages: readonly Message[]): string {
  return messages.flatMap(({ role, texts }) => (role === 'system' ? texts : [])).join('\n\n');
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
  const sound = messages.flatMap(
    (message, index) => readMessage(message, `messages[${index}]`, report) ?? [],
  );
  return sound.length === messages.length ? sound : undefined;
}

function readMessage(message: unknown, path: string, report: Reporter): Message | undefined {
  if (!isObject(message)) {
    const fields = { expected: 'an object with "role" and "content"', type: typeName(message) };
    report('field_wrong_type', fields, { path });
    return undefined;
  }
  const { role, content } = message;
  const isKnown = typeof role === 'string' && ROLES.includes(role);
  if (!isKnown) {
    const found = speakerFound(role, { user: 'user', model: 'assistant', system: 'system' });
    report(
      'role_unknown',
      { ...found, allowed: '"system", "user" or "assistant"' },
      { path: `${path}.role` },
    );
  }
  if (content === undefined && !checkPresent(message, 'content', report, `${path}.content`)) return undefined;
  const read = readContent(message, `${path}.content`, report);
  return read && isKnown ? { role, ...read } : undefined;
}
