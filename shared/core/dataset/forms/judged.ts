import { answerMarkOf } from '../../issues/judgements.ts';
import type { ParsedObject } from '../../json/values.ts';
import { type Form, has } from './form.ts';

/** What people call whether an answer is a good one: LLaMA-Factory, TRL, and logs of what users said of answers. */
const JUDGING = [
  ...['label', 'kto_tag', 'rating', 'feedback', 'user_feedback', 'thumb', 'thumbs', 'thumbs_up', 'vote'],
  ...['liked', 'good', 'is_good', 'correct', 'is_correct', 'desirable', 'is_desirable', 'preferred'],
  ...['is_preferred', 'accepted', 'is_accepted', 'approved', 'helpful', 'is_helpful', 'score', 'reward'],
  ...['verdict', 'judgement', 'judgment', 'quality'],
] as const;

/** The field that says of an answer whether it is a good one; a number or a word may say something else. */
const judgingField = (record: ParsedObject) =>
  JUDGING.find((field) => has(record, field) && /^(?:boolean|number|string)$/.test(typeof record[field]));

const isJudged = (record: ParsedObject) => {
  const field = judgingField(record);
  return field !== undefined && answerMarkOf(record[field]) !== undefined;
};

/** A form whose records may say beside the conversation whether its answer is a good one, as for KTO. */
export const judged = (form: Form): Form => ({
  ...form,
  isForeign: (record) => isJudged(record) || form.isForeign?.(record) === true,
  read(record, reading) {
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
  },
});
