/** Conversations in texts alone: those of the guide's chat models, and ShareGPT's. */

import { speakerFound } from '../../issues/speakers.ts';
import { isObject, type ParsedObject, typeName } from '../../json/values.ts';
import { AUTHORS_OF_GUIDE } from '../formats/chat/messages.ts';
import { checkTurns } from '../formats/fields.ts';
import { valueOfText } from '../lines/text-value.ts';
import {
  type CallReading,
  FIELDS_OF_CALLS,
  type OpenCalls,
  readCall,
  readCalls,
  readResult,
  withJoinedResponses,
} from './calls.ts';
import {
  type Example,
  type ExamplePart,
  type ExampleTurn,
  joined,
  textPart,
  textsOfTurn,
} from './example.ts';
import {
  FIELDS_OF_THOUGHTS,
  FIELDS_OF_WEIGHT,
  type Form,
  type FormReading,
  fieldIn,
  firstIn,
  has,
  hasThought,
  isNothing,
  noteUnused,
  SYSTEM_FIELDS,
  systemIn,
  textIn,
  weightIn,
} from './form.ts';
import { readJsonText } from './json-text.ts';
import { messageOfLangChain, NOTES_OF_LANGCHAIN } from './langchain.ts';
import { readTools } from './tools.ts';

const AUTHORS: Readonly<Record<string, ExampleTurn['role']>> = { user: 'user', assistant: 'model' };

/** The guide's chat models: `{"context"?, "messages": [{"author", "content"}]}`. */
export const GUIDE_CHAT: Form = {
  path: 'messages',
  matches: ({ messages }) =>
    Array.isArray(messages) && !has(firstIn(messages), 'role') && !isObject(firstIn(messages).author),
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
const TEXT_FIELDS = ['value', 'content', 'text', 'message', 'utterance', 'body'] as const;
/** The same in the words of both, which some write beside each other. */
const SAID_TWICE = ['from', 'value', 'role', 'content'];

/** ShareGPT: `{"conversations": [{"from", "value"}]}`; some have other words in it, or texts alone, of the user and the model by turns. */
export const SHAREGPT: Form = {
  path: 'conversations',
  matches: ({ conversations }) => Array.isArray(conversations) && mayBeMessage(conversations[0]),
  read: (record, reading) => readConversation(record, 'conversations', reading),
};

/** Whether something in a list may be what is said: other objects are records of their own. */
const mayBeMessage = (first: unknown) =>
  !isObject(first) ||
  nameIn(first, [...SAID_TWICE, ...TEXT_FIELDS]) !== undefined ||
  isSaid(first, 'conversations');

/** The same, where the list has another name. */
const LISTS = [
  ...['conversation', 'dialogue', 'dialog', 'turns', 'chat', 'messages', 'chat_messages', 'chat_history'],
  ...['history', 'comments', 'transcript', 'utterances', 'exchanges', 'replies'],
] as const;

export const CONVERSATION: Form = {
  path: 'conversation',
  matches: (record) => listIn(record) !== undefined,
  read: (record, reading) =>
    readConversation(record, listIn(record) ?? emptyListIn(record) ?? 'conversation', reading),
};

const listIn = (record: ParsedObject) =>
  LISTS.find(
    (list) => has(record, list) && (isSaid(firstIn(record[list]), list) || areByTurns(record, list)),
  );

const emptyListIn = (record: ParsedObject) =>
  LISTS.find((list) => Array.isArray(record[list]) && record[list].length === 0);

/** Whether a message says in fields of its own who speaks and what; "role" or "author" beside "content" are OpenAI's and the guide's. */
export function isSaid(first: ParsedObject, list: string): boolean {
  const isOfAnother =
    list === 'messages' && has(first, 'content') && (has(first, 'role') || has(first, 'author'));
  if (isOfAnother) return false;
  const [said] = messageOfLangChain(first, '');
  const hasBoth = nameIn(said, SPEAKER_FIELDS) !== undefined && nameIn(said, TEXT_FIELDS) !== undefined;
  return hasBoth || wordAlone(first) !== undefined;
}

/** The name that a message has for a field, in small letters or capitals; the first of the fields that is there counts. */
function nameIn(message: ParsedObject, fields: readonly string[]): string | undefined {
  const field = fieldIn(message, fields);
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

const areTexts = (list: unknown): list is string[] =>
  Array.isArray(list) && list.length > 1 && list.every((one) => typeof one === 'string');

/** Where they are called turns, all of them may be the user's, as in benchmarks; others may have a word for who speaks before each. */
const OF_SPEAKERS_ALONE = ['turns', 'comments', 'transcript', 'utterances', 'exchanges', 'replies'];

const areByTurns = (record: ParsedObject, list: string) =>
  !OF_SPEAKERS_ALONE.includes(list) && areTexts(record[list]);

/** Texts by turns, of which the user says the first, as messages. */
const asMessages = (texts: readonly string[]) =>
  texts.map((value, index) => ({ from: index % 2 === 0 ? 'human' : 'gpt', value }));

/** The conversation in a list of what was said, and what else the record says of it. */
export function readConversation(
  record: ParsedObject,
  list: string,
  reading: FormReading,
): Example | undefined {
  const system: string[] = [];
  const open: OpenCalls = [];
  const given = record[list];
  const spoken = areTexts(given) ? { [list]: asMessages(given) } : record;
  let isBegun = false;
  let [isSystemMoved, hasThoughts]: (true | undefined)[] = [];
  const turns = readList(spoken, list, reading, (one, at) => {
    const said = readSaid(one, at, { ...reading, open, list });
    if (said?.isThought) hasThoughts = true;
    if (said?.speaker !== 'system') {
      isBegun = true;
      return said && turnOf(said);
    }
    if (isBegun) isSystemMoved = true;
    system.push(...textsOfTurn(said));
    return null;
  });
  if (!turns) return undefined;
  noteUnused(record, [list, 'tools', ...SYSTEM_FIELDS], reading);
  const tools = readTools(record.tools, 'tools', reading);
  if (tools === null) return undefined;
  const before = systemIn(record, SYSTEM_FIELDS) ?? [];
  const all = [...before, ...system];
  return {
    system: all.length > 0 ? all : undefined,
    isSystemMoved,
    hasThoughts,
    turns: withJoinedResponses(turns),
    tools,
  };
}

/** What a message says, and who. */
interface Said {
  speaker: (typeof SPEAKERS)[string];
  parts: ExamplePart[];
  weight?: number | undefined;
  /** Whether the model thought before. */
  isThought: boolean;
}

const turnOf = ({ speaker, parts, weight }: Said): ExampleTurn => ({
  role: speaker === 'model' || speaker === 'call' ? 'model' : 'user',
  parts,
  weight: speaker === 'model' || speaker === 'user' ? weight : undefined,
});

const namesIn = (message: ParsedObject): [from: string, value: string] => {
  const word = wordAlone(message);
  if (word !== undefined) return [word, word];
  const from = nameIn(message, SPEAKER_FIELDS) ?? 'from';
  const text = TEXT_FIELDS.find((field) => typeof message[field] === 'string');
  return [from, text ?? nameIn(message, TEXT_FIELDS) ?? (from === 'from' ? 'value' : 'content')];
};

/** The text in a list of nothing but a part with it, as LangChain and Anthropic may have it; else what it is. */
function onlyText(value: unknown, isBesideCalls: boolean): unknown {
  if (!Array.isArray(value)) return value;
  // Calls that stand in the text's list, too, are read where they are listed.
  const parts = isBesideCalls ? value.filter((part) => !isObject(part) || part.type !== 'tool_use') : value;
  const [part, ...more] = parts;
  if (isBesideCalls && part === undefined) return '';
  const isAlone =
    isObject(part) && part.type === 'text' && Object.keys(part).length === 2 && more.length === 0;
  return isAlone ? part.text : value;
}

interface SaidReading extends CallReading {
  /** The name of the list that the message is of. */
  list: string;
}

function readSaid(one: ParsedObject, at: string, reading: SaidReading): Said | undefined {
  const [message, path] = messageOfLangChain(one, at);
  const [from, value] = namesIn(message);
  const speaker = readSpeaker(message, [from, value], { ...reading, path });
  const calls = speaker === 'model' ? readCalls(message, path, reading) : [];
  if (calls === undefined) return undefined;
  const isBesideCalls = calls.length > 0;
  const said = { [value]: onlyText(message[value], isBesideCalls) };
  const isLeftOut = isBesideCalls && isNothing(said[value]);
  const text = isLeftOut ? '' : textIn(said, value, { ...reading, path: `${path}.${value}` });
  if (speaker === undefined || text === undefined) return undefined;
  const notes = [...FIELDS_OF_WEIGHT, ...FIELDS_OF_THOUGHTS];
  const known = [from, value, ...SAID_TWICE, ...notes, ...(from === 'type' ? NOTES_OF_LANGCHAIN : [])];
  noteUnused(message, [...known, ...(OF_SPEAKER[speaker] ?? [])], reading, `${reading.list}[].`);
  const parts = readParts({ speaker, text, message }, path, reading);
  return (
    parts && {
      speaker,
      parts: [...parts, ...calls],
      weight: weightIn(message),
      isThought: hasThought(message),
    }
  );
}

/** What is read of some who speak besides. */
const OF_SPEAKER: Readonly<Record<string, readonly string[]>> = {
  model: FIELDS_OF_CALLS,
  response: ['tool_call_id', 'name'],
};

function readSpeaker(
  message: ParsedObject,
  [from, value]: [string, string],
  { report, path }: FormReading & { path: string },
): Said['speaker'] | undefined {
  const isWord = from === value;
  const name = isWord ? from.toLowerCase() : textIn(message, from, { report, path: `${path}.${from}` });
  if (name === undefined) return undefined;
  if (Object.hasOwn(SPEAKERS, name)) return SPEAKERS[name];
  const words = { user: 'human', model: 'gpt', system: 'system' };
  const found = speakerFound(name, words);
  report('role_unknown', { ...found, allowed: '"human", "gpt" or "system"' }, { path: `${path}.${from}` });
  return undefined;
}

function readParts(
  { speaker, text, message }: { speaker: Said['speaker']; text: string; message: ParsedObject },
  path: string,
  reading: SaidReading,
): ExamplePart[] | undefined {
  if (speaker === 'call') return readCallsIn(text, path, reading);
  const { name } = message;
  // What was called stands in a text then, as by Hermes, and what that gave is left as one, too.
  const isBesideText = speaker === 'response' && reading.open.length === 0 && isNothing(name);
  if (speaker === 'response' && !isBesideText) {
    const part = readResult({ id: message.tool_call_id, name, text }, path, reading);
    return part && [part];
  }
  return text === '' ? [] : [textPart(text)];
}

/** The JSON of a call, `{"name", "arguments"}`, or of a list of them. */
function readCallsIn(text: string, path: string, reading: SaidReading): ExamplePart[] | undefined {
  const list = valueOfText(text);
  const written = Array.isArray(list) && list.length > 0 ? list : [readJsonText(text, path, reading)];
  const calls = written.map((call) => (call === undefined ? undefined : readCall(call, path, reading)));
  const sound = calls.filter((call) => call !== undefined);
  return sound.length === calls.length ? sound : undefined;
}
