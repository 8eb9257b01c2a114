/** Tells by its beginning what a file has around its records. */
import { parsedOrNot } from '../../json/parsed.ts';
import { repairOf } from '../../json/repair.ts';
import { scanJson } from '../../json/scan.ts';
import { isObject, type ParsedObject } from '../../json/values.ts';
import { createFileProgress } from '../lines/progress.ts';
import { createTextFile, type LineConsumer } from '../lines/text-file.ts';
import { type Container, type IsKnown, LINES, type Separator } from './container.ts';
import { areParagraphs } from './paragraphs.ts';
import { splitterOf } from './splitters.ts';
import { cellsOf, columnNames, listInCell } from './table.ts';

const SEPARATORS: readonly Separator[] = ['\t', ',', ';', '|'];

/** The container of a file; lines, where it is none of the others. */
export function containerOf(beginning: Uint8Array, isKnown: IsKnown): Container {
  const text = new TextDecoder().decode(beginning).trimStart();
  if (text.startsWith('[')) return isArrayOfObjects(text) ? { kind: 'array' } : LINES;
  if (text.startsWith('{')) return containerOfObject(text, beginning, isKnown);
  const separator = SEPARATORS.find((one) => {
    const [row, next] = firstRow(beginning, one);
    return isHeader(row, one, { isKnown, next });
  });
  if (separator !== undefined) return { kind: 'table', separator };
  if (areParagraphs(text, isKnown)) return { kind: 'paragraphs' };
  return tableBelow(text, isKnown) ?? LINES;
}

/** A line that is an array of its own is followed by another. */
function isArrayOfObjects(text: string): boolean {
  const [first = '', second = ''] = text.split('\n', 2);
  return /^\[\s*\{/.test(text) && !(first.trimEnd().endsWith(']') && second.trimStart().startsWith('['));
}

function containerOfObject(text: string, beginning: Uint8Array, isKnown: IsKnown): Container {
  const end = text.indexOf('\n');
  const line = withoutExtraCommas(end === -1 ? text : text.slice(0, end));
  const rest = end === -1 ? '' : text.slice(end).trimStart();
  // What stands behind an object that is whole is a fault of its line, and no layout.
  const { fault } = scanJson(line, { maxFlaws: 0 });
  const first = parsedOrNot(fault?.expected === 'end' ? line.slice(0, fault.at) : line);
  if (isObject(first) && (isKnown(first) || rest !== '')) return LINES;
  const isLaidOut = end !== -1 && (/^["}\]]/.test(rest) || /^\{\s*$/.test(line));
  const opensList = /\[\s*$/.test(line);
  if (first === undefined && !isLaidOut && !opensList && end !== -1) return LINES;
  const name = listNames(text).find((one) => isListOfKnown(one, beginning, isKnown));
  if (name !== undefined) return { kind: 'list', name };
  if (areMembers(beginning, isKnown)) return { kind: 'members' };
  return isLaidOut ? { kind: 'values' } : LINES;
}

/** A comma too many does not make another layout of a line. */
const withoutExtraCommas = (line: string) => repairOf('trailing_comma')?.repair(line) ?? line;

/** Names of members that may be the list: a list of objects anywhere. */
function listNames(text: string): string[] {
  return [...text.matchAll(/"((?:[^"\\]|\\.){1,100})"\s*:\s*\[\s*\{/g)]
    .map(([, name = '']) => name)
    .slice(0, 50);
}

function isListOfKnown(name: string, beginning: Uint8Array, isKnown: IsKnown): boolean {
  const [first] = recordsIn(beginning, { kind: 'list', name });
  return first !== undefined && isKnown(first);
}

/** Whether an object has examples under its names: two are enough to tell, and all that is there is one. */
function areMembers(beginning: Uint8Array, isKnown: IsKnown): boolean {
  const records = recordsIn(beginning, { kind: 'members' });
  return records.length > 1 && records.every(isKnown);
}

/** The records of the beginning of a file, but for the last, of which something may be missing. */
export function recordsIn(beginning: Uint8Array, container: Container): ParsedObject[] {
  const records: ParsedObject[] = [];
  const reader: LineConsumer = {
    readLine(text) {
      const value = parsedOrNot(text);
      if (isObject(value)) records.push(value);
    },
    readLongLine: () => {},
  };
  const tools = { report: () => {}, progress: createFileProgress() };
  const file = createTextFile(reader, tools, splitterOf(container));
  file.push(beginning);
  if (container.kind === 'lines') file.finish();
  return records;
}

/** Ours: a title and notes are no longer. */
const MOST_ABOVE = 10;

/** A table whose header stands below a title or notes, which have fewer cells. */
function tableBelow(text: string, isKnown: IsKnown): Container | undefined {
  for (const separator of SEPARATORS) {
    let [row, rest] = rowOf(text, separator);
    let most = 0;
    for (let above = 0; above <= MOST_ABOVE && rest !== ''; [row, rest] = rowOf(rest, separator)) {
      if (row.trim() === '') continue;
      const names = columnNames(row, separator);
      const isFuller = names.length > 1 && cellsIn(row, separator) > most;
      if (above > 0 && isFuller && isKnown(Object.fromEntries(names.map((name) => [name, '']))))
        return { kind: 'table', separator, above };
      most = Math.max(most, cellsIn(row, separator));
      above += 1;
    }
  }
  return undefined;
}

const cellsIn = (row: string, separator: Separator) =>
  cellsOf(row, separator).filter((cell) => cell.trim() !== '').length;

/** The first row of a table that is not blank, quoted line feeds and all, and how the file goes on. */
function firstRow(beginning: Uint8Array, separator: Separator): [row: string, next: string] {
  const text = new TextDecoder().decode(beginning).replace(/^(?:[ \t\r\n]*\n)?(?:sep=.\r?\n)?/i, '');
  return rowOf(text, separator);
}

function rowOf(text: string, separator: Separator): [row: string, next: string] {
  let isQuoted = false;
  for (let at = 0; at < text.length; at++) {
    if (text[at] === '"') isQuoted = !isQuoted;
    if (text[at] === '\n' && !isQuoted) return [text.slice(0, at), text.slice(at + 1)];
  }
  return [text.includes(separator) ? text : '', ''];
}

/** Columns of turns hold JSON; one of them is a table of its own, where rows look like it. */
function isHeader(
  row: string,
  separator: Separator,
  { isKnown, next }: { isKnown: IsKnown; next: string },
): boolean {
  const names = columnNames(row, separator);
  const [column = ''] = names;
  const cells = cellsOf(rowOf(next, separator)[0], separator);
  const hasTurns =
    /\[\s*\{\s*"/.test(next) || names.some((name, at) => listInCell(name, cells[at] ?? '') !== undefined);
  if (names.length === 1) {
    return (hasTurns && TURNS_OF_COLUMN[column] !== undefined) || (separator === ',' && isDialogue());
  }
  const turnsOf = (name: string) => (hasTurns && TURNS_OF_COLUMN[name]) || '';
  return isKnown(Object.fromEntries(names.map((name) => [name, turnsOf(name)]))) || isDialogue();

  /** Whether the first row is known by what its cells say. */
  function isDialogue(): boolean {
    return (
      cells.length === names.length && isKnown(Object.fromEntries(names.map((name, at) => [name, cells[at]])))
    );
  }
}

const said = { role: '', content: '' };
const TURNS_OF_COLUMN: Readonly<Record<string, object[]>> = {
  ...{ messages: [said], conversations: [said], conversation: [said], contents: [said] },
};
