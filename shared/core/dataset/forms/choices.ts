/** Multiple choice: a question, what there is to choose from, and which of it is right. */
import { isObject, type ParsedObject, typeName } from '../../json/values.ts';
import { type Example, questionAndAnswer } from './example.ts';
import {
  type Form,
  type FormReading,
  fieldIn,
  has,
  noteUnused,
  SYSTEM_FIELDS,
  systemIn,
  textIn,
} from './form.ts';

/** What people call the question, the choices, and the right one; the first that a record has counts. */
const ASKED = ['question', 'question_stem', 'query', 'prompt', 'input'] as const;
const CHOICES = ['choices', 'options'] as const;
const RIGHT = [
  ...[
    'answerKey',
    'answerkey',
    'answer_key',
    'answer_idx',
    'answer_index',
    'correct_answer',
    'correct_option',
  ],
  ...['correct', 'answer', 'label', 'target'],
] as const;
/** What the question is about. */
const MATERIAL = ['passage', 'article', 'context'] as const;

const LETTERS = ['A', 'B', 'C', 'D', 'E', 'F', 'G', 'H', 'I', 'J'] as const;
/** What stands before the letter in the names of fields that have a choice each. */
const BEFORE_LETTER = ['', 'option', 'choice', 'op'] as const;

/** The fields that have a choice each, from A on; none where there are not two. */
function columnsOf(record: ParsedObject): string[] {
  const names = new Map(
    Object.keys(record).map((name) => [name.toLowerCase().replaceAll(/[_ ]/g, ''), name]),
  );
  const columns = BEFORE_LETTER.map((before) => {
    const fields = LETTERS.map((letter) => names.get(before + letter.toLowerCase()));
    const end = fields.findIndex((field) => field === undefined || typeof record[field] !== 'string');
    return fields.slice(0, end === -1 ? fields.length : end).filter((field) => field !== undefined);
  });
  return columns.find(({ length }) => length > 1) ?? [];
}

/** A longer answer that is none of the choices is an answer in words. */
const LONGEST_LABEL = 3;

interface Choice {
  label: string;
  text: string;
}

/** `{"question", "choices", "answer"}`, as in MMLU, ARC, RACE and MedQA: the answer is a letter or a label, the text of a choice, or its place from 0 on. */
export const MULTIPLE_CHOICE: Form = {
  path: 'question',
  matches: (record) => {
    const right = fieldIn(record, RIGHT);
    if (right === undefined || fieldIn(record, ASKED) === undefined) return false;
    const choices = choicesIn(record);
    if (choices === undefined) return false;
    const value = record[right];
    return (
      typeof value !== 'string' || value.length <= LONGEST_LABEL || rightOf(value, choices) !== undefined
    );
  },
  read(record, reading) {
    const asked = fieldIn(record, ASKED) ?? 'question';
    const question = textIn(record, asked, reading);
    const choices = choicesIn(record);
    if (choices === undefined) {
      const type = typeName(record.choices ?? record.options);
      reading.report(
        'field_wrong_type',
        { expected: 'a list of texts to choose from', type },
        { path: 'choices' },
      );
    }
    const answer = choices && readAnswer(record, choices, reading);
    if (question === undefined || choices === undefined || answer === undefined) return undefined;
    const about = MATERIAL.filter((field) => typeof record[field] === 'string' && record[field] !== '');
    const rights = RIGHT.filter(
      (field) => has(record, field) && rightOf(record[field], choices)?.label === answer,
    );
    noteUnused(
      record,
      [asked, ...CHOICES, ...columnsOf(record), ...rights, ...about, ...SYSTEM_FIELDS],
      reading,
    );
    const list = choices.map(({ label, text }) => (isLabelled(text, label) ? text : `${label}. ${text}`));
    const paragraphs = [...about.map((field) => String(record[field])), question, list.join('\n')];
    return {
      system: systemIn(record, SYSTEM_FIELDS),
      turns: questionAndAnswer(paragraphs, answer),
      choice: placeIn(record, choices),
    };
  },
};

/** Some write the letter before each choice themselves. */
const isLabelled = (text: string, label: string) =>
  text.startsWith(label) && /^[).:]/.test(text.slice(label.length));

/** The choices of a record, each with its label; undefined where they are none. */
function choicesIn(record: ParsedObject): Choice[] | undefined {
  const given = record[fieldIn(record, CHOICES) ?? 'choices'];
  const columns = given === undefined ? columnsOf(record) : [];
  const choices =
    columns.length > 0
      ? columns.map((column, at): Choice => ({ label: LETTERS[at] ?? '', text: String(record[column]) }))
      : choicesOf(given);
  const areSound =
    choices !== undefined &&
    choices.length > 1 &&
    choices.every(({ text }) => text.trim() !== '') &&
    new Set(choices.map(({ label }) => label)).size === choices.length;
  return areSound ? choices : undefined;
}

function choicesOf(given: unknown): Choice[] | undefined {
  if (Array.isArray(given)) return listed(given);
  if (!isObject(given)) return undefined;
  const { text, label } = given;
  if (Array.isArray(text) && Array.isArray(label) && text.length === label.length) {
    return listed(text.map((one, at) => ({ text: one, label: label[at] })));
  }
  return listed(Object.entries(given).map(([name, one]) => ({ label: name, text: one })));
}

/** Texts, which get letters, or texts with labels of their own. */
function listed(list: readonly unknown[]): Choice[] | undefined {
  const choices = list.map((one, at) => {
    const { text, label } = isObject(one) ? one : { text: one, label: LETTERS[at] };
    return typeof text === 'string' && typeof label === 'string' && label !== ''
      ? { text, label }
      : undefined;
  });
  const sound = choices.filter((choice) => choice !== undefined);
  return sound.length === list.length ? sound : undefined;
}

/** What is meant by a value: the label of a choice or its text, or a number from 0 on; undefined where that is none of them, or more than one. */
function rightOf(value: unknown, choices: readonly Choice[]): Choice | undefined {
  if (typeof value === 'number')
    return choices.find(({ label }) => label === String(value)) ?? choices[value];
  if (typeof value !== 'string') return undefined;
  const said = value.trim();
  const meant = choices.filter(({ label, text }) => label === said || text.trim() === said);
  const place =
    /^\d+$/.test(said) && !choices.some(({ label }) => label === said) ? choices[Number(said)] : undefined;
  const all = new Set([...meant, ...(place ? [place] : [])]);
  return all.size === 1 ? [...all][0] : undefined;
}

/** The place that a number says; one that is a label says none. */
function placeIn(record: ParsedObject, choices: readonly Choice[]): Example['choice'] {
  const said = String(record[fieldIn(record, RIGHT) ?? 'answer']).trim();
  const isPlace =
    /^\d+$/.test(said) && !choices.some(({ label, text }) => label === said || text.trim() === said);
  return isPlace ? { place: Number(said), of: choices.length } : undefined;
}

function readAnswer(
  record: ParsedObject,
  choices: readonly Choice[],
  { report }: FormReading,
): string | undefined {
  const field = fieldIn(record, RIGHT) ?? 'answer';
  const right = rightOf(record[field], choices);
  if (right === undefined) report('answer_not_a_choice', { choices: choices.length }, { path: field });
  return right?.label;
}
