/** Resumable uploads. https://cloud.google.com/storage/docs/performing-resumable-uploads */

import type { IncomingMessage } from 'node:http';
import type { FaultScript } from '../../../faults.ts';
import { bodyOf } from '../../../http.ts';
import { apiError, StorageError } from '../../api-error.ts';
import type { UploadSession } from '../../engine/database.ts';
import type { StorageEngine } from '../../engine/engine.ts';
import { type Call, headerOf, type Reply, readJson } from '../call.ts';
import { toResource } from '../resource.ts';
import { checkChunk, checkLength, isLast, parseContentRange } from './content-range.ts';
import { checkHash, withFault, withoutFirst } from './receive.ts';
import { createSessionBytes } from './session-bytes.ts';
import { checkBeforeUpload, planUpload } from './upload-plan.ts';

interface ResumableOptions {
  engine: StorageEngine;
  faults: FaultScript;
  baseUrl: () => string;
  now: () => number;
}

export function createResumable(options: ResumableOptions) {
  const { engine, baseUrl, now } = options;
  const bytes = createSessionBytes(engine.blobs);
  const take = createTaking(options, bytes);
  /** The request that is writing to a session now. */
  const writers = new Map<string, { request: IncomingMessage; done: Promise<unknown> }>();

  /** The session of this request, once no earlier request writes to it any more. */
  const claim = async ({ query }: Call) => {
    const id = query.get('upload_id') ?? '';
    for (let writer = writers.get(id); writer; writer = writers.get(id)) {
      writer.request.destroy();
      await writer.done.catch(() => undefined);
    }
    const found = engine.sessions.get(id);
    if (!found) throw apiError(404, 'No such upload session.');
    return found;
  };

  return {
    async start(call: Call): Promise<Reply> {
      const metadata = await readJson(call.request);
      const plan = planUpload(call, metadata, headerOf(call.request, 'x-upload-content-type'));
      checkBeforeUpload(engine, plan);
      const id = engine.blobs.newId();
      bytes.begin(id);
      engine.sessions.add({ id, createdMs: now(), expectedSize: promisedSize(call.request), ...plan });
      const origin = call.request.headers.host ? `http://${call.request.headers.host}` : baseUrl();
      const query = new URLSearchParams({ uploadType: 'resumable', name: plan.name, upload_id: id });
      const location = `${origin}/upload/storage/v1/b/${plan.bucket}/o?${query}`;
      return { status: 200, headers: { location, 'x-guploader-uploadid': id } };
    },

    async continue(call: Call): Promise<Reply> {
      const { session, result } = await claim(call);
      if (result) return { status: 200, json: toResource(result, baseUrl()) };
      const done = take(session, call.request);
      writers.set(session.id, { request: call.request, done });
      return await done.finally(() => writers.delete(session.id));
    },

    async cancel(call: Call): Promise<Reply> {
      const { session } = await claim(call);
      engine.sessions.remove(session.id);
      bytes.remove(session.id);
      return { status: 499 };
    },
  };
}

/** What one request brings to its session, and what the session then answers. */
function createTaking(
  { engine, faults, baseUrl }: ResumableOptions,
  bytes: ReturnType<typeof createSessionBytes>,
) {
  const incomplete = ({ id }: UploadSession, request: IncomingMessage): Reply => {
    const received = bytes.keepUnits(id);
    const range = received === 0 ? undefined : `bytes=0-${received - 1}`;
    // Go's client asks for this: its HTTP library would follow a 308.
    if (headerOf(request, 'x-guploader-no-308') === 'yes') {
      return { status: 200, headers: { range, 'x-http-status-code-override': '308' } };
    }
    return { status: 308, headers: { range } };
  };

  const finish = async (session: UploadSession, request: IncomingMessage): Promise<Reply> => {
    const { id, createdMs: _, expectedHash, expectedSize, ...target } = session;
    try {
      const checksums = await bytes.checksums(id);
      if (expectedSize !== undefined && expectedSize !== checksums.size) {
        throw apiError(400, `X-Upload-Content-Length was ${expectedSize}, but ${checksums.size} bytes came.`);
      }
      checkHash([expectedHash, headerOf(request, 'x-goog-hash')].filter(Boolean).join(','), checksums);
      const object = engine.put({ ...target, ...checksums, blob: id });
      return { status: 200, json: toResource(object, baseUrl()) };
    } catch (error) {
      if (error instanceof StorageError && error.status < 500) {
        engine.sessions.remove(id);
        bytes.remove(id);
      }
      throw error;
    } finally {
      bytes.forget(id);
    }
  };

  return async (session: UploadSession, request: IncomingMessage): Promise<Reply> => {
    const { id } = session;
    const range = parseContentRange(headerOf(request, 'content-range'));
    const before = bytes.received(id);
    if (range.start === undefined) {
      return range.total === before ? finish(session, request) : incomplete(session, request);
    }
    checkChunk(range, before, contentLength(request));
    const body = withoutFirst(withFault(bodyOf(request), faults, request), before - range.start);
    await bytes.append(id, body);

    const received = bytes.received(id);
    checkLength(range, Math.max(received, before) - range.start);
    if (range.total !== undefined && received > range.total) throw apiError(400, 'Upload is over its size.');
    return isLast(range) && received >= (range.total ?? received)
      ? finish(session, request)
      : incomplete(session, request);
  };
}

/** `X-Upload-Content-Length`: how many bytes the client means to send. */
function promisedSize(request: IncomingMessage): number | undefined {
  const value = headerOf(request, 'x-upload-content-length');
  if (value === undefined) return undefined;
  if (!/^\d+$/.test(value)) throw apiError(400, 'Invalid value for: X-Upload-Content-Length');
  return Number(value);
}

/** How many bytes the request has; undefined where it does not say so. */
function contentLength(request: IncomingMessage): number | undefined {
  const value = headerOf(request, 'content-length');
  return value === undefined ? undefined : Number(value);
}
