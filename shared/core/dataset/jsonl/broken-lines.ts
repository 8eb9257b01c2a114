/** Lines that are one example together, since line feeds stand in its texts as they are: told once, at the first of them. */
import { type BrokenRecord, createBrokenRecord } from '../../json/broken-record.ts';
import { findJsonFault } from '../../json/line.ts';
import type { FileTools } from '../lines/text-file.ts';
import { isOpenAtEnd, joinedObject } from './joined-lines.ts';

export interface BrokenLines {
  /** Whether a line belongs to such an example, or may: then nobody reads it now. */
  takes(text: string, invalidByte: number): boolean;
  /** Gives back what was held and is no such example. */
  release(): void;
}

interface Held {
  text: string;
  invalidByte: number;
  line: number;
}

export interface BrokenLinesOptions extends FileTools {
  /** Whether a line is JSON, or too long to be looked at. */
  isSound: (text: string) => boolean;
  /** Reads a line that is no such example, or a line of none. */
  readLine: (text: string, invalidByte: number) => void;
}

/** Makes what finds them in one file. */
export function createBrokenLines({ report, progress, isSound, readLine }: BrokenLinesOptions): BrokenLines {
  let held: Held[] = [];
  let record: BrokenRecord | undefined;

  function release(): void {
    if (!record) return;
    const lines = held;
    [held, record] = [[], undefined];
    const now = progress.line;
    for (const { text, invalidByte, line } of lines) {
      progress.line = line;
      readLine(text, invalidByte);
    }
    progress.line = now;
  }

  /** They are one example, which cannot be used. */
  function tell(first: Held): void {
    const column = findJsonFault(first.text)?.column ?? 1;
    // Blank lines between are a part of the text.
    progress.blankLines -= progress.line - first.line + 1 - held.length;
    progress.examples += 1;
    progress.unusable += 1;
    progress.strange += 1;
    report(
      'line_not_json',
      { problem: 'line_feed_inside', column, isCorrectable: true },
      { line: first.line },
    );
    progress.lastErrorLine = progress.line;
    [held, record] = [[], undefined];
  }

  return {
    takes(text, invalidByte) {
      if (!record && (invalidByte > 0 || isSound(text) || !isOpenAtEnd(text))) return false;
      record ??= createBrokenRecord();
      const found = record.add(text, progress.line);
      held.push({ text, invalidByte, line: progress.line });
      const [first] = held;
      if (found === 'open') return true;
      if (first && found === 'over' && joinedObject(record.text) !== undefined) tell(first);
      else release();
      return true;
    },
    release,
  };
}
