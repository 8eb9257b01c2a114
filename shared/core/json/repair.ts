/** Faults of JSON that have one correction: nothing of what was meant is in doubt. */
import type { JsonProblem } from './faults.ts';
import { endOfString, withoutQuotes } from './strings.ts';

interface RepairRow {
  problem: JsonProblem;
  /** What was done, in words. */
  did: string;
  /** The text without any fault of this kind. */
  repair: (text: string) => string;
}

const ROWS = [
  {
    problem: 'trailing_comma',
    did: 'a comma before a closing bracket taken out',
    repair: (text) => mapJson(text, { outside: (part) => part.replaceAll(/,(\s*[}\]])/g, '$1') }),
  },
  {
    problem: 'control_character',
    did: 'a raw control character in a text written as an escape',
    repair: (text) => mapJson(text, { inside: (part) => part.replaceAll(RAW_CONTROL, withoutQuotes) }),
  },
] as const satisfies readonly RepairRow[];

export type RepairedProblem = (typeof ROWS)[number]['problem'];

// biome-ignore lint/suspicious/noControlCharactersInRegex: they are looked for; a NUL is no character that somebody meant.
const RAW_CONTROL = /[\x01-\x1f]/g;

/** What corrects a fault, where only one text can be meant. */
export const repairOf = (problem: JsonProblem) => ROWS.find((row) => row.problem === problem);

/** A value of JSON on one line: the white space around what it is made of is left out. */
export const onOneLine = (text: string): string =>
  /[\r\n]/.test(text) ? mapJson(text, { outside: (part) => part.replaceAll(/\s+/g, '') }) : text;

interface MapParts {
  inside?: (part: string) => string;
  outside?: (part: string) => string;
}

/** Writes a text anew, what is in its strings and what is around them. */
export function mapJson(text: string, { inside = same, outside = same }: MapParts): string {
  const parts: string[] = [];
  let at = 0;
  while (at < text.length) {
    const quote = text.indexOf('"', at);
    const start = quote === -1 ? text.length : quote;
    parts.push(outside(text.slice(at, start)));
    at = quote === -1 ? text.length : endOfString(text, quote);
    parts.push(inside(text.slice(start, at)));
  }
  return parts.join('');
}

const same = (part: string) => part;
