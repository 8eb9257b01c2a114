/** Two answers by the names of two sides, and which side won: the rows of Chatbot Arena and the like. */
import type { ParsedObject } from '../../json/values.ts';
import { valueOfText } from '../lines/text-value.ts';
import { CHOSEN_REJECTED } from './chosen-rejected.ts';
import type { Example } from './example.ts';
import { type FormReading, fieldIn, has, noteUnused, SYSTEM_FIELDS } from './form.ts';

const STEMS = ['conversation', 'response', 'answer', 'output', 'completion', 'generation'];
const ENDS = [
  ['_a', '_b'],
  ['_A', '_B'],
  ['_1', '_2'],
  ['A', 'B'],
  ['1', '2'],
] as const;
const ASKED = ['prompt', 'question', 'instruction', 'query', 'input'] as const;
const VERDICTS = ['winner', 'preference', 'preferred', 'choice', 'better', 'best'] as const;
const ONE_EACH = ['winner_model_a', 'winner_model_b'] as const;
/** Who answered, who judged, and what was found out about the texts. */
const NOTES = [
  ...['question_id', 'model_a', 'model_b', 'model_1', 'model_2', 'judge', 'turn', 'language', 'anony'],
  ...['tstamp', 'openai_moderation', 'toxic_chat_tag', 'winner_tie', 'generator_1', 'generator_2'],
];
/** A side by its letter or number, alone or behind a word. */
const SIDE = /^(?:[a-z]+[_ -]?)?([ab12])$/;

interface TwoSides {
  /** Undefined where the question is in the conversations. */
  asked: string | undefined;
  answers: readonly [first: string, second: string];
  /** What says which one is the better. */
  notes: readonly string[];
  better: number | undefined;
  expected: string;
  /** What jq keeps, where the others are to be removed. */
  decided: string;
}

/** The sides of a record; undefined where it has none, or nothing that says which one won. */
export function sidesOf(record: ParsedObject): TwoSides | undefined {
  const asked = fieldIn(record, ASKED);
  const found = STEMS.flatMap((stem) => ENDS.map((ends) => ({ stem, ends }))).find(
    ({ stem, ends }) => has(record, ...ends.map((end) => stem + end)) && (stem === 'conversation' || asked),
  );
  if (found === undefined) return undefined;
  const { stem, ends } = found;
  const answers = [stem + ends[0], stem + ends[1]] as const;
  const said = fieldIn(record, VERDICTS);
  if (has(record, ...ONE_EACH)) {
    const won = ONE_EACH.findIndex((field) => /^(?:1|true)$/i.test(String(record[field])));
    const [expected, decided] = [`1 in one of ${ONE_EACH.join(' and ')}`, `.${ONE_EACH.join(' != .')}`];
    return { asked, answers, notes: ONE_EACH, better: won < 0 ? undefined : won, expected, decided };
  }
  if (said === undefined) return undefined;
  const side = SIDE.exec(String(record[said]).toLowerCase())?.[1];
  const place = ends.findIndex((end) => end.toLowerCase().endsWith(side ?? '?'));
  return {
    ...{ asked, answers, notes: [said], better: place < 0 ? undefined : place },
    expected: `the one of ${answers.map((field) => `"${field}"`).join(' and ')} that won`,
    decided: `.${said} | tostring | ascii_downcase | test("^([a-z]+[_ -]?)?[${ends.map((end) => end.slice(-1).toLowerCase()).join('')}]$")`,
  };
}

/** The example of a record that has sides; undefined where an issue with it was reported. */
export function readSidesOf(
  record: ParsedObject,
  { asked, answers, notes, better, expected, decided }: TwoSides,
  reading: FormReading,
): Example | undefined {
  if (better === undefined) {
    reading.report('preference_undecided', { expected, decided }, { path: notes[0] ?? answers[0] });
    return undefined;
  }
  const [chosen, rejected] = better === 0 ? answers : [answers[1], answers[0]];
  const given: ParsedObject = { chosen: saidIn(record[chosen]), rejected: saidIn(record[rejected]) };
  if (!answers[0].startsWith('conversation')) given.prompt = saidIn(record[asked ?? 'prompt']);
  for (const field of SYSTEM_FIELDS) if (has(record, field)) given[field] = record[field];
  noteUnused(record, [asked ?? '', ...answers, ...notes, ...NOTES, ...ONE_EACH, ...SYSTEM_FIELDS], reading);
  return CHOSEN_REJECTED.read(given, reading);
}

/** A text that a table has as a list of one: what was said in the only round. */
function saidIn(value: unknown): unknown {
  const list = typeof value === 'string' && /^\s*\[\s*"/.test(value) ? valueOfText(value) : undefined;
  return Array.isArray(list) && list.length === 1 && typeof list[0] === 'string' ? list[0] : value;
}
