/** Writes what is in a text, or in each text of a list, in the place of the value that they lie in. */
import { parsedOrNot } from '../../json/parsed.ts';
import { onOneLine } from '../../json/repair.ts';
import { isObject } from '../../json/values.ts';
import type { FoundInText } from '../faults/in-text.ts';

/** The texts, of a list one a line; undefined where something would be lost of them. */
export function textsOut(text: string, { steps, areTogether }: FoundInText): string | undefined {
  let value = parsedOrNot(text);
  for (const step of steps) if (step !== null) value = isObject(value) ? value[step] : undefined;
  const texts = areTogether ? [value] : value;
  if (!Array.isArray(texts) || !texts.every(isWhole)) return undefined;
  return areTogether ? innermost(texts[0] ?? '') : texts.map((one) => `${lineOf(one)}\n`).join('');
}

/** Half a character has no bytes. */
const isWhole = (text: unknown): text is string => typeof text === 'string' && text.isWellFormed();

function innermost(text: string): string {
  const value = parsedOrNot(text);
  return isWhole(value) ? innermost(value) : text;
}

/** What is no JSON stays the text that it is. */
const lineOf = (text: string) => (parsedOrNot(text) === undefined ? JSON.stringify(text) : onOneLine(text));
