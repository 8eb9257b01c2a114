/** What a line of a data set says, in each of the formats that a tuning job takes (Google's pages "prepare data"). */
import { camelKeys, isJsonObject, type Json, type JsonObject } from '../http/json.ts';
import { readContents, readSystemInstruction } from '../training/contents.ts';
import type { Turn } from '../training/prompts.ts';

/** An example: what was said, in order, and who said it. */
export interface Row {
  system: string;
  /** Authors are `user` and `assistant`. */
  turns: Turn[];
  /** Two answers to the turns, where a preference is to be learned. */
  answers?: { chosen: string; rejected: string };
  /** Kinds of parts other than text. */
  modalities: string[];
}

export type RowFormat = 'gemini' | 'preference' | 'open';

/** Why a row cannot be taken, in the words that follow `Row: N. `. */
export class RowProblem extends Error {}

/** Throws a RowProblem. That of a missing `contents` is Google's own sentence; the others follow it. */
export function readRow(line: string, format: RowFormat): Row {
  return READ[format](camelKeys(parse(line)));
}

function parse(line: string): JsonObject {
  try {
    const row: unknown = JSON.parse(line);
    if (isJsonObject(row)) return row;
  } catch {
    // Refused below, as any other line that is no object.
  }
  throw new RowProblem('It is not a JSON object.');
}

const READ: Readonly<Record<RowFormat, (row: JsonObject) => Row>> = {
  gemini: (row) => endingWithAnswer(readConversation(row, ['user', 'model', 'function'])),
  preference: readPreference,
  open: (row) => {
    if (row.prompt !== undefined || row.completion !== undefined) return readPrompt(row);
    if (row.messages !== undefined) return endingWithAnswer(readMessages(row));
    return endingWithAnswer(readConversation(row, ['user', 'assistant']));
  },
};

const missing = (field: string) => new RowProblem(`Missing required \`${field}\` field.`);

/** The row as it is, if its last turn is one to learn. */
function endingWithAnswer(row: Row): Row {
  const last = row.turns.at(-1);
  if (last?.author === 'assistant' && last.content !== '') return row;
  throw new RowProblem('The last of the contents must be an answer of the model.');
}

function readConversation(row: JsonObject, roles: readonly string[]): Row {
  if (!Array.isArray(row.contents) || row.contents.length === 0) throw missing('contents');
  const { turns, modalities } = readContents(row.contents, roles, (why) => new RowProblem(why));
  return { system: readSystemInstruction(row.systemInstruction), turns, modalities };
}

function readPreference(row: JsonObject): Row {
  const read = readConversation(row, ['user', 'model']);
  if (read.turns.at(-1)?.author !== 'user')
    throw new RowProblem('The last of the contents must be of a user.');
  const { completions } = row;
  if (!Array.isArray(completions)) throw missing('completions');
  const answers = completions.map(readCompletion);
  const chosen = answers.find(({ score }) => score === 1);
  const rejected = answers.find(({ score }) => score === 0);
  if (answers.length !== 2 || !chosen || !rejected) {
    throw new RowProblem('There must be two completions, one with score 1 and one with score 0.');
  }
  return { ...read, answers: { chosen: chosen.text, rejected: rejected.text } };
}

function readCompletion(completion: Json): { score: Json | undefined; text: string } {
  const { score, completion: content } = isJsonObject(completion) ? completion : {};
  if (!isJsonObject(content)) throw missing('completion');
  const { turns } = readContents([content], ['model'], (why) => new RowProblem(why));
  return { score, text: turns[0]?.content ?? '' };
}

function readPrompt({ prompt, completion }: JsonObject): Row {
  if (typeof prompt !== 'string' || prompt === '') throw missing('prompt');
  if (typeof completion !== 'string' || completion === '') throw missing('completion');
  const turns = [
    { author: 'user', content: prompt },
    { author: 'assistant', content: completion },
  ];
  return { system: '', turns, modalities: [] };
}

const MESSAGE_ROLES = ['system', 'user', 'assistant'];

/** `content` is a text or a list of parts, of which those that are text are read. */
function readMessages({ messages }: JsonObject): Row {
  if (!Array.isArray(messages) || messages.length === 0) throw missing('messages');
  const said = messages.map((message) => {
    const { role, content } = isJsonObject(message) ? message : {};
    if (typeof role !== 'string' || !MESSAGE_ROLES.includes(role)) {
      throw new RowProblem(`The role of a message must be ${MESSAGE_ROLES.join(', ')}.`);
    }
    const parts: Json[] = Array.isArray(content) ? content : [{ type: 'text', text: content ?? null }];
    const text = parts.flatMap((part) =>
      isJsonObject(part) && typeof part.text === 'string' ? [part.text] : [],
    );
    return { author: role, content: text.join('\n'), isText: parts.length === text.length };
  });
  return {
    system: said.flatMap(({ author, content }) => (author === 'system' ? [content] : [])).join('\n'),
    turns: said
      .filter(({ author }) => author !== 'system')
      .map(({ author, content }) => ({ author, content })),
    modalities: said.every(({ isText }) => isText) ? [] : ['image'],
  };
}
