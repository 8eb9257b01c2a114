/** What is looked at to tell what a file is: its first bytes, and of those the first lines. */
import { parsedOrNot } from '../../json/parsed.ts';

/** A fault that the whole file has, every one of these has. */
export const SAMPLED_LINES = 50;

/** Enough of a file to see how it is laid out. */
export const LAYOUT_BYTES = 16 * 1024;

export interface Beginning {
  bytes: Buffer;
  /** Whether these are all bytes of the file. */
  isWhole: boolean;
  /** The first lines that are whole and not blank, without white space around; unlike text, bytes that are no UTF-8 are replaced. */
  lines: readonly string[];
  /** The same lines as JSON; undefined for one that is none. */
  values: readonly unknown[];
  /** Whether these are all lines of the file. */
  isAll: boolean;
}

/** Reads the beginning of a file, of which `isWhole` says whether it is all. */
export function readBeginning(bytes: Buffer, isWhole: boolean): Beginning {
  const lines: string[] = [];
  let start = 0;
  while (start < bytes.length && lines.length < SAMPLED_LINES) {
    const found = bytes.indexOf(0x0a, start);
    // A last line that goes on behind the beginning tells something only where there is no other.
    if (found === -1 && !isWhole && lines.length > 0) break;
    const end = found === -1 ? bytes.length : found;
    const line = bytes.toString('utf8', start, end).trim();
    if (line !== '') lines.push(line);
    start = end + 1;
  }
  return { bytes, isWhole, lines, values: lines.map(parsedOrNot), isAll: isWhole && start >= bytes.length };
}
