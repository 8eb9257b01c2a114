/** Recognises files of texts of which no name tells what is asked and what is answered. */
import { parsedOrNot } from '../../json/parsed.ts';
import { isObject } from '../../json/values.ts';
import { isListOfTurns } from '../containers/turn-lists.ts';
import type { Beginning } from './beginning.ts';

const textOf = ({ bytes }: Beginning) => bytes.toString('utf8').trimStart();

/** pandas, `to_json(orient="split")`. */
export function isSplitTable(beginning: Beginning): boolean {
  const text = textOf(beginning);
  const hasColumns = /^\{\s*"(?:columns|index|data)"\s*:/.test(text) && /"columns"\s*:\s*\[\s*"/.test(text);
  return hasColumns && /"data"\s*:\s*\[\s*\[/.test(text);
}

const LEAST_TEXTS = 3;
/** Names of fields have no white space within. */
const isSentence = (name: string) => /\S\s+\S/.test(name);

/** `{"Is tea hot?": "Yes", …}`, or the beginning of it. */
export function areTextsUnderTexts(beginning: Beginning): boolean {
  const text = textOf(beginning);
  if (!text.startsWith('{') || beginning.values.filter(isObject).length > 1) return false;
  const value = parsedOrNot(beginning.isWhole ? text : `${text.slice(0, lastMember(text))}}`);
  if (!isObject(value)) return false;
  const members = Object.entries(value);
  const areTexts = members.length >= LEAST_TEXTS && members.every(([, one]) => typeof one === 'string');
  return areTexts && members.filter(([name]) => isSentence(name)).length * 2 > members.length;
}

/** Where the last member ends that is there with the next one's begin. */
const lastMember = (text: string) => /^[\s\S]*"(?=\s*,\s*")/.exec(text)?.[0].length ?? 0;

const isRow = (value: unknown): value is unknown[] =>
  Array.isArray(value) &&
  value.length > 1 &&
  value.every((cell) => typeof cell !== 'object' || cell === null) &&
  value.slice(0, 2).every((cell) => typeof cell === 'string');

const areRows = (values: readonly unknown[]) => {
  const [first] = values;
  return isRow(first) && values.every((value) => isRow(value) && value.length === first.length);
};

/** `["Is tea hot?", "Yes"]` on each line. */
export const areListsOnLines = ({ values }: Beginning): boolean => values.length > 1 && areRows(values);

/** `[["Is tea hot?", "Yes"], …]`, or the beginning of it; a list of lists on each line is something else. */
export function areListsInList(beginning: Beginning): boolean {
  const lists = listsIn(beginning);
  return lists.length > 1 && areRows(lists);
}

/** `[[{"role": "user", "content": "Is tea hot?"}, …], …]`, or the beginning of it. */
export function areTurnsInList(beginning: Beginning): boolean {
  const lists = listsIn(beginning);
  return lists.length > 0 && lists.every(isListOfTurns);
}

/** The lists in the one list that a file is, or those at its beginning. */
function listsIn(beginning: Beginning): unknown[] {
  const text = textOf(beginning);
  if (!/^\[\s*\[/.test(text) || beginning.values.filter(Array.isArray).length > 1) return [];
  const whole = /^[\s\S]*\](?=\s*,\s*\[)/.exec(text)?.[0] ?? '';
  const value = parsedOrNot(beginning.isWhole ? text : `${whole}]`);
  return Array.isArray(value) ? value : [];
}
