import { invalid } from './api-error.ts';
import { isJsonObject, type Json } from './json.ts';

export type Labels = Record<string, string>;

const MAX_LABELS = 64;
/** At most 64 characters of lowercase letters, digits, `_` and `-`, international ones included (discovery document). */
const LABEL_TEXT = /^[\p{Ll}\p{Lo}\p{N}_-]{0,64}$/u;

/** The labels of a request; throws INVALID_ARGUMENT with the first one that is wrong. */
export function readLabels(value: Json | undefined): Labels {
  if (value === undefined || value === null) return {};
  if (!isJsonObject(value)) throw invalid('labels must be an object.');
  const entries = Object.entries(value);
  if (entries.length > MAX_LABELS) throw invalid(`No more than ${MAX_LABELS} labels are allowed.`);
  return Object.fromEntries(
    entries.map(([key, text]) => {
      if (key === '' || !LABEL_TEXT.test(key)) throw invalid(`Invalid label key "${key}".`);
      if (typeof text !== 'string' || !LABEL_TEXT.test(text)) {
        throw invalid(`Invalid value ${JSON.stringify(text)} of the label "${key}".`);
      }
      return [key, text];
    }),
  );
}
