import type { ParsedObject } from '../../json/values.ts';
import type { ExampleFormat } from '../limits.ts';
import type { Example } from './example.ts';
import type { FormReading } from './form.ts';
import { fitExample } from './losses.ts';
import { FORM_NAMES, type FormName } from './names.ts';
import { FORMS } from './table.ts';
import type { TargetForm } from './target.ts';

export interface ConvertOptions {
  /** The manifest's `default_context`: the system instruction of every example that says nothing of its own. */
  defaultContext?: string | undefined;
}

/** Examples that come here were checked: there is nothing to report. */
const SILENT: FormReading = { report: () => {}, onUnused: () => {} };

/** Makes the converter of a form into that of a model; it gives nothing for an example that is left out. */
export function createConverter(
  from: FormName,
  { form, takes }: TargetForm,
  { defaultContext }: ConvertOptions,
): (record: ParsedObject) => object | undefined {
  const { read } = FORMS[from];
  const { write } = FORMS[form];
  if (!write) throw new RangeError(`nothing writes ${form}`);
  return (record) => {
    const example = read(record, SILENT);
    if (!example) throw new RangeError('an example with faults was to be converted');
    const fitted = fitExample(withDefault(example, defaultContext), takes, () => {});
    return fitted && write(fitted);
  };
}

/** An example may say that it has no system instruction: then the default is not its own. */
export function withDefault(example: Example, defaultContext: string | undefined): Example {
  return defaultContext && example.system === undefined ? { ...example, system: [defaultContext] } : example;
}

/** Forms that can be made into `to`: a preference has two answers, and only another preference brings them. */
export function formsInto(to: ExampleFormat): FormName[] {
  if (FORMS[to].write === undefined) return [];
  return FORM_NAMES.filter((from) => from !== to && (!FORMS[to].isPair || FORMS[from].isPair));
}
