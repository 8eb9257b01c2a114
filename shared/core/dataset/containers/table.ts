/** Tables with a header: comma-separated values as RFC 4180 has them, with tabs or semicolons, too. */

import { PAIR_FORMS } from '../../issues/pair-forms.ts';
import { numpyAsJson } from '../../json/literals.ts';
import type { FileTools, LineConsumer, RecordSplitter } from '../lines/text-file.ts';
import { createByteFinder } from './byte-finder.ts';
import type { Separator } from './container.ts';
import { createRecordBytes } from './record-bytes.ts';
import { listInText } from './turn-lists.ts';

const [LINE_FEED, QUOTE] = [0x0a, 0x22];

interface TableLayout {
  separator: Separator;
  /** Rows before the header that are no part of the table. */
  above?: number | undefined;
}

/** Makes the splitter of one file: a row is read as an object, its fields named by the header. */
export function createTableRows(
  { separator, above = 0 }: TableLayout,
  reader: LineConsumer,
  tools: FileTools,
): RecordSplitter {
  const { report, progress } = tools;
  const record = createRecordBytes(createRowReader({ separator, above }, reader, tools), progress);
  const mark = separator.charCodeAt(0);
  const [quotes, lineFeeds] = [createByteFinder(QUOTE), createByteFinder(LINE_FEED)];
  let line = 1;
  let lastByte = 0;
  let isQuoted = false;
  /** A quote opens a cell where it begins, or one that seemed to be closed: two quotes are one in it. */
  let mayOpen = true;

  /** To after the quote that ends a text, or the end of the chunk. */
  function passQuoted(chunk: Buffer, start: number): number {
    const end = quotes.next(chunk, start);
    for (let at = lineFeeds.next(chunk, start); at < end; at = lineFeeds.next(chunk, at + 1)) line += 1;
    isQuoted = end === chunk.length;
    mayOpen = true;
    return end + 1;
  }

  /** To after a quote between cells, which opens one or is a letter in it. */
  function passQuote(chunk: Buffer, start: number, quote: number): number {
    isQuoted = quote > start ? chunk[quote - 1] === mark : mayOpen;
    mayOpen = false;
    return quote + 1;
  }

  return {
    push(chunk) {
      let start = 0;
      let at = 0;
      while (at < chunk.length) {
        if (!record.isOpen) {
          record.begin(line);
          start = at;
        }
        const end = lineFeeds.next(chunk, at);
        const quote = quotes.next(chunk, at);
        if (isQuoted) at = passQuoted(chunk, at);
        else if (quote < end) at = passQuote(chunk, at, quote);
        else {
          const isOver = end < chunk.length;
          mayOpen = isOver || chunk[end - 1] === mark;
          at = end + 1;
          if (!isOver) continue;
          line += 1;
          record.add(chunk, start, end);
          record.end();
        }
      }
      if (record.isOpen) record.add(chunk, start, chunk.length);
      lastByte = chunk.at(-1) ?? lastByte;
    },
    finish() {
      if (isQuoted) report('table_quote_open', {});
      else if (record.isOpen) record.end();
      progress.line = lastByte === LINE_FEED ? line - 1 : line;
    },
  };
}

/** The first row names the fields of the others; rows go on as the JSON of an object. */
function createRowReader(
  { separator, above = 0 }: TableLayout,
  reader: LineConsumer,
  { report, progress }: FileTools,
): LineConsumer {
  let header: string[] | undefined;
  /** Whether bars stand around the rows, too, and white space around the texts. */
  let isMarkdown = false;
  let [passed, rows] = [0, 0];

  /** Whether a row only divides the table, or names its columns once more. */
  function isNoRow(names: string[], text: string): boolean {
    rows += 1;
    isMarkdown ||= rows === 1 && separator === '|' && isRuleOfMarkdown(text);
    if (isMarkdown && isRuleOfMarkdown(text)) return true;
    const isAgain = isHeaderAgain(cellsOf(text, separator), names, rows === 1);
    if (isAgain) report('table_header_again', {});
    return isAgain;
  }

  function readRow(names: string[], text: string, invalidByte: number): void {
    if (isNoRow(names, text)) return void progress.blanks.add(progress.line);
    const written = cellsOf(text, separator);
    const cells = isMarkdown ? written.map((cell) => cell.trim()) : written;
    const misplaced = isMarkdown ? undefined : misplacedQuote(text, separator);
    if (misplaced === undefined && cells.length === names.length) {
      const fields = names.map((name, index): [string, string] => [name, cells[index] ?? '']);
      // Programs that make tables leave columns without a name and without a text behind the others.
      const named = fields.filter(([name, cell]) => cell !== '' || !UNNAMED.test(name));
      const row = Object.fromEntries(named.map(([name, cell]) => [name, listInCell(name, cell) ?? cell]));
      reader.readLine(JSON.stringify(row), invalidByte);
      return;
    }
    progress.examples += 1;
    progress.unusable += 1;
    if (misplaced) report('table_quote_misplaced', { where: misplaced });
    else report('table_row_cells', { cells: cells.length, columns: names.length });
  }

  return {
    readLine(text, invalidByte) {
      const isBlank = text.trim() === '';
      if (header && !isBlank) return readRow(header, text, invalidByte);
      if (isBlank) noteBlank();
      else if (passed < above) pass();
      else if (!OF_EXCEL.test(text)) header = readHeader(text);
      progress.blanks.add(progress.line);
    },
    readLongLine: reader.readLongLine,
  };

  function pass(): void {
    passed += 1;
    if (passed === above) report('table_above_header', { rows: above });
  }

  function noteBlank(): void {
    if (above > 0 && header === undefined) return;
    progress.blankLines += 1;
    progress.firstBlankLine ||= progress.line;
  }

  function readHeader(text: string): string[] {
    isMarkdown = separator === '|' && text.trimStart().startsWith('|');
    const names = columnNames(text, separator);
    if (new Set(names).size < names.length) report('duplicate_key', {}, { path: 'header' });
    return names;
  }
}

/** The separator that Excel is told in a line before the header. */
const OF_EXCEL = /^sep=.\r?$/i;

/** The row of dashes under the header. */
const isRuleOfMarkdown = (text: string) => text.includes('--') && /^[\s|:-]*$/.test(text);

/** Names that people give the columns of a question and its answer. */
const NAMES_OF_PAIRS: ReadonlySet<string> = new Set(Object.values(PAIR_FORMS).flat());

/** Whether a row names the columns as the header does, or, right below it, otherwise: as files that were joined, and tables with two headers, do. */
function isHeaderAgain(cells: string[], names: string[], isFirst: boolean): boolean {
  if (cells.length !== names.length || names.length < 2) return false;
  if (cells.every((cell, at) => columnName(cell) === names[at])) return true;
  return isFirst && cells.every((cell) => NAMES_OF_PAIRS.has(columnName(cell)));
}

const UNNAMED = /^column_\d+$/;

/** The fields that the header names; the first column without a name is the index that Python's pandas writes. */
export const columnNames = (header: string, separator: Separator): string[] =>
  cellsOf(header, separator).map((cell, index) => columnName(cell) || unnamed(index));

const unnamed = (index: number) => (index === 0 ? 'index' : `column_${index + 1}`);

/** The turns that stand in a cell as JSON, or as Python shows them, which is what pandas writes. */
export const listInCell = (name: string, cell: string) =>
  cell.startsWith('[')
    ? (listInText({ [name]: cell }, name) ?? listInText({ [name]: numpyAsJson(cell) }, name))
    : undefined;

/** People write the names of columns with capitals and spaces. */
const columnName = (cell: string) => cell.trim().toLowerCase().replaceAll(/\s+/g, '_');

/** The cells of a row, its line end left out. */
export function cellsOf(row: string, separator: Separator): string[] {
  const text = row.endsWith('\r') ? row.slice(0, -1) : row;
  const cells: string[] = [];
  let at = 0;
  while (at <= text.length) {
    const [cell, end] = text[at] === '"' ? quotedCell(text, at) : plainCell(text, at, separator);
    const rest = plainCell(text, end, separator);
    cells.push(cell + rest[0]);
    at = rest[1] + 1;
  }
  return cells;
}

/** Where a quote stands so that nobody can tell what is quoted: behind the white space before a cell, or before the end of one. */
function misplacedQuote(row: string, separator: Separator): 'after_space' | 'before_end' | undefined {
  if (!row.includes('"')) return undefined;
  const text = row.endsWith('\r') ? row.slice(0, -1) : row;
  for (let at = 0; at <= text.length; ) {
    const isQuoted = text[at] === '"';
    const [, end] = isQuoted ? quotedCell(text, at) : plainCell(text, at, separator);
    const [rest, next] = plainCell(text, end, separator);
    if (isQuoted && rest.trim() !== '') return 'before_end';
    if (!isQuoted && /^\s+"/.test(text.slice(at, next))) return 'after_space';
    at = next + 1;
  }
  return undefined;
}

function plainCell(text: string, at: number, separator: Separator): [string, number] {
  const found = text.indexOf(separator, at);
  const end = found === -1 ? text.length : found;
  return [text.slice(at, end), end];
}

function quotedCell(text: string, at: number): [string, number] {
  let end = at + 1;
  while (end < text.length && (text[end] !== '"' || text[end + 1] === '"')) end += text[end] === '"' ? 2 : 1;
  return [text.slice(at + 1, end).replaceAll('""', '"'), end + 1];
}
