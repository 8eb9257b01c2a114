/** Requests to a model with its answers, as logs and batches have them beside each other. */
import { isObject, type ParsedObject } from '../../json/values.ts';
import type { Example } from './example.ts';
import { firstIn } from './form.ts';
import { parsedObject } from './json-text.ts';

/** What people call the two. */
const NAMES = [
  ['request', 'response'],
  ['full_request', 'full_response'],
  ['request_body', 'response_body'],
  ['requestBody', 'responseBody'],
  ['body', 'response'],
  ['input', 'output'],
  ['inputs', 'outputs'],
] as const;

/** What stands beside messages that end with a question, and answers it: LiteLLM's logs, and tasks with what is expected. */
const BESIDE_MESSAGES = ['response', 'completion', 'output', 'answer', 'reference_answer', 'ideal'] as const;

/** Objects that some have around each: Amazon's logs, and OpenAI's batches. */
const AROUND = ['inputBodyJson', 'outputBodyJson', 'body'] as const;

/** What says only which call it was, when, and how it went. */
export const NOTES_OF_LOG = [
  ...['status', 'processed_time', 'key', 'custom_id', 'method', 'url', 'timestamp', 'time', 'logging_time'],
  ...['model', 'modelId', 'model_version', 'modelVersion', 'deployed_model_id', 'endpoint', 'api_method'],
  ...['request_id', 'requestId', 'error', 'schemaType', 'schemaVersion', 'accountId', 'region', 'operation'],
];

export interface Logged {
  request: ParsedObject;
  /** An object, a text, or what a stream answered with, one after the other. */
  response: ParsedObject | string | ParsedObject[] | undefined;
  /** The names of both. */
  fields: readonly [string, string];
}

/** The request of a record that has such a list, with what was answered. */
export function loggedIn(record: ParsedObject, list: 'contents' | 'messages'): Logged | undefined {
  for (const fields of NAMES) {
    const request = inner(record[fields[0]]);
    if (request === undefined || !Array.isArray(request[list])) continue;
    const response = record[fields[1]];
    const said = typeof response === 'string' ? response : undefined;
    const chunks = Array.isArray(response) ? response.filter(isObject) : undefined;
    return { request, response: chunks ?? inner(response) ?? said, fields };
  }
  return list === 'messages' ? besideMessages(record) : undefined;
}

/** Messages without the answer, which another field of the record has. */
function besideMessages(record: ParsedObject): Logged | undefined {
  const { messages, input, choices } = record;
  // As OpenAI keeps a completion.
  if (isObject(firstIn(input)) && Array.isArray(input) && Array.isArray(choices))
    return { request: { messages: input }, response: { choices }, fields: ['input', 'choices'] };
  const last: unknown = Array.isArray(messages) ? messages.at(-1) : undefined;
  if (!isObject(last) || last.role === undefined || !ASKING.includes(last.role)) return undefined;
  const field = BESIDE_MESSAGES.find((name) => messageInResponse(answerOf(record[name])) !== undefined);
  if (field === undefined) return undefined;
  const { [field]: answer, ...request } = record;
  return { request, response: answerOf(answer), fields: ['messages', field] };
}

const ASKING: readonly unknown[] = ['user', 'tool', 'function'];

const answerOf = (value: unknown) => (typeof value === 'string' ? value : inner(value));

function inner(value: unknown): ParsedObject | undefined {
  const object =
    typeof value === 'string' && !value.trimStart().startsWith('{') ? undefined : parsedObject(value);
  const around = object && AROUND.find((name) => isObject(object[name]));
  return around === undefined ? object : (object?.[around] as ParsedObject);
}

/** What says that an answer ended at the limit of tokens: Google's word, OpenAI's, and Anthropic's and Amazon's. */
const CUT: readonly unknown[] = ['MAX_TOKENS', 'length', 'max_tokens'];
const ENDINGS = ['finishReason', 'finish_reason', 'stop_reason', 'stopReason'] as const;

/** What is read of the answer to a request besides what it says. */
export function notesOfAnswer(response: Logged['response']): Pick<Example, 'isCut' | 'hasOtherAnswers'> {
  const { own, hasOthers } = answersIn(response);
  const told = [...chunksOf(response), ...own];
  const isCut = told.some((one) => ENDINGS.some((field) => CUT.includes(one[field])));
  return { isCut: isCut || undefined, hasOtherAnswers: hasOthers || undefined };
}

function chunksOf(response: Logged['response']): ParsedObject[] {
  const chunks: unknown[] = Array.isArray(response) ? response : [response];
  return chunks.filter(isObject);
}

/** The first of the answers, over all chunks of a stream, and whether there are others. */
function answersIn(response: Logged['response']): { own: ParsedObject[]; hasOthers: boolean } {
  const lists = chunksOf(response).map(({ choices, candidates }) =>
    [choices, candidates].flatMap((list) => (Array.isArray(list) ? list.filter(isObject) : [])),
  );
  const all = lists.flat();
  const numberOf = (answer: ParsedObject | undefined) => answer?.index ?? 0;
  const firsts = lists.map((list) => list.find((one) => numberOf(one) === numberOf(all[0])));
  const own = firsts.filter((one) => one !== undefined);
  return { own, hasOthers: all.length > own.length };
}

/** The message that OpenAI answers with, Anthropic, or Amazon; undefined where there is none. */
export function messageInResponse(response: Logged['response']): ParsedObject | undefined {
  if (typeof response === 'string') return { role: 'assistant', content: response };
  if (!isObject(response)) return undefined;
  const { choices, content, output, role } = response;
  const { message } = firstIn(choices);
  if (isObject(message)) return message;
  if (isObject(response.message)) return response.message;
  if (role === 'assistant' && typeof content === 'string') return { role, content };
  if (isObject(output) && isObject(output.message)) return output.message;
  return Array.isArray(content) ? { role: 'assistant', content } : undefined;
}

/** The content that Gemini answers with, over all chunks of a stream; undefined where there is none. */
export function contentInResponse(response: Logged['response']): ParsedObject | undefined {
  const contents = answersIn(response)
    .own.map(({ content }) => content)
    .filter((content): content is ParsedObject => isObject(content));
  const [begin, ...more] = contents;
  if (begin === undefined || more.length === 0) return begin;
  return {
    ...begin,
    parts: withJoinedTexts(contents.flatMap(({ parts }) => (Array.isArray(parts) ? parts : []))),
  };
}

/** A stream cuts a text anywhere. */
function withJoinedTexts(parts: readonly unknown[]): unknown[] {
  const all: unknown[] = [];
  for (const part of parts) {
    const last = all.at(-1);
    const isSame = isObject(last) && isObject(part) && last.thought === part.thought;
    if (isSame && typeof last.text === 'string' && typeof part.text === 'string')
      all[all.length - 1] = { ...last, text: last.text + part.text };
    else all.push(part);
  }
  return all;
}
