/** Plain text with a blank line between its examples. */
import type { FileTools, LineConsumer, RecordSplitter } from '../lines/text-file.ts';
import type { IsKnown } from './container.ts';
import { createRecordBytes } from './record-bytes.ts';

const [LINE_FEED, SPACE] = [0x0a, 0x20];
const BLANK_LINE = /\n[ \t\r]*\n/;

/** The JSON of an object, with something before it, is no plain text. */
const OBJECT_BEGUN = /^[^\n]{0,40}\{\s*"/;

/** The example that a block of text is. */
const asRecord = (block: string) => ({ text: block.replaceAll('\r\n', '\n').trim() });

/** Makes the splitter of one file: a block is read as an object with its text. */
export function createParagraphs(reader: LineConsumer, { progress }: FileTools): RecordSplitter {
  const record = createRecordBytes(
    {
      readLine: (block, invalidByte) => reader.readLine(JSON.stringify(asRecord(block)), invalidByte),
      readLongLine: reader.readLongLine,
    },
    progress,
  );
  let line = 1;
  let isBlank = true;
  let lastByte = 0;
  return {
    push(chunk) {
      let start = 0;
      for (let at = 0; at < chunk.length; at++) {
        const byte = chunk[at] as number;
        if (byte > SPACE) {
          isBlank = false;
          if (!record.isOpen) {
            record.begin(line);
            start = at;
          }
        }
        if (byte !== LINE_FEED) continue;
        if (isBlank && record.isOpen) {
          record.add(chunk, start, at);
          record.end();
        }
        isBlank = true;
        line += 1;
      }
      if (record.isOpen) record.add(chunk, start, chunk.length);
      lastByte = chunk.at(-1) ?? lastByte;
    },
    finish() {
      if (record.isOpen) record.end();
      progress.line = lastByte === LINE_FEED ? line - 1 : line;
    },
  };
}

/** Whether a text is examples with blank lines between: its first two blocks are known. One alone may be all in one. */
export function areParagraphs(text: string, isKnown: IsKnown): boolean {
  const [first, second] = text.split(BLANK_LINE, 2);
  return [first, second].every(
    (block) => block !== undefined && !OBJECT_BEGUN.test(block) && isKnown(asRecord(block)),
  );
}
