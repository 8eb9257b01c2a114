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
  ...['conversation', 'dialogue', 'dialog', 'turns', 'chat', 'messages', 'chat_messages', 'chat_history'],
  'history',
] as const;

export const CONVERSATION: Form = {
  path: 'conversation',
  matches: (record) => listIn(record) !== undefined,
  read: (record, reading) => readConversation(record, listIn(record) ?? 'conversation', reading),
};

const listIn = (record: ParsedObject) =>
  LISTS.find(
    (list) => has(record, list) && (isSaid(firstIn(record[list]), list) || areByTurns(record, list)),
  );

/** Whether a message says in fields of its own who speaks and what; "role" or "author" beside "content" are OpenAI's and the guide's. */
export function isSaid(first: ParsedObject, list: string): boolean {
  const isOfAnother =
    list === 'messages' && has(first, 'content') && (has(first, 'role') || has(first, 'author'));
  if (isOfAnother) return false;
  const [said] = unpacked(first, '');
  const hasBoth = fieldIn(said, SPEAKER_FIELDS) !== undefined && fieldIn(said, TEXT_FIELDS) !== undefined;
  return hasBoth || wordAlone(first) !== undefined;
}

/** The name that a message has for a field, in small letters or capitals; the first of the fields that is there counts. */
function fieldIn(message: ParsedObject, fields: readonly string[]): string | undefined {
  const field = fields.find((one) => has(message, one));
  if (field !== undefined) return field;
  const keys = Object.keys(message);
  return fields.map((one) => keys.find((key) => key.toLowerCase() === one)).find((key) => key !== undefined);
}

/** The word for who speaks, where it is the one field of a message and holds what is said: `{"user": "…"}`. */
function wordAlone(message: ParsedObject): string | undefined {
  const [word, ...more] = Object.keys(message);
  const isWord = word !== undefined && more.length === 0 && Object.hasOwn(SPEAKERS, word.toLowerCase());
  return isWord && typeof message[word] === 'string' ? word : undefined;
}

/** What LangChain's classes of messages are called in its other form. */
const CLASSES: Readonly<Record<string, string>> = {
  ...{ HumanMessage: 'human', AIMessage: 'ai', SystemMessage: 'system' },
};
/** What it notes of a message beside what is said. */
const OF_LANGCHAIN = ['type', 'id', 'example', 'lc', 'kwargs', 'data'];

/** The message that LangChain has in an object of its own, with where that is; else the message itself. */
function unpacked(message: ParsedObject, path: string): [message: ParsedObject, path: string] {
  const { type, data, kwargs, id } = message;
  if (isObject(data) && typeof type === 'string' && has(data, 'content'))
    return [{ ...data, type }, `${path}.data`];
  if (!isObject(kwargs) || !has(kwargs, 'content') || !Array.isArray(id)) return [message, path];
  return [{ type: CLASSES[String(id.at(-1))], ...kwargs }, `${path}.kwargs`];
}

const areTexts = (list: unknown): list is string[] =>
  Array.isArray(list) && list.length > 1 && list.every((one) => typeof one === 'string');

/** Where they are called turns, all of them may be the user's, as in benchmarks. */
const areByTurns = (record: ParsedObject, list: string) => list !== 'turns' && areTexts(record[list]);

/** Texts by turns, of which the user says the first, as messages. */
const asMessages = (texts: readonly string[]) =>
  texts.map((value, index) => ({ from: index % 2 === 0 ? 'human' : 'gpt', value }));

function readConversation(record: ParsedObject, list: string, reading: FormReading): Example | undefined {
  const system: string[] = [];
  const called: string[] = [];
  const given = record[list];
  const spoken = areTexts(given) ? { [list]: asMessages(given) } : record;
  let isBegun = false;
  let isSystemMoved: true | undefined;
  const turns = readList(spoken, list, reading, (one, at) => {
    const [message, path] = unpacked(one, at);
    const fields = namesIn(message);
    const said = readSaid(message, fields, { ...reading, path });
    if (!said) return undefined;
    const known = message === one ? fields : [...fields, ...OF_LANGCHAIN];
    noteUnused(message, [...known, ...SAID_TWICE, 'weight'], reading, `${list}[].`);
    if (said.speaker === 'system') {
      if (isBegun) isSystemMoved = true;
      system.push(said.text);
      return null;
    }
    isBegun = true;
    return turnOf(said, { path, called, reading, weight: message.weight });
  });
  if (!turns) return undefined;
  noteUnused(record, [list, 'tools', ...SYSTEM_FIELDS], reading);
  const tools = readTools(record.tools, 'tools', reading);
  if (tools === null) return undefined;
  const before = systemIn(record, SYSTEM_FIELDS) ?? [];
  const all = [...before, ...system];
  return { system: all.length > 0 ? all : undefined, isSystemMoved, turns, tools };
}

interface Said {
  speaker: 'user' | 'model' | 'system' | 'call' | 'response';
  text: string;
}

const namesIn = (message: ParsedObject): [from: string, value: string] => {
  const word = wordAlone(message);
  if (word !== undefined) return [word, word];
  const from = fieldIn(message, SPEAKER_FIELDS) ?? 'from';
  const text = TEXT_FIELDS.find((field) => typeof message[field] === 'string');
  return [from, text ?? fieldIn(message, TEXT_FIELDS) ?? (from === 'from' ? 'value' : 'content')];
};

/** The text in a list of nothing but a part with it, as LangChain and Anthropic may have it; else what it is. */
function onlyText(value: unknown): unknown {
  const [part, ...more] = Array.isArray(value) ? value : [];
  const isAlone =
    isObject(part) && part.type === 'text' && Object.keys(part).length === 2 && more.length === 0;
  return isAlone ? part.text : value;
}

function readSaid(
  message: ParsedObject,
  [from, value]: [string, string],
  { report, path }: FormReading & { path: string },
): Said | undefined {
  const isWord = from === value;
  const name = isWord ? from.toLowerCase() : textIn(message, from, { report, path: `${path}.${from}` });
  const text = textIn({ [value]: onlyText(message[value]) }, value, { report, path: `${path}.${value}` });
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
