/** Finds where the next record begins behind one that is broken, so that its brackets tell nothing: only where that is provable. */

import type { JsonProblem } from '../../json/faults.ts';
import { findJsonFault } from '../../json/line.ts';
import type { RecordBytes } from './record-bytes.ts';

export interface NextRecord {
  /** A record begins in this column. */
  begin(column: number): void;
  /** Whether the next record may begin in this column, as far as that tells. */
  isPlace(column: number): boolean;
  /** An object begins there that may be the next record; what was read of the open one is held. */
  mayBegin(): void;
  /** Whether the first name of such an object is read now. */
  isAwaited: boolean;
  /** That name is not there. */
  drop(): void;
  /** The name was read, and all is held: ends the open record before it, which is on this line, where that is proved to be right. */
  endsBefore(line: number): boolean;
}

const [LINE_FEED, SPACE] = [0x0a, 0x20];
/** Ours: a record that is laid out strangely and sound is not looked at again and again. */
const MOST_LOOKS = 20;
/** The end of a text that may go on as JSON. */
const MAY_GO_ON: ReadonlySet<JsonProblem> = new Set(['ends_early', 'string_not_closed']);

/** Makes what finds them in one file. */
export function createNextRecord(record: RecordBytes): NextRecord {
  let begun = 0;
  let looks = 0;
  let before = 0;

  /** Whether nothing but white space stands before the end on its line, which is not the first. */
  function isAtBegin(bytes: Buffer, column: number): boolean {
    const start = bytes.length - column;
    return bytes[start - 1] === LINE_FEED && bytes.subarray(start).every((byte) => byte <= SPACE);
  }

  /** Whether no JSON goes on with an object there. */
  function isBroken(bytes: Buffer): boolean {
    const fault = findJsonFault(`${bytes.toString('utf8')}{`);
    return fault !== undefined && !MAY_GO_ON.has(fault.problem);
  }

  const next: NextRecord = {
    // It is asked at the end of every text.
    isAwaited: false,
    begin(column) {
      [begun, looks, next.isAwaited] = [column, 0, false];
    },
    isPlace: (column) => column === begun && looks < MOST_LOOKS,
    mayBegin() {
      const held = record.held();
      before = held?.length ?? 0;
      next.isAwaited = held !== undefined && isAtBegin(held, begun);
    },
    drop() {
      next.isAwaited = false;
    },
    endsBefore(line) {
      const held = record.held();
      next.isAwaited = false;
      looks += 1;
      const name = held?.subarray(before);
      const isNext =
        held && name?.equals(held.subarray(0, name.length)) && isBroken(held.subarray(0, before));
      if (isNext) record.endAt(before, line);
      return isNext === true;
    },
  };
  return next;
}
