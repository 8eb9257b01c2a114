import { isObject } from '../../json/values.ts';
import type { Model } from '../../models/models.ts';
import type { TuningMethod } from '../../models/tuning-models.ts';
import { recogniseFormat } from '../formats/foreign.ts';
import type { ExampleFormat } from '../limits.ts';
import { formsInto } from './convert.ts';

/**
 * The forms that a model's examples may have, the usual one first, into which others are converted; none for embedding models, whose
 * data are other files.
 */
export function formsOfModel(
  model: Model | undefined,
  method: TuningMethod = 'supervised',
): readonly ExampleFormat[] {
  if (model === undefined) return ['input_output'];
  if (model.dataset === 'embedding') return [];
  if (model.backend === 'pipelineJobs') return [model.dataset];
  return method === 'preference' ? ['preference'] : [model.dataset, ...(model.alsoTakes ?? [])];
}

/** How much of a file is looked at to tell its form. */
export const PEEKED_BYTES = 256 * 1024;

/**
 * The form of a file, by the first of its lines that is in a known one: a form of the model, or one that converts into the usual of
 * them. Where nothing is recognised it is held against the usual form, whose check says what is wrong.
 */
export function formOfFile(beginning: Uint8Array, forms: readonly ExampleFormat[]): ExampleFormat {
  const [usual = 'input_output'] = forms;
  const usable: readonly string[] = [...forms, ...formsInto(usual)];
  for (const line of new TextDecoder().decode(beginning).split('\n')) {
    const form = formOfLine(line);
    if (form !== undefined && usable.includes(form)) return form as ExampleFormat;
  }
  return usual;
}

function formOfLine(line: string) {
  try {
    const value: unknown = JSON.parse(line);
    return isObject(value) ? recogniseFormat(value) : undefined;
  } catch {
    return undefined;
  }
}
