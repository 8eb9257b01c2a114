/** Taking the bytes of an upload into a blob. */

import { open } from 'node:fs/promises';
import type { IncomingMessage } from 'node:http';
import type { FaultScript } from '../../../faults.ts';
import { apiError } from '../../api-error.ts';
import type { Checksums, Digest } from '../../engine/digest.ts';
import type { StorageEngine } from '../../engine/engine.ts';
import { bodyFault } from '../body-faults.ts';

/** The bytes up to where the next fault of an upload breaks them, if one is due: then it is 503. */
export function withFault(
  body: AsyncIterable<Buffer>,
  faults: FaultScript,
  request: IncomingMessage,
): AsyncIterable<Buffer> {
  const fault = bodyFault(faults, 'upload', request);
  return fault ? brokenAfter(body, fault.afterBytes) : body;
}

async function* brokenAfter(body: AsyncIterable<Buffer>, limit: number): AsyncGenerator<Buffer> {
  let passed = 0;
  for await (const chunk of body) {
    const rest = chunk.subarray(0, limit - passed);
    passed += rest.length;
    if (rest.length > 0) yield rest;
    if (passed === limit) throw apiError(503, 'Service Unavailable');
  }
}

export async function* withoutFirst(body: AsyncIterable<Buffer>, skip: number): AsyncGenerator<Buffer> {
  let left = skip;
  for await (const chunk of body) {
    const rest = chunk.subarray(Math.min(left, chunk.length));
    left -= chunk.length - rest.length;
    if (rest.length > 0) yield rest;
  }
}

/** Appends to the file, one chunk in memory at a time. What was written before a failure stays. */
export async function appendTo(file: string, body: AsyncIterable<Buffer>, digest: Digest): Promise<void> {
  const handle = await open(file, 'a');
  try {
    for await (const chunk of body) {
      await handle.appendFile(chunk);
      digest.update(chunk);
    }
  } finally {
    await handle.close();
  }
}

/** Runs `task` over a blob that no object has yet; when it throws, the blob goes. */
export async function withBlob<T>(engine: StorageEngine, blob: string, task: () => Promise<T>): Promise<T> {
  try {
    return await task();
  } catch (error) {
    engine.blobs.remove(blob);
    throw error;
  }
}

/** `crc32c=…,md5=…` as a client promises it in `x-goog-hash`, or in the metadata of the upload. */
export function expectedHashOf(header: string | undefined, metadata: Record<string, unknown>): string {
  const promised = [header, ...['crc32c', 'md5Hash'].map((name) => promiseOf(name, metadata[name]))];
  return promised.filter((part) => part !== undefined).join(',');
}

const promiseOf = (name: string, value: unknown): string | undefined =>
  typeof value === 'string' ? `${name === 'md5Hash' ? 'md5' : name}=${value}` : undefined;

/** Throws 400 when the bytes are not those that the client promised. */
export function checkHash(expected: string, actual: Checksums): void {
  const known: Record<string, string | undefined> = { crc32c: actual.crc32c, md5: actual.md5Hash };
  for (const part of expected.split(',')) {
    const [kind = '', ...value] = part.trim().split('=');
    const calculated = known[kind];
    if (calculated === undefined || calculated === value.join('=')) continue;
    throw apiError(400, `Provided ${kind} "${value.join('=')}" doesn't match calculated "${calculated}".`);
  }
}
