/** Recognises a file whose fields all are spelt otherwise: `inputText` for `input_text`. */
import type { ForeignFormat } from '../../issues/foreign-formats.ts';
import { isObject, type ParsedObject } from '../../json/values.ts';
import type { Beginning } from './beginning.ts';

export interface Renaming {
  from: string;
  to: string;
}

/** What an example cannot do without, by what the file is expected to hold. */
const REQUIRED: Partial<Record<ForeignFormat, readonly (readonly string[])[]>> = {
  input_output: [['input_text', 'output_text']],
  messages: [['messages']],
  embedding: [['_id', 'text']],
};

/** The forms that models of tuningJobs take, as they are or converted. */
const OF_TUNING_JOBS: readonly (readonly string[])[] = [
  ['contents'],
  ['messages'],
  ['input_text', 'output_text'],
  ['prompt', 'completion'],
];

/** A name without what spellings differ in: case, `_`, `-` and white space. */
export const squeeze = (name: string) => name.toLowerCase().replaceAll(/[\s_-]/g, '');

/** How the fields are to be renamed, where every line needs the same; undefined where some line does not. */
export function recogniseFieldNames({ values }: Beginning, expected: ForeignFormat): Renaming[] | undefined {
  const forms = REQUIRED[expected] ?? OF_TUNING_JOBS;
  const [first, ...others] = values;
  const renamings =
    isObject(first) && forms.map((form) => renamingsOf(first, form)).find((found) => found.length > 0);
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
