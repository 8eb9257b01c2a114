import { type Container, LINES } from '../containers/container.ts';
import { containerOf, recordsIn } from '../containers/recognise.ts';
import type { ExampleFormat } from '../limits.ts';
import type { FormName } from './names.ts';
import { formOfRecord, formOfRecords } from './recognise.ts';
import { FORMS } from './table.ts';
import type { TargetForm } from './target.ts';

/** How much of a file is looked at to tell its form. */
export const PEEKED_BYTES = 256 * 1024;

/** How a file is read. */
export interface ChosenForm {
  format: FormName;
  /** What it has around its records. */
  container: Container;
  /** What its examples are written in; undefined where they are in a form of the model. */
  target?: TargetForm | undefined;
  /** Whether any of its first records is in this form: else it is what is usual. */
  isRecognised: boolean;
}

/** Whether a copy is trained on that is written from the file. */
export const isConverted = ({ container, target }: ChosenForm): boolean =>
  target !== undefined || container.kind !== LINES.kind;

/** Tells by the beginning of a file how it is read for a model that takes some forms, the usual one first. */
export function chooseFormOf(
  beginning: Uint8Array,
  forms: readonly ExampleFormat[],
  target: TargetForm,
): ChosenForm {
  const container = containerOf(beginning, (record) => formOfRecord(record) !== undefined);
  const records = recordsIn(beginning, container);
  const format = formOfRecords(records, forms);
  const { isForeign = () => false } = FORMS[format];
  const isNative = (forms as readonly FormName[]).includes(format) && !records.some(isForeign);
  const isRecognised = records.some((record) => formOfRecord(record) === format);
  return { format, container, target: isNative ? undefined : target, isRecognised };
}
