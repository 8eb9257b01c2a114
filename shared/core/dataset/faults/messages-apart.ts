/** Recognises a file in which each record is one message of a conversation. */
import type { MessageFields, MessagesApart } from '../../issues/messages-apart.ts';
import { isObject, type ParsedObject } from '../../json/values.ts';
import type { Beginning } from './beginning.ts';
import { hasAnswer, type IsInKnownForm } from './unknown-form.ts';

interface FoundApart extends MessageFields {
  kind: MessagesApart;
}

/** What people call what all messages of a conversation share. */
const KEYS = [
  ...['conversation_id', 'thread_id', 'session_id', 'dialog_id', 'dialogue_id', 'chat_id', 'conv_id'],
  ...['conversationId', 'threadId', 'sessionId', 'dialogId', 'dialogueId', 'chatId', 'ticket_id', 'ticketId'],
];
const SPEAKERS = ['role', 'from', 'speaker', 'sender', 'author', 'sender_type'];
const SAID = ['content', 'text', 'message', 'value', 'body', 'utterance'];
const PLACES = [
  ...[
    'turn',
    'turn_id',
    'turn_index',
    'turn_number',
    'turn_idx',
    'message_index',
    'position',
    'order',
    'seq',
  ],
];

const has = (one: ParsedObject, ...keys: string[]) => keys.every((key) => Object.hasOwn(one, key));

const isOfTree = (one: ParsedObject) => has(one, 'message_id', 'parent_id', 'role', 'text');
const isOfThread = (one: ParsedObject) =>
  one.object === 'thread.message' && has(one, 'thread_id', 'role', 'content', 'created_at');
const isOfSlack = (one: ParsedObject) => typeof one.ts === 'string' && has(one, 'type', 'text');

/** The kind of messages that the first records are; undefined where they are something else. */
export function recogniseApart(values: Beginning['values'], isKnown: IsInKnownForm): FoundApart | undefined {
  if (values.length < 2 || !values.every(isObject)) return undefined;
  const records = values as readonly ParsedObject[];
  if (records.some((record) => isKnown(record) || hasAnswer(record))) return undefined;
  const fields = { speaker: 'role', said: 'content' };
  if (records.every(isOfTree)) return { kind: 'tree', ...fields };
  if (records.every(isOfThread)) return { kind: 'openai_thread', ...fields };
  if (records.every(isOfSlack)) return { kind: 'slack', ...fields };
  return keyedOrLoose(records);
}

function keyedOrLoose(records: readonly ParsedObject[]): FoundApart | undefined {
  const fieldOf = (names: readonly string[], type: string) =>
    names.find((name) => records.every((record) => typeof record[name] === type));
  const [speaker, said] = [fieldOf(SPEAKERS, 'string'), fieldOf(SAID, 'string')];
  if (speaker === undefined || said === undefined) return undefined;
  if (new Set(records.map((record) => record[speaker])).size < 2) return undefined;
  const key = KEYS.find((name) => records.every((record) => has(record, name)));
  if (key === undefined) return { kind: 'loose', speaker, said };
  const areShared = new Set(records.map((record) => record[key])).size < records.length;
  return areShared ? { kind: 'keyed', key, speaker, said, place: fieldOf(PLACES, 'number') } : undefined;
}
