/** Joins the lines of an example in whose texts line feeds stand as they are; every other line passes by. */
import { type BrokenRecord, createBrokenRecord } from '../../json/broken-record.ts';
import { findJsonFault } from '../../json/line.ts';
import { parsedOrNot } from '../../json/parsed.ts';
import { repairOf } from '../../json/repair.ts';
import { isObject } from '../../json/values.ts';

export interface JoinedLines {
  /** The next line that is not blank, with its number. */
  add(line: string, number: number): void;
  addBlank(number: number): void;
  finish(): void;
}

export interface JoinedLinesReader {
  readLine(line: string, number: number): void;
  /** An example on one line, and the number of its first. */
  readJoined(text: string, number: number): void;
  /** A blank line that is no part of a text. */
  readBlank(number: number): void;
}

/** Whether a text of JSON is open at the end of a line: it may go on below. */
export function isOpenAtEnd(line: string): boolean {
  if (!line.trimStart().startsWith('{') || parsedOrNot(line) !== undefined) return false;
  const fault = findJsonFault(line);
  // With line ends of Windows the first thing that no text can hold is the carriage return before the line feed.
  const isReturn = fault?.problem === 'control_character' && line.slice(fault.column - 1) === '\r';
  return fault?.problem === 'string_not_closed' || isReturn;
}

/** The JSON of lines that are an object but for the line feeds in its texts; undefined where they are not. */
export function joinedObject(text: string): string | undefined {
  const written = repairOf('control_character')?.repair(text) ?? text;
  return isObject(parsedOrNot(written)) ? written : undefined;
}

/** Makes the joining of one file. */
export function createJoinedLines({ readLine, readJoined, readBlank }: JoinedLinesReader): JoinedLines {
  let held: { line: string; number: number }[] = [];
  let blanks: number[] = [];
  let record: BrokenRecord | undefined;

  function release(): void {
    const [lines, numbers] = [held, blanks];
    drop();
    for (const { line, number } of lines) readLine(line, number);
    for (const number of numbers) readBlank(number);
  }

  function drop(): void {
    [held, blanks, record] = [[], [], undefined];
  }

  function goOn(into: BrokenRecord, line: string, number: number): void {
    const found = into.add(line, number);
    held.push({ line, number });
    if (found === 'open') return;
    const text = found === 'over' ? joinedObject(into.text) : undefined;
    const [first] = held;
    if (text === undefined || !first) release();
    else {
      drop();
      readJoined(text, first.number);
    }
  }

  return {
    add(line, number) {
      if (!record && !isOpenAtEnd(line)) readLine(line, number);
      else {
        record ??= createBrokenRecord();
        goOn(record, line, number);
      }
    },
    addBlank(number) {
      if (record) blanks.push(number);
      else readBlank(number);
    },
    finish: release,
  };
}
