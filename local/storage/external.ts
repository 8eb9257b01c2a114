/** A Cloud Storage that somebody else runs. */

import type { Clock } from '../clock.ts';
import type { StorageClient } from './client.ts';
import type { ObjectResource } from './http/resource.ts';

export interface ExternalStorageOptions {
  client: StorageClient;
  buckets: string[];
  projectId: string;
  clock: Clock;
  log: (line: string) => void;
  onFinalized: (object: ObjectResource, eventId: string) => void;
}

const LOOK_MS = 500;

/**
 * Makes the buckets and looks for new objects by listing: an emulator sends no events that Eventarc could take. Gives what ends
 * the looking.
 */
export async function watchExternalStorage(options: ExternalStorageOptions): Promise<() => void> {
  const { client, buckets, projectId, clock, log, onFinalized } = options;
  const known = new Set<string>();
  let closed = false;

  for (const name of buckets) await client.ensureBucket(projectId, name);

  const look = async () => {
    for (const bucket of buckets) {
      for await (const object of client.list(bucket)) {
        const id = `${bucket}/${object.name}#${object.generation}`;
        if (known.has(id)) continue;
        known.add(id);
        onFinalized(object, id);
      }
    }
  };
  const again = () => {
    if (closed) return;
    look()
      .catch((error: unknown) => log(`listing failed: ${String(error)}`))
      .finally(() => clock.after(LOOK_MS, again));
  };
  again();
  return () => {
    closed = true;
  };
}
