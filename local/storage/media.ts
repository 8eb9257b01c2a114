/** Reading an object's bytes: whole, by range, at a generation, decompressed where the client cannot. */

import { once } from 'node:events';
import type { FileHandle } from 'node:fs/promises';
import type { IncomingMessage, ServerResponse } from 'node:http';
import { Readable } from 'node:stream';
import { pipeline } from 'node:stream/promises';
import { createGunzip } from 'node:zlib';
import { apiError, noSuchObject } from './api-error.ts';
import { type Call, type Handlers, headerOf, type Reply } from './call.ts';
import { checkPreconditions, parsePreconditions } from './preconditions.ts';
import { etagOf, type StoredObject } from './resource.ts';
import type { Store } from './store.ts';
import type { MediaFault, WireFaultQueue } from './wire-faults.ts';

const READ_BYTES = 256 * 1024;

/** Only the live generation exists: any other pinned one is 404. `parameter` is `sourceGeneration` for copies. */
export function checkGeneration(
  object: StoredObject,
  query: URLSearchParams,
  parameter = 'generation',
): void {
  const pinned = query.get(parameter);
  if (pinned !== null && pinned !== String(object.generation)) throw noSuchObject(object.bucket, object.name);
}

export function createMediaHandlers(store: Store, faults: WireFaultQueue): Handlers<'readMedia'> {
  return {
    async readMedia({ bucket, object: name, query, request }: Call): Promise<Reply> {
      const conditions = parsePreconditions(query);
      const { object, handle } = await store.open(bucket, name, (current) => {
        checkGeneration(current, query);
        checkPreconditions(conditions, current, 'read');
      });
      const discard = () => handle.close();
      const headers = objectHeaders(object);
      if (mustDecompress(object, request)) {
        return { status: 200, headers, discard, stream: (response) => sendDecompressed(handle, response) };
      }
      const range = parseRange(headerOf(request, 'range'), object.size);
      if (range === 'unsatisfiable') {
        await handle.close();
        const contentRange = { 'content-range': `bytes */${object.size}` };
        return { status: 416, headers: contentRange, json: { error: { code: 416, message: 'Bad range' } } };
      }
      const { start, end } = range ?? { start: 0, end: object.size - 1 };
      const part: Part = { handle, start, length: end - start + 1 };
      return {
        status: range ? 206 : 200,
        headers: {
          ...headers,
          'content-length': part.length,
          ...(range ? { 'content-range': `bytes ${start}-${end}/${object.size}` } : {}),
          ...(object.attributes.contentEncoding
            ? { 'content-encoding': object.attributes.contentEncoding }
            : {}),
        },
        discard,
        stream: (response) => sendPart(part, response, faults.nextMedia()),
      };
    },
  };
}

function objectHeaders(object: StoredObject): Record<string, string | number> {
  const { attributes, md5Hash } = object;
  const optional = {
    'cache-control': attributes.cacheControl,
    'content-disposition': attributes.contentDisposition,
    'content-language': attributes.contentLanguage,
  };
  return {
    'content-type': attributes.contentType ?? 'application/octet-stream',
    'accept-ranges': 'bytes',
    etag: etagOf(object),
    'last-modified': new Date(object.updatedMs).toUTCString(),
    'x-goog-generation': object.generation,
    'x-goog-metageneration': object.metageneration,
    'x-goog-storage-class': attributes.storageClass ?? 'STANDARD',
    'x-goog-stored-content-length': object.size,
    'x-goog-stored-content-encoding': attributes.contentEncoding ?? 'identity',
    'x-goog-hash': `crc32c=${object.crc32c}${md5Hash === undefined ? '' : `,md5=${md5Hash}`}`,
    ...Object.fromEntries(Object.entries(optional).filter((entry) => entry[1] !== undefined)),
  };
}

/** https://cloud.google.com/storage/docs/transcoding: a range is ignored then. */
function mustDecompress({ attributes }: StoredObject, request: IncomingMessage): boolean {
  return (
    attributes.contentEncoding === 'gzip' &&
    !attributes.cacheControl?.includes('no-transform') &&
    !headerOf(request, 'accept-encoding')?.includes('gzip')
  );
}

/** One `bytes=` range; several, or what is no range, mean the whole object. */
function parseRange(
  header: string | undefined,
  size: number,
): { start: number; end: number } | 'unsatisfiable' | undefined {
  const found = /^bytes=(\d*)-(\d*)$/.exec(header?.trim() ?? '');
  if (!found) return undefined;
  const [, first = '', last = ''] = found;
  if (first === '' && last === '') return undefined;
  if (first === '') {
    const length = Math.min(Number(last), size);
    return length === 0 ? 'unsatisfiable' : { start: size - length, end: size - 1 };
  }
  const start = Number(first);
  const end = last === '' ? size - 1 : Math.min(Number(last), size - 1);
  if (last !== '' && Number(last) < start) return undefined;
  return start >= size ? 'unsatisfiable' : { start, end };
}

interface Part {
  handle: FileHandle;
  start: number;
  length: number;
}

/** The bytes of an open file; throws when the file got shorter under the reader's hands. */
export async function* readPart({ handle, start, length }: Part): AsyncGenerator<Buffer> {
  let sent = 0;
  while (sent < length) {
    const size = Math.min(READ_BYTES, length - sent);
    const { bytesRead, buffer } = await handle.read(Buffer.allocUnsafe(size), 0, size, start + sent);
    if (bytesRead === 0) throw apiError(503, 'The file of this object was cut short by hand.');
    sent += bytesRead;
    yield buffer.subarray(0, bytesRead);
  }
}

async function sendPart(part: Part, response: ServerResponse, fault?: MediaFault): Promise<void> {
  try {
    if (response.req.method === 'HEAD') response.end();
    else if (fault) await sendFaulty(part, response, fault);
    else await pipeline(readPart(part), response).catch(() => response.destroy());
  } finally {
    await part.handle.close();
  }
}

async function sendFaulty(part: Part, response: ServerResponse, fault: MediaFault): Promise<void> {
  response.flushHeaders();
  const length = Math.min(fault.afterBytes, part.length);
  for await (const chunk of readPart({ ...part, length })) {
    await new Promise((resolve) => response.write(chunk, resolve));
  }
  if (fault.kind === 'stall' && !response.closed) await once(response, 'close');
  response.destroy();
}

async function sendDecompressed(handle: FileHandle, response: ServerResponse): Promise<void> {
  try {
    const { size } = await handle.stat();
    const compressed = Readable.from(readPart({ handle, start: 0, length: size }));
    await pipeline(compressed, createGunzip(), response).catch(() => response.destroy());
  } finally {
    await handle.close();
  }
}
