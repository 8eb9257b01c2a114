/** The parts of a Gemini content: texts, files, calls of functions and their answers. */
import { isObject, type ParsedObject, typeName } from '../../../json/values.ts';
import { fileKindOf } from '../../../models/file-kinds.ts';
import type { Reporter } from '../../lines/reporter.ts';
import type { FilePart } from '../../tallies/named-files.ts';
import type { ExtraFields } from '../extra-fields.ts';
import { checkWellFormed } from '../fields.ts';

/** Google's documents and clients spell keys in camelCase and in snake_case. */
export function member(object: ParsedObject, camel: string, snake: string): unknown {
  return object[camel] ?? object[snake];
}

/** Whether a part is what a model thought before it answered: a text, too, and no part of the answer. */
export const isThought = (part: unknown): boolean => isObject(part) && part.thought === true;

/** The members of a part that are read, or told of. */
const OF_PART = [
  ...['text', 'fileData', 'file_data', 'inlineData', 'inline_data', 'thought'],
  ...['functionCall', 'function_call', 'functionResponse', 'function_response'],
  ...['videoMetadata', 'video_metadata', 'mediaResolution', 'media_resolution'],
];

/** Notes what else is in the parts of an example. */
export function notePartFields({ contents }: ParsedObject, { note }: Pick<ExtraFields, 'note'>): void {
  if (!Array.isArray(contents)) return;
  for (const content of contents.filter(isObject)) {
    const parts = Array.isArray(content.parts) ? content.parts.filter(isObject) : [];
    for (const part of parts) {
      if (Object.keys(part).some((key) => !OF_PART.includes(key))) note(part, OF_PART, 'contents[].parts[].');
    }
  }
}

/** The functions that an example declares, as a text: the model is asked with them. */
export function toolTexts(tools: unknown): string[] {
  const areNone = tools === undefined || tools === null || (Array.isArray(tools) && tools.length === 0);
  return areNone ? [] : [JSON.stringify(tools)];
}

export interface PartsFound {
  /** Texts, in their order; a call or an answer of a function is its JSON. */
  texts: string[];
  files: FilePart[];
  /** Where the first call of a function or its answer is. */
  firstCall?: string | undefined;
  /** Where the first part is that has a resolution of its own. */
  firstResolution?: string | undefined;
  /** Where the first part is that the model thought, and did not say. */
  firstThought?: string | undefined;
  areSound: boolean;
}

/** Reads the parts of one content; reports what is wrong with each. */
export function readParts(value: unknown, path: string, report: Reporter): PartsFound {
  const found: PartsFound = { texts: [], files: [], areSound: true };
  if (!Array.isArray(value)) {
    const expected = 'a list of parts';
    if (value === undefined) report('field_missing', { field: 'parts' }, { path });
    else report('field_wrong_type', { expected, type: typeName(value) }, { path });
    return { ...found, areSound: false };
  }
  if (value.length === 0) {
    report('field_empty', {}, { path });
    return { ...found, areSound: false };
  }
  value.forEach((part, index) => {
    if (!readPart(part, `${path}[${index}]`, { report, found })) found.areSound = false;
  });
  return found;
}

function readPart(
  part: unknown,
  path: string,
  { report, found }: { report: Reporter; found: PartsFound },
): boolean {
  if (!isObject(part)) {
    report('field_wrong_type', { expected: 'an object such as {"text"}', type: typeName(part) }, { path });
    return false;
  }
  if (member(part, 'mediaResolution', 'media_resolution') !== undefined) found.firstResolution ??= path;
  if (isThought(part)) {
    found.firstThought ??= path;
    return true;
  }
  const { text } = part;
  if (text !== undefined) return readText(text, `${path}.text`, { report, found });
  const file = member(part, 'fileData', 'file_data');
  if (file !== undefined) return readFile(file, path, { report, found });
  const call =
    member(part, 'functionCall', 'function_call') ?? member(part, 'functionResponse', 'function_response');
  if (call !== undefined) return readCall(call, path, { report, found });
  const isInline = member(part, 'inlineData', 'inline_data') !== undefined;
  report(isInline ? 'part_inline_data' : 'part_unknown', {}, { path });
  return false;
}

interface Reading {
  report: Reporter;
  found: PartsFound;
}

function readText(text: unknown, path: string, { report, found }: Reading): boolean {
  if (typeof text !== 'string') {
    report('field_wrong_type', { expected: 'a text', type: typeName(text) }, { path });
    return false;
  }
  found.texts.push(text);
  return checkWellFormed(text, path, report);
}

function readCall(call: unknown, path: string, { report, found }: Reading): boolean {
  if (!isObject(call) || typeof call.name !== 'string' || call.name === '') {
    report('field_missing', { field: 'name' }, { path });
    return false;
  }
  found.firstCall ??= path;
  found.texts.push(JSON.stringify(call));
  return true;
}

function readFile(file: unknown, path: string, { report, found }: Reading): boolean {
  const uri = isObject(file) ? member(file, 'fileUri', 'file_uri') : undefined;
  const type = isObject(file) ? member(file, 'mimeType', 'mime_type') : undefined;
  if (typeof uri !== 'string' || uri === '') {
    report('field_missing', { field: 'fileUri' }, { path });
    return false;
  }
  const kind = fileKindOf(type);
  if (kind === undefined) {
    report('file_kind_unknown', {}, { path });
    return false;
  }
  found.files.push({ uri, kind, path });
  return true;
}
