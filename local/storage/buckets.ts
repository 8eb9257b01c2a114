/** The handlers for buckets. */

import { apiError, noSuchBucket } from './api-error.ts';
import type { BucketFolders } from './bucket-folders.ts';
import { type Handlers, readJson } from './call.ts';
import type { BucketRecord, Catalog } from './catalog.ts';
import type { Store } from './store.ts';

type BucketActions = 'listBuckets' | 'insertBucket' | 'getBucket' | 'deleteBucket';

interface BucketHandlerOptions {
  catalog: Catalog;
  store: Store;
  folders: BucketFolders;
  baseUrl: () => string;
}

export function createBucketHandlers(options: BucketHandlerOptions): Handlers<BucketActions> {
  const { catalog, store, folders, baseUrl } = options;
  const find = (name: string) => catalog.buckets().find((bucket) => bucket.name === name);

  const resourceOf = (name: string) => {
    const bucket = find(name);
    if (!bucket) throw noSuchBucket();
    return bucketResource(bucket, baseUrl());
  };

  return {
    async listBuckets({ query }) {
      const prefix = query.get('prefix') ?? '';
      const found = catalog.buckets().filter((bucket) => bucket.name.startsWith(prefix));
      const items = found.map((bucket) => bucketResource(bucket, baseUrl()));
      return { status: 200, json: { kind: 'storage#buckets', items } };
    },

    async insertBucket({ request }) {
      const { name } = await readJson(request);
      if (typeof name !== 'string' || !/^[a-z0-9][a-z0-9._-]{1,220}[a-z0-9]$/.test(name)) {
        throw apiError(400, 'Invalid bucket name.');
      }
      if (find(name)) throw apiError(409, 'Your previous request to create the named bucket succeeded.');
      await folders.add(store, name);
      return { status: 200, json: resourceOf(name) };
    },

    getBucket: async ({ bucket }) => ({ status: 200, json: resourceOf(bucket) }),

    async deleteBucket({ bucket }) {
      resourceOf(bucket);
      if (catalog.objectsFrom(bucket, '', 1).length > 0) {
        throw apiError(409, 'The bucket you tried to delete is not empty.');
      }
      await folders.remove(store, bucket);
      return { status: 204 };
    },
  };
}

/** Location and project are made up: nothing here has either. */
function bucketResource({ name, createdMs }: BucketRecord, baseUrl: string) {
  const created = new Date(createdMs).toISOString();
  return {
    kind: 'storage#bucket',
    id: name,
    name,
    selfLink: `${baseUrl}/storage/v1/b/${name}`,
    projectNumber: '0',
    location: 'US-CENTRAL1',
    locationType: 'region',
    storageClass: 'STANDARD',
    metageneration: '1',
    etag: 'CAE=',
    timeCreated: created,
    updated: created,
  };
}
