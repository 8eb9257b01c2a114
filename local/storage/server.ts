/**
 * The embedded Cloud Storage, in three rooms: `engine/` has the objects, `http/` is Google's API over it, `folder/` keeps a
 * folder on disk for people.
 */

import type { FaultScript } from '../faults.ts';
import { serveHttp } from '../http.ts';
import type { LocalService, ServiceOptions } from '../service.ts';
import { createStorageClient } from './client.ts';
import { openStorageEngine, type StorageEngine } from './engine/engine.ts';
import { openFolders } from './folder/folders.ts';
import { createBucketHandlers, NEW_BUCKET } from './http/buckets.ts';
import type { Handlers } from './http/call.ts';
import { createCopyHandlers } from './http/copies.ts';
import { createMediaHandlers } from './http/media.ts';
import { createObjectHandlers } from './http/objects.ts';
import type { Action } from './http/operations.ts';
import { createRequestHandler } from './http/request-handler.ts';
import { type ObjectResource, toResource } from './http/resource.ts';
import { createUploadHandlers } from './http/uploads/uploads.ts';

export type { ObjectResource } from './http/resource.ts';

/** Where the buckets of functions.json say they are. */
const LOCATION = 'US-CENTRAL1';

/** How long a file must be left alone before it counts as an upload. */
const QUIET_MS = 120;

export interface StorageOptions extends ServiceOptions {
  /** Buckets that are there from the start, each with a folder on disk. */
  buckets: { name: string; folder: string }[];
  /** Called once for every new generation, with the resource as it was then; again after a crash that may have lost the call. */
  onFinalized: (resource: ObjectResource, eventId: string) => void;
  quietMs?: number | undefined;
  /** False where the system does not report changes: then only rescans find files. */
  watch?: boolean | undefined;
}

export interface StorageService extends LocalService {
  /** Compares folders and objects now; resolves once they are the same and every event is handed over. */
  scan(): Promise<void>;
}

/** Starts the service; resolves once changes made while it was down are taken in and it answers. */
export async function startStorage(options: StorageOptions): Promise<StorageService> {
  const { dataDir, clock, log, buckets, onFinalized } = options;
  let baseUrl = '';
  const engine = openStorageEngine({
    ...{ dataDir, clock, log },
    onFinalized: (object, eventId) => onFinalized(toResource(object, baseUrl), eventId),
  });
  const { faults } = options;
  const handlers = handlersOf({ engine, faults, now: clock.now, baseUrl: () => baseUrl });
  const handler = createRequestHandler(handlers, faults);
  const server = await serveHttp(options.port, handler.serve, log);
  baseUrl = `http://${server.address}`;
  engine.handOver();
  for (const { name } of buckets)
    if (!engine.hasBucket(name)) engine.createBucket(name, LOCATION, NEW_BUCKET);
  const folders = await openFolders({
    ...{ dataDir, buckets, engine, clock, log },
    client: createStorageClient(baseUrl),
    quietMs: options.quietMs ?? QUIET_MS,
    isWatched: options.watch ?? true,
  });

  let closing: Promise<void> | undefined;
  const close = async () => {
    await folders.close();
    await server.close();
    await handler.idle();
    await folders.end();
    engine.close();
  };
  return {
    address: server.address,
    door: server.door,
    close: () => {
      closing ??= close();
      return closing;
    },
    scan: folders.scan,
  };
}

interface HandlerOptions {
  engine: StorageEngine;
  faults: FaultScript;
  now: () => number;
  baseUrl: () => string;
}

function handlersOf({ engine, faults, now, baseUrl }: HandlerOptions): Handlers<Action> {
  return {
    ...createBucketHandlers(engine, baseUrl),
    ...createObjectHandlers(engine, baseUrl),
    ...createMediaHandlers(engine, faults),
    ...createUploadHandlers({ engine, faults, baseUrl, now }),
    ...createCopyHandlers(engine, baseUrl),
  };
}
