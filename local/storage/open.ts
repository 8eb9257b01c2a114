import { copyFile, mkdir } from 'node:fs/promises';
import { dirname, join } from 'node:path';
import type { Eventarc } from '../eventarc/dispatcher.ts';
import type { ServiceOptions } from '../service.ts';
import { connectExternalStorage } from './external.ts';
import type { ObjectResource } from './resource.ts';
import { startStorage } from './server.ts';

/** The storage of the cloud, whoever runs it. */
export interface OpenStorage {
  /** `http://HOST:PORT`, as STORAGE_EMULATOR_HOST has it. */
  readonly baseUrl: string;
  /** Where each bucket's folder is, by its name in functions.json. */
  readonly folders: Record<string, string>;
  /** `bucket` by its name in functions.json. */
  upload(bucket: string, name: string, file: string): Promise<void>;
  close(): Promise<void>;
}

interface BucketsOptions {
  /** Bucket names, by their names in functions.json. */
  buckets: Record<string, string>;
  /** Hears of every upload. */
  eventarc: Eventarc;
  service: ServiceOptions;
}

/** The embedded storage: every bucket is a folder below `folder`. */
export async function openStorage({
  buckets,
  eventarc,
  service,
  folder,
}: BucketsOptions & { folder: string }): Promise<OpenStorage> {
  const folders = Object.fromEntries(Object.entries(buckets).map(([key, name]) => [key, join(folder, name)]));
  const storage = await startStorage({
    ...service,
    buckets: Object.entries(buckets).map(([key, name]) => ({ name, folder: folders[key] ?? name })),
    onFinalized: announceTo(eventarc),
  });
  return {
    baseUrl: `http://${storage.address}`,
    folders,
    async upload(bucket, name, file) {
      const target = join(folders[bucket] ?? '', name);
      await mkdir(dirname(target), { recursive: true });
      await copyFile(file, target);
    },
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
}: BucketsOptions & { baseUrl: string; projectId: string }): Promise<OpenStorage> {
  const external = await connectExternalStorage({
    ...{ baseUrl, clock, log, projectId },
    onFinalized: announceTo(eventarc),
    buckets: Object.values(buckets),
  });
  return {
    baseUrl,
    folders: {},
    upload: (bucket, name, file) => external.upload(buckets[bucket] ?? bucket, name, file),
    close: async () => external.close(),
  };
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
