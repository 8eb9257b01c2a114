/** Recognises a file whose fields all are spelt otherwise: `inputText` for `input_text`. */
import type { ForeignFormat } from '../../issues/foreign-formats.ts';
import { PAIR_FORMS } from '../../issues/pair-forms.ts';
import { isObject, type ParsedObject } from '../../json/values.ts';
import type { Beginning } from './beginning.ts';

export interface Renaming {
  from: string;
  to: string;
}

const PREFERENCES = [
  ['contents', 'completions'],
  ['prompt', 'chosen', 'rejected'],
] as const;

/** What an example of each form cannot do without: any of them is converted for the model. */
const ANSWERS: readonly (readonly string[])[] = [
  ...PREFERENCES,
  ...[['contents'], ['messages'], ['input_text', 'output_text'], ['prompt', 'completion']],
  ...[['conversations'], ['conversation'], ['instruction', 'output'], ['instruction', 'response']],
  ...Object.values(PAIR_FORMS),
];

/** The forms that a file may be meant to be in, where not all that hold answers. */
const MEANT: Partial<Record<ForeignFormat, readonly (readonly string[])[]>> = {
  embedding: [['_id', 'text']],
  preference: PREFERENCES,
};

/** A name without what spellings differ in: case, `_`, `-` and white space. */
export const squeeze = (name: string) => name.toLowerCase().replaceAll(/[\s_-]/g, '');

/** How the fields are to be renamed, where every line needs the same; undefined where some line does not. */
export function recogniseFieldNames(
  values: Beginning['values'],
  expected: ForeignFormat,
): Renaming[] | undefined {
  const [first, ...others] = values;
  const forms = MEANT[expected] ?? ANSWERS;
  if (!isObject(first) || forms.some((form) => form.every((field) => Object.hasOwn(first, field)))) {
    return undefined;
  }
  const renamings = forms.map((form) => renamingsOf(first, form)).find((found) => found.length > 0);
  if (!renamings) return undefined;
  const hasAll = (value: unknown) =>
    isObject(value) &&
    renamings.every(({ from, to }) => Object.hasOwn(value, from) && !Object.hasOwn(value, to));
  return others.every(hasAll) ? renamings : undefined;
}

/** None where a field is missing altogether, or where none is spelt otherwise. */
function renamingsOf(example: ParsedObject, form: readonly string[]): Renaming[] {
  const found = form.map((to) => {
    if (Object.hasOwn(example, to)) return to;
    return Object.keys(example).find((key) => squeeze(key) === squeeze(to));
  });
  if (found.includes(undefined)) return [];
  return form.flatMap((to, index) => {
    const from = found[index];
    return from === undefined || from === to ? [] : [{ from, to }];
  });
}
