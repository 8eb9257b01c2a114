/** OpenAI's forms: conversations, preferences, and the lines of a batch. Open models take the conversations too. */
import { speakerFound } from '../../issues/speakers.ts';
import { isObject, type ParsedObject, scalarText, typeName } from '../../json/values.ts';
import { checkPresent, checkTextValue, checkTurns } from '../formats/fields.ts';
import {
  type CallReading,
  FIELDS_OF_CALLS,
  noteOpen,
  readCalls,
  readResult,
  withJoinedResponses,
} from './calls.ts';
import { isSaid } from './conversations.ts';
import { type Example, type ExamplePart, type ExampleTurn, textPart } from './example.ts';
import {
  FIELDS_OF_THOUGHTS,
  FIELDS_OF_WEIGHT,
  type Form,
  type FormReading,
  firstIn,
  has,
  hasThought,
  isNothing,
  noteUnused,
  objectIn,
  SYSTEM_FIELDS,
  systemIn,
  textIn,
  weightIn,
} from './form.ts';
import { readJsonText } from './json-text.ts';
import { loggedIn, messageInResponse, NOTES_OF_LOG, notesOfAnswer } from './logged.ts';
import { writeChat } from './openai-writer.ts';
import { readTools } from './tools.ts';

/** Settings of a call, which say nothing of what is asked and answered. */
const CALL_SETTINGS = [
  ...['model', 'temperature', 'top_p', 'n', 'stop', 'seed', 'stream', 'user', 'metadata', 'store'],
  ...[
    'max_tokens',
    'max_completion_tokens',
    'presence_penalty',
    'frequency_penalty',
    'logprobs',
    'top_logprobs',
  ],
];
const KNOWN = ['messages', 'tools', 'functions', 'parallel_tool_calls', ...SYSTEM_FIELDS];

/** `{"messages": [{"role", "content"}], "tools"?}`. */
export const OPENAI_CHAT: Form = {
  path: 'messages',
  matches: ({ messages }) => has(firstIn(messages), 'role') && !isSaid(firstIn(messages), 'messages'),
  read(record, reading) {
    const example = readChat(record, reading);
    if (example) noteUnused(record, KNOWN, reading);
    return example;
  },
  write: writeChat,
  isForeign: (record) => SYSTEM_FIELDS.some((field) => has(record, field)) || hasForeignMessage(record),
};

function hasForeignMessage({ messages }: ParsedObject): boolean {
  if (!Array.isArray(messages)) return false;
  return messages
    .filter(isObject)
    .some(
      (message) =>
        OF_OPENAI.includes(scalarText(message.role)) ||
        has(message, 'tool_calls') ||
        hasThought(message) ||
        has(message, 'channel') ||
        ['train', 'training'].some((field) => has(message, field)) ||
        (Array.isArray(message.content) && message.content.some(isOfOthers)),
    );
}

/** Roles that OpenAI has, and open models have not. */
const OF_OPENAI = ['developer', 'tool', 'function'];

/** `{"input": {"messages", "tools"?}, "preferred_output", "non_preferred_output"}`. */
export const OPENAI_PREFERENCE: Form = {
  path: 'input.messages',
  isPair: true,
  // One of the two tells the form: no other has it.
  matches: (record) =>
    (has(record, 'preferred_output') || has(record, 'non_preferred_output')) && isObject(record.input),
  read(record, reading) {
    const input = objectIn(record, 'input', reading);
    if (!input) return undefined;
    const example = readChat(input, reading);
    const better = readAnswer(record, 'preferred_output', reading);
    const worse = readAnswer(record, 'non_preferred_output', reading);
    if (!example || !better || !worse) return undefined;
    noteUnused(input, KNOWN, reading, 'input.');
    noteUnused(record, ['input', 'preferred_output', 'non_preferred_output'], reading);
    return { ...example, pair: { better, worse } };
  },
};

/** `{"input_text", "candidate_0", "candidate_1", "choice"}`: the preferences of the guide's time. */
export const RLHF_PREFERENCE: Form = {
  path: 'input_text',
  isPair: true,
  matches: (record) => has(record, 'candidate_0', 'candidate_1'),
  read(record, reading) {
    const texts = ['input_text', 'candidate_0', 'candidate_1'].map((field) => {
      const value = record[field];
      return checkTextValue(value, field, reading.report) ? value : undefined;
    });
    const choice = Number(scalarText(record.choice) || Number.NaN);
    const [asked, first, second] = texts;
    if (asked === undefined || first === undefined || second === undefined) return undefined;
    if (choice !== 0 && choice !== 1) {
      reading.report(
        'field_wrong_type',
        { expected: '0 or 1', type: typeName(record.choice) },
        { path: 'choice' },
      );
      return undefined;
    }
    noteUnused(record, ['input_text', 'candidate_0', 'candidate_1', 'choice'], reading);
    const answer = (text: string): ExampleTurn => ({ role: 'model', parts: [textPart(text)] });
    const [better, worse] = choice === 0 ? [first, second] : [second, first];
    return {
      turns: [{ role: 'user', parts: [textPart(asked)] }],
      pair: { better: answer(better), worse: answer(worse) },
    };
  },
};

/** Lines of OpenAI's batches, `{"custom_id", "method", "url", "body": {"messages"}}`, and of logs of calls with their answers. */
export const OPENAI_BATCH: Form = {
  path: 'body.messages',
  matches: (record) => loggedIn(record, 'messages') !== undefined,
  read(record, reading) {
    const logged = loggedIn(record, 'messages') ?? { request: objectIn(record, 'body', reading), fields: [] };
    const { request, fields } = logged;
    const answer = 'response' in logged ? messageInResponse(logged.response) : undefined;
    const messages = answer && Array.isArray(request?.messages) ? [...request.messages, answer] : undefined;
    const example = request && readChat(messages ? { ...request, messages } : request, reading);
    if (!example) return undefined;
    // Where the messages stand in the record itself, so do its other fields.
    const isFlat = fields[0] === 'messages';
    const notes = isFlat ? [...KNOWN, ...CALL_SETTINGS, ...NOTES_OF_LOG] : NOTES_OF_LOG;
    if (!isFlat) noteUnused(request, [...KNOWN, ...CALL_SETTINGS], reading, `${fields[0] ?? 'body'}.`);
    noteUnused(record, [...fields, ...notes], reading);
    return 'response' in logged ? { ...example, ...notesOfAnswer(logged.response) } : example;
  },
};

function readAnswer(record: ParsedObject, field: string, reading: FormReading): ExampleTurn | undefined {
  if (!checkPresent(record, field, reading.report)) return undefined;
  const read = readChat({ messages: record[field] }, reading);
  const [only, ...more] = read?.turns ?? [];
  if (only === undefined) return undefined;
  if (only.role === 'model' && more.length === 0) return only;
  reading.report('completions_not_a_pair', { count: more.length + 1 }, { path: field });
  return undefined;
}

/** What the messages of one conversation are read with. */
interface ChatReading extends CallReading {
  /** Where the model thought before it answered. */
  thoughts: string[];
}

/** The conversation in "messages", "tools" and what else it says of them. */
export function readChat(record: ParsedObject, reading: FormReading): Example | undefined {
  const messages = checkTurns(record, 'messages', reading.report);
  const tools = readTools(record.tools ?? record.functions, 'tools', reading);
  if (!messages || tools === null) return undefined;
  const chat: ChatReading = { ...reading, open: [], thoughts: [] };
  const system = [...(systemIn(record, SYSTEM_FIELDS) ?? [])];
  const turns: ExampleTurn[] = [];
  let isSound = true;
  let isSystemMoved: true | undefined;
  messages.forEach((message, index) => {
    const path = `messages[${index}]`;
    const turn = isObject(message) ? readMessage(message, path, chat) : notObject(message, path, reading);
    if (turn === undefined) isSound = false;
    else if (turn.role === 'system') {
      if (turns.length > 0 && turn.texts.length > 0) isSystemMoved = true;
      system.push(...turn.texts);
    } else turns.push(turn);
  });
  if (!isSound) return undefined;
  return {
    system: system.length > 0 ? system : undefined,
    isSystemMoved,
    hasThoughts: chat.thoughts.length > 0 || undefined,
    turns: withJoinedResponses(turns),
    tools,
  };
}

function notObject(message: unknown, path: string, { report }: FormReading): undefined {
  const fields = { expected: 'an object with "role" and "content"', type: typeName(message) };
  report('field_wrong_type', fields, { path });
}

const ROLES = ['system', 'developer', 'user', 'assistant', 'tool', 'function'];
const OF_MESSAGE = [
  // The channel of gpt-oss: of "analysis" are thoughts.
  ...['role', 'content', 'name', 'tool_call_id', 'channel'],
  ...[...FIELDS_OF_CALLS, ...FIELDS_OF_WEIGHT, ...FIELDS_OF_THOUGHTS],
];

/** What OpenAI's newer interface notes of a message. */
const OF_RESPONSES = ['type', 'id', 'status'];

type MessageRead = ExampleTurn | { role: 'system'; texts: string[] };

function readMessage(message: ParsedObject, path: string, reading: ChatReading): MessageRead | undefined {
  const { role } = message;
  if (role === undefined && message.type === 'reasoning') {
    if (!isNothing(message.summary) || !isNothing(message.content)) reading.thoughts.push(path);
    return { role: 'system', texts: [] };
  }
  if (typeof role !== 'string' || !ROLES.includes(role)) {
    const allowed = ROLES.map((one) => `"${one}"`).join(', ');
    const found = speakerFound(role, { user: 'user', model: 'assistant', system: 'system' });
    reading.report('role_unknown', { ...found, allowed }, { path: `${path}.role` });
    return undefined;
  }
  const isOfResponses = message.type === 'message';
  noteUnused(message, isOfResponses ? [...OF_MESSAGE, ...OF_RESPONSES] : OF_MESSAGE, reading, 'messages[].');
  if (hasThought(message)) reading.thoughts.push(path);
  if (message.channel === 'analysis') {
    reading.thoughts.push(path);
    return { role: 'system', texts: [] };
  }
  // It says nothing, and is there where a tool writes one before every conversation.
  if (role === 'system' && (message.content === '' || message.content === null)) return { role, texts: [] };
  if (role === 'tool' || role === 'function') return readResponse(message, path, reading);
  const calls = role === 'assistant' ? readCalls(message, path, reading) : [];
  const parts = readContent(message, path, {
    reading,
    // Of calls with a fault, too: they are told, and there is no other.
    mayBeLeftOut: calls === undefined || calls.length > 0,
  });
  if (!parts || !calls) return undefined;
  if (role === 'system' || role === 'developer') {
    return { role: 'system', texts: parts.flatMap((part) => (part.kind === 'text' ? part.text : [])) };
  }
  return {
    role: role === 'assistant' ? 'model' : 'user',
    parts: [...parts, ...calls],
    weight: weightIn(message),
    name: nameIn(message),
  };
}

const nameIn = ({ name }: ParsedObject) => (typeof name === 'string' && name !== '' ? name : undefined);

function readResponse(message: ParsedObject, path: string, reading: ChatReading): ExampleTurn | undefined {
  const parts = readContent(message, path, { reading, mayBeLeftOut: false });
  if (!parts) return undefined;
  const text = parts.flatMap((part) => (part.kind === 'text' ? part.text : [])).join('\n\n');
  const part = readResult({ id: message.tool_call_id, name: message.name, text }, path, reading);
  return part && { role: 'user', parts: [part] };
}

/** A part as Anthropic has it: a call of a function, or what it answered. */
function readToolPart(
  part: ParsedObject,
  path: string,
  reading: ChatReading & { role: unknown },
): ExamplePart | undefined {
  const { open, report, role } = reading;
  if (part.type === 'tool_use' && role === 'assistant') {
    noteOpen(part, path, open);
    const name = textIn(part, 'name', { report, path: `${path}.name` });
    const args = readJsonText(part.input ?? {}, `${path}.input`, reading);
    if (name === undefined || args === undefined) return undefined;
    noteUnused(part, ['type', 'id', 'name', 'input', 'cache_control'], reading, 'content[].');
    return { kind: 'call', name, args };
  }
  const given = part.content ?? '';
  const list = Array.isArray(given) ? given : [given];
  const texts = list.map((one) => (isObject(one) && one.type === 'text' ? one.text : one));
  if (part.type !== 'tool_result' || role !== 'user' || !texts.every((text) => typeof text === 'string')) {
    report('content_part_unknown', {}, { path });
    return undefined;
  }
  noteUnused(part, ['type', 'tool_use_id', 'content', 'cache_control'], reading, 'content[].');
  return readResult({ id: part.tool_use_id, text: texts.join('\n\n') }, path, reading);
}

function readContent(
  { role, content }: ParsedObject,
  path: string,
  { reading, mayBeLeftOut }: { reading: ChatReading; mayBeLeftOut: boolean },
): ExamplePart[] | undefined {
  const isLeftOut = content === undefined || content === null || content === '';
  if (isLeftOut && mayBeLeftOut) return [];
  const at = `${path}.content`;
  if (!Array.isArray(content) || content.length === 0) {
    return checkTextValue(content, at, reading.report) ? [textPart(content)] : undefined;
  }
  if (content.some(isOfThought)) reading.thoughts.push(path);
  const said = content.filter((part) => !isOfThought(part));
  const parts = said.map((part, index) => readPart(part, `${at}[${index}]`, { ...reading, role }));
  const sound = parts.filter((part) => part !== undefined);
  return sound.length === parts.length ? sound : undefined;
}

/** What Anthropic has of a model's thoughts. */
const isOfThought = (part: unknown) =>
  isObject(part) && (part.type === 'thinking' || part.type === 'redacted_thinking');

/** Content that is no text and stands in the line, or in a store of OpenAI. */
const INLINE = ['input_audio', 'file'];

/** How other interfaces call a text: OpenAI's responses; Amazon's conversations have no type. */
const OTHER_TEXTS = ['input_text', 'output_text', undefined];

const OF_TOOLS = ['tool_use', 'tool_result'];

const isOfOthers = (part: unknown) =>
  isOtherText(part) || isOfThought(part) || (isObject(part) && OF_TOOLS.includes(String(part.type)));

const isOtherText = (part: unknown) =>
  isObject(part) && typeof part.text === 'string' && OTHER_TEXTS.some((type) => type === part.type);

function readPart(
  part: unknown,
  path: string,
  reading: ChatReading & { role: unknown },
): ExamplePart | undefined {
  if (isObject(part) && (part.type === 'text' || isOtherText(part))) {
    noteUnused(part, ['type', 'text'], reading, 'content[].');
    return checkTextValue(part.text, `${path}.text`, reading.report) ? textPart(part.text) : undefined;
  }
  if (isObject(part) && OF_TOOLS.includes(String(part.type))) return readToolPart(part, path, reading);
  if (isObject(part) && part.type === 'image_url') return readImage(part, path, reading);
  if (isObject(part) && INLINE.includes(scalarText(part.type))) return { kind: 'unread' };
  reading.report('content_part_unknown', {}, { path });
  return undefined;
}

const IMAGE_TYPES: Readonly<Record<string, string>> = {
  ...{ png: 'image/png', jpg: 'image/jpeg', jpeg: 'image/jpeg', webp: 'image/webp' },
  ...{ gif: 'image/gif', heic: 'image/heic', heif: 'image/heif' },
};

function readImage(
  { image_url: image }: ParsedObject,
  path: string,
  reading: FormReading,
): ExamplePart | undefined {
  const uri = isObject(image) ? image.url : image;
  if (!checkTextValue(uri, `${path}.image_url.url`, reading.report)) return undefined;
  if (isObject(image)) noteUnused(image, ['url'], reading, 'image_url.');
  const ending = /\.(\w+)(?:[?#]|$)/.exec(uri)?.[1]?.toLowerCase() ?? '';
  const mimeType = IMAGE_TYPES[ending];
  if (mimeType === undefined || uri.startsWith('data:')) return { kind: 'unread' };
  return { kind: 'file', uri, mimeType };
}
