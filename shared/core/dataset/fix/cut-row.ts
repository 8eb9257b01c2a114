/** Cuts the texts of an example that are over the token limit of their model. */

import type { DatasetIssue } from '../../issues/dataset.ts';
import { exactJson, parseExactly } from '../../json/exact.ts';

/** Checks one row by itself. */
export type CheckRow = (row: string) => readonly DatasetIssue[];

/** Tokens are estimated, so that a cut may have to be made again. */
const MOST_CUTS = 20;
/** Ours: so many characters are looked through for the end of a word. */
const WORD_LENGTH = 40;

/** The row with its longest texts cut at their ends until it is surely within the limits; undefined where that needs more than cuts. */
export function cutRow(row: string, checkRow: CheckRow): string | undefined {
  let text = row;
  for (let cuts = 0; cuts < MOST_CUTS; cuts++) {
    const over = overLimit(checkRow(text));
    if (!over) return text === row ? undefined : text;
    const record: unknown = parseExactly(text);
    const longest = longestText(record, stepsOf(over.path));
    if (!longest || longest.text.length < 2) return undefined;
    const length = Math.floor(longest.text.length * Math.min(0.95, over.limit / over.high));
    longest.set(cutAt(longest.text, Math.max(1, length)));
    text = exactJson(record);
  }
  return undefined;
}

function overLimit(issues: readonly DatasetIssue[]) {
  const found = issues.find(
    ({ code }) => code === 'token_limit_exceeded' || code === 'token_limit_uncertain',
  );
  if (found?.code !== 'token_limit_exceeded' && found?.code !== 'token_limit_uncertain') return undefined;
  return { path: found.at.path ?? '', ...found.fields };
}

/** `messages[2].content` as its steps. */
const stepsOf = (path: string): string[] => path.split(/[.[\]]+/).filter((step) => step !== '');

interface FoundText {
  text: string;
  set(text: string): void;
}

/** The longest text at a place, or below it. */
function longestText(value: unknown, steps: readonly string[]): FoundText | undefined {
  if (typeof value !== 'object' || value === null) return undefined;
  const parent = value as Record<string, unknown>;
  const [step, ...more] = steps;
  const keys = step === undefined || !Object.hasOwn(parent, step) ? Object.keys(parent) : [step];
  let longest: FoundText | undefined;
  for (const key of keys) {
    const member = parent[key];
    const found = typeof member === 'string' ? textIn(parent, key, member) : longestText(member, more);
    if (found && found.text.length > (longest?.text.length ?? 0)) longest = found;
  }
  return longest;
}

const textIn = (parent: Record<string, unknown>, key: string, text: string): FoundText => ({
  text,
  set(cut) {
    parent[key] = cut;
  },
});

/** The beginning of a text, to the end of a word where one is near; no character is cut in two. */
function cutAt(text: string, length: number): string {
  const start = Math.max(0, length - WORD_LENGTH);
  const space = text.slice(start, length).search(/\s\S*$/);
  const end = space > 0 ? start + space : length;
  const cut = text.slice(0, end).trimEnd();
  return cut.isWellFormed() ? cut : cut.slice(0, -1);
}
