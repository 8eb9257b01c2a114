/** Conversations in texts alone: those of the guide's chat models, and ShareGPT's. */

import { speakerFound } from '../../issues/speakers.ts';
import { isObject, type ParsedObject, typeName } from '../../json/values.ts';
import { AUTHORS_OF_GUIDE } from '../formats/chat/messages.ts';
import { checkTurns } from '../formats/fields.ts';
import {
  type Example,
  type ExamplePart,
  type ExampleTurn,
  joined,
  textPart,
  textsOfTurn,
} from './example.ts';
import {
  type Form,
  type FormReading,
  firstIn,
  has,
  noteUnused,
  SYSTEM_FIELDS,
  systemIn,
  textIn,
  weightIn,
} from './form.ts';
import { parsedObject, readJsonText, readTools } from './tools.ts';

const AUTHORS: Readonly<Record<string, ExampleTurn['role']>> = { user: 'user', assistant: 'model' };

/** The guide's chat models: `{"context"?, "messages": [{"author", "content"}]}`. */
export const GUIDE_CHAT: Form = {
  path: 'messages',
  matches: ({ messages }) => Array.isArray(messages) && !has(firstIn(messages), 'role'),
  read(record, reading) {
    const system = readContext(record, reading);
    const turns = readList(record, 'messages', reading, (message, path) =>
      readMessage(message, path, reading),
    );
    if (!turns || system === null) return undefined;
    noteUnused(record, ['context', 'messages'], reading);
    return { system, turns };
  },
  write: ({ system, turns }) => ({
    context: system && (system.length > 0 ? joined(system) : ''),
    messages: turns.map((turn) => ({
      author: turn.role === 'model' ? 'assistant' : 'user',
      content: joined(textsOfTurn(turn)),
    })),
  }),
};

/** null where the context is no text. */
function readContext({ context }: ParsedObject, { report }: FormReading): Example['system'] | null {
  if (context === undefined || typeof context === 'string') return systemIn({ context }, ['context']);
  report('field_wrong_type', { expected: 'a text', type: typeName(context) }, { path: 'context' });
  return null;
}

function readMessage(message: ParsedObject, path: string, reading: FormReading): ExampleTurn | undefined {
  const { report } = reading;
  const author = textIn(message, 'author', { report, path: `${path}.author` });
  const content = textIn(message, 'content', { report, path: `${path}.content` });
  const role = author === undefined || !Object.hasOwn(AUTHORS, author) ? undefined : AUTHORS[author];
  if (author !== undefined && role === undefined) {
    report('author_unknown', speakerFound(author, AUTHORS_OF_GUIDE), { path: `${path}.author` });
  }
  if (role === undefined || content === undefined) return undefined;
  noteUnused(message, ['author', 'content'], reading, 'messages[].');
  return { role, parts: [textPart(content)] };
}

/** The turns in a list; undefined where something is wrong with one of them. `null` of `readOne`: it is none of the turns. */
function readList(
  record: ParsedObject,
  field: string,
  { report }: FormReading,
  readOne: (one: ParsedObject, path: string) => ExampleTurn | null | undefined,
): ExampleTurn[] | undefined {
  const list = checkTurns(record, field, report);
  if (!list) return undefined;
  const turns = list.map((one, index) => {
    const path = `${field}[${index}]`;
    if (isObject(one)) return readOne(one, path);
    report('field_wrong_type', { expected: 'an object', type: typeName(one) }, { path });
    return undefined;
  });
  return turns.includes(undefined) ? undefined : turns.filter((turn) => turn != null);
}

/** Who speaks, in the words of those who write ShareGPT's form. */
const SPEAKERS: Readonly<Record<string, ExampleTurn['role'] | 'system' | 'call' | 'response'>> = {
  ...{ human: 'user', user: 'user', prompter: 'user' },
  ...{ gpt: 'model', assistant: 'model', model: 'model', chatgpt: 'model', bot: 'model', ai: 'model' },
  ...{ system: 'system', function_call: 'call', observation: 'response', tool: 'response' },
};

/** What people call the field that says who speaks, and the one that holds what is said; the first that a message has counts. */
const SPEAKER_FIELDS = ['from', 'role', 'speaker', 'sender', 'author', 'type'] as const;
const TEXT_FIELDS = ['value', 'content', 'text', 'message', 'utterance'] as const;
/** The same in the words of both, which some write beside each other. */
const SAID_TWICE = ['from', 'value', 'role', 'content'];

/** ShareGPT: `{"conversations": [{"from", "value"}]}`; some have other words in it, or texts alone, of the user and the model by turns. */
export const SHAREGPT: Form = {
  path: 'conversations',
  matches: ({ conversations }) => Array.isArray(conversations),
  read: (record, reading) => readConversation(record, 'conversations', reading),
};

/** The same, where the list has another name. */
const LISTS = [
  ...['conversation', 'dialogue', 'dialog', 'turns', 'chat', 'messages', 'chat_history', 'history'],
] as const;

export const CONVERSATION: Form = {
  path: 'conversation',
  matches: (record) => listIn(record) !== undefined,
  read: (record, reading) => readConversation(record, listIn(record) ?? 'conversation', reading),
};

const listIn = (record: ParsedObject) =>
  LISTS.find((list) => isSaid(firstIn(record[list]), list) || areTexts(record[list]));

/** Whether a message says in fields of its own who speaks and what; "role" or "author" beside "content" are OpenAI's and the guide's. */
export function isSaid(first: ParsedObject, list: string): boolean {
  const isOfAnother =
    list === 'messages' && has(first, 'content') && (has(first, 'role') || has(first, 'author'));
  return (
    !isOfAnother && fieldIn(first, SPEAKER_FIELDS) !== undefined && fieldIn(first, TEXT_FIELDS) !== undefined
  );
}

const fieldIn = (message: ParsedObject, fields: readonly string[]) =>
  fields.find((field) => has(message, field));

const areTexts = (list: unknown): list is string[] =>
  Array.isArray(list) && list.length > 1 && list.every((one) => typeof one === 'string');

/** Texts by turns, of which the user says the first, as messages. */
const asMessages = (texts: readonly string[]) =>
  texts.map((value, index) => ({ from: index % 2 === 0 ? 'human' : 'gpt', value }));

function readConversation(record: ParsedObject, list: string, reading: FormReading): Example | undefined {
  const system: string[] = [];
  const called: string[] = [];
  const given = record[list];
  const spoken = areTexts(given) ? { [list]: asMessages(given) } : record;
  const turns = readList(spoken, list, reading, (message, path) => {
    const fields = namesIn(message);
    const said = readSaid(message, fields, { ...reading, path });
    if (!said) return undefined;
    noteUnused(message, [...fields, ...SAID_TWICE, 'weight'], reading, `${list}[].`);
    if (said.speaker === 'system') system.push(said.text);
    if (said.speaker === 'system') return null;
    return turnOf(said, { path, called, reading, weight: message.weight });
  });
  if (!turns) return undefined;
  noteUnused(record, [list, 'tools', ...SYSTEM_FIELDS], reading);
  const tools = readTools(record.tools, 'tools', reading);
  if (tools === null) return undefined;
  const before = systemIn(record, SYSTEM_FIELDS) ?? [];
  const all = [...before, ...system];
  return { system: all.length > 0 ? all : undefined, turns, tools };
}

interface Said {
  speaker: 'user' | 'model' | 'system' | 'call' | 'response';
  text: string;
}

const namesIn = (message: ParsedObject): [from: string, value: string] => {
  const from = fieldIn(message, SPEAKER_FIELDS) ?? 'from';
  return [from, fieldIn(message, TEXT_FIELDS) ?? (from === 'from' ? 'value' : 'content')];
};

function readSaid(
  message: ParsedObject,
  [from, value]: [string, string],
  { report, path }: FormReading & { path: string },
): Said | undefined {
  const name = textIn(message, from, { report, path: `${path}.${from}` });
  const text = textIn(message, value, { report, path: `${path}.${value}` });
  const speaker = name === undefined || !Object.hasOwn(SPEAKERS, name) ? undefined : SPEAKERS[name];
  if (name !== undefined && speaker === undefined) {
    const words = { user: 'human', model: 'gpt', system: 'system' };
    const found = speakerFound(name, words);
    report('role_unknown', { ...found, allowed: '"human", "gpt" or "system"' }, { path: `${path}.${from}` });
  }
  return speaker === undefined || text === undefined ? undefined : { speaker, text };
}

function turnOf(
  { speaker, text }: Said,
  context: { path: string; called: string[]; reading: FormReading; weight: unknown },
): ExampleTurn | undefined {
  const { path, called, reading, weight } = context;
  if (speaker === 'call') {
    const call = readCall(text, path, reading);
    if (call === undefined) return undefined;
    called.push(call.name);
    return { role: 'model', parts: [{ kind: 'call', ...call }] };
  }
  if (speaker === 'response') {
    const name = called.shift() ?? 'function';
    return { role: 'user', parts: [responsePart(name, text)] };
  }
  return { role: speaker === 'model' ? 'model' : 'user', parts: [textPart(text)], weight: weightIn(weight) };
}

/** The JSON of a call: `{"name", "arguments"}`; a function without arguments may have none. */
function readCall(
  text: string,
  path: string,
  reading: FormReading,
): { name: string; args: ParsedObject } | undefined {
  const call = readJsonText(text, path, reading);
  const name = call && textIn(call, 'name', { ...reading, path: `${path}.name` });
  const given = call?.arguments ?? {};
  const args = call && readJsonText(given, `${path}.arguments`, reading);
  return name === undefined || args === undefined ? undefined : { name, args };
}

/** What a function answered; a text that is no object stands under "output", as Google's clients write it. */
export function responsePart(name: string, text: string): ExamplePart {
  return { kind: 'response', name, response: parsedObject(text) ?? { output: text } };
}
