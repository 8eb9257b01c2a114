/** A file of text: its first bytes show whether it is one, and then it is read line by line. */
import { HEAD_BYTES, recogniseFile } from '../../json/file-kind.ts';
import { firstInvalidByte } from '../../json/utf8.ts';
import { MAX_LINE_BYTES } from '../limits.ts';
import type { FileProgress } from './progress.ts';
import type { Reporter } from './reporter.ts';
import { createLineSplitter, type LineHandlers } from './splitter.ts';

export interface TextFile {
  /** So far. */
  readonly bytes: number;
  /** Whether nothing that follows would be read. */
  readonly isOver: boolean;
  /** Reads the next bytes; any chunking gives the same result. The chunk is not kept. */
  push(chunk: Uint8Array): void;
  /** Ends the file; call it once. */
  finish(): void;
}

/** What reads the lines of a file, while `progress` counts them. */
export interface LineConsumer {
  /**
   * A line that is not blank, without its line feed. `invalidByte` is the place of its first byte that is no UTF-8, from
   * 1; 0 where there is none.
   */
  readLine(text: string, invalidByte: number): void;
  /** A line that is too long to be held: how many bytes it has, and the first. It is counted as an unusable example. */
  readLongLine(lengthBytes: number, firstByte: number): void;
  /** After the last line. */
  finish?(): void;
}

/** Reads the beginning of a file: where its text begins, or undefined where the whole file is something else, which is reported. */
export type ReadHead = (head: Buffer, isWhole: boolean) => number | undefined;

/** How much of a file is looked at to tell what it is. */
const BEGINNING_BYTES = 256 * 1024;

/** Cuts a file into its records. */
export interface RecordSplitter {
  push(chunk: Buffer): void;
  finish(): void;
}

/** Makes what cuts a file into records for a reader, which gets each as if it were a line. */
export type SplitRecords = (reader: LineConsumer, tools: FileTools) => RecordSplitter;

/** What one file is read with. */
export interface FileTools {
  report: Reporter;
  progress: FileProgress;
}

/** Makes a file that is read by `reader`, until `progress` says that it is stopped; one record a line, unless it is split otherwise. */
export function createTextFile(
  reader: LineConsumer,
  { report, progress, readHead = afterMark }: FileTools & { readHead?: ReadHead },
  split: SplitRecords = splitLines,
): TextFile {
  const splitter = split(reader, { report, progress });
  const size = readHead === afterMark ? HEAD_BYTES : BEGINNING_BYTES;
  const head = createHead(size, (bytes, isWhole) => {
    const start = readHead(bytes, isWhole);
    if (start === undefined) progress.isStopped = true;
    else splitter.push(bytes.subarray(start));
  });
  let bytes = 0;

  return {
    get bytes() {
      return bytes;
    },
    get isOver() {
      return progress.isStopped;
    },
    push(chunk) {
      bytes += chunk.length;
      const rest = head.take(chunk);
      if (rest.length > 0 && !progress.isStopped) splitter.push(rest);
    },
    finish() {
      head.finish();
      if (progress.isStopped) return;
      splitter.finish();
      reader.finish?.();
      if (progress.isStopped || progress.blankLines === 0) return;
      report('dataset_blank_lines', { count: progress.blankLines }, { line: progress.firstBlankLine });
    },
  };
}

/** The text of a file that was looked at before. */
const afterMark: ReadHead = (head) => {
  const file = recogniseFile(head);
  return file.kind === 'text' ? file.bomBytes : 0;
};

/** One record a line. */
export const splitLines: SplitRecords = (reader, { progress }) =>
  createLineSplitter({ maxLineBytes: MAX_LINE_BYTES, ...countLines(reader, progress) });

/** Counts the lines and decodes those that are not blank. */
function countLines(reader: LineConsumer, progress: FileProgress): LineHandlers {
  return {
    onLine(bytes, start, end) {
      if (progress.isStopped) return;
      progress.line += 1;
      if (isBlank(bytes, start, end)) {
        progress.blankLines += 1;
        progress.blanks.add(progress.line);
        progress.firstBlankLine ||= progress.line;
        return;
      }
      progress.lineBytes = end - start;
      const text = bytes.toString('utf8', start, end);
      reader.readLine(text, firstInvalidByte(text, bytes, start, end) + 1);
    },
    onLongLine(lengthBytes, firstByte) {
      if (progress.isStopped) return;
      progress.line += 1;
      progress.examples += 1;
      progress.unusable += 1;
      reader.readLongLine(lengthBytes, firstByte);
    },
  };
}

/** The white space of JSON; a byte order mark in the middle of a file is none. */
function isBlank(bytes: Buffer, start: number, end: number): boolean {
  let at = start;
  while (at < end && (bytes[at] === 0x20 || bytes[at] === 0x0d || bytes[at] === 0x09)) at += 1;
  return at === end;
}

/** Collects the first bytes of the file, then calls `onHead` once with them; the rest passes by. */
function createHead(size: number, onHead: (head: Buffer, isWhole: boolean) => void) {
  let head: Buffer | undefined = Buffer.allocUnsafe(size);
  let length = 0;
  const handOver = (isWhole: boolean) => {
    if (head) onHead(head.subarray(0, length), isWhole);
    head = undefined;
  };
  return {
    take(chunk: Uint8Array): Buffer {
      const bytes = Buffer.from(chunk.buffer, chunk.byteOffset, chunk.length);
      if (!head) return bytes;
      const taken = bytes.copy(head, length);
      length += taken;
      if (length === size) handOver(false);
      return bytes.subarray(taken);
    },
    finish: () => handOver(true),
  };
}
