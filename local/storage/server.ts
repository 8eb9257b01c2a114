/** The embedded Cloud Storage: a folder on disk is the bucket, served over Google's JSON API. */

import { serveHttp } from '../http.ts';
import type { LocalService, ServiceOptions } from '../service.ts';
import { createBucketFolders } from './bucket-folders.ts';
import { createBucketHandlers } from './buckets.ts';
import type { Handlers } from './call.ts';
import { openCatalog } from './catalog.ts';
import { createCopyHandlers } from './copies.ts';
import { createFront, type StorageAccess } from './front.ts';
import { createMediaHandlers } from './media.ts';
import { createObjectHandlers } from './objects.ts';
import { createOutbox } from './outbox.ts';
import { recoverWrites } from './recovery.ts';
import type { ObjectResource } from './resource.ts';
import { createResumable, SESSION_LIFE_MS } from './resumable.ts';
import type { Action } from './routes.ts';
import { createStore } from './store.ts';
import { createUploadHandlers } from './uploads.ts';
import { createWireFaults, type WireFaults } from './wire-faults.ts';

export type { StorageAccess } from './front.ts';
export type { ObjectResource } from './resource.ts';

/** How long a file must be left alone before it counts as an upload. */
const SETTLE_MS = 120;

export interface StorageOptions extends ServiceOptions {
  buckets: { name: string; folder: string }[];
  /** Called once for every new generation, with the resource as it was then; again after a crash that may have lost the call. */
  onFinalized: (resource: ObjectResource, eventId: string) => void;
  settleMs?: number;
  /** False where the system does not report changes: then only rescans find files. */
  watch?: boolean;
}

export interface StorageService extends LocalService, WireFaults {
  /** Compares folders and catalog now; resolves once every change found is an object and its event is handed over. */
  scan(): Promise<void>;
  /** The latest calls, oldest first. */
  history(): StorageAccess[];
}

/** Starts the service; resolves once changes made while it was down are taken in and it answers. */
export async function startStorage(options: StorageOptions): Promise<StorageService> {
  const { clock, log, dataDir, onFinalized, settleMs = SETTLE_MS, watch: isWatched = true } = options;
  let address = '';
  const baseUrl = () => `http://${address}`;
  const ready = Promise.withResolvers<void>();

  const catalog = openCatalog(dataDir);
  const faults = createWireFaults();
  const outbox = createOutbox({ catalog, log, baseUrl, onFinalized });
  const folders = createBucketFolders({ dataDir, catalog, clock, settleMs, isWatched, log });
  const store = createStore({ catalog, clock, outbox, settled: folders.settled });
  const resumable = createResumable({ catalog, store, clock, faults, baseUrl });
  const handlers: Handlers<Action> = {
    ...createBucketHandlers({ catalog, store, folders, baseUrl }),
    ...createObjectHandlers({ store, catalog, baseUrl }),
    ...createMediaHandlers(store, faults),
    ...createUploadHandlers({ store, faults, resumable, baseUrl }),
    ...createCopyHandlers(store, baseUrl),
  };
  const front = createFront({ handlers, script: options.faults, ready: ready.promise });

  const server = await serveHttp(options.port, front.serve, log);
  address = server.address;
  folders.openAll(store, options.buckets);
  catalog.expireSessions(clock.now() - SESSION_LIFE_MS);
  recoverWrites({ catalog, store, outbox });
  outbox.handOver();
  await folders.watchAll(store);
  ready.resolve();

  let closing: Promise<void> | undefined;
  const close = async () => {
    await server.close();
    await Promise.all([folders.close(), front.idle()]);
    catalog.close();
  };
  const { breakMediaAfter, stallMediaAfter, breakUploadAfter, remainingBreaks } = faults;
  return {
    address,
    close: () => {
      closing ??= close();
      return closing;
    },
    scan: folders.scan,
    history: front.history,
    ...{ breakMediaAfter, stallMediaAfter, breakUploadAfter, remainingBreaks },
  };
}
