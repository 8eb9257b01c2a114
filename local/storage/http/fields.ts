/** Partial responses: the `fields` parameter. https://cloud.google.com/storage/docs/json_api#partial-response */

import { apiError } from '../api-error.ts';

/** What is wanted of an object: the parts of each field, `undefined` for a whole one. */
type Selection = Map<string, Selection | undefined>;

/** `items(name,size),nextPageToken`, `items/name`, `*`. Throws 400 for what is no selection. */
export function parseFields(text: string): Selection {
  const rest = { text, at: 0 };
  const selection = readList(rest);
  if (rest.at < text.length) throw invalid(text);
  return selection;
}

/** Leaves out what was not selected; lists are looked through. */
export function selectFields(value: unknown, selection: Selection | undefined): unknown {
  if (selection === undefined || typeof value !== 'object' || value === null) return value;
  if (Array.isArray(value)) return value.map((item) => selectFields(item, selection));
  const kept: [string, unknown][] = [];
  for (const [name, part] of Object.entries(value)) {
    const key = selection.has(name) ? name : '*';
    if (selection.has(key)) kept.push([name, selectFields(part, selection.get(key))]);
  }
  return Object.fromEntries(kept);
}

interface Cursor {
  text: string;
  at: number;
}

function readList(cursor: Cursor): Selection {
  const selection: Selection = new Map();
  do readPath(cursor, selection);
  while (skip(cursor, ','));
  return selection;
}

function readPath(cursor: Cursor, into: Selection): void {
  const name = readName(cursor);
  if (skip(cursor, '/')) readPath(cursor, partsOf(into, name));
  else if (skip(cursor, '(')) readParts(cursor, partsOf(into, name));
  else into.set(name, undefined);
}

function readParts(cursor: Cursor, into: Selection): void {
  for (const [name, parts] of readList(cursor)) into.set(name, parts);
  if (!skip(cursor, ')')) throw invalid(cursor.text);
}

/** `items/name,items/size` asks for two parts of one field; a field that is wanted whole stays whole. */
function partsOf(selection: Selection, name: string): Selection {
  if (selection.has(name) && selection.get(name) === undefined) return new Map();
  const parts: Selection = selection.get(name) ?? new Map();
  selection.set(name, parts);
  return parts;
}

function readName(cursor: Cursor): string {
  const name = /^[^,/()]+/.exec(cursor.text.slice(cursor.at))?.[0];
  if (name === undefined) throw invalid(cursor.text);
  cursor.at += name.length;
  return name.trim();
}

function skip(cursor: Cursor, character: string): boolean {
  if (cursor.text[cursor.at] !== character) return false;
  cursor.at += 1;
  return true;
}

const invalid = (text: string) => apiError(400, `Invalid field selection ${text}`);
