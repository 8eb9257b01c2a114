/**
 * JSON whose numbers are written as they stood: of `1234567890123456789`, `1e400`, `-0` and `10.0` JSON.parse keeps what fits into
 * a double, and JSON.stringify writes that. Values stay what JSON.parse makes of them; beside them is remembered how they stood.
 */
import type { ParsedObject } from './values.ts';

/** How the numbers of an object or a list stood, by their names, where JSON.stringify writes them otherwise. */
const STOOD = new WeakMap<object, Map<string, string>>();

/** What a number that JSON.stringify writes otherwise has in it, where a value stands; an escape may hide any of these. */
const MAY_CHANGE = /[":,[](?:\s|\\[nrt])*(?:-0(?!\d)|-?\d+[.eE]|-?\d{16})|\\u00[2-6]/;

/** Whether a text of JSON, or one in its texts, may have a number that JSON.stringify writes otherwise: false proves that it has none. */
export const mayChangeNumbers = (text: string): boolean => MAY_CHANGE.test(text);

/** JSON.parse, for `exactJson`. */
export function parseExactly(text: string): unknown {
  return mayChangeNumbers(text) ? JSON.parse(text, rememberNumber as Reviver) : JSON.parse(text);
}

/** JSON.stringify, with numbers of what `parseExactly` gave as they stood there. */
export const exactJson = (value: unknown): string => JSON.stringify(value, writeNumber);

/** The copy of an object, with the numbers that it shares with it remembered, too. */
export function copied<T extends ParsedObject>(from: object, copy: T): T {
  const stood = STOOD.get(from);
  if (stood) STOOD.set(copy, stood);
  return copy;
}

/** Remembers of a value that was put into another object, under a name, how it stood. */
export function keepNumber(from: object, name: string, to: object, newName: string): void {
  const source = STOOD.get(from)?.get(name);
  if (source !== undefined) STOOD.set(to, (STOOD.get(to) ?? new Map<string, string>()).set(newName, source));
}

type Reviver = (this: unknown, key: string, value: unknown) => unknown;

function rememberNumber(this: object, key: string, value: unknown, { source }: { source: string }): unknown {
  if (typeof value !== 'number' || JSON.stringify(value) === source) return value;
  const stood = STOOD.get(this) ?? new Map<string, string>();
  STOOD.set(this, stood.set(key, source));
  return value;
}

/** One that was replaced since is written as what it is now. */
function writeNumber(this: object, key: string, value: unknown): unknown {
  const stood = typeof value === 'number' ? STOOD.get(this)?.get(key) : undefined;
  return stood !== undefined && Object.is(Number(stood), value) ? rawJson(stood) : value;
}

/** Not yet in the types of the language. */
const { rawJSON: rawJson } = JSON as unknown as { rawJSON(text: string): unknown };
