/** A file of text: its first bytes show whether it is one, and then it is read line by line. */

import { HEAD_BYTES, recogniseFile } from '../../json/file-kind.ts';
import type { LineReader, Progress } from '../jsonl/json-lines.ts';
import { MAX_LINE_BYTES } from '../limits.ts';
import type { Report } from './reporter.ts';
import { createLineSplitter } from './splitter.ts';

export interface TextFile {
  /** So far. */
  readonly bytes: number;
  /** Reads the next bytes; any chunking gives the same result. The chunk is not kept. */
  push(chunk: Uint8Array): void;
  /** Ends the file; call it once. */
  finish(): void;
}

/** Makes a file that is read by `reader`, until `progress` says that it is stopped. */
export function createTextFile(
  reader: LineReader,
  { report, progress }: { report: Report; progress: Progress },
): TextFile {
  const splitter = createLineSplitter({ maxLineBytes: MAX_LINE_BYTES, ...reader });
  const head = createHead((bytes) => {
    const start = checkHead(bytes, report);
    if (start === undefined) progress.isStopped = true;
    else splitter.push(bytes.subarray(start));
  });
  let bytes = 0;

  return {
    get bytes() {
      return bytes;
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
      reader.finish();
    },
  };
}

/** Collects the first bytes of the file, then calls `onHead` once with them; the rest passes by. */
function createHead(onHead: (head: Buffer) => void) {
  const head = Buffer.alloc(HEAD_BYTES);
  let length = 0;
  let isDone = false;
  const finish = () => {
    if (!isDone) onHead(head.subarray(0, length));
    isDone = true;
  };
  return {
    take(chunk: Uint8Array): Buffer {
      const bytes = Buffer.from(chunk.buffer, chunk.byteOffset, chunk.length);
      if (isDone) return bytes;
      const taken = bytes.copy(head, length);
      length += taken;
      if (length === HEAD_BYTES) finish();
      return bytes.subarray(taken);
    },
    finish,
  };
}

/** Where the text begins, or undefined when the file is none that can be read. */
function checkHead(head: Buffer, report: Report): number | undefined {
  const file = recogniseFile(head);
  if (file.kind === 'text') {
    if (file.bomBytes > 0) report('dataset_utf8_bom', {}, { line: 1 });
    return file.bomBytes;
  }
  if (file.kind === 'wide') report('dataset_utf16', {}, { line: 0 });
  else report('dataset_compressed', { compression: file.compression }, { line: 0 });
  return undefined;
}
