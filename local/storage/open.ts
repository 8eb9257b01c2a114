import { copyFile, mkdir } from 'node:fs/promises';
import { dirname, join } from 'node:path';
import type { Clock } from '../clock.ts';
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

export interface OpenStorageOptions {
  environment: Record<string, string | undefined>;
  /** Bucket names, by their names in functions.json. */
  buckets: Record<string, string>;
  /** Where the folders of the buckets lie. */
  folder: string;
  clock: Clock;
  eventarc: Eventarc;
  service: ServiceOptions;
}

/** The embedded storage, or the one that STORAGE_EMULATOR_HOST names; either way its uploads become events. */
export async function openStorage(options: OpenStorageOptions): Promise<OpenStorage> {
  const { environment, eventarc } = options;
  const onFinalized = (object: ObjectResource, id: string) =>
    eventarc.deliver({
      id,
      type: 'google.cloud.storage.object.v1.finalized',
      bucket: object.bucket,
      object: { ...object },
    });
  const baseUrl = environment.STORAGE_EMULATOR_HOST;
  return baseUrl ? openExternal(options, baseUrl, onFinalized) : openEmbedded(options, onFinalized);
}

type OnFinalized = (object: ObjectResource, id: string) => void;

async function openEmbedded(
  { buckets, folder, service }: OpenStorageOptions,
  onFinalized: OnFinalized,
): Promise<OpenStorage> {
  const folders = Object.fromEntries(Object.entries(buckets).map(([key, name]) => [key, join(folder, name)]));
  const storage = await startStorage({
    ...service,
    buckets: Object.entries(buckets).map(([key, name]) => ({ name, folder: folders[key] ?? name })),
    onFinalized,
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

async function openExternal(
  { buckets, environment, clock, service }: OpenStorageOptions,
  baseUrl: string,
  onFinalized: OnFinalized,
): Promise<OpenStorage> {
  const external = await connectExternalStorage({
    ...{ baseUrl, clock, onFinalized },
    log: service.log,
    buckets: Object.values(buckets),
    projectId: environment.GOOGLE_CLOUD_PROJECT ?? 'tunedrop-local',
  });
  return {
    baseUrl,
    folders: {},
    upload: (bucket, name, file) => external.upload(buckets[bucket] ?? bucket, name, file),
    close: async () => external.close(),
  };
}
