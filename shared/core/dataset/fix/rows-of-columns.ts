/** Writes columns as rows: each field has the values of all examples, in a list or under their numbers, or rows without names lie beside names. */
import { keepNumber, parseExactly } from '../../json/exact.ts';
import { isObject, type ParsedObject } from '../../json/values.ts';

/** The rows; undefined where columns differ in length, so that nobody can say which values belong together. */
export function rowsOfColumns(text: string): ParsedObject[] | undefined {
  const table = tableIn(text);
  if (!isObject(table)) return undefined;
  return rowsOfSplit(table) ?? rowsOf(Object.entries(table));
}

function tableIn(text: string): unknown {
  try {
    return parseExactly(text);
  } catch {
    return undefined;
  }
}

/** What becomes a field of a row: the value under a key of a column, or of a row without names. */
interface Cell {
  name: string;
  from: object;
  key: string;
}

/** Numbers stay as they are written. */
function rowOf(cells: readonly Cell[]): ParsedObject {
  const row = Object.fromEntries(cells.map(({ name, from, key }) => [name, (from as ParsedObject)[key]]));
  for (const { name, from, key } of cells) keepNumber(from, key, row, name);
  return row;
}

/** pandas, `to_json(orient="split")`. */
function rowsOfSplit({ columns, data }: ParsedObject): ParsedObject[] | undefined {
  const isTable = Array.isArray(columns) && Array.isArray(data) && columns.every(isName);
  if (!isTable || new Set(columns).size < columns.length) return undefined;
  const isFull = (row: unknown): row is unknown[] => Array.isArray(row) && row.length === columns.length;
  if (!data.every(isFull)) return undefined;
  return data.map((row: unknown[]) => rowOf(columns.map((name, at) => ({ name, from: row, key: `${at}` }))));
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
  return keys.map((key) => rowOf(columns.map(([name, column]) => ({ name, from: column as object, key }))));
}

const keysOf = (column: unknown): string[] | undefined =>
  typeof column === 'object' && column !== null ? Object.keys(column) : undefined;
