/**
 * `multipart/related` uploads: a JSON part, then the media, read as a stream. Clients write them in two ways, and each keeps to
 * one: lines end with CRLF, as the RFC has it, or with a bare line feed, as Python's email library has it (gcloud, gsutil),
 * which also puts the boundary in single quotes.
 */

import { apiError } from '../../api-error.ts';

const MAX_HEAD_BYTES = 1024 * 1024;

export interface MultipartUpload {
  metadata: Record<string, unknown>;
  mediaType: string | undefined;
  media: AsyncIterable<Buffer>;
}

/** What ends a part, and how this client ends a line. */
interface Delimiter {
  mark: string;
  lineBreak: string;
}

/** Reads up to the media; the caller then reads that to its end. A body that ends early is 400. */
export async function readMultipart(
  body: AsyncIterable<Buffer>,
  contentType: string,
): Promise<MultipartUpload> {
  const reader = createByteReader(body);
  const delimiter = await readFirstDelimiter(reader, boundariesOf(contentType));
  await readHeaders(reader);
  const metadata = parseMetadata(await readPart(reader, delimiter));
  await reader.readUntil('\n');
  const headers = await readHeaders(reader);
  const mediaType = headers.find((line) => /^content-type:/i.test(line))?.replace(/^[^:]*:/, '');
  return { metadata, mediaType: mediaType?.trim(), media: streamPart(reader, delimiter) };
}

/** The boundary, and how it may stand in the body: single quotes are part of it for some clients, for Google's they are not. */
function boundariesOf(contentType: string): string[] {
  const found = /boundary=(?:"([^"]+)"|([^;\s]+))/i.exec(contentType);
  const boundary = found?.[1] ?? found?.[2];
  if (boundary === undefined) throw apiError(400, 'The multipart body has no boundary.');
  const unquoted = /^'(.+)'$/.exec(boundary)?.[1];
  return unquoted === undefined ? [boundary] : [unquoted, boundary];
}

/** Skips what stands before it. */
async function readFirstDelimiter(reader: ByteReader, boundaries: string[]): Promise<Delimiter> {
  for (;;) {
    const line = await reader.readUntil('\n');
    const boundary = boundaries.find((name) => line.trimEnd() === `--${name}`);
    if (boundary === undefined) continue;
    return { mark: `--${boundary}`, lineBreak: line.endsWith('\r') ? '\r\n' : '\n' };
  }
}

/** The lines up to the empty one; a part may have none at all. */
async function readHeaders(reader: ByteReader): Promise<string[]> {
  const lines: string[] = [];
  for (;;) {
    const line = (await reader.readUntil('\n')).trimEnd();
    if (line === '') return lines;
    lines.push(line);
  }
}

async function readPart(reader: ByteReader, { mark, lineBreak }: Delimiter): Promise<string> {
  return (await reader.startsWith(mark)) ? '' : await reader.readUntil(`${lineBreak}${mark}`);
}

/** Everything before the next delimiter, piece by piece; only a possible beginning of it is held back. */
async function* streamPart(reader: ByteReader, { mark, lineBreak }: Delimiter): AsyncGenerator<Buffer> {
  const end = `${lineBreak}${mark}`;
  if (!(await reader.startsWith(mark))) yield* reader.streamUntil(end);
  await reader.readToEnd();
}

function parseMetadata(text: string): Record<string, unknown> {
  try {
    return JSON.parse(text.trim() || '{}') as Record<string, unknown>;
  } catch {
    throw apiError(400, 'The metadata part is not JSON.');
  }
}

type ByteReader = ReturnType<typeof createByteReader>;

function createByteReader(body: AsyncIterable<Buffer>) {
  const source = body[Symbol.asyncIterator]();
  let buffered: Buffer = Buffer.alloc(0);

  const more = async () => {
    const next = await source.next();
    if (next.done) throw apiError(400, 'The multipart body ends before its closing boundary.');
    buffered = Buffer.concat([buffered, next.value]);
  };

  const take = (length: number): Buffer => {
    const taken = buffered.subarray(0, length);
    buffered = buffered.subarray(length);
    return taken;
  };

  return {
    /** The text before the mark, which is consumed with it. */
    async readUntil(mark: string): Promise<string> {
      let end = buffered.indexOf(mark);
      while (end < 0) {
        if (buffered.length > MAX_HEAD_BYTES) throw apiError(400, 'The metadata part is too large.');
        await more();
        end = buffered.indexOf(mark);
      }
      const text = take(end).toString();
      take(mark.length);
      return text;
    },

    async startsWith(mark: string): Promise<boolean> {
      while (buffered.length < mark.length) await more();
      return buffered.subarray(0, mark.length).equals(Buffer.from(mark));
    },

    async *streamUntil(mark: string): AsyncGenerator<Buffer> {
      let end = buffered.indexOf(mark);
      while (end < 0) {
        const safe = buffered.length - mark.length;
        if (safe > 0) yield take(safe);
        await more();
        end = buffered.indexOf(mark);
      }
      if (end > 0) yield take(end);
    },

    async readToEnd(): Promise<void> {
      while (!(await source.next()).done);
    },
  };
}
