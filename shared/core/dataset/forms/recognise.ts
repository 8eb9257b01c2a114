import { isObject } from '../../json/values.ts';
import type { Model } from '../../models/models.ts';
import type { TuningMethod } from '../../models/tuning-models.ts';
import { recogniseFormat } from '../formats/foreign.ts';
import type { ExampleFormat } from '../limits.ts';
import { formsInto } from './convert.ts';

/** The form that a model's examples have to have; undefined for embedding models, whose data are other files. */
export function formOfModel(
  model: Model | undefined,
  method: TuningMethod = 'supervised',
): ExampleFormat | undefined {
  if (model?.dataset === 'embedding') return undefined;
  if (model?.backend === 'tuningJobs' && method === 'preference') return 'preference';
  return model?.dataset ?? 'input_output';
}

/** How much of a file is looked at to tell its form. */
export const PEEKED_BYTES = 256 * 1024;

/**
 * The form of a file, by the first of its lines that is in a known one: the form of the model, or one that converts into it.
 * Where nothing is recognised it is held against the form of the model, whose check says what is wrong.
 */
export function formOfFile(beginning: Uint8Array, wanted: ExampleFormat): ExampleFormat {
  const usable: readonly string[] = [wanted, ...formsInto(wanted)];
  for (const line of new TextDecoder().decode(beginning).split('\n')) {
    const form = formOfLine(line);
    if (form !== undefined && usable.includes(form)) return form as ExampleFormat;
  }
  return wanted;
}

function formOfLine(line: string) {
  try {
    const value: unknown = JSON.parse(line);
    return isObject(value) ? recogniseFormat(value) : undefined;
  } catch {
    return undefined;
  }
}
