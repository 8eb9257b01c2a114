/** Prompts as Google AI Studio saves them. */
import { isObject, type ParsedObject, typeName } from '../../json/values.ts';
import { checkTextValue, checkTurns } from '../formats/fields.ts';
import { type Example, type ExamplePart, type ExampleTurn, textPart, withJoinedSides } from './example.ts';
import { type Form, type FormReading, noteUnused, objectIn } from './form.ts';

/** Settings, and what is not sent yet. */
const BESIDE = ['runSettings', 'citations'];
const OF_CHUNK = [
  'text',
  'role',
  'tokenCount',
  'finishReason',
  'isThought',
  'isEdited',
  'createTime',
  'branchParent',
];
const NOTES_OF_CHUNK = ['thinkingBudget', 'thoughtSignatures', 'parts', 'branchChildren'];
const ROLES: Readonly<Record<string, ExampleTurn['role']>> = { user: 'user', model: 'model' };

/** `{"runSettings", "systemInstruction", "chunkedPrompt": {"chunks": [{"text", "role"}]}}`. */
export const AI_STUDIO: Form = {
  path: 'chunkedPrompt.chunks',
  matches: ({ chunkedPrompt }) => isObject(chunkedPrompt) && Array.isArray(chunkedPrompt.chunks),
  read(record, reading) {
    const prompt = objectIn(record, 'chunkedPrompt', reading);
    const chunks = prompt && checkTurns(prompt, 'chunks', reading.report);
    const said = chunks?.map((chunk, at) =>
      readChunk(chunk, { ...reading, path: `chunkedPrompt.chunks[${at}]` }),
    );
    if (prompt === undefined || said === undefined || said.includes(undefined)) return undefined;
    noteUnused(record, ['chunkedPrompt', 'systemInstruction', ...BESIDE], reading);
    noteUnused(prompt, ['chunks', 'pendingInputs'], reading, 'chunkedPrompt.');
    return {
      system: systemOf(record),
      turns: withJoinedSides(said.filter((turn) => isObject(turn)) as ExampleTurn[]),
      hasThoughts: said.includes(null) || undefined,
    };
  },
};

function systemOf({ systemInstruction: system }: ParsedObject): Example['system'] {
  const parts = isObject(system) ? (Array.isArray(system.parts) ? system.parts : [system]) : [];
  const texts = parts.map((part: unknown) => (isObject(part) ? part.text : part));
  const found = texts.filter((text) => typeof text === 'string' && text !== '') as string[];
  return found.length > 0 ? found : undefined;
}

/** null for what the model thought. */
function readChunk(chunk: unknown, reading: FormReading & { path: string }): ExampleTurn | null | undefined {
  const { report, path } = reading;
  if (!isObject(chunk)) {
    report('field_wrong_type', { expected: 'an object', type: typeName(chunk) }, { path });
    return undefined;
  }
  if (chunk.isThought === true) return null;
  const role =
    typeof chunk.role === 'string' && Object.hasOwn(ROLES, chunk.role) ? ROLES[chunk.role] : undefined;
  if (role === undefined) {
    report('role_unknown', { allowed: '"user" or "model"' }, { path: `${path}.role` });
    return undefined;
  }
  const part = readPart(chunk, reading);
  return part && { role, parts: [part] };
}

/** A chunk without a text is a file of Google Drive, or one that lies in the prompt. */
function readPart(chunk: ParsedObject, reading: FormReading & { path: string }): ExamplePart | undefined {
  const { report, path } = reading;
  const isFile = Object.keys(chunk).some((name) => /^(?:drive|inline|youtube)[A-Z]/.test(name));
  if (isFile && chunk.text === undefined) return { kind: 'unread' };
  if (!checkTextValue(chunk.text, `${path}.text`, report)) return undefined;
  noteUnused(chunk, [...OF_CHUNK, ...NOTES_OF_CHUNK], reading, 'chunkedPrompt.chunks[].');
  return textPart(chunk.text);
}
