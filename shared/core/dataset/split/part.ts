import type { IsTaken } from '../forms/convert-records.ts';
import type { FileProgress } from '../lines/progress.ts';
import type { LineConsumer } from '../lines/text-file.ts';

/** A part of a file that was checked and has no errors. */
export interface Part extends LineConsumer {
  /** What the records have that were taken, each with the end of its line. */
  readonly bytes: number;
}

/** Passes the examples of a part on to a reader. The others are noted as lines without an example, so that one is found by its number. */
export function createPart(
  reader: LineConsumer,
  { progress, isTaken }: { progress: FileProgress; isTaken: IsTaken },
): Part {
  let example = 0;
  let bytes = 0;

  return {
    ...reader,
    get bytes() {
      return bytes;
    },
    readLine(text, invalidByte) {
      example += 1;
      if (!isTaken(example)) return progress.blanks.add(progress.line);
      bytes += progress.lineBytes + 1;
      reader.readLine(text, invalidByte);
    },
  };
}
