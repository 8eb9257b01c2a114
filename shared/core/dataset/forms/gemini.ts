/** Google's forms: `contents`, preferences, and the lines of batch prediction. */
import { isObject, type ParsedObject, scalarText } from '../../json/values.ts';
import { ROLES_OF_OTHERS, readTurns } from '../formats/turns/contents.ts';
import { isThought, member } from '../formats/turns/parts.ts';
import { readCompletions } from '../formats/turns/preference.ts';
import type { Example, ExamplePart, ExampleTurn } from './example.ts';
import { type Form, type FormReading, noteUnused, objectIn } from './form.ts';
import { parsedObject } from './json-text.ts';
import { contentInResponse, loggedIn, NOTES_OF_LOG, notesOfAnswer } from './logged.ts';
import { toolsOfGemini, writeGeminiTools } from './tools.ts';

const KNOWN = ['contents', 'systemInstruction', 'system_instruction', 'tools'];

/** `{"systemInstruction"?, "contents": [{"role", "parts"}], "tools"?}`. */
export const CONTENTS: Form = {
  path: 'contents',
  matches: ({ contents }) => Array.isArray(contents),
  isForeign: ({ contents, ...record }) =>
    SYSTEMS.some((field) => typeof record[field] === 'string') ||
    (Array.isArray(contents) &&
      contents.some((content) => isObject(content) && (isLoose(content) || hasThought(content)))),
  read(record, reading) {
    const example = readContents(record, reading);
    if (example) noteUnused(record, KNOWN, reading);
    return example;
  },
  write: ({ system, turns, tools }) => ({
    systemInstruction: writeSystem(system),
    contents: turns.map(writeTurn),
    tools: tools && writeGeminiTools(tools),
  }),
};

/** `{"contents": [...], "completions": [{"score": 1, "completion"}, {"score": 0, "completion"}]}`. */
export const PREFERENCE: Form = {
  path: 'contents',
  isPair: true,
  matches: ({ contents, completions }) => Array.isArray(contents) && Array.isArray(completions),
  read(record, reading) {
    const example = readContents(record, reading);
    const completions = readCompletions(record, reading.report);
    if (!example || !completions) return undefined;
    noteUnused(record, [...KNOWN, 'completions'], reading);
    const [better = '', worse = ''] = completions;
    const answer = (text: string): ExampleTurn => ({ role: 'model', parts: [{ kind: 'text', text }] });
    return { ...example, pair: { better: answer(better), worse: answer(worse) } };
  },
  write: ({ system, turns, pair }) => ({
    systemInstruction: writeSystem(system),
    contents: turns.map(writeTurn),
    completions: pair && [
      { score: 1, completion: writeTurn(pair.better) },
      { score: 0, completion: writeTurn(pair.worse) },
    ],
  }),
};

const OF_REQUEST = [
  ...KNOWN,
  ...[
    'generationConfig',
    'generation_config',
    'safetySettings',
    'safety_settings',
    'labels',
    'cachedContent',
  ],
];

/** Lines of a batch prediction or of a log, with their answer or with the answer as the last content. */
export const VERTEX_BATCH: Form = {
  path: 'request.contents',
  matches: (record) => loggedIn(record, 'contents') !== undefined,
  read(record, reading) {
    const logged = loggedIn(record, 'contents') ?? {
      request: objectIn(record, 'request', reading),
      fields: [],
    };
    const { request, fields } = logged;
    if (!request) return undefined;
    const answer = 'response' in logged ? contentInResponse(logged.response) : undefined;
    const { contents: asked } = request;
    const contents = answer && Array.isArray(asked) ? [...asked, answer] : asked;
    const example = readContents({ ...request, contents }, reading);
    if (!example) return undefined;
    noteUnused(record, [...fields, ...NOTES_OF_LOG], reading);
    noteUnused(request, OF_REQUEST, reading, 'request.');
    return 'response' in logged ? { ...example, ...notesOfAnswer(logged.response) } : example;
  },
};

const SYSTEMS = ['systemInstruction', 'system_instruction'] as const;

/** A text, a part, or texts in place of parts, as Google's clients for Python take them. */
const areLoose = (parts: unknown) =>
  typeof parts === 'string' || isObject(parts) || (Array.isArray(parts) && parts.some(isText));

/** The same under the name that OpenAI has for it. */
const isLoose = ({ parts, content }: ParsedObject) =>
  areLoose(parts) || (parts === undefined && isText(content));

const isText = (value: unknown) => typeof value === 'string';

const asPart = (part: unknown) => (typeof part === 'string' ? { text: part } : part);

/** The content with a list of parts, where what it has can be one. */
function withParts(content: unknown): unknown {
  if (!isObject(content) || !isLoose(content)) return content;
  const { parts, ...rest } = content;
  if (parts === undefined) {
    const { content: said, ...more } = rest;
    return { ...more, parts: [asPart(said)] };
  }
  return { ...rest, parts: (Array.isArray(parts) ? parts : [parts]).map(asPart) };
}

/** The record as Google's pages write it. */
function asWritten(record: ParsedObject): ParsedObject {
  const { contents } = record;
  const written: ParsedObject = {
    ...record,
    contents: Array.isArray(contents) ? contents.map(withParts) : contents,
  };
  for (const field of SYSTEMS) {
    const system = record[field];
    if (isText(system)) written[field] = system === '' ? undefined : { parts: [{ text: system }] };
  }
  return written;
}

function readContents(given: ParsedObject, reading: FormReading): Example | undefined {
  const record = asWritten(given);
  const { areSound } = readTurns(record, reading.report, ROLES_OF_OTHERS);
  if (!areSound) return undefined;
  const system = member(record, 'systemInstruction', 'system_instruction') as ParsedObject | null | undefined;
  const texts = system && (system.parts as ParsedObject[]).map(({ text }) => scalarText(text));
  const tools = toolsOfGemini(record.tools, reading);
  const contents = record.contents as ParsedObject[];
  const turns = contents.map((content) => turnOf(content, reading));
  return {
    system: texts?.filter((text) => text !== ''),
    turns: turns.filter(({ parts }) => parts.length > 0),
    hasThoughts: contents.some(hasThought) || undefined,
    tools,
  };
}

const hasThought = ({ parts }: ParsedObject) => Array.isArray(parts) && parts.some(isThought);

function turnOf(content: ParsedObject, reading: FormReading): ExampleTurn {
  noteUnused(content, ['role', 'parts'], reading, 'contents[].');
  const isModel = content.role === 'model' || content.role === 'assistant';
  const said = (content.parts as ParsedObject[]).filter((part) => !isThought(part));
  return { role: isModel ? 'model' : 'user', parts: said.map((part) => partOf(part, reading)) };
}

const OF_PART = ['text', 'fileData', 'file_data', 'functionCall', 'function_call', 'functionResponse'];
const IN_PART = [...OF_PART, 'function_response', 'thought'];

function partOf(part: ParsedObject, reading: FormReading): ExamplePart {
  noteUnused(part, IN_PART, reading, 'parts[].');
  if (typeof part.text === 'string') return { kind: 'text', text: part.text };
  const file = member(part, 'fileData', 'file_data') as ParsedObject | undefined;
  if (file) {
    const uri = scalarText(member(file, 'fileUri', 'file_uri'));
    return { kind: 'file', uri, mimeType: scalarText(member(file, 'mimeType', 'mime_type')) };
  }
  const call = member(part, 'functionCall', 'function_call') as ParsedObject | undefined;
  if (call) return { kind: 'call', name: scalarText(call.name), args: parsedObject(call.args) ?? {} };
  const answer = member(part, 'functionResponse', 'function_response') as ParsedObject;
  return { kind: 'response', name: scalarText(answer.name), response: parsedObject(answer.response) ?? {} };
}

const writeSystem = (system: Example['system']) =>
  system && system.length > 0 ? { role: 'system', parts: system.map((text) => ({ text })) } : undefined;

const writeTurn = ({ role, parts }: ExampleTurn) => ({ role, parts: parts.map(writePart) });

function writePart(part: ExamplePart): object {
  switch (part.kind) {
    case 'text':
      return { text: part.text };
    case 'file':
      return { fileData: { mimeType: part.mimeType, fileUri: part.uri } };
    case 'call':
      return { functionCall: { name: part.name, args: part.args } };
    case 'response':
      return { functionResponse: { name: part.name, response: part.response } };
    case 'unread':
      return {};
  }
}
