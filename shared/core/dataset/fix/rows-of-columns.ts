/** Writes columns as rows: each field has the values of all examples, in a list or under their numbers, or rows without names lie beside names. */
import { parsedOrNot } from '../../json/parsed.ts';
import { isObject, type ParsedObject } from '../../json/values.ts';

/** The rows; undefined where columns differ in length, so that nobody can say which values belong together. */
export function rowsOfColumns(text: string): ParsedObject[] | undefined {
  const table = parsedOrNot(text);
  if (!isObject(table)) return undefined;
  return rowsOfSplit(table) ?? rowsOf(Object.entries(table));
}

/** pandas, `to_json(orient="split")`. */
function rowsOfSplit({ columns, data }: ParsedObject): ParsedObject[] | undefined {
  const isTable = Array.isArray(columns) && Array.isArray(data) && columns.every(isName);
  if (!isTable || new Set(columns).size < columns.length) return undefined;
  const isFull = (row: unknown): row is unknown[] => Array.isArray(row) && row.length === columns.length;
  if (!data.every(isFull)) return undefined;
  return data.map((row: unknown[]) => Object.fromEntries(columns.map((name, at) => [name, row[at]])));
}

const isName = (name: unknown): name is string => typeof name === 'string';

function rowsOf(columns: readonly [string, unknown][]): ParsedObject[] | undefined {
  const keys = keysOf(columns[0]?.[1]);
  if (keys === undefined || keys.length === 0) return undefined;
  const isAlike = ([, column]: [string, unknown]) => {
    const others = keysOf(column);
    return others?.length === keys.length && others.every((key, at) => key === keys[at]);
  };
  if (!columns.every(isAlike)) return undefined;
  return keys.map((key) => Object.fromEntries(columns.map(([name, column]) => [name, cellOf(column, key)])));
}

const keysOf = (column: unknown): string[] | undefined =>
  typeof column === 'object' && column !== null ? Object.keys(column) : undefined;

const cellOf = (column: unknown, key: string): unknown => (column as ParsedObject)[key];
