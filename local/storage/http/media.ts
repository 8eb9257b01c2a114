/** Reading an object's bytes: whole, by range, at a generation, decompressed where the client cannot. */

import { once } from 'node:events';
import type { FileHandle } from 'node:fs/promises';
import type { IncomingMessage, ServerResponse } from 'node:http';
import { Readable } from 'node:stream';
import { pipeline } from 'node:stream/promises';
import { createGunzip } from 'node:zlib';
import type { FaultScript } from '../../faults.ts';
import { rangeNotSatisfiable } from '../api-error.ts';
import type { StorageEngine } from '../engine/engine.ts';
import type { StoredObject } from '../engine/object.ts';
import { checkPreconditions } from '../engine/preconditions.ts';
import { type BodyFault, bodyFault } from './body-faults.ts';
import { type Call, type Handlers, headerOf, type Reply } from './call.ts';
import { checkGeneration, parsePreconditions } from './query.ts';
import { etagOf } from './resource.ts';

const READ_BYTES = 256 * 1024;

export function createMediaHandlers(engine: StorageEngine, faults: FaultScript): Handlers<'readMedia'> {
  return {
    async readMedia({ bucket, object: name, query, request }: Call): Promise<Reply> {
      const conditions = parsePreconditions(query);
      const { object, handle } = await engine.open(bucket, name, (current) => {
        checkGeneration(current, query);
        checkPreconditions(conditions, current, 'read');
      });
      const headers = objectHeaders(object);
      const discard = () => handle.close();
      if (mustDecompress(object, request)) {
        return { status: 200, headers, discard, stream: (response) => sendDecompressed(handle, response) };
      }
      const range = parseRange(headerOf(request, 'range'), object.size);
      if (range === 'unsatisfiable') {
        await handle.close();
        throw rangeNotSatisfiable(object.size);
      }
      const { start, end } = range ?? { start: 0, end: object.size - 1 };
      const part: Part = { handle, start, length: end - start + 1 };
      return {
        status: range ? 206 : 200,
        headers: {
          ...headers,
          'content-length': part.length,
          'content-range': range && `bytes ${start}-${end}/${object.size}`,
          'content-encoding': object.attributes.contentEncoding,
        },
        discard,
        stream: (response) => sendPart(part, response, bodyFault(faults, 'download', request)),
      };
    },
  };
}

function objectHeaders(object: StoredObject): NonNullable<Reply['headers']> {
  const { attributes, md5Hash } = object;
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
    'cache-control': attributes.cacheControl,
    'content-disposition': attributes.contentDisposition,
    'content-language': attributes.contentLanguage,
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

/** The bytes of an open file. */
export async function* readPart({ handle, start, length }: Part): AsyncGenerator<Buffer> {
  let sent = 0;
  while (sent < length) {
    const size = Math.min(READ_BYTES, length - sent);
    const { bytesRead, buffer } = await handle.read(Buffer.allocUnsafe(size), 0, size, start + sent);
    if (bytesRead === 0) throw new Error('the file of an object is shorter than the object');
    sent += bytesRead;
    yield buffer.subarray(0, bytesRead);
  }
}

async function sendPart(part: Part, response: ServerResponse, fault?: BodyFault): Promise<void> {
  try {
    if (response.req.method === 'HEAD') response.end();
    else if (fault) await sendFaulty(part, response, fault);
    else await pipeline(readPart(part), response).catch(() => response.destroy());
  } finally {
    await part.handle.close();
  }
}

async function sendFaulty(part: Part, response: ServerResponse, fault: BodyFault): Promise<void> {
  response.flushHeaders();
  const length = Math.min(fault.afterBytes, part.length);
  for await (const chunk of readPart({ ...part, length })) {
    await new Promise((resolve) => response.write(chunk, resolve));
  }
  if (fault.kind === 'hang' && !response.closed) await once(response, 'close');
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
