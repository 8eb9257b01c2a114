/** Writes an example of a file with several forms in the form of the model, where nothing of it is lost. */
import { exactJson } from '../../json/exact.ts';
import { isObject } from '../../json/values.ts';
import { formsInto } from '../forms/convert.ts';
import { fitExample } from '../forms/losses.ts';
import { formOfRecord } from '../forms/recognise.ts';
import { FORMS } from '../forms/table.ts';
import type { TargetForm } from '../forms/target.ts';
import { valueOfText } from '../lines/text-value.ts';

/** The line in the form of the model; undefined where it is that, has a fault, or would lose something. */
export function inForm(text: string, { form: to, takes }: TargetForm): string | undefined {
  const record = valueOfText(text);
  const from = isObject(record) ? formOfRecord(record) : undefined;
  if (!isObject(record) || from === undefined || from === to || !formsInto(to).includes(from))
    return undefined;
  let isLossless = true;
  const noteLoss = () => {
    isLossless = false;
  };
  const example = FORMS[from].read(record, { report: noteLoss, onUnused: noteLoss });
  const fitted = example && fitExample(example, takes, noteLoss);
  return fitted && isLossless ? exactJson(FORMS[to].write?.(fitted)) : undefined;
}
