/** Splits a stream of bytes into lines, synchronously and in flat memory: lines are looked at in the chunk, not copied. */

export interface LineHandlers {
  /** A line is `bytes[start, end)` without its line feed; the bytes are only valid during the call. */
  onLine: (bytes: Buffer, start: number, end: number) => void;
  /** A line of more bytes than are held, once it is over. */
  onLongLine: (lengthBytes: number, firstByte: number) => void;
}

export interface LineSplitterOptions extends LineHandlers {
  maxLineBytes: number;
}

export interface LineSplitter {
  push(chunk: Buffer): void;
  /** Hands over a last line that has no line feed. */
  finish(): void;
}

const LINE_FEED = 0x0a;

/** Makes a splitter; lines end with LF, so that a CR before it stays in the line (white space to JSON). */
export function createLineSplitter({ maxLineBytes, onLine, onLongLine }: LineSplitterOptions): LineSplitter {
  let held = Buffer.alloc(0);
  let heldLength = 0;
  let skippedLength = 0;
  let firstByte = 0;

  /** Keeps the unfinished end of a chunk; a line over the limit only leaves its length and first byte. */
  function hold(chunk: Buffer, start: number, end: number): void {
    const length = end - start;
    if (heldLength + skippedLength === 0) firstByte = chunk[start] ?? 0;
    if (skippedLength > 0 || heldLength + length > maxLineBytes) {
      skippedLength += heldLength + length;
      heldLength = 0;
      return;
    }
    if (heldLength + length > held.length) grow(heldLength + length);
    chunk.copy(held, heldLength, start, end);
    heldLength += length;
  }

  function grow(atLeast: number): void {
    const larger = Buffer.allocUnsafeSlow(Math.max(atLeast, Math.min(held.length * 2, maxLineBytes), 4096));
    held.copy(larger, 0, 0, heldLength);
    held = larger;
  }

  function emitHeld(): void {
    if (skippedLength > 0) onLongLine(skippedLength, firstByte);
    else onLine(held, 0, heldLength);
    heldLength = 0;
    skippedLength = 0;
  }

  function emit(chunk: Buffer, start: number, end: number): void {
    if (end - start > maxLineBytes) onLongLine(end - start, chunk[start] ?? 0);
    else onLine(chunk, start, end);
  }

  return {
    push(chunk) {
      let start = 0;
      if (heldLength + skippedLength > 0) {
        const end = chunk.indexOf(LINE_FEED);
        hold(chunk, 0, end === -1 ? chunk.length : end);
        if (end === -1) return;
        emitHeld();
        start = end + 1;
      }
      for (let end = chunk.indexOf(LINE_FEED, start); end !== -1; end = chunk.indexOf(LINE_FEED, start)) {
        emit(chunk, start, end);
        start = end + 1;
      }
      if (start < chunk.length) hold(chunk, start, chunk.length);
    },
    finish() {
      if (heldLength + skippedLength > 0) emitHeld();
    },
  };
}
