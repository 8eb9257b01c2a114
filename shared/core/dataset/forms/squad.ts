/** Questions whose answers are a list, with or without a text that they are from: the rows of SQuAD, Natural Questions and TriviaQA. */
import { isObject, type ParsedObject } from '../../json/values.ts';
import { checkTextValue } from '../formats/fields.ts';
import { questionAndAnswer } from './example.ts';
import { type Form, fieldIn, has, isNothing, noteUnused, SYSTEM_FIELDS, systemIn, textIn } from './form.ts';

const ASKED = ['question', 'query'] as const;
const ANSWERS = ['answers', 'answer'] as const;
/** What makes a question another one, with the answer among what it lists. */
const OF_CHOICES = ['choices', 'options', 'tools', 'functions', 'pos'] as const;
/** Where the question is from. */
const NOTES = ['title', 'question_id', 'question_source', 'entity_pages', 'search_results'];

/** `{"context", "question", "answers": {"text": ["…"], "answer_start"}}`: the text and the question are two paragraphs of what is asked. */
export const SQUAD: Form = {
  path: 'question',
  matches: (record) =>
    fieldIn(record, ASKED) !== undefined &&
    fieldIn(record, OF_CHOICES) === undefined &&
    textsIn(record) !== undefined,
  read(record, reading) {
    const asked = fieldIn(record, ASKED) ?? 'question';
    const paragraphs = isNothing(record.context) ? [asked] : ['context', asked];
    const [first, ...more] = paragraphs.map((field) => textIn(record, field, reading));
    const { field, texts: all } = textsIn(record) ?? { field: 'answers', texts: [] };
    const texts = [...new Set(all)];
    const [answer = ''] = texts;
    const isSound = checkTextValue(answer, field, reading.report);
    if (first === undefined || more.includes(undefined) || !isSound) return undefined;
    noteUnused(record, ['context', asked, ...ANSWERS, ...NOTES, ...SYSTEM_FIELDS], reading);
    return {
      system: systemIn(record, SYSTEM_FIELDS),
      turns: questionAndAnswer([first, ...(more as string[])], answer),
      hasOtherAnswers: texts.length > 1 || undefined,
    };
  },
};

/** The answers, the best one first, and where they are. */
function textsIn(record: ParsedObject): { field: string; texts: unknown[] } | undefined {
  const field = fieldIn(record, ANSWERS);
  const value = field && record[field];
  if (field === undefined) return undefined;
  if (isObject(value) && Array.isArray(value.text) && has(record, 'context'))
    return { field: `${field}.text`, texts: value.text };
  if (isObject(value) && typeof value.value === 'string' && Array.isArray(value.aliases))
    return { field: `${field}.value`, texts: [value.value] };
  if (!Array.isArray(value)) return undefined;
  if (value.every((one) => typeof one === 'string')) return { field, texts: value };
  return value.every((one) => isObject(one) && typeof one.text === 'string' && has(one, 'answer_start'))
    ? { field, texts: value.map((one) => (one as ParsedObject).text) }
    : undefined;
}
