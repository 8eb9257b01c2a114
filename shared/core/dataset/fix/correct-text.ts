/** The first step of a correction: whatever a file was, the text of it as lines of JSON, or of labels. */
import { reportIssue } from '../../issues/catalog.ts';
import { COLUMNS_OF_ANSWERS, CONTAINERS, remedyOfColumns } from '../../issues/conversion.ts';
import { type DatasetIssue, datasetIssue } from '../../issues/dataset.ts';
import { strangeLine } from '../../issues/strange-lines.ts';
import { WHOLE_FILE_FAULTS, type WholeFileFault } from '../../issues/whole-file-faults.ts';
import { findJsonFault, type LineFault } from '../../json/line.ts';
import { placeIn } from '../../json/line-index.ts';
import { parsedOrNot } from '../../json/parsed.ts';
import { onOneLine } from '../../json/repair.ts';
import { isObject } from '../../json/values.ts';
import { type Container, LINES } from '../containers/container.ts';
import { containerOf } from '../containers/recognise.ts';
import { splitterOf } from '../containers/splitters.ts';
import { objectInText, SEPARATOR_OF } from '../faults/whole-file.ts';
import { PEEKED_BYTES } from '../forms/choose.ts';
import { createJoinedLines } from '../jsonl/joined-lines.ts';
import { isMeant, readBroken } from '../jsonl/read-broken.ts';
import type { RepairedRecord } from '../jsonl/repair-record.ts';
import { MAX_LINE_BYTES } from '../limits.ts';
import { createFileProgress, type FileProgress } from '../lines/progress.ts';
import type { Reporter } from '../lines/reporter.ts';
import { createTextFile, type LineConsumer } from '../lines/text-file.ts';
import type { CorrectionLog } from './correction-log.ts';
import {
  asUtf8,
  type Decoding,
  encodingByAll,
  encodingByHead,
  type FoundEncoding,
  type OpenFile,
} from './encoding.ts';
import { findLayers, type Layers } from './layers.ts';
import type { OnLine } from './mixed-encoding.ts';
import type { SourceLines } from './source-lines.ts';
import { asExample } from './unwrap.ts';

export interface TextOptions {
  /** What the file is called, for sentences. */
  uri: string;
  what: 'examples' | 'labels';
  /** The encoding that a person says a file has that is no UTF-8. */
  encoding?: string | undefined;
}

/** What is noted of a copy while it is written. */
export interface TextNotes {
  corrections: CorrectionLog;
  /** Where its lines come from. */
  sources: SourceLines;
}

/** Where the lines of a copy go. */
export interface TextCopy {
  /** The notes of a copy that begins; what an earlier one wrote is nothing. */
  begin(): TextNotes;
  /** Writes its lines, each with its line feed, some at a time. */
  write(lines: AsyncIterable<string>): Promise<void>;
}

/** What was made of a file. */
export type CorrectedText =
  /** Nothing, for a reason that a person has to deal with. */
  { why: string } | (TextNotes & { container: Container });

/** Whole files of which a machine makes no examples. */
const OF_A_PERSON: ReadonlySet<WholeFileFault> = new Set([
  ...([
    'parquet',
    'arrow',
    'xlsx',
    'pdf',
    'sqlite',
    'binary',
    'lfs_pointer',
    'html',
    'xml',
    'xml_data',
    'arff',
    'anki',
    'telegram',
    'error_answer',
  ] as const),
  ...(['rich_text', 'turns_in_list'] as const),
  ...(['html_table', 'sql', 'latex', 'bibtex', 'toml', 'ini', 'fasttext', 'chat_log', 'squad'] as const),
  ...(['merge_conflict', 'yaml', 'yaml_object', 'intents', 'keyed_rows'] as const),
  ...(['keyed_texts', 'lists_in_list', 'lists_on_lines', 'plain_text'] as const),
  // As far as it is not read.
  'dialogue',
]);
/** They are read where their columns, or the examples in them, are known. */
const isUnknownList = (fault: WholeFileFault) =>
  fault === 'wrapped_list' || SEPARATOR_OF[fault] !== undefined;

/** Writes a file as its text says, read once; once more, where it was taken for UTF-8 and is not. */
export async function correctText(
  open: OpenFile,
  options: TextOptions,
  copy: TextCopy,
): Promise<CorrectedText> {
  const supposed = await encodingByHead(open);
  const written = await correctAs(supposed, { open, options, copy });
  if (written !== 'undecodable') return written;
  const found = await encodingByAll(open, supposed, options.encoding);
  const again = await correctAs(found, { open, options, copy });
  if (again === 'undecodable') throw new RangeError(`${options.uri} was changed while it was read`);
  return again;
}

interface Work {
  open: OpenFile;
  options: TextOptions;
  copy: TextCopy;
}

async function correctAs(
  found: FoundEncoding,
  { open, options, copy }: Work,
): Promise<CorrectedText | 'undecodable'> {
  if (found.kind === 'unknown') return { why: found.why };
  const decoding: Decoding = { hasFailed: false };
  const read = (onLine?: OnLine) => asUtf8(open(), found, decoding, onLine);
  const { corrections, sources } = copy.begin();
  if (found.kind === 'other') corrections.add({ kind: 'encoding', detail: `from ${found.name}` });
  else if (found.kind === 'utf8' && found.hasMark) corrections.add({ kind: 'byte_order_mark' });
  const addLine: OnLine = (line) =>
    corrections.add({
      kind: 'encoding_inside',
      line,
      detail: `from ${found.kind === 'mixed' ? found.name : ''}`,
    });
  const begun = await beginningOf(read());
  if (decoding.hasFailed) return 'undecodable';
  const layers = await findLayers(begun.bytes, { ...begun, what: options.what });
  const container = options.what === 'labels' ? LINES : containerOf(layers.beginning, isMeant);
  const why = whyNotRead(layers.fault, container);
  if (why !== undefined) return { why };
  for (const correction of layers.corrections) corrections.add(correction);
  if (container.kind !== 'lines')
    corrections.add({ kind: 'container', detail: `they were ${CONTAINERS[container.kind]}` });
  const file = createTextWriter({ options, container, layers, corrections, sources });
  await copy.write(linesOf(layers.takeOff(read(addLine)), file));
  if (decoding.hasFailed) return 'undecodable';
  const broken = file.whyNot();
  return broken === undefined ? { corrections, sources, container } : { why: broken };
}

function whyNotRead(fault: WholeFileFault | undefined, { kind }: Container): string | undefined {
  if (fault === undefined) return undefined;
  if (kind === 'paragraphs' || kind === 'members') return undefined;
  if (!OF_A_PERSON.has(fault) && !(isUnknownList(fault) && kind === 'lines')) return undefined;
  const { found, remedy } = WHOLE_FILE_FAULTS[fault];
  const isTable = SEPARATOR_OF[fault] !== undefined;
  return `It is ${found}. ${isTable ? remedyOfColumns(COLUMNS_OF_ANSWERS) : remedy}`;
}

async function beginningOf(chunks: AsyncIterable<Buffer>): Promise<{ bytes: Buffer; isWhole: boolean }> {
  const first: Buffer[] = [];
  let size = 0;
  for await (const chunk of chunks) {
    first.push(chunk);
    size += chunk.length;
    if (size > PEEKED_BYTES) return { bytes: Buffer.concat(first).subarray(0, PEEKED_BYTES), isWhole: false };
  }
  return { bytes: Buffer.concat(first), isWhole: true };
}

/** The records of a line, or of what was cut out as one; undefined where nobody can say what it was meant to be. */
function recordsIn(text: string, fault: WholeFileFault | undefined): RepairedRecord | undefined {
  if (strangeLine(text) === 'fence') return { texts: [], by: new Set(['fence']) };
  const example = fault === 'turns_alone' ? asExample(text) : undefined;
  if (example !== undefined) return { texts: [example], by: new Set(['turns_alone']) };
  const repaired = readBroken(text);
  const inside = repaired || fault !== 'log_lines' ? undefined : objectInText(text);
  return isObject(parsedOrNot(inside ?? ''))
    ? { texts: [inside ?? ''], by: new Set(['log_mark']) }
    : repaired;
}

interface TextWriter {
  push(chunk: Buffer): void;
  finish(): void;
  /** The lines since it was asked last. */
  take(): string;
  whyNot(): string | undefined;
}

async function* linesOf(chunks: AsyncIterable<Buffer>, file: TextWriter): AsyncGenerator<string> {
  for await (const chunk of chunks) {
    file.push(chunk);
    const text = file.take();
    if (text !== '') yield text;
  }
  file.finish();
  const text = file.take();
  if (text !== '') yield text;
}

interface TextWriterOptions {
  options: TextOptions;
  container: Container;
  layers: Layers;
  corrections: CorrectionLog;
  sources: SourceLines;
}

function createTextWriter(given: TextWriterOptions): TextWriter {
  const { options, container, layers, corrections, sources } = given;
  const isInLines = container.kind === 'lines';
  const progress = createFileProgress();
  let written = '';
  const write = (text: string, line = progress.line): void => {
    written += `${text}\n`;
    sources.add(line);
  };
  const { report, reportInside, whyNot } = createReasons(options, corrections, progress);

  /** A line that nobody can read stays where it is, and the check says what is wrong with it; in a list it would have no place. */
  function leave(text: string, line: number): void {
    const fault = findJsonFault(text);
    if (isInLines) write(text, line);
    else if (fault) reportInside(text, line, fault);
    else report('line_not_object', { type: 'another value' });
  }

  function readRecord(text: string, line = progress.line): void {
    const repaired = recordsIn(text, layers.fault);
    for (const kind of repaired?.by ?? []) corrections.add({ kind, line });
    for (const one of repaired?.texts ?? []) write(onOneLine(one), line);
    if (repaired === undefined) leave(text, line);
  }

  /** No cell of a label has a carriage return in it. */
  function writeLabels(text: string): void {
    const labels = text.split('\r').filter(Boolean);
    if (labels.length > 1) corrections.add({ kind: 'several_on_line', line: progress.line });
    for (const label of labels) write(label);
  }

  const joined = createJoinedLines({
    readLine: readRecord,
    readJoined(text, line) {
      corrections.add({ kind: 'line_feed_inside', line });
      write(text, line);
    },
    readBlank: (line) => corrections.add({ kind: 'blank_line', line }),
  });
  // Lines of a layer that was taken off are blank, and nobody wrote them so.
  if (isInLines && layers.corrections.length === 0) {
    progress.blanks = { ...progress.blanks, add: joined.addBlank };
  }

  const reader: LineConsumer = {
    readLine(text) {
      if (whyNot() !== undefined) return;
      const hasReturn = isInLines && text.endsWith('\r');
      const line = hasReturn ? text.slice(0, -1) : text;
      if (hasReturn) corrections.add({ kind: 'line_ends', line: progress.line });
      if (options.what === 'labels') writeLabels(line);
      else if (isInLines) joined.add(line, progress.line);
      else readRecord(line);
    },
    finish: joined.finish,
    readLongLine: (bytes) => report('dataset_line_too_long', { bytes, maxBytes: MAX_LINE_BYTES }),
  };
  const file = createTextFile(reader, { report, progress }, splitterOf(container));
  return {
    push: file.push,
    finish: file.finish,
    take: () => {
      const text = written;
      written = '';
      return text;
    },
    whyNot,
  };
}

/** Why a file cannot be read as what it was taken for: the first thing that is said of it. */
function createReasons({ uri }: TextOptions, corrections: CorrectionLog, progress: FileProgress) {
  let why: string | undefined;
  const report: Reporter = (code, fields, { line = progress.line } = {}) => {
    if (code === 'dataset_blank_lines') return;
    if (code === 'table_above_header') return corrections.add({ kind: 'above_header' });
    if (code === 'table_header_again') return corrections.add({ kind: 'header_again', line });
    const { fields: beside = [], lists } = fields as { fields?: string[]; lists?: string[] };
    if (code === 'dataset_beside_list' && !lists) {
      return corrections.add({ kind: 'beside_list', detail: beside.join(', ') });
    }
    const { message, remedy } = reportIssue(
      datasetIssue(code, { uri, line }, fields as never) as DatasetIssue,
    );
    why ??= `Line ${line}: ${message} ${remedy}`;
  };
  /** In the words of the check: at the line of a record at which it is. */
  function reportInside(text: string, line: number, { problem, column }: LineFault): void {
    const place = placeIn(text, column);
    report('line_not_json', { problem, column: place.column }, { line: line + place.line });
  }
  return { report, reportInside, whyNot: () => why };
}
