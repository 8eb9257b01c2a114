import { answerMarkOf, isPlainMark } from '../../issues/judgements.ts';
import type { ParsedObject } from '../../json/values.ts';
import type { Example } from './example.ts';
import { type Form, type FormReading, has } from './form.ts';

/** What people call whether an answer is a good one: LLaMA-Factory, TRL, and logs of what users said of answers. */
const JUDGING = [
  ...['label', 'kto_tag', 'rating', 'feedback', 'user_feedback', 'thumb', 'thumbs', 'thumbs_up', 'vote'],
  ...['liked', 'good', 'is_good', 'correct', 'is_correct', 'desirable', 'is_desirable', 'preferred'],
  ...['is_preferred', 'accepted', 'is_accepted', 'approved', 'helpful', 'is_helpful', 'score', 'reward'],
  ...['verdict', 'judgement', 'judgment', 'quality', 'status', 'state', 'review', 'review_status', 'grade'],
  ...['valid', 'is_valid', 'passed', 'evaluation', 'decision', 'annotation'],
] as const;

/** What is true of an answer that nobody wants any more. */
const UNWANTING = [
  ...['deleted', 'is_deleted', 'removed', 'is_removed', 'discarded', 'is_discarded', 'rejected'],
  ...['is_rejected', 'thumbs_down', 'disliked', 'is_bad'],
] as const;

/** What Prodigy calls its judgement, which others call what is answered. */
const isOfProdigy = (record: ParsedObject) => has(record, '_task_hash') || has(record, '_input_hash');

/** The field that says of an answer whether it is a good one; a number or a word may say something else. */
const judgingField = (record: ParsedObject) =>
  JUDGING.find((field) => has(record, field) && /^(?:boolean|number|string)$/.test(typeof record[field])) ??
  (isOfProdigy(record) && typeof record.answer === 'string' ? 'answer' : undefined) ??
  Object.keys(record).find((field) => isPlainMark(record[field]));

const unwantingField = (record: ParsedObject) =>
  UNWANTING.find((field) => typeof record[field] === 'boolean');

const isJudged = (record: ParsedObject) => {
  if (unwantingField(record) !== undefined) return true;
  const field = judgingField(record);
  return field !== undefined && answerMarkOf(record[field]) !== undefined;
};

/** A form whose records may say beside the conversation whether its answer is a good one, as for KTO. */
export const judged = (form: Form): Form => ({
  ...form,
  isForeign: (record) => isJudged(record) || form.isForeign?.(record) === true,
  read(record, reading) {
    const unwanting = unwantingField(record);
    if (unwanting === undefined) return readJudged(form, record, reading);
    const { [unwanting]: isUnwanted, ...rest } = record;
    const example = readJudged(form, rest, reading);
    return example && isUnwanted === true ? { ...example, unwantedBy: unwanting } : example;
  },
});

function readJudged(form: Form, record: ParsedObject, reading: FormReading): Example | undefined {
  const field = judgingField(record);
  if (field === undefined) return form.read(record, reading);
  const { [field]: value, ...rest } = record;
  if (typeof value !== 'boolean') {
    // Whether it is a judgement the whole file tells; until then it is a field that nobody reads.
    const example = form.read(record, reading);
    return example && { ...example, judgement: { field, value: value as string | number } };
  }
  const example = form.read(rest, reading);
  return example && !value ? { ...example, unwantedBy: field } : example;
}
