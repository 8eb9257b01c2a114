/** The encoding of a whole file: known for certain, or asked for. */
import {
  OTHER_ENCODINGS,
  type OtherEncoding,
  WHOLE_FILE_FAULTS,
  type WholeFileFault,
} from '../../issues/whole-file-faults.ts';
import { recogniseFile, type WideEncoding } from '../../json/file-kind.ts';
import { readBeginning } from '../faults/beginning.ts';
import { recogniseEncoding } from '../faults/encoding.ts';
import { recogniseWholeFile } from '../faults/whole-file.ts';
import { createLineSplitter } from '../lines/splitter.ts';
import {
  createMixedDecoder,
  hasAscii,
  isMixture,
  type Mixture,
  NO_MIXTURE,
  type OnLine,
} from './mixed-encoding.ts';

/** Reads a file from its beginning. */
export type OpenFile = () => AsyncIterable<Uint8Array>;

export type FoundEncoding =
  | { kind: 'utf8'; hasMark: boolean }
  /** By the name that the Encoding Standard has for it. */
  | { kind: 'other'; encoding: string; name: string }
  /** What is no UTF-8 in it is in the encoding. */
  | { kind: 'mixed'; encoding: string; name: string }
  /** Why nobody but a person can say, and what to do. */
  | { kind: 'unknown'; why: string };

type InOther = Extract<FoundEncoding, { kind: 'other' | 'mixed' }>;

const WIDE: Readonly<Record<WideEncoding, string>> = {
  'UTF-16 text (little-endian)': 'utf-16le',
  'UTF-16 text (big-endian)': 'utf-16be',
  'UTF-32 text (little-endian)': 'utf-32le',
  'UTF-32 text (big-endian)': 'utf-32be',
};

/** Enough bytes to see that a file is no text. */
const LOOKED_AT = 4096;
/** Files that have no encoding. */
const NO_TEXTS: ReadonlySet<WholeFileFault> = new Set([
  ...(['parquet', 'arrow', 'xlsx', 'pdf', 'sqlite', 'binary'] as const),
]);

/** Enough lines to tell an encoding by. */
const SAMPLE_BYTES = 256 * 1024;

/** What the first bytes of a file say: UTF-8 is what shows as nothing else, until a byte of it is none. */
export async function encodingByHead(open: OpenFile): Promise<FoundEncoding> {
  const head = await headOf(open);
  const file = recogniseFile(head);
  const fault = file.kind === 'wide' ? undefined : recogniseWholeFile(readBeginning(head, false), 'labels');
  // What is packed is binary, too; a workbook is packed, and is told as what it is.
  if (file.kind === 'compressed' && (fault === undefined || fault === 'binary'))
    return { kind: 'unknown', why: `It is compressed (${file.compression}): unpack it first.` };
  if (fault && NO_TEXTS.has(fault)) {
    const { found, remedy } = WHOLE_FILE_FAULTS[fault];
    return { kind: 'unknown', why: `It is ${found}. ${remedy}` };
  }
  if (file.kind === 'wide') return { kind: 'other', encoding: WIDE[file.encoding], name: file.encoding };
  return { kind: 'utf8', hasMark: file.kind === 'text' && file.bomBytes > 0 };
}

/** What a whole file is that is not what its head says. `asked` is the encoding that a person says it has. */
export async function encodingByAll(
  open: OpenFile,
  supposed: FoundEncoding,
  asked?: string,
): Promise<FoundEncoding> {
  if (supposed.kind === 'other') {
    const why = `It is ${supposed.name} that cannot be read to its end: save it as UTF-8.`;
    return { kind: 'unknown', why };
  }
  if (asked === undefined) return tellEncoding(open);
  const found = await foundAs(open, asked, asked);
  return (
    found ?? { kind: 'unknown', why: `It cannot be read as ${asked} to its end: name another --encoding.` }
  );
}

async function headOf(open: OpenFile): Promise<Buffer> {
  let head = Buffer.alloc(0);
  for await (const chunk of open()) {
    head = Buffer.concat([head, chunk.subarray(0, LOOKED_AT)]);
    if (head.length >= LOOKED_AT) break;
  }
  return head;
}

async function tellEncoding(open: OpenFile): Promise<FoundEncoding> {
  const { sample, firstLine } = await foreignLines(open);
  const encoding = recogniseEncoding({ bytes: sample })?.encoding;
  const found = encoding && (await foundAs(open, encoding, OTHER_ENCODINGS[encoding].name));
  if (found) return found;
  const example: OtherEncoding = encoding ?? 'windows-1252';
  const why = `Line ${firstLine} is no UTF-8, and what it is does not show for certain: say which encoding it has, as in --encoding ${example}. Texts that are UTF-8 stay as they are.`;
  return { kind: 'unknown', why };
}

/** The file in an encoding, throughout or between texts of UTF-8; undefined where it cannot be read so. */
async function foundAs(open: OpenFile, encoding: string, name: string): Promise<InOther | undefined> {
  const mixture = await measureMixture(open, encoding);
  if (!mixture) return undefined;
  const found: InOther = { kind: isMixture(mixture, encoding) ? 'mixed' : 'other', encoding, name };
  return (await decodes(open, found)) ? found : undefined;
}

/** Undefined where what is no UTF-8 cannot be read in the encoding. */
async function measureMixture(open: OpenFile, encoding: string): Promise<Readonly<Mixture> | undefined> {
  if (!hasAscii(encoding)) return NO_MIXTURE;
  const decoder = createMixedDecoder(encoding);
  const decoding: Decoding = { hasFailed: false };
  for await (const _ of textsOf(open(), decoder, decoding));
  return decoding.hasFailed ? undefined : decoder.mixture;
}

/** The first lines that are not plain ASCII, and the number of the first that is no UTF-8. */
async function foreignLines(open: OpenFile): Promise<{ sample: Buffer; firstLine: number }> {
  const lines: Buffer[] = [];
  let [size, line, firstLine] = [0, 0, 0];
  const splitter = createLineSplitter({
    maxLineBytes: SAMPLE_BYTES,
    onLine(bytes, start, end) {
      line += 1;
      if (size > SAMPLE_BYTES && firstLine > 0) return;
      const copy = Buffer.from(bytes.subarray(start, end));
      if (!copy.some((byte) => byte >= 0x80)) return;
      if (firstLine === 0 && copy.toString('utf8').includes('\ufffd')) firstLine = line;
      if (size > SAMPLE_BYTES) return;
      lines.push(copy, Buffer.from('\n'));
      size += copy.length;
    },
    onLongLine() {
      line += 1;
    },
  });
  for await (const chunk of open()) splitter.push(Buffer.from(chunk));
  splitter.finish();
  return { sample: Buffer.concat(lines), firstLine: firstLine || 1 };
}

/** C1 controls stand where Windows-1252 has no character. */
const NO_CHARACTER = /[\x81\x8d\x8f\x90\x9d]/;

async function decodes(open: OpenFile, found: InOther): Promise<boolean> {
  const decoding: Decoding = { hasFailed: false };
  for await (const text of textsOf(open(), decoderOf(found), decoding)) {
    if (found.encoding === 'windows-1252' && NO_CHARACTER.test(text)) return false;
  }
  return !decoding.hasFailed;
}

/** Whether bytes were met that are no text: then a text ended before them. */
export interface Decoding {
  hasFailed: boolean;
}

/** The bytes of a file as UTF-8 without a mark; `onLine` gets the lines of a mixed one that are no UTF-8. */
export async function* asUtf8(
  chunks: AsyncIterable<Uint8Array>,
  found: Exclude<FoundEncoding, { kind: 'unknown' }>,
  decoding: Decoding,
  onLine?: OnLine,
): AsyncGenerator<Buffer> {
  for await (const text of textsOf(chunks, decoderOf(found, onLine), decoding)) {
    if (text !== '') yield Buffer.from(text);
  }
}

/** Decodes a chunk, or, without one, the rest; throws where it is no text. */
interface Decoder {
  decode(chunk?: Uint8Array): string;
}

function decoderOf(found: Exclude<FoundEncoding, { kind: 'unknown' }>, onLine?: OnLine): Decoder {
  if (found.kind === 'mixed') return createMixedDecoder(found.encoding, onLine);
  const encoding = found.kind === 'other' ? found.encoding : 'utf-8';
  if (encoding.startsWith('utf-32')) return createUtf32Decoder(encoding === 'utf-32le');
  const decoder = new TextDecoder(encoding, { fatal: true });
  return { decode: (chunk) => decoder.decode(chunk, { stream: chunk !== undefined }) };
}

/** The text of a file, some at a time, without a mark. */
async function* textsOf(
  chunks: AsyncIterable<Uint8Array>,
  decoder: Decoder,
  decoding: Decoding,
): AsyncGenerator<string> {
  const decode = (chunk?: Uint8Array): string | undefined => {
    try {
      return decoder.decode(chunk);
    } catch (error) {
      if (error instanceof TypeError || error instanceof RangeError) return undefined;
      throw error;
    }
  };
  for await (const chunk of chunks) {
    const text = decode(chunk);
    decoding.hasFailed ||= text === undefined;
    if (text === undefined) return;
    yield text;
  }
  const rest = decode();
  decoding.hasFailed ||= rest === undefined;
  if (rest !== undefined) yield rest;
}

/** The Encoding Standard has no UTF-32. */
function createUtf32Decoder(isLittleEndian: boolean): Decoder {
  let rest = Buffer.alloc(0);
  let isBegun = false;
  return {
    decode(chunk) {
      const bytes = chunk ? Buffer.concat([rest, chunk]) : rest;
      const end = bytes.length - (bytes.length % 4);
      rest = Buffer.from(bytes.subarray(end));
      if (!chunk && rest.length > 0) throw new RangeError('a character is cut off');
      let text = '';
      for (let at = 0; at < end; at += 4) {
        text += String.fromCodePoint(isLittleEndian ? bytes.readUInt32LE(at) : bytes.readUInt32BE(at));
      }
      if (!text.isWellFormed()) throw new RangeError('half a character');
      const begin = !isBegun && text.startsWith('\ufeff') ? 1 : 0;
      isBegun ||= end > 0;
      return text.slice(begin);
    },
  };
}
