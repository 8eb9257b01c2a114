/** Forms with one question and one answer in fields of their own. */
import { isObject, type ParsedObject } from '../../json/values.ts';
import { type Example, joined, questionAndAnswer, textsOfTurn } from './example.ts';
import {
  type Form,
  type FormReading,
  firstIn,
  has,
  noteUnused,
  SYSTEM_FIELDS,
  systemIn,
  textIn,
} from './form.ts';
import { readChat } from './openai.ts';

/** A row for a form that calls the two `input` and `output`. */
export function pairForm(input: string, output: string): Form {
  const known = [input, output, ...SYSTEM_FIELDS];
  return {
    path: input,
    matches: (record) => has(record, input, output),
    isForeign: (record) => isConversation(record, input, output),
    read(record, reading) {
      if (isConversation(record, input, output)) return readSides(record, [input, output], reading);
      const asked = textIn(record, input, reading);
      const answered = textIn(record, output, reading);
      if (asked === undefined || answered === undefined) return undefined;
      const before = roundsIn(record.history);
      noteUnused(record, before ? [...known, 'history'] : known, reading);
      const turns = [...(before ?? []), ...questionAndAnswer([asked], answered)];
      return { system: systemIn(record, SYSTEM_FIELDS), turns };
    },
    write: ({ turns: [asked, answered] }) => ({
      [input]: asked && joined(textsOfTurn(asked)),
      [output]: answered && joined(textsOfTurn(answered)),
    }),
  };
}

/** Messages on one side, or on both: what TRL calls conversational. */
function isConversation(record: ParsedObject, ...sides: string[]): boolean {
  return sides.some((side) => isMessage(record[side]) || isMessage(firstIn(record[side])));
}

function readSides(
  record: ParsedObject,
  [input, output]: [string, string],
  reading: FormReading,
): Example | undefined {
  const messages = [messagesIn(record[input], 'user'), messagesIn(record[output], 'assistant')].flat();
  const example = readChat({ ...record, messages }, reading);
  if (example) noteUnused(record, [input, output, 'tools', ...SYSTEM_FIELDS], reading);
  return example;
}

const isMessage = (value: unknown) => isObject(value) && has(value, 'role', 'content');

function messagesIn(side: unknown, role: string): unknown[] {
  if (Array.isArray(side)) return side;
  return [isMessage(side) ? side : { role, content: side }];
}

/** What an instruction is about. */
const MATERIAL = ['input', 'context'] as const;

/** `{"instruction", "input", "output"}` and the like: the first two are two paragraphs of one question. */
function instructionForm(output: string): Form {
  const known = ['instruction', ...MATERIAL, output, 'history', ...SYSTEM_FIELDS];
  return {
    path: 'instruction',
    matches: (record) => has(record, 'instruction', output),
    read(record, reading) {
      const instruction = textIn(record, 'instruction', reading);
      const answered = textIn(record, output, reading);
      const more = MATERIAL.filter((field) => hasText(record[field])).map((field) =>
        textIn(record, field, reading),
      );
      const history = readHistory(record, reading);
      if (answered === undefined || !history) return undefined;
      const asked = [instruction, ...more].filter((text) => text !== undefined);
      if (asked.length <= more.length) return undefined;
      noteUnused(record, known, reading);
      return {
        system: systemIn(record, SYSTEM_FIELDS),
        turns: [...history, ...questionAndAnswer(asked, answered)],
      };
    },
  };
}

export const ALPACA = instructionForm('output');
export const DOLLY = instructionForm('response');

const hasText = (value: unknown) => value !== undefined && value !== null && value !== '';

/** Rounds before, as LLaMA-Factory and ms-swift have them: a list of a question and an answer each; undefined where it is none. */
function roundsIn(history: unknown): Example['turns'] | undefined {
  const rounds = Array.isArray(history) ? history : undefined;
  const areSound = rounds?.every(
    (round) =>
      Array.isArray(round) &&
      round.length === 2 &&
      round.every((said) => typeof said === 'string' && said !== ''),
  );
  return areSound ? rounds?.flatMap(([asked, answered]) => questionAndAnswer([asked], answered)) : undefined;
}

function readHistory({ history }: ParsedObject, { report }: FormReading): Example['turns'] | undefined {
  if (!hasText(history)) return [];
  const rounds = roundsIn(history);
  if (rounds) return rounds;
  report(
    'field_wrong_type',
    { expected: 'a list of questions with their answers', type: 'another value' },
    { path: 'history' },
  );
  return undefined;
}
