/** Reads one line: strict UTF-8, JSON, an object, the expected format; then hands the example to its checker. */
import type { JsonProblem } from '../../json/faults.ts';
import { findJsonFault, isDeeperThan, type LineFault, mayRepeatKey, readStructure } from '../../json/line.ts';
import { firstInvalidByte } from '../../json/utf8.ts';
import { isObject, type JsonObject, typeName } from '../../json/values.ts';
import { recogniseFormat } from '../formats/foreign.ts';
import type { ExampleChecker } from '../formats/format.ts';
import { type DatasetFormat, MAX_DEPTH, MAX_LINE_BYTES } from '../limits.ts';
import type { Report } from '../lines/reporter.ts';
import type { LineHandler } from '../lines/splitter.ts';
import { createFormatCheck } from './mixed-formats.ts';

/** How far the reading is; shared by the parts of one check. */
export interface Progress {
  /** 1-based; 0 before the first line. */
  line: number;
  blankLines: number;
  firstBlankLine: number;
  examples: number;
  unusable: number;
  /** The file cannot be read any further. */
  isStopped: boolean;
  /** The line of the last error. */
  lastErrorLine: number;
}

/** The beginning of a file. */
export function createProgress(): Progress {
  return {
    line: 0,
    blankLines: 0,
    firstBlankLine: 0,
    examples: 0,
    unusable: 0,
    isStopped: false,
    lastErrorLine: 0,
  };
}

export interface LineReaderOptions {
  report: Report;
  progress: Progress;
  checker: ExampleChecker;
  expected: DatasetFormat | 'embedding';
}

export interface LineReader {
  onLine: LineHandler;
  onLongLine: (lengthBytes: number, firstByte: number) => void;
  finish(): void;
}

/** Faults of JSON that have a code of their own. */
const FAULT_CODES: Partial<Record<JsonProblem, 'line_nul_byte' | 'line_lone_cr' | 'line_unicode_separator'>> =
  {
    nul: 'line_nul_byte',
    lone_cr: 'line_lone_cr',
    unicode_separator: 'line_unicode_separator',
  };

/** Shorter lines cannot trouble a parser by their depth. */
const LONG_LINE = 64 * 1024;

/** Makes the reader of one data set. */
export function createLineReader({ report, progress, checker, expected }: LineReaderOptions): LineReader {
  /** The fault of a first line that may be the beginning of a pretty-printed file; the second line tells. */
  let pending: LineFault | undefined;
  /** A bad line seldom comes alone, and a parser that throws takes ten times as long as our own search for the fault. */
  let hasJustFailed = false;
  const formats = createFormatCheck({ report, progress, expected });

  function stop(code: 'dataset_json_array' | 'dataset_pretty_printed'): void {
    report(code, {}, { line: 1 });
    pending = undefined;
    progress.isStopped = true;
  }

  function reportFault({ problem, column }: LineFault, line = progress.line): void {
    const code = FAULT_CODES[problem];
    if (code) report(code, { column }, { line });
    else report('line_not_json', { problem, column }, { line });
  }

  function releasePending(): void {
    if (pending) reportFault(pending, 1);
    pending = undefined;
  }

  function readUnparsable(text: string, fault: LineFault): void {
    const trimmed = text.trim();
    if (progress.line !== 1 || fault.problem !== 'ends_early') reportFault(fault);
    else if (trimmed.startsWith('[')) stop('dataset_json_array');
    else if (trimmed === '{') stop('dataset_pretty_printed');
    else pending = fault;
  }

  function readValue(text: string, value: unknown): void {
    const isFirst = progress.line === 1;
    if (isObject(value)) readObject(text, value);
    else if (isFirst && Array.isArray(value) && isObject(value[0])) stop('dataset_json_array');
    else report('line_not_object', { type: typeName(value) });
  }

  function readObject(text: string, example: JsonObject): void {
    const isExpected = checker.isExpectedFormat(example);
    const foreign = isExpected ? undefined : recogniseFormat(example, expected);
    if (isExpected) formats.noteExpected();
    else if (foreign) {
      formats.noteForeign(foreign);
      return;
    }
    const keys = checker.check(example, text.length);
    if (keys === 'unique') return;
    if (keys === 'unknown' || mayRepeatKey(text, keys)) checkStructure(text);
  }

  function checkStructure(text: string): void {
    const { isTooDeep, duplicateKey } = readStructure(text, MAX_DEPTH);
    if (isTooDeep) report('line_too_deep', { maxDepth: MAX_DEPTH });
    else if (duplicateKey !== undefined) report('duplicate_key', {}, { path: duplicateKey });
  }

  function readText(text: string): void {
    if (text.length > LONG_LINE && isDeeperThan(text, MAX_DEPTH)) {
      report('line_too_deep', { maxDepth: MAX_DEPTH });
      return;
    }
    let fault = hasJustFailed ? findJsonFault(text) : undefined;
    const value = fault ? undefined : parse(text);
    if (value === undefined) fault ??= findJsonFault(text) ?? { problem: 'unexpected_character', column: 1 };
    hasJustFailed = fault !== undefined;
    if (fault) readUnparsable(text, fault);
    else readValue(text, value);
  }

  function readNonBlank(bytes: Buffer, start: number, end: number): void {
    const text = bytes.toString('utf8', start, end);
    const invalid = firstInvalidByte(text, bytes, start, end);
    if (pending && continuesObject(text)) {
      stop('dataset_pretty_printed');
      return;
    }
    releasePending();
    if (invalid === -1) readText(text);
    else report('line_not_utf8', { byteColumn: invalid - start + 1 });
  }

  return {
    onLine(bytes, start, end) {
      if (progress.isStopped) return;
      progress.line += 1;
      if (isBlank(bytes, start, end)) {
        progress.blankLines += 1;
        progress.firstBlankLine ||= progress.line;
        return;
      }
      progress.examples += 1;
      readNonBlank(bytes, start, end);
      if (progress.lastErrorLine === progress.line) progress.unusable += 1;
      else checker.accept?.();
    },
    onLongLine(bytes, firstByte) {
      if (progress.isStopped) return;
      progress.line += 1;
      progress.examples += 1;
      progress.unusable += 1;
      releasePending();
      if (progress.line === 1 && firstByte === 0x5b) stop('dataset_json_array');
      else report('dataset_line_too_long', { bytes, maxBytes: MAX_LINE_BYTES });
    },
    finish() {
      releasePending();
      formats.finish();
    },
  };
}

/** No JSON value is undefined, so undefined says that the text is none; what is wrong is looked for only then. */
function parse(text: string): unknown {
  try {
    return JSON.parse(text);
  } catch {
    return undefined;
  }
}

/** The white space of JSON; a byte order mark in the middle of a file is none. */
export function isBlank(bytes: Buffer, start: number, end: number): boolean {
  let at = start;
  while (at < end && (bytes[at] === 0x20 || bytes[at] === 0x0d || bytes[at] === 0x09)) at += 1;
  return at === end;
}

/** How the second line of an indented object begins, and no line of JSON Lines. */
function continuesObject(text: string): boolean {
  return /^\s*["}\]]/.test(text);
}
