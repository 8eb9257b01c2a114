/** Reads JSON Lines: strict UTF-8, JSON, an object, the expected format; then hands the object to its checker. */
import type { ForeignFormat } from '../../issues/foreign-formats.ts';
import { type StrangeLine, strangeLine } from '../../issues/strange-lines.ts';
import type { JsonProblem } from '../../json/faults.ts';
import { excessOf, type LineFault, mayRepeatKey, readStructure } from '../../json/line.ts';
import { placeIn } from '../../json/line-index.ts';
import { createLineParser } from '../../json/line-parser.ts';
import { isObject, type ParsedObject, typeName } from '../../json/values.ts';
import type { ObjectChecker } from '../formats/example-checker.ts';
import { recogniseForeign } from '../forms/recognise.ts';
import { MAX_DEPTH, MAX_LINE_BYTES, MAX_MEMBERS } from '../limits.ts';
import type { FileTools } from '../lines/text-file.ts';
import type { ProvingConsumer } from '../scan/proved-lines.ts';
import { createBrokenLines } from './broken-lines.ts';
import { type CorrectableFault, createLayoutCheck } from './layout.ts';
import { createMixedFormats } from './mixed-formats.ts';
import { createOddTexts, ODD_MARKS } from './odd-texts.ts';
import { readBroken } from './read-broken.ts';

export interface JsonLinesOptions extends FileTools {
  checker: ObjectChecker;
  expected: ForeignFormat;
  /** Whether records were cut out of something around them, and may go on over several lines. */
  areCut?: boolean | undefined;
  /** Whether several records may be on one line, so that their number is told beside it. */
  areNumbered?: boolean | undefined;
  /** Whether the marks of a template are what a record is read by, and no trace of a spoilt text. */
  isMarked?: ((record: ParsedObject) => boolean) | undefined;
}

/** Faults of JSON that have a code of their own. */
const FAULT_CODES: Partial<Record<JsonProblem, 'line_nul_byte' | 'line_lone_cr' | 'line_unicode_separator'>> =
  {
    nul: 'line_nul_byte',
    lone_cr: 'line_lone_cr',
    unicode_separator: 'line_unicode_separator',
  };

/** Shorter lines cannot trouble a parser. */
const LONG_LINE = 64 * 1024;
const STRUCTURE = { maxDepth: MAX_DEPTH, maxMembers: MAX_MEMBERS };
const OPEN_BRACKET = 0x5b;

const withCorrection = (text: string, fault: LineFault): CorrectableFault => ({
  ...fault,
  isCorrectable: isCorrectable(text),
});

const isCorrectable = (text: string): true | undefined => (readBroken(text) ? true : undefined);

/** Where a line ends too early, the file may. */
const OF_END: ReadonlySet<JsonProblem> = new Set(['ends_early', 'string_not_closed']);

/** Makes what reports the faults of lines that are no JSON. */
function createFaultReport({ report, progress }: FileTools) {
  /** The fault of a line that ends too early: the next line, or none, tells why. */
  let waiting: { fault: CorrectableFault; line: number } | undefined;

  function tell({ problem, column, isCorrectable }: CorrectableFault, line: number): void {
    const code = FAULT_CODES[problem];
    const isUnread = progress.isRestUnread && !OF_END.has(problem) && problem !== 'cut_short';
    const readBefore = isUnread ? progress.examples - 1 : undefined;
    if (code) report(code, { column }, { line });
    else report('line_not_json', { problem, column, isCorrectable, readBefore }, { line });
  }

  /** There is another line. */
  function goOn(): void {
    if (waiting) tell(waiting.fault, waiting.line);
    waiting = undefined;
  }

  function reportFault(fault: CorrectableFault, line: number): void {
    goOn();
    if (OF_END.has(fault.problem)) waiting = { fault, line };
    else tell(fault, line);
    progress.lastErrorLine = progress.line;
  }

  /** The line and the column of a fault in a record that begins on the present line. */
  function reportInside(text: string, { problem, column, isCorrectable }: CorrectableFault): void {
    const place = placeIn(text, column);
    progress.broken += 1;
    reportFault({ problem, column: place.column, isCorrectable }, progress.line + place.line);
  }

  /** There is no other line. */
  function finish(): void {
    if (waiting) tell({ ...waiting.fault, problem: 'cut_short' }, waiting.line);
    waiting = undefined;
  }

  return { reportFault, reportInside, goOn, finish };
}

/** Makes the reader of one file. */
export function createJsonLines(options: JsonLinesOptions): ProvingConsumer {
  const { report, progress, checker, areCut = false, areNumbered = false } = options;
  const { readText, isSound, formats, faults, layout, odd } = createTextReading(options);

  function finishExample(example: { accept?(): void }): void {
    if (progress.lastErrorLine === progress.line) progress.unusable += 1;
    else example.accept?.();
  }

  function readLine(text: string, invalidByte: number): void {
    faults.goOn();
    progress.examples += 1;
    if (areNumbered) progress.record = progress.examples;
    if (areCut || !layout.isContinued(text)) {
      if (invalidByte > 0) report('line_not_utf8', { byteColumn: invalidByte });
      if (invalidByte > 0 || !readText(text)) progress.strange += 1;
    }
    finishExample(checker);
    progress.record = 0;
  }

  const broken = createBrokenLines({ report, progress, isSound, readLine });

  return {
    marks: ODD_MARKS,
    readLine(text, invalidByte) {
      if (areCut || !broken.takes(text, invalidByte)) readLine(text, invalidByte);
    },
    countProved(line) {
      broken.release();
      faults.goOn();
      progress.examples += 1;
      formats.noteExpected();
      line.add();
      odd.noteProved(line);
      finishExample(line);
    },
    readLongLine(bytes, firstByte) {
      broken.release();
      faults.goOn();
      layout.finish();
      if (!areCut && progress.line === 1 && firstByte === OPEN_BRACKET) layout.refuseArray();
      else report('dataset_line_too_long', { bytes, maxBytes: MAX_LINE_BYTES });
    },
    finish() {
      broken.release();
      layout.finish();
      faults.finish();
      formats.finish();
    },
  };
}

/** Makes what tells once of each program that left lines in a file. */
function createStrangeLines({ report, progress }: FileTools) {
  const told = new Set<StrangeLine>();
  return {
    note(by: StrangeLine): void {
      if (!told.has(by)) report('line_of_another', { by });
      told.add(by);
      progress.lastErrorLine = progress.line;
      // What follows is the rest of the page.
      if (by === 'html') progress.isStopped = true;
    },
  };
}

/** Makes what reads the text of a line, and all that its faults are told by. */
function createTextReading(options: JsonLinesOptions) {
  const { report, progress, checker, expected, areCut = false, isMarked } = options;
  const parser = createLineParser();
  const formats = createMixedFormats({ report, progress, expected });
  const odd = createOddTexts({ report, progress });
  const faults = createFaultReport({ report, progress });
  const strange = createStrangeLines({ report, progress });
  const layout = createLayoutCheck({ report, progress, reportFault: faults.reportFault });

  /** Whether the line is an example, right or wrong. */
  function readText(text: string): boolean {
    if (isTooMuch(text, report)) return false;
    const value = parser.parse(text);
    if (!parser.fault && isObject(value)) return readObject(text, value);
    const isArray = !areCut && progress.line === 1 && Array.isArray(value) && isObject(value[0]);
    const fault = parser.fault && withCorrection(text, parser.fault);
    const by = fault && !areCut ? strangeLine(text) : undefined;
    if (by) strange.note(by);
    else if (fault && areCut) faults.reportInside(text, fault);
    else if (fault) layout.noteFault(text, fault);
    else if (isArray) layout.refuseArray();
    else report('line_not_object', { type: typeName(value), isCorrectable: isCorrectable(text) });
    return false;
  }

  /** Whether the object is an example, right or wrong. */
  function readObject(text: string, object: ParsedObject): boolean {
    const isExpected = checker.isExpectedFormat(object);
    const foreign = isExpected ? undefined : recogniseForeign(object, expected);
    if (isExpected) formats.noteExpected();
    else if (foreign) {
      formats.noteForeign(foreign);
      return false;
    }
    const keys = checker.check(object, text.length);
    if (keys !== 'unique' && (keys === 'unknown' || mayRepeatKey(text, keys))) checkStructure(text, report);
    odd.note(text, isMarked?.(object));
    return true;
  }

  /** Of a long line its end tells enough: a text that is open there has no brace behind it, but for one of its own. */
  const isSound = (text: string) =>
    text.length > LONG_LINE
      ? text.trimEnd().endsWith('}') || excessOf(text, STRUCTURE) !== undefined
      : parser.parse(text) !== undefined && !parser.fault;

  return { readText, isSound, formats, faults, layout, odd };
}

/** Whether reading the line would hold up everything else for long. */
function isTooMuch(text: string, report: FileTools['report']): boolean {
  const excess = text.length > LONG_LINE ? excessOf(text, STRUCTURE) : undefined;
  if (excess === 'depth') report('line_too_deep', { maxDepth: MAX_DEPTH });
  if (excess === 'members') report('line_too_many_members', { maxMembers: MAX_MEMBERS });
  return excess !== undefined;
}

function checkStructure(text: string, report: FileTools['report']): void {
  const { isTooDeep, duplicateKey } = readStructure(text, MAX_DEPTH);
  if (isTooDeep) report('line_too_deep', { maxDepth: MAX_DEPTH });
  else if (duplicateKey !== undefined) report('duplicate_key', {}, { path: duplicateKey });
}
