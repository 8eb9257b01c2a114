/** Gemini's `contents` and `systemInstruction` as turns of text: the same in data sets and in requests. */
import { camelKeys, isJsonObject, type Json, type JsonObject } from '../http/json.ts';
import type { Turn } from './prompts.ts';

/** Members of a part that are no text, and what Google's refusals call them. */
const MODALITIES: Readonly<Record<string, string>> = {
  functionCall: 'function call',
  functionResponse: 'function response',
  fileData: 'file',
  inlineData: 'inline data',
};

export interface Contents {
  turns: Turn[];
  /** What is in the parts beside text, each kind once. */
  modalities: string[];
}

/** `refuse` makes the error of what is wrong. */
export function readContents(
  contents: readonly Json[],
  roles: readonly string[],
  refuse: (why: string) => Error,
): Contents {
  const read = contents.map((content) => readContent(content, roles, refuse));
  return {
    turns: read.map(({ turn }) => turn),
    modalities: [...new Set(read.flatMap(({ modalities }) => modalities))],
  };
}

function readContent(written: Json, roles: readonly string[], refuse: (why: string) => Error) {
  if (!isJsonObject(written)) throw refuse('Each of the contents must be an object.');
  const content = camelKeys(written);
  const { parts } = content;
  if (!Array.isArray(parts) || parts.length === 0) throw refuse('Each of the contents needs parts.');
  const read = parts.map((part) => readPart(part, refuse));
  const modalities = read.flatMap(({ modality }) => modality ?? []);
  const role = content.role ?? (modalities.includes('function response') ? 'user' : roles[0]);
  if (typeof role !== 'string' || !roles.includes(role)) {
    // Google's own sentence, in answer to a request.
    throw refuse(`Please use a valid role: ${roles.filter((one) => one !== 'function').join(', ')}.`);
  }
  const author = role === 'model' || role === 'assistant' ? 'assistant' : 'user';
  return { turn: { author, content: read.map(({ text }) => text).join('\n') }, modalities };
}

/** What is no text is read as its JSON, so that a call of a function can be learned as any other answer. */
function readPart(written: Json, refuse: (why: string) => Error): { text: string; modality?: string } {
  if (!isJsonObject(written)) throw refuse('Each of the parts must be an object.');
  const part = camelKeys(written);
  if (typeof part.text === 'string') return { text: part.text };
  const member = Object.keys(MODALITIES).find((name) => part[name] !== undefined);
  if (member === undefined) throw refuse('Each of the parts needs a text, a file or a call of a function.');
  return {
    text: member === 'inlineData' ? '' : JSON.stringify(part[member]),
    modality: MODALITIES[member] ?? member,
  };
}

/** Each part is a paragraph of its own (Google's page). A text stands for a content of one part. */
export function readSystemInstruction(instruction: Json | undefined): string {
  if (typeof instruction === 'string') return instruction;
  const { parts }: JsonObject = isJsonObject(instruction) ? instruction : {};
  const texts = (Array.isArray(parts) ? parts : []).map((part) =>
    isJsonObject(part) ? part.text : undefined,
  );
  return texts.filter((text) => typeof text === 'string').join('\n');
}
