/** The room of a scanner for lines: filled with a file, piece by piece, so that whole lines lie in it. */
import type { FileProgress } from '../lines/progress.ts';
import type { RecordSplitter } from '../lines/text-file.ts';
import { ROOM_BYTES, type Scanner } from './scanner.ts';

const LINE_FEED = 0x0a;

export interface LineRoomOptions {
  /** Gets what is not in the room: lines that are too long for it, and the last one where it has no line feed. */
  plain: RecordSplitter;
  progress: FileProgress;
  /** Reads whole lines, from the beginning of the room until an address. */
  readLines: (until: number) => void;
}

/** Makes what fills the room. */
export function createLineRoom(
  { bytes, places: { room } }: Scanner,
  { plain, progress, readLines }: LineRoomOptions,
): RecordSplitter {
  let held = 0;
  /** Whether `plain` has the beginning of a line that is too long, and gets the rest. */
  let isInside = false;

  /** Reads what is new in the room; keeps the beginning of a line that is not over. */
  function readRoom(filled: number): void {
    const last = bytes.subarray(room, room + filled).lastIndexOf(LINE_FEED);
    held = filled - last - 1;
    if (last >= 0) readLines(room + last + 1);
    if (held === ROOM_BYTES) {
      plain.push(bytes.subarray(room, room + held));
      isInside = true;
      held = 0;
    } else bytes.copyWithin(room, room + last + 1, room + filled);
  }

  /** How much of a chunk is the rest of a line that is too long. */
  function passLongLine(chunk: Buffer): number {
    const last = chunk.indexOf(LINE_FEED);
    isInside = last === -1;
    const length = isInside ? chunk.length : last + 1;
    plain.push(chunk.subarray(0, length));
    return length;
  }

  function fill(chunk: Buffer): number {
    const length = chunk.copy(bytes, room + held, 0, ROOM_BYTES - held);
    readRoom(held + length);
    return length;
  }

  return {
    push(chunk) {
      for (let at = 0; at < chunk.length && !progress.isStopped; ) {
        const rest = chunk.subarray(at);
        at += isInside ? passLongLine(rest) : fill(rest);
      }
    },
    finish() {
      plain.push(bytes.subarray(room, room + held));
      plain.finish();
    },
  };
}
