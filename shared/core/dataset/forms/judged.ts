import type { ParsedObject } from '../../json/values.ts';
import { type Form, has } from './form.ts';

/** What LLaMA-Factory and TRL call whether an answer is a good one. */
const JUDGEMENTS = ['label', 'kto_tag'] as const;

const judgementIn = (record: ParsedObject) =>
  JUDGEMENTS.find((field) => has(record, field) && typeof record[field] === 'boolean');

/** A form whose records may say beside the conversation whether its answer is a good one, as for KTO. */
export const judged = (form: Form): Form => ({
  ...form,
  isForeign: (record) => judgementIn(record) !== undefined || form.isForeign?.(record) === true,
  read(record, reading) {
    const field = judgementIn(record);
    if (field === undefined) return form.read(record, reading);
    const { [field]: isGood, ...rest } = record;
    const example = form.read(rest, reading);
    return example && isGood === false ? { ...example, isUnwanted: true } : example;
  },
});
