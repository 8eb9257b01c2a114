import { text } from 'node:stream/consumers';
import { expect } from 'vitest';
import { OPERATIONS } from '../../../local/storage/http/operations.ts';
import { startStorage } from '../../../local/storage/server.ts';
import { serviceOptions } from '../../support/service-options.ts';
import { type Operation, type ServiceOperations, works } from './operation.ts';
import { connectStorageClients, RefusedCall, type StorageClients } from './storage-client.ts';
import { STORAGE_REFUSALS } from './storage-refusals.ts';

const NEVER_HERE = 'always empty';

const buckets: readonly Operation<StorageClients>[] = [
  works('storage.buckets.list', async ({ storage, aBucket }) => {
    const [{ name }, other] = [await aBucket(), await aBucket()];
    const [found] = await storage.getBuckets();
    expect(found.map((bucket) => bucket.name)).toEqual(expect.arrayContaining([name, other.name]));
    const [page, next] = await storage.getBuckets({ maxResults: 1, autoPaginate: false });
    expect([page.length, next]).toMatchObject([1, { pageToken: expect.any(String) }]);
  }),
  works(
    'storage.buckets.insert',
    async ({ call, fresh }) => {
      const body = { name: fresh(), location: 'europe-west4', storageClass: 'nearline', labels: { a: 'b' } };
      const made = await call('POST', 'storage/v1/b?project=p', { body });
      expect(made).toMatchObject({
        ...{ kind: 'storage#bucket', name: body.name, location: 'EUROPE-WEST4', locationType: 'region' },
        ...{ storageClass: 'NEARLINE', labels: { a: 'b' }, metageneration: '1' },
        iamConfiguration: { uniformBucketLevelAccess: { enabled: true } },
      });
    },
    { note: 'labels, storage class and location are kept; every other setting is below' },
  ),
  works('storage.buckets.get', async ({ aBucket }) => {
    const bucket = await aBucket();
    expect((await bucket.getMetadata())[0]).toMatchObject({
      name: bucket.name,
      timeCreated: expect.any(String),
    });
  }),
  works('storage.buckets.patch', async ({ aBucket }) => {
    const bucket = await aBucket({ labels: { a: '1', b: '2' } });
    const [after] = await bucket.setMetadata({ labels: { a: null, c: '3' } });
    expect(after).toMatchObject({ labels: { b: '2', c: '3' }, metageneration: '2' });
    const stale = bucket.setMetadata({ labels: {} }, { ifMetagenerationMatch: 1 });
    await expect(stale).rejects.toMatchObject({ code: 412 });
  }),
  works('storage.buckets.update', async ({ aBucket, call }) => {
    const { name } = await aBucket({ labels: { a: '1' } });
    const after = await call('PUT', `storage/v1/b/${name}`, { body: { labels: { b: '2' } } });
    expect(after).toMatchObject({ labels: { b: '2' }, metageneration: '2' });
  }),
  works('storage.buckets.delete', async ({ aBucket }) => {
    const bucket = await aBucket();
    await bucket.file('x').save('x');
    await expect(bucket.delete()).rejects.toMatchObject({ code: 409 });
    await bucket.file('x').delete();
    await bucket.delete();
    expect(await bucket.exists()).toEqual([false]);
  }),
  works('storage.buckets.getStorageLayout', async ({ aBucket, call }) => {
    const { name } = await aBucket({ location: 'EU' });
    const layout = await call('GET', `storage/v1/b/${name}/storageLayout`);
    expect(layout).toEqual({
      ...{ kind: 'storage#storageLayout', bucket: name, location: 'EU', locationType: 'multi-region' },
    });
  }),
  works(
    'storage.buckets.getIamPolicy',
    async ({ aBucket }) => {
      const [policy] = await (await aBucket()).iam.getPolicy();
      expect(policy.bindings).toEqual([{ role: 'roles/storage.admin', members: ['allUsers'] }]);
    },
    { note: 'anybody may do anything, and that is what it says' },
  ),
  works('storage.buckets.testIamPermissions', async ({ aBucket }) => {
    const asked = ['storage.objects.get', 'storage.buckets.delete'];
    const [permissions] = await (await aBucket()).iam.testPermissions(asked);
    expect(permissions).toEqual(Object.fromEntries(asked.map((name) => [name, true])));
  }),
  ...['buckets.operations', 'notifications', 'managedFolders', 'anywhereCaches'].map((collection) =>
    works<StorageClients>(
      `storage.${collection}.list`,
      async ({ aBucket, call }) => {
        const { path = '' } = OPERATIONS.find(({ name }) => name === `storage.${collection}.list`) ?? {};
        const list = await call('GET', `storage/v1/${path.replace('{bucket}', (await aBucket()).name)}`);
        expect(list).toEqual({ kind: `storage#${collection.split('.').at(-1)}` });
      },
      { note: NEVER_HERE },
    ),
  ),
];

const objects: readonly Operation<StorageClients>[] = [
  works(
    'storage.objects.insert',
    async ({ aBucket, call }) => {
      const bucket = await aBucket({ storageClass: 'COLDLINE' });
      await bucket.file('resumable').save('a', { resumable: true, metadata: { cacheControl: 'no-store' } });
      await bucket.file('multipart').save('b', { resumable: false });
      await call('POST', `upload/storage/v1/b/${bucket.name}/o?uploadType=media&name=media`);
      const [files] = await bucket.getFiles();
      const found = files.map(({ name, metadata }) => [name, metadata.storageClass, metadata.cacheControl]);
      expect(found).toEqual([
        ['media', 'COLDLINE', undefined],
        ['multipart', 'COLDLINE', undefined],
        ['resumable', 'COLDLINE', 'no-store'],
      ]);
    },
    { note: 'media, multipart and resumable; checksums and preconditions hold' },
  ),
  works(
    'storage.objects.list',
    async ({ aBucket, call }) => {
      const bucket = await aBucket();
      for (const name of ['a.txt', 'b/c.txt', 'b/d.bin']) await bucket.file(name).save('');
      const list = (query: string) => call('GET', `storage/v1/b/${bucket.name}/o?${query}`);
      expect(await list('matchGlob=**.txt&fields=items(name),prefixes')).toEqual({
        items: [{ name: 'a.txt' }, { name: 'b/c.txt' }],
      });
      const rolled = { prefixes: ['b/'], items: [{ name: 'a.txt' }] };
      expect(await list('delimiter=/&fields=items/name,prefixes')).toEqual(rolled);
    },
    { note: 'prefix, delimiter, offsets, pages, `matchGlob`; no versions but the live one' },
  ),
  works('storage.objects.get', async ({ aBucket }) => {
    const file = (await aBucket()).file('x');
    await file.save('x');
    const [{ generation = '' }] = await file.getMetadata();
    expect(generation).toMatch(/^\d{16}$/);
    const [bytes] = await file.bucket.file('x', { generation }).download();
    expect(String(bytes)).toBe('x');
    expect(await text(file.createReadStream({ start: 0, end: 0 }))).toBe('x');
  }),
  works('storage.objects.patch', async ({ aBucket }) => {
    const file = (await aBucket()).file('x');
    await file.save('x', { metadata: { metadata: { a: '1', b: '2' } } });
    const [after] = await file.setMetadata({ metadata: { a: null } });
    expect(after).toMatchObject({ metadata: { b: '2' }, metageneration: '2' });
  }),
  works('storage.objects.update', async ({ aBucket, call }) => {
    const file = (await aBucket()).file('x');
    await file.save('x', { metadata: { cacheControl: 'no-store' } });
    const body = { contentType: 'a/b' };
    const after = await call('PUT', `storage/v1/b/${file.bucket.name}/o/x`, { body });
    expect([after.contentType, after.cacheControl]).toEqual(['a/b', undefined]);
  }),
  works('storage.objects.delete', async ({ aBucket }) => {
    const file = (await aBucket()).file('x');
    await file.save('x');
    await file.delete();
    expect(await file.exists()).toEqual([false]);
  }),
  works('storage.objects.rewrite', async ({ aBucket }) => {
    const [file, other] = [(await aBucket()).file('x'), (await aBucket()).file('y')];
    await file.save('bytes');
    await file.copy(other, { preconditionOpts: { ifGenerationMatch: 0 } });
    expect(String((await other.download())[0])).toBe('bytes');
  }),
  works('storage.objects.copy', async ({ aBucket, call }) => {
    const { name, ...bucket } = await filled(aBucket);
    await call('POST', `storage/v1/b/${name}/o/x/copyTo/b/${name}/o/y`);
    expect(await bucket.contents()).toEqual({ x: 'bytes', y: 'bytes' });
  }),
  works('storage.objects.move', async ({ aBucket, call }) => {
    const { name, ...bucket } = await filled(aBucket);
    await call('POST', `storage/v1/b/${name}/o/x/moveTo/o/y`);
    expect(await bucket.contents()).toEqual({ y: 'bytes' });
  }),
  works('storage.objects.compose', async ({ aBucket }) => {
    const bucket = await aBucket();
    for (const name of ['1', '2']) await bucket.file(name).save(name);
    await bucket.combine(['1', '2'], 'both');
    expect(String((await bucket.file('both').download())[0])).toBe('12');
  }),
];

const xml: Operation<StorageClients> = works(
  'XML API: GET and HEAD of an object',
  async ({ aBucket, storage }) => {
    const { name } = await filled(aBucket);
    const address = `${storage.apiEndpoint}/${name}/x`;
    expect(await (await fetch(address)).text()).toBe('bytes');
    expect((await fetch(address, { method: 'HEAD' })).headers.get('content-length')).toBe('5');
  },
  { note: 'as Go’s client reads' },
);

/** A bucket with one object `x`. */
async function filled(aBucket: StorageClients['aBucket']) {
  const bucket = await aBucket();
  await bucket.file('x').save('bytes');
  return {
    name: bucket.name,
    async contents(): Promise<Record<string, string>> {
      const [files] = await bucket.getFiles();
      const entries = files.map(async (file) => [file.name, String((await file.download())[0])]);
      return Object.fromEntries(await Promise.all(entries));
    },
  };
}

export const STORAGE_OPERATIONS: ServiceOperations<StorageClients> = {
  service: 'Cloud Storage',
  every: [...OPERATIONS.map(({ name }) => name), 'storage.objects.insert'],
  refusalOf: (error) => (error instanceof RefusedCall ? error.reason : undefined),
  async connect() {
    const options = serviceOptions();
    const service = await startStorage({ ...options, buckets: [], onFinalized: () => {} });
    return connectStorageClients(service.address, service.close);
  },
  emulator: undefined,
  operations: [...buckets, ...objects, xml, ...STORAGE_REFUSALS],
};
