import { firstInvalidByte } from '../../json/utf8.ts';
import { MAX_LINE_BYTES } from '../limits.ts';
import type { FileProgress } from '../lines/progress.ts';
import type { LineConsumer } from '../lines/text-file.ts';

/** Collects the bytes of one record after the other, in the memory of the longest that is held. */
export interface RecordBytes {
  /** A record begins on this line. */
  begin(line: number): void;
  add(bytes: Buffer, start: number, end: number): void;
  /** The record is over: it goes to the reader. */
  end(): void;
  /** The record was over after so many bytes, and another one began there, on this line. */
  endAt(length: number, line: number): void;
  /** What is held of the record; undefined of one that is too long. */
  held(): Buffer | undefined;
  readonly isOpen: boolean;
}

/** Makes the collector of one file. */
export function createRecordBytes(reader: LineConsumer, progress: FileProgress): RecordBytes {
  let held = Buffer.alloc(0);
  let length = 0;
  let skipped = 0;
  let firstByte = 0;
  let isOpen = false;

  function grow(atLeast: number): void {
    const larger = Buffer.allocUnsafeSlow(Math.max(atLeast, Math.min(held.length * 2, MAX_LINE_BYTES), 4096));
    held.copy(larger, 0, 0, length);
    held = larger;
  }

  /** Lines without a record of their own are noted, so that a record is found by its number. */
  function moveTo(line: number): void {
    if (line === progress.line) progress.blanks.giveUp();
    for (let between = progress.line + 1; between < line; between++) progress.blanks.add(between);
    progress.line = line;
    progress.lastErrorLine = 0;
  }

  function end(): void {
    isOpen = false;
    if (progress.isStopped) return;
    if (skipped === 0) {
      progress.lineBytes = length;
      const text = held.toString('utf8', 0, length);
      reader.readLine(text, firstInvalidByte(text, held, 0, length) + 1);
      return;
    }
    progress.examples += 1;
    progress.unusable += 1;
    reader.readLongLine(skipped, firstByte);
  }

  return {
    end,
    held: () => (skipped === 0 ? held.subarray(0, length) : undefined),
    endAt(first, line) {
      const next = Buffer.from(held.subarray(first, length));
      length = first;
      while ((held[length - 1] ?? 0x21) <= 0x20) length -= 1;
      end();
      moveTo(line);
      next.copy(held);
      [length, skipped, isOpen] = [next.length, 0, true];
    },
    get isOpen() {
      return isOpen;
    },
    begin(line) {
      moveTo(line);
      [length, skipped, isOpen] = [0, 0, true];
    },
    add(bytes, start, end) {
      const more = end - start;
      if (length + skipped === 0) firstByte = bytes[start] ?? 0;
      if (skipped > 0 || length + more > MAX_LINE_BYTES) {
        skipped += length + more;
        length = 0;
        return;
      }
      if (length + more > held.length) grow(length + more);
      bytes.copy(held, length, start, end);
      length += more;
    },
  };
}
