/** What lies around the lines of a file and is taken off before anything is read: each line keeps its number. */
import type { Correction, CorrectionKind } from '../../issues/corrections.ts';
import type { WholeFileFault } from '../../issues/whole-file-faults.ts';
import { exactJson } from '../../json/exact.ts';
import { shownKey } from '../../json/line.ts';
import { parsedOrNot } from '../../json/parsed.ts';
import { isObject } from '../../json/values.ts';
import { type Beginning, readBeginning } from '../faults/beginning.ts';
import { outOfCode, withoutComments } from '../faults/code-texts.ts';
import { recogniseInText } from '../faults/in-text.ts';
import { recogniseWholeFile } from '../faults/whole-file.ts';
import { isMeant } from '../jsonl/read-broken.ts';
import { createLineSplitter } from '../lines/splitter.ts';
import { rowsOfColumns } from './rows-of-columns.ts';
import { textsOut } from './texts-out.ts';

type TakeOff = (chunks: AsyncIterable<Buffer>) => AsyncIterable<Buffer>;

interface LayerRow {
  kind: CorrectionKind;
  isThere(beginning: Beginning, fault: WholeFileFault | undefined): boolean;
  takeOff: TakeOff;
  /** What the words of the correction leave open. */
  detail?(beginning: Beginning): string | undefined;
}

const ROWS: readonly LayerRow[] = [
  {
    kind: 'double_encoded',
    isThere: (beginning) => recogniseInText(beginning, isMeant) !== undefined,
    takeOff: outOfTexts,
    detail: besideText,
  },
  {
    kind: 'line_ends',
    isThere: ({ bytes }) => bytes.includes(CARRIAGE_RETURN) && !bytes.includes(LINE_FEED),
    takeOff: withLineFeeds,
  },
  {
    kind: 'markdown',
    isThere: (_beginning, fault) => fault === 'markdown_fence',
    takeOff: (chunks) => filterLines(chunks, insideOfFences()),
  },
  {
    kind: 'events',
    isThere: (_beginning, fault) => fault === 'server_sent_events',
    takeOff: (chunks) => filterLines(chunks, dataOfEvent),
  },
  {
    kind: 'code',
    isThere: (_beginning, fault) => fault === 'code_list',
    takeOff: (chunks) => asWhole(chunks, outOfCode),
  },
  {
    kind: 'comments',
    isThere: (_beginning, fault) => fault === 'comments',
    takeOff: (chunks) => asWhole(chunks, withoutComments),
  },
  {
    kind: 'columns',
    isThere: (_beginning, fault) => fault === 'columns' || fault === 'split_table',
    takeOff: asRows,
  },
];

export interface Layers {
  corrections: Pick<Correction, 'kind' | 'detail'>[];
  /** What the file is in place of lines, when they are off. */
  fault: WholeFileFault | undefined;
  /** How the file begins, when they are off. */
  beginning: Buffer;
  takeOff: TakeOff;
}

/** The layers of a file, the outermost first, by its beginning, of which `isWhole` says whether it is all. */
export async function findLayers(
  beginning: Buffer,
  { isWhole, what }: { isWhole: boolean; what: 'examples' | 'labels' },
): Promise<Layers> {
  const found: LayerRow[] = [];
  const corrections: Layers['corrections'] = [];
  // A last line that goes on behind the beginning would be another one.
  let bytes = isWhole ? beginning : beginning.subarray(0, beginning.lastIndexOf(LINE_FEED) + 1 || undefined);
  for (;;) {
    const read = readBeginning(bytes, isWhole);
    const fault = recogniseWholeFile(read, what);
    const row = ROWS.find((one) => !found.includes(one) && one.isThere(read, fault));
    if (row === undefined) {
      const takeOff: TakeOff = (chunks) => found.reduce((all, layer) => layer.takeOff(all), chunks);
      return { corrections, fault, beginning: bytes, takeOff };
    }
    found.push(row);
    corrections.push({ kind: row.kind, detail: row.detail?.(read) });
    bytes = await joined(row.takeOff(once(bytes)));
  }
}

async function* once(bytes: Buffer): AsyncGenerator<Buffer> {
  yield bytes;
}

async function joined(chunks: AsyncIterable<Buffer>): Promise<Buffer> {
  const all: Buffer[] = [];
  for await (const chunk of chunks) all.push(chunk);
  return Buffer.concat(all);
}

async function* withLineFeeds(chunks: AsyncIterable<Buffer>): AsyncGenerator<Buffer> {
  for await (const chunk of chunks)
    yield chunk.map((byte) => (byte === CARRIAGE_RETURN ? LINE_FEED : byte)) as Buffer;
}

/** The whole file as a text, written anew. */
async function* asWhole(
  chunks: AsyncIterable<Buffer>,
  write: (text: string) => string,
): AsyncGenerator<Buffer> {
  yield Buffer.from(write((await joined(chunks)).toString('utf8')));
}

async function* asRows(chunks: AsyncIterable<Buffer>): AsyncGenerator<Buffer> {
  const bytes = await joined(chunks);
  const rows = rowsOfColumns(bytes.toString('utf8'));
  if (rows === undefined) yield bytes;
  for (const row of rows ?? []) yield Buffer.from(`${exactJson(row)}\n`);
}

/** A text that is cut, or of which half a character would be lost, stays as it is. */
async function* outOfTexts(chunks: AsyncIterable<Buffer>): AsyncGenerator<Buffer> {
  const bytes = await joined(chunks);
  const found = recogniseInText(readBeginning(bytes, true), isMeant);
  yield found ? Buffer.from(textsOut(bytes.toString('utf8'), found) ?? bytes) : bytes;
}

/** What stands beside the text in the object that it is in. */
function besideText(beginning: Beginning): string | undefined {
  const value = parsedOrNot(beginning.bytes.toString('utf8'));
  const [taken] = recogniseInText(beginning, isMeant)?.steps ?? [];
  const beside = isObject(value) ? Object.keys(value).filter((name) => name !== taken) : [];
  return beside.length > 0 ? `left out beside "${taken}": ${beside.map(shownKey).join(', ')}` : undefined;
}

function insideOfFences(): (line: string) => string {
  let isInside = false;
  return (line) => {
    const isFence = /^\s*```/.test(line);
    if (isFence) isInside = !isInside;
    return isInside && !isFence ? line : '';
  };
}

function dataOfEvent(line: string): string {
  const data = /^\s*data: *(.*)$/s.exec(line)?.[1] ?? '';
  return data.startsWith('[DONE]') ? '' : data;
}

/** Writes what is left of each line; nothing, where one is left out. */
async function* filterLines(
  chunks: AsyncIterable<Buffer>,
  filter: (line: string) => string,
): AsyncGenerator<Buffer> {
  let text = '';
  const splitter = createLineSplitter({
    maxLineBytes: LONGEST_LINE,
    onLine(bytes, start, end) {
      text += `${filter(bytes.toString('utf8', start, end))}\n`;
    },
    onLongLine(length) {
      throw new RangeError(`a line of ${length} bytes is too long to be corrected`);
    },
  });
  for await (const chunk of chunks) {
    splitter.push(chunk);
    if (text !== '') yield Buffer.from(text);
    text = '';
  }
  splitter.finish();
  if (text !== '') yield Buffer.from(text);
}

const [LINE_FEED, CARRIAGE_RETURN] = [0x0a, 0x0d];
/** Ours: an array may be one line. */
const LONGEST_LINE = 256 * 1024 * 1024;
