/** Resumable uploads. https://cloud.google.com/storage/docs/performing-resumable-uploads */

import { randomUUID } from 'node:crypto';
import { statSync } from 'node:fs';
import { rm, writeFile } from 'node:fs/promises';
import type { IncomingMessage } from 'node:http';
import type { Clock } from '../clock.ts';
import { ApiError, apiError } from './api-error.ts';
import { type Call, headerOf, type Reply, readJson } from './call.ts';
import type { Catalog, UploadSession } from './catalog.ts';
import { createDigest, type Digest, digestFile } from './digest.ts';
import { appendTo, bodyOf, brokenAfter, checkHash, withoutFirst } from './receive.ts';
import { toResource } from './resource.ts';
import type { Store } from './store.ts';
import { checkBeforeUpload, planUpload } from './upload-plan.ts';
import type { WireFaultQueue } from './wire-faults.ts';

/** A session is good for a week. */
export const SESSION_LIFE_MS = 7 * 24 * 3600 * 1000;

const CHUNK_UNIT = 256 * 1024;

interface ContentRange {
  /** Undefined asks how far the upload is. */
  start: number | undefined;
  /** Undefined as long as the client does not know. */
  total: number | undefined;
  /** The body goes to the end of the object, however long that is (`0-*`). */
  isOpen: boolean;
}

interface ResumableOptions {
  catalog: Catalog;
  store: Store;
  clock: Clock;
  faults: WireFaultQueue;
  baseUrl: () => string;
}

export type Resumable = ReturnType<typeof createResumable>;

export function createResumable({ catalog, store, clock, faults, baseUrl }: ResumableOptions) {
  /** Checksums of what came so far; after a restart they are read from the file instead. */
  const digests = new Map<string, Digest>();
  /** The request that is writing to a session now. */
  const writers = new Map<string, { request: IncomingMessage; done: Promise<unknown> }>();

  const fileOf = (session: UploadSession) => store.stagingFile(session.bucket, session.id);
  const receivedOf = (session: UploadSession) =>
    statSync(fileOf(session), { throwIfNoEntry: false })?.size ?? 0;

  const drop = async (session: UploadSession) => {
    catalog.removeSession(session.id);
    digests.delete(session.id);
    await rm(fileOf(session), { force: true });
  };

  const incomplete = (session: UploadSession, request: IncomingMessage): Reply => {
    const received = receivedOf(session);
    const range: Record<string, string> = received === 0 ? {} : { range: `bytes=0-${received - 1}` };
    // Go's client asks for this: its HTTP library would follow a 308.
    if (headerOf(request, 'x-guploader-no-308') === 'yes') {
      return { status: 200, headers: { ...range, 'x-http-status-code-override': '308' } };
    }
    return { status: 308, headers: range };
  };

  const append = async (session: UploadSession, body: AsyncIterable<Buffer>) => {
    const known = digests.get(session.id);
    const digest = known && known.size === receivedOf(session) ? known : undefined;
    const breakAfter = faults.nextUpload();
    const source = breakAfter === undefined ? body : brokenAfter(body, breakAfter);
    await appendTo(fileOf(session), source, digest ?? createDigest());
  };

  const finish = async (session: UploadSession, request: IncomingMessage): Promise<Reply> => {
    const known = digests.get(session.id);
    const isWhole = known?.size === receivedOf(session);
    const checksums = isWhole ? known.finish() : await digestFile(fileOf(session));
    digests.delete(session.id);
    try {
      checkHash(
        [session.expectedHash, headerOf(request, 'x-goog-hash')].filter(Boolean).join(','),
        checksums,
      );
      const { bucket, name, attributes, preconditions } = session;
      const staged = fileOf(session);
      const object = await store.commit({ bucket, name, attributes, preconditions, staged, ...checksums });
      return { status: 200, json: toResource(object, baseUrl()) };
    } catch (error) {
      if (error instanceof ApiError && error.status < 500) await drop(session);
      throw error;
    }
  };

  const take = async (session: UploadSession, call: Call): Promise<Reply> => {
    const { request } = call;
    const range = parseContentRange(headerOf(request, 'content-range'));
    const before = receivedOf(session);
    if (range.start === undefined) {
      return range.total === before ? finish(session, request) : incomplete(session, request);
    }
    // A gap: what the cloud answers is not known to us; telling how far it is lets every client carry on.
    if (range.start > before) return incomplete(session, request);
    await append(session, withoutFirst(bodyOf(request), before - range.start));

    const received = receivedOf(session);
    if (range.total !== undefined && received > range.total) throw apiError(400, 'Upload is over its size.');
    if (range.isOpen ? (range.total ?? received) === received : received === range.total) {
      return finish(session, request);
    }
    if (!range.isOpen && (received - range.start) % CHUNK_UNIT !== 0) {
      throw apiError(400, 'A chunk that is not the last must be a multiple of 256 KiB.');
    }
    return incomplete(session, request);
  };

  /** The session of this request, once no earlier request writes to it any more. */
  const claim = async (call: Call): Promise<UploadSession> => {
    const id = call.query.get('upload_id') ?? '';
    for (let writer = writers.get(id); writer; writer = writers.get(id)) {
      writer.request.destroy();
      await writer.done.catch(() => undefined);
    }
    const session = catalog.session(id);
    if (!session) throw apiError(404, 'No such upload session.');
    return session;
  };

  return {
    async start(call: Call): Promise<Reply> {
      const metadata = await readJson(call.request);
      const plan = planUpload(call, metadata, headerOf(call.request, 'x-upload-content-type'));
      checkBeforeUpload(store, plan);
      const session: UploadSession = { id: randomUUID(), createdMs: clock.now(), ...plan };
      await writeFile(fileOf(session), '');
      catalog.addSession(session);
      digests.set(session.id, createDigest());
      const origin = call.request.headers.host ? `http://${call.request.headers.host}` : baseUrl();
      const query = new URLSearchParams({ uploadType: 'resumable', name: plan.name, upload_id: session.id });
      const location = `${origin}/upload/storage/v1/b/${plan.bucket}/o?${query}`;
      return { status: 200, headers: { location, 'x-guploader-uploadid': session.id } };
    },

    async continue(call: Call): Promise<Reply> {
      const session = await claim(call);
      if (session.result !== undefined) return { status: 200, json: JSON.parse(session.result) };
      const done = take(session, call);
      writers.set(session.id, { request: call.request, done });
      return await done.finally(() => writers.delete(session.id));
    },

    async cancel(call: Call): Promise<Reply> {
      await drop(await claim(call));
      return { status: 499 };
    },
  };
}

/** `bytes 0-99/200`, `bytes 0-99/*`, `bytes 0-*` with either end, `bytes *` with either end. No header: the whole object. */
function parseContentRange(header: string | undefined): ContentRange {
  if (header === undefined) return { start: 0, total: undefined, isOpen: true };
  // Node's client writes `0--1` for an empty last chunk.
  const found = /^bytes (?:(\d+)-(-?\d+|\*)|\*)\/(\d+|\*)$/.exec(header.trim());
  if (!found) throw apiError(400, 'Failed to parse Content-Range header.');
  const [, start, end, total] = found;
  return {
    start: start === undefined ? undefined : Number(start),
    total: total === '*' ? undefined : Number(total),
    isOpen: end === '*',
  };
}
