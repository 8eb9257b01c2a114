/** The storage of the cloud, whoever runs it. */

import { createReadStream } from 'node:fs';
import { join } from 'node:path';
import type { Eventarc } from '../eventarc/dispatcher.ts';
import type { Closable, LocalService, ServiceOptions } from '../service.ts';
import { createStorageClient, type StorageClient } from './client.ts';
import { contentTypeOf } from './content-type.ts';
import { watchExternalStorage } from './external.ts';
import type { ObjectResource } from './http/resource.ts';
import { createLimit } from './limit.ts';
import { serveSamples } from './samples/samples.ts';
import { startStorage } from './server.ts';

/** A folder of thousands of files must not open them all at once. */
const MAX_UPLOADS = 8;

export interface OpenStorage extends Closable {
  /** `http://HOST:PORT`, as STORAGE_EMULATOR_HOST has it. */
  readonly baseUrl: string;
  /** See LocalService. */
  readonly door?: LocalService['door'];
  /** Where each bucket's folder is, by its name in functions.json. */
  readonly folders: Record<string, string>;
  /** Uploads a file that is complete. `bucket` is its name in functions.json. */
  upload(bucket: string, name: string, file: string): Promise<void>;
}

interface BucketsOptions {
  /** Bucket names, by their names in functions.json. */
  buckets: Record<string, string>;
  /** Hears of every upload. */
  eventarc: Eventarc;
  service: ServiceOptions;
  projectId: string;
}

/** The embedded storage: every bucket has a folder below `folder`. */
export async function openStorage({
  buckets,
  eventarc,
  service,
  projectId,
  folder,
}: BucketsOptions & { folder: string }): Promise<OpenStorage> {
  const folders = Object.fromEntries(Object.entries(buckets).map(([key, name]) => [key, join(folder, name)]));
  const storage = await startStorage({
    ...service,
    buckets: Object.entries(buckets).map(([key, name]) => ({ name, folder: folders[key] ?? name })),
    onFinalized: announceTo(eventarc),
  });
  const baseUrl = `http://${storage.address}`;
  const client = createStorageClient(baseUrl);
  await serveSamples(client, projectId);
  return {
    ...{ baseUrl, folders, door: storage.door },
    upload: uploadTo(client, buckets),
    close: () => storage.close(),
  };
}

/** A storage that somebody else runs, at `baseUrl`, as STORAGE_EMULATOR_HOST names it; its uploads become events too. */
export async function connectStorage({
  buckets,
  eventarc,
  service: { clock, log },
  baseUrl,
  projectId,
}: BucketsOptions & { baseUrl: string }): Promise<OpenStorage> {
  const client = createStorageClient(baseUrl);
  const stopWatching = await watchExternalStorage({
    ...{ client, clock, log, projectId },
    onFinalized: announceTo(eventarc),
    buckets: Object.values(buckets),
  });
  await serveSamples(client, projectId);
  return {
    ...{ baseUrl, folders: {} },
    upload: uploadTo(client, buckets),
    close: async () => stopWatching(),
  };
}

function uploadTo(client: StorageClient, buckets: Record<string, string>): OpenStorage['upload'] {
  const limit = createLimit(MAX_UPLOADS);
  return (bucket, name, file) =>
    limit(async () => {
      const contentType = contentTypeOf(name);
      const body = createReadStream(file);
      await client.upload({ bucket: buckets[bucket] ?? bucket, name, contentType, body });
    });
}

function announceTo(eventarc: Eventarc) {
  return (object: ObjectResource, id: string) =>
    eventarc.deliver({
      id,
      type: 'google.cloud.storage.object.v1.finalized',
      bucket: object.bucket,
      object: { ...object },
    });
}
