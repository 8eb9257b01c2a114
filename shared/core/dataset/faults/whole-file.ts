/** Recognises what a file is that is no lines of JSON, from how it begins. */
import type { WholeFileFault } from '../../issues/whole-file-faults.ts';
import { pythonAsJson } from '../../json/literals.ts';
import { parsedOrNot } from '../../json/parsed.ts';
import { repairOf } from '../../json/repair.ts';
import { isObject } from '../../json/values.ts';
import type { Separator } from '../containers/container.ts';
import { cellsOf } from '../containers/table.ts';
import { isJsonOfTurns, isListOfTurns, listInText } from '../containers/turn-lists.ts';
import { type Beginning, LAYOUT_BYTES, readBeginning } from './beginning.ts';
import { hasComments, isCode } from './code-texts.ts';
import { hasCutCells } from './cut-rows.ts';
import { isErrorAnswer } from './error-answer.ts';
import {
  areListsInList,
  areListsOnLines,
  areTextsUnderTexts,
  areTurnsInList,
  isSplitTable,
} from './nameless.ts';
import { OTHER_TEXTS } from './other-texts.ts';
import { isTar } from './tar.ts';
import { hasTypedValues } from './typed-values.ts';
import { isErrorOfStorage } from './xml.ts';

interface Row {
  fault: WholeFileFault;
  /** Labels are tables, so that only the others are faults of theirs. */
  onlyExamples?: true;
  /** Also where the file was taken for one record that is laid out over lines. */
  ofOneRecord?: true;
  recognise: (beginning: Beginning) => boolean;
}

const begins = (magic: string) => (beginning: Beginning) =>
  beginning.bytes.subarray(0, magic.length).toString('latin1') === magic;
const firstLine = (pattern: RegExp) => (beginning: Beginning) => pattern.test(beginning.lines[0] ?? '');
const anyLine = (pattern: RegExp) => (beginning: Beginning) =>
  beginning.lines.some((line) => pattern.test(line));

/** Whether every line holds an object once something is taken away that no line of JSON has there. */
const everyLine =
  (strip: (line: string, isLast: boolean) => string | undefined) => (beginning: Beginning) => {
    const { lines } = beginning;
    const isEvery = lines.every((line, index) => {
      const rest = strip(line, index === lines.length - 1);
      return rest !== undefined && isObject(parsedOrNot(rest));
    });
    return lines.length > 0 && isEvery;
  };

/** Examples whose texts have no names that tell which one is asked. */
const NAMELESS: readonly Row[] = [
  { fault: 'split_table', onlyExamples: true, ofOneRecord: true, recognise: isSplitTable },
  { fault: 'keyed_texts', onlyExamples: true, ofOneRecord: true, recognise: areTextsUnderTexts },
  { fault: 'turns_in_list', onlyExamples: true, recognise: areTurnsInList },
  { fault: 'lists_in_list', onlyExamples: true, recognise: areListsInList },
  { fault: 'lists_on_lines', onlyExamples: true, recognise: areListsOnLines },
];

/** The first row that recognises the beginning says what the file is. */
const ROWS: readonly Row[] = [
  { fault: 'parquet', recognise: begins('PAR1') },
  { fault: 'arrow', recognise: begins('ARROW1') },
  // A zip with these parts is a workbook of Excel; its old form is a compound file of OLE.
  {
    fault: 'xlsx',
    recognise: ({ bytes }) =>
      bytes.indexOf('PK\x03\x04') === 0 && (bytes.includes('xl/') || bytes.includes('[Content_Types].xml')),
  },
  { fault: 'xlsx', recognise: begins('\xd0\xcf\x11\xe0') },
  { fault: 'pdf', recognise: begins('%PDF-') },
  { fault: 'sqlite', recognise: begins('SQLite format 3') },
  { fault: 'tar', ofOneRecord: true, recognise: isTar },
  { fault: 'rich_text', recognise: begins('{\\rtf') },
  { fault: 'binary', recognise: isBinary },
  // What Python's pickle and NumPy write may hold hardly any control character.
  ...['\x80\x03', '\x80\x04\x95', '\x80\x05\x95', '\x93NUMPY'].map(
    (magic): Row => ({ fault: 'binary', recognise: begins(magic) }),
  ),
  { fault: 'lfs_pointer', recognise: begins('version https://git-lfs.github.com/spec/') },
  { fault: 'html', recognise: firstLine(/^<(?:!doctype\s+html|html|head|body)\b/i) },
  { fault: 'xml', recognise: isErrorOfStorage },
  {
    fault: 'merge_conflict',
    recognise: ({ bytes }) => bytes.indexOf('<<<<<<< ') === 0 || bytes.includes('\n<<<<<<< '),
  },
  { fault: 'markdown_fence', recognise: anyLine(/^```\w*$/) },
  { fault: 'server_sent_events', recognise: isEventStream },
  { fault: 'error_answer', recognise: isErrorAnswer },
  { fault: 'objects_in_table', onlyExamples: true, recognise: areObjectsInTable },
  { fault: 'double_encoded', onlyExamples: true, recognise: isDoubleEncoded },
  { fault: 'turns_alone', onlyExamples: true, recognise: areTurnsAlone },
  { fault: 'lists_as_python', onlyExamples: true, recognise: areListsOfPython },
  { fault: 'lists_as_text', onlyExamples: true, recognise: areListsTexts },
  { fault: 'comma_after_line', onlyExamples: true, recognise: hasCommas },
  {
    fault: 'numbered_lines',
    onlyExamples: true,
    recognise: everyLine((line) => /^(?:\d+[.):]?|[-*•])\s*(\{.*)$/.exec(line)?.[1]),
  },
  { fault: 'log_lines', onlyExamples: true, recognise: everyLine(objectInText) },
  { fault: 'python_literals', onlyExamples: true, recognise: arePythons },
  { fault: 'code_list', onlyExamples: true, recognise: isCode },
  { fault: 'comments', onlyExamples: true, ofOneRecord: true, recognise: hasComments },
  // An object of it begins with a name in single quotes, which no JSON has.
  {
    fault: 'python_list',
    onlyExamples: true,
    ofOneRecord: true,
    recognise: ({ bytes }) => /^\s*\[\s*\{\s*'/.test(bytes.toString('latin1', 0, LAYOUT_BYTES)),
  },
  ...NAMELESS,
  {
    fault: 'intents',
    onlyExamples: true,
    ofOneRecord: true,
    recognise: hasNames('intents', 'patterns', 'responses'),
  },
  { fault: 'typed_values', onlyExamples: true, ofOneRecord: true, recognise: hasTypedValues },
  { fault: 'cut_rows', onlyExamples: true, ofOneRecord: true, recognise: hasCutCells },
  { fault: 'telegram', onlyExamples: true, ofOneRecord: true, recognise: isTelegram },
  { fault: 'columns', onlyExamples: true, ofOneRecord: true, recognise: isColumns },
  { fault: 'keyed_rows', onlyExamples: true, ofOneRecord: true, recognise: isKeyedRows },
  { fault: 'squad', onlyExamples: true, ofOneRecord: true, recognise: hasNames('data', 'paragraphs', 'qas') },
  { fault: 'wrapped_list', onlyExamples: true, recognise: isWrappedList },
  { fault: 'commas_between_objects', onlyExamples: true, recognise: hasObjectsWithCommas },
  ...OTHER_TEXTS.map((row): Row => ({ ...row, onlyExamples: true })),
  { fault: 'dialogue', onlyExamples: true, recognise: isDialogue },
  { fault: 'tsv', onlyExamples: true, recognise: isTable('\t') },
  { fault: 'csv', onlyExamples: true, recognise: isTable(',') },
  { fault: 'csv_semicolon', onlyExamples: true, recognise: isTable(';') },
  { fault: 'csv_pipe', onlyExamples: true, recognise: isTable('|') },
  { fault: 'table_of_returns', onlyExamples: true, recognise: isTableOfReturns },
  // Without a header, or with something else in its place.
  { fault: 'tsv', onlyExamples: true, recognise: hasCells('\t') },
  { fault: 'csv_semicolon', onlyExamples: true, recognise: hasCells(';') },
  { fault: 'csv', onlyExamples: true, recognise: hasCells(',') },
  { fault: 'plain_text', onlyExamples: true, recognise: isPlainText },
];

/** What the file is in place of `what`; undefined where nothing is recognised. `isCut`: its records are known to be no lines. */
export function recogniseWholeFile(
  beginning: Beginning,
  what: 'examples' | 'labels',
  isCut = false,
): WholeFileFault | undefined {
  return ROWS.find(
    ({ onlyExamples, ofOneRecord, recognise }) =>
      !(onlyExamples && what === 'labels') && (ofOneRecord || !isCut) && recognise(beginning),
  )?.fault;
}

/** Ours: text has hardly any control characters but tabs and line ends. */
const MOST_CONTROLS = 0.1;

function isBinary({ bytes }: Beginning): boolean {
  const looked = bytes.subarray(0, LAYOUT_BYTES);
  const controls = looked.filter((byte) => byte < 0x20 && byte !== 0x09 && byte !== 0x0a && byte !== 0x0d);
  return controls.length > looked.length * MOST_CONTROLS;
}

function isEventStream({ lines }: Beginning): boolean {
  return (
    lines.some((line) => /^data: *[{[]/.test(line)) &&
    lines.every((line) => /^(?:data|event|id|retry)?:/.test(line))
  );
}

/** A table with one column, in which every cell holds an object of JSON. */
function areObjectsInTable({ lines: [header = '', ...rows] }: Beginning): boolean {
  return (
    rows.length > 0 &&
    /^"?[A-Za-z_][\w -]{0,60}"?$/.test(header) &&
    rows.every((row) => row.startsWith('"{""'))
  );
}

function isDoubleEncoded({ values }: Beginning): boolean {
  return values.length > 0 && values.every((value) => typeof value === 'string' && holdsObject(value));
}

/** Whether a text is the JSON of an object, or of such a text. */
function holdsObject(text: string): boolean {
  const value = parsedOrNot(text);
  return isObject(value) || (typeof value === 'string' && holdsObject(value));
}

function areTurnsAlone({ values }: Beginning): boolean {
  return values.length > 1 && values.every(isListOfTurns);
}

/** Every record has its turns as the JSON of a list. */
function areListsTexts({ values }: Beginning): boolean {
  const isIn = (value: unknown) =>
    isObject(value) && Object.keys(value).some((field) => listInText(value, field) !== undefined);
  return values.length > 0 && values.every(isIn);
}

/** The same, where a list is as Python shows it. */
function areListsOfPython(beginning: Beginning): boolean {
  const isPython = (value: unknown) =>
    isObject(value) &&
    Object.entries(value).some(
      ([field, text]) => listInText(value, field) !== undefined && !isJsonOfTurns(text),
    );
  return areListsTexts(beginning) && beginning.values.some(isPython);
}

/** One object with the messages of a chat, or of all. */
function isTelegram({ bytes }: Beginning): boolean {
  const text = bytes.toString('utf8', 0, LAYOUT_BYTES);
  return (
    /^\s*\{/.test(text) && /"messages"\s*:\s*\[\s*\{[^{}[\]]*"type"\s*:\s*"(?:message|service)"/.test(text)
  );
}

/** Whether a file is one object in which lists lie in each other by these names. */
function hasNames(...names: string[]): Row['recognise'] {
  const nested = new RegExp(`^\\{[^[]{0,400}"${names.join('"\\s*:\\s*\\[[\\s\\S]*?"')}"\\s*:\\s*\\[`);
  return ({ bytes, values }) =>
    values.filter(isObject).length < 2 && nested.test(bytes.toString('latin1', 0, LAYOUT_BYTES).trimStart());
}

/** An object and a comma on every line; the last may do without. */
function hasCommas(beginning: Beginning): boolean {
  if (beginning.lines.length < 2) return false;
  return everyLine((line, isLast) => (line.endsWith(',') ? line.slice(0, -1) : isLast ? line : undefined))(
    beginning,
  );
}

/** From the first brace with the quote of a name behind it; only that long text is looked through for it. */
const BEFORE_OBJECT = /^(?:[^{]|\{[^{"\s])*/;
/** Where a line begins as JSON or a literal would, or a text in quotes, what is in it is no object of its own. */
const BEGINS_VALUE = /^[\s[(]*["'{]|^\[\s*\{/;

/** The object of a line that has other text before or behind it, as a log has; undefined where it has none, or is one itself. */
export function objectInText(line: string): string | undefined {
  const [before = ''] = BEFORE_OBJECT.exec(line) ?? [];
  const end = line.lastIndexOf('}') + 1;
  if (end <= before.length || (before.trim() === '' && line.slice(end).trim() === '')) return undefined;
  const behind = line.slice(end);
  // In quotes its own quotes are written otherwise; behind a comma it is a cell of a table; commas alone are another fault.
  if (BEGINS_VALUE.test(before) || /["'`,]$/.test(before.trimEnd())) return undefined;
  if (/^\s*["'`\])]/.test(behind) || (before.trim() === '' && /^[\s,;]*$/.test(behind))) return undefined;
  return line.slice(before.length, end);
}

/** Every line is an object of JSON or of Python, and most are no JSON: a line or two are faults of their own. */
function arePythons(beginning: Beginning): boolean {
  const { values } = beginning;
  if (values.filter((value) => value === undefined).length * 2 <= values.length) return false;
  // A comma too many is one of JSON, too.
  if (beginning.lines.every((line) => isObject(parsedOrNot(withoutExtraCommas(line))))) return false;
  return everyLine((line) => (isObject(parsedOrNot(line)) ? line : pythonAsJson(line)))(beginning);
}

const withoutExtraCommas = (line: string) => repairOf('trailing_comma')?.repair(line) ?? line;

/** Fields of one example that are lists of objects: what is said, by turns. */
const TURNS = /^(?:contents|completions|messages|conversations?|dialog(?:ue)?|turns|tools)$/;

/** `{"data": [{…}, …]}`, on one line or several. */
function isWrappedList({ bytes, lines, values: [value], isAll }: Beginning): boolean {
  if (value === undefined) {
    const name = /^\s*\{\s*"([^"\\]*)"\s*:\s*\[\s*\{/.exec(bytes.toString('latin1', 0, LAYOUT_BYTES))?.[1];
    return name !== undefined && !TURNS.test(name);
  }
  if (!isObject(value) || !isAll || lines.length > 1) return false;
  const lists = Object.entries(value).filter(([, member]) => isListOfObjects(member));
  return lists.length === 1 && lists.every(([name]) => !TURNS.test(name));
}

/** The one object that a file is; of one that is longer than its beginning nobody knows. */
function oneObject({ bytes, isWhole, lines }: Beginning): [string, unknown][] | undefined {
  // Lines that are objects of their own are many.
  if (!isWhole || !lines[0]?.startsWith('{')) return undefined;
  const value = parsedOrNot(bytes.toString('utf8'));
  return isObject(value) ? Object.entries(value) : undefined;
}

const isCell = (value: unknown) => typeof value !== 'object' || value === null;
/** How many cells a column has: a list of them, or an object that numbers them. */
function cellsIn(column: unknown): number {
  if (Array.isArray(column)) return column.every(isCell) || areConversations(column) ? column.length : 0;
  if (!isObject(column)) return 0;
  const rows = Object.entries(column);
  return rows.every(([key, value]) => /^\d+$/.test(key) && isCell(value)) ? rows.length : 0;
}

/** `{"question": ["a", "b"], "answer": ["c", "d"]}`, or with `{"0": "a", "1": "b"}` in place of the lists. */
function isColumns(beginning: Beginning): boolean {
  const columns = oneObject(beginning) ?? [];
  const [, first] = columns[0] ?? [];
  const rows = cellsIn(first);
  if (isCutColumn(beginning)) return true;
  return (
    (columns.length > 1 || areConversations(first)) &&
    rows > 1 &&
    columns.every(([, column]) => cellsIn(column) === rows)
  );
}

const areConversations = (column: unknown): boolean => Array.isArray(column) && column.every(isListOfTurns);

/** The first column of a file that is longer than its beginning: a list of texts or numbers that does not end there. */
function isCutColumn({ bytes, isWhole, values: [value] }: Beginning): boolean {
  if (isWhole || value !== undefined) return false;
  return /^\s*\{\s*"[^"\\]{1,100}"\s*:\s*\[\s*["\d-][^}]*$/.test(bytes.toString('latin1'));
}

/** `{"0": {…}, "1": {…}}`. */
function isKeyedRows(beginning: Beginning): boolean {
  const rows = oneObject(beginning) ?? [];
  return rows.length > 1 && rows.every(([key, value]) => /^\d+$/.test(key) && isObject(value));
}

const ASKING =
  /^(?:Q|Question|User|Human|Customer|USER|user|human|Frage|Pregunta|Usuario|ユーザー|指示|質問|用户|问|질문)[:：]/;
const ANSWERING =
  /^(?:A|Answer|Assistant|Bot|AI|Agent|ASSISTANT|assistant|Antwort|Respuesta|Asistente|アシスタント|応答|回答|助手|答|답변)[:：]/;

/** Who speaks stands at the beginning of lines, from the first on. */
function isDialogue({ lines }: Beginning): boolean {
  return ASKING.test(lines[0] ?? '') && lines.some((line) => ANSWERING.test(line));
}

function isListOfObjects(value: unknown): boolean {
  return Array.isArray(value) && value.length > 0 && value.every(isObject);
}

/** `},` and the next object, both without indentation, since objects in an example have commas between them too. */
function hasObjectsWithCommas({ bytes, lines: [first = ''], values: [value] }: Beginning): boolean {
  if (!first.startsWith('{') || value !== undefined) return false;
  return /^\},\s*\{/m.test(bytes.toString('latin1', 0, LAYOUT_BYTES));
}

/** Ours: a name of a column is short. */
const LONGEST_NAME = 60;

/** The separators of what may be tables. */
export const SEPARATOR_OF: Partial<Record<WholeFileFault, Separator>> = {
  ...{ csv: ',', tsv: '\t', csv_semicolon: ';', csv_pipe: '|' },
};

/** Whether the first line names columns, and the lines below have at least as many. */
function isTable(delimiter: string) {
  return ({ lines, values }: Beginning): boolean => {
    const [header = '', ...rows] = lines;
    if (/[{[\]}]/.test(header) || values.some(isObject)) return false;
    const names = header.split(delimiter).map((name) => name.replace(/^\ufeff/, '').trim());
    const areNames = names.every((name) => /^"?[\p{L}_][^"]*"?$/u.test(name) && name.length <= LONGEST_NAME);
    // A row may go on over lines within its quotes, so that some rows are enough.
    const full = rows.filter((row) => row.split(delimiter).length >= names.length);
    const isProse = isPunctuation(lines, delimiter) && names.some((name) => /\s/.test(name));
    return names.length > 1 && areNames && !isProse && full.length * 2 > rows.length;
  };
}

/** Whether it is a table once each carriage return is a line feed. */
function isTableOfReturns({ bytes, isWhole }: Beginning): boolean {
  if (!bytes.includes(0x0d) || bytes.includes(0x0a)) return false;
  const written = bytes.map((byte) => (byte === 0x0d ? 0x0a : byte)) as Buffer;
  const beginning = readBeginning(written, isWhole);
  return [',', ';', '\t', '|'].some((separator) => isTable(separator)(beginning));
}

/** Whether a comma or semicolon is one of sentences: white space follows it wherever it stands, and no cell is quoted. */
function isPunctuation(lines: readonly string[], separator: string): boolean {
  const isTight = (line: string) => line.split(separator).some((cell, at) => at > 0 && /^\S/.test(cell));
  return separator.trim() !== '' && !lines.some((line) => isTight(line) || /(?:^|[,;]\s*)"/.test(line));
}

const [LEAST_ROWS, MOST_COLUMNS] = [3, 20];

/** Whether all lines have as many cells as each other, and none looks like JSON. */
function hasCells(separator: Separator) {
  return ({ lines }: Beginning): boolean => {
    const columns = lines[0] === undefined ? 0 : cellsOf(lines[0], separator).length;
    if (lines.length < LEAST_ROWS || columns < 2 || columns > MOST_COLUMNS) return false;
    if (isPunctuation(lines, separator)) return false;
    return lines.every(
      (line) => !/^[{[]|[{[]\s*"\w/.test(line) && cellsOf(line, separator).length === columns,
    );
  };
}

/** What a messenger writes before each message: `[01/12/2026, 10:00:00] `. */
const TIME_OF_CHAT = /^\u200e?\[\d[\d./, :-]{5,30}(?:[AP]M)?\] /;

/** Sentences, and no line that was meant to be JSON; a number may be a line of text. */
function isPlainText({ lines, values }: Beginning): boolean {
  const isSentences = (line: string) =>
    /^[\p{L}\p{N}][^{}[\]]*$/u.test(line.replace(TIME_OF_CHAT, '')) && !/"\s*:/.test(line);
  return lines.length >= LEAST_ROWS && values.includes(undefined) && lines.every(isSentences);
}
