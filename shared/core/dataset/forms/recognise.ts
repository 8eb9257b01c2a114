import type { ForeignFormat } from '../../issues/foreign-formats.ts';
import type { ParsedObject } from '../../json/values.ts';
import type { ExampleFormat } from '../limits.ts';
import { formsInto } from './convert.ts';
import { has } from './form.ts';
import type { FormName } from './names.ts';
import { FORMS } from './table.ts';

/** The table, in its order. */
const ROWS = Object.entries(FORMS) as [FormName, (typeof FORMS)[FormName]][];

/** The form of a record, if it is a known one. */
export function formOfRecord(record: ParsedObject): FormName | undefined {
  return ROWS.find(([, form]) => form.matches(record))?.[0];
}

/** Whether the fields of a record show that it is in some form. */
export function isTold(record: ParsedObject): boolean {
  const form = formOfRecord(record);
  return form !== undefined && !FORMS[form].isByTexts;
}

/** The form of a record that is not in the expected one, if it is a known one: of examples, or of the records of embedding tuning. */
export function recogniseForeign(record: ParsedObject, expected: ForeignFormat): ForeignFormat | undefined {
  const form = formOfRecord(record);
  if (form !== undefined && isEmptyIn(form, record)) return undefined;
  const found = form ?? (has(record, '_id', 'text') ? 'embedding' : undefined);
  return found === expected ? undefined : found;
}

/** Whether the list of an example has nothing in it, which may be the list of another form as well. */
function isEmptyIn(form: FormName, record: ParsedObject): boolean {
  const list = record[FORMS[form].path];
  return Array.isArray(list) && list.length === 0;
}

/**
 * The form of a file, by the first of its records that is in a known one, and is not empty: a form of the model, or one that converts into the usual of
 * them. Where nothing is recognised it is held against the usual form, whose check says what is wrong.
 */
export function formOfRecords(records: readonly ParsedObject[], forms: readonly ExampleFormat[]): FormName {
  const [usual = 'input_output'] = forms;
  const usable: readonly FormName[] = [...forms, ...formsInto(usual)];
  const found = records.flatMap((record) => {
    const form = formOfRecord(record);
    const isUsable = form !== undefined && usable.includes(form) && isOfFile(form, records);
    return isUsable ? [{ form, isEmpty: isEmptyIn(form, record) }] : [];
  });
  return (found.find(({ isEmpty }) => !isEmpty) ?? found[0])?.form ?? usual;
}

/** A record or two whose texts look like a form say nothing of the file. */
const isOfFile = (form: FormName, records: readonly ParsedObject[]) =>
  !FORMS[form].isByTexts || records.filter(FORMS[form].matches).length * 2 > records.length;
