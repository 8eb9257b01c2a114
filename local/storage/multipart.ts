/** `multipart/related` uploads: a JSON part, then the media, read as a stream. */

import { apiError } from './api-error.ts';

const MAX_HEAD_BYTES = 1024 * 1024;

export interface MultipartUpload {
  metadata: Record<string, unknown>;
  mediaType: string | undefined;
  media: AsyncIterable<Buffer>;
}

/** Reads up to the media; the caller then reads that to its end. A body that ends early is 400. */
export async function readMultipart(
  body: AsyncIterable<Buffer>,
  contentType: string,
): Promise<MultipartUpload> {
  const boundary = /boundary=(?:"([^"]+)"|([^;\s]+))/i.exec(contentType);
  const name = boundary?.[1] ?? boundary?.[2];
  if (name === undefined) throw apiError(400, 'The multipart body has no boundary.');
  const reader = createReader(body);
  // The first boundary has no line break before it; giving it one makes all boundaries alike.
  reader.prepend('\r\n');
  await reader.readUntil(`\r\n--${name}`);
  const metadata = await readJsonPart(reader, name);
  const head = await reader.readHead();
  return {
    metadata,
    mediaType: /^content-type:\s*(.+)$/im.exec(head)?.[1]?.trim(),
    media: reader.stream(`\r\n--${name}`),
  };
}

async function readJsonPart(reader: Reader, name: string): Promise<Record<string, unknown>> {
  await reader.readHead();
  const text = await reader.readUntil(`\r\n--${name}`);
  try {
    return JSON.parse(text.trim() || '{}') as Record<string, unknown>;
  } catch {
    throw apiError(400, 'The metadata part is not JSON.');
  }
}

type Reader = ReturnType<typeof createReader>;

function createReader(body: AsyncIterable<Buffer>) {
  const source = body[Symbol.asyncIterator]();
  let buffered = Buffer.alloc(0);

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

  const readUntil = async (mark: string): Promise<string> => {
    let end = buffered.indexOf(mark);
    while (end < 0) {
      if (buffered.length > MAX_HEAD_BYTES) throw apiError(400, 'The metadata part is too large.');
      await more();
      end = buffered.indexOf(mark);
    }
    const text = take(end).toString();
    take(mark.length);
    return text;
  };

  return {
    readUntil,

    prepend(text: string) {
      buffered = Buffer.concat([Buffer.from(text), buffered]);
    },

    /** The headers of a part, from behind its boundary to the empty line; a part may have none at all. */
    async readHead(): Promise<string> {
      await readUntil('\r\n');
      while (buffered.length < 2) await more();
      if (buffered.subarray(0, 2).equals(Buffer.from('\r\n'))) {
        take(2);
        return '';
      }
      return await readUntil('\r\n\r\n');
    },

    /** Everything before the mark, piece by piece; only a possible beginning of the mark is held back. */
    async *stream(mark: string): AsyncGenerator<Buffer> {
      for (;;) {
        const end = buffered.indexOf(mark);
        if (end >= 0) {
          if (end > 0) yield take(end);
          while (!(await source.next()).done);
          return;
        }
        const safe = buffered.length - mark.length;
        if (safe > 0) yield take(safe);
        await more();
      }
    },
  };
}
