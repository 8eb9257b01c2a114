import { gzipSync } from 'node:zlib';
import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import { createFaultScript } from '../../local/faults.ts';
import { type StorageService, startStorage } from '../../local/storage/server.ts';
import { createObjectStore } from '../../shared/adapters/gcs.ts';
import type { ObjectStore } from '../../shared/ports.ts';
import { createMemoryObjectStore } from '../support/memory-object-store.ts';
import { serviceOptions, temporaryFolder } from '../support/service-options.ts';
import { objectStoreContract } from './object-store-contract.ts';

objectStoreContract('in memory', async () => ({
  store: createMemoryObjectStore(() => new Date(0)),
  bucket: 'memory',
}));

describe('over HTTP', () => {
  const faults = createFaultScript();
  const bucket = 'contract-bucket';
  let server: StorageService;
  let store: ObjectStore;

  beforeAll(async () => {
    server = await startStorage({
      ...serviceOptions({ faults }),
      buckets: [{ name: bucket, folder: temporaryFolder() }],
      onFinalized: () => {},
    });
    process.env.STORAGE_EMULATOR_HOST = `http://${server.address}`;
    store = createObjectStore('contract-project');
  });
  afterAll(() => server.close());

  objectStoreContract('Google’s client on the embedded Cloud Storage', async () => ({ store, bucket }));

  test.each(['gzip', 'br'])(
    'an object that is packed with %s is known as such, and read as it lies there',
    async (encoding) => {
      const packed = gzipSync('a'.repeat(100_000));
      const name = `packed.${encoding}`;
      const url = `http://${server.address}/upload/storage/v1/b/${bucket}/o?uploadType=media&name=${name}&contentEncoding=${encoding}`;
      expect((await fetch(url, { method: 'POST', body: packed })).status).toBe(200);
      const info = await store.stat({ bucket, name });
      expect(info).toMatchObject({ contentEncoding: encoding, sizeBytes: packed.length });
      if (info) expect(Buffer.from((await store.read(info, 1_000_000)) ?? []).equals(packed)).toBe(true);
    },
  );

  test('a list goes on at the name where it stopped', async () => {
    const names = ['a', 'b', 'c', 'd', 'e'].map((folder) => `many/${folder}/some.json`);
    for (const name of names)
      await store.write({ bucket, name }, { body: '', contentType: 'application/json' });
    const small = createObjectStore('contract-project', 2);
    const pages: string[][] = [];
    let pageToken: string | undefined;
    do {
      const page = await small.list({ bucket, fileName: 'some.json', pageToken });
      pages.push(page.objects.map(({ name }) => name));
      pageToken = page.nextPageToken;
    } while (pageToken !== undefined);
    expect(pages).toEqual([names.slice(0, 2), names.slice(2, 4), names.slice(4)]);
  });

  test('a list that is refused differs from one that fails for now', async () => {
    const query = { bucket, fileName: 'any.json' };
    faults.script('storage.objects.list', [{ kind: 'error', status: 503 }]);
    expect((await store.list(query)).objects).toEqual([]);
    faults.script('storage.objects.list', [
      { kind: 'error', status: 403, message: 'storage.objects.list denied' },
    ]);
    await expect(store.list(query)).rejects.toMatchObject({ kind: 'environment' });
    expect(faults.remaining()).toEqual({});
  });

  const readWhole = async (name: string) => {
    const info = await store.stat({ bucket, name });
    if (!info) throw new Error(`${name} is not there`);
    let size = 0;
    for await (const chunk of store.stream(info)) size += chunk.length;
    return size;
  };

  test('what a look and a copy have answered is not asked for again', async () => {
    const looks = () => faults.calls()['storage.objects.get'] ?? 0;
    await store.write({ bucket, name: 'known' }, { body: 'content', contentType: 'text/plain' });
    const info = await store.stat({ bucket, name: 'known' });
    if (!info) throw new Error('what was written is not there');
    const before = looks();
    const copy = await store.copy(info, { bucket, name: 'copy-of-known' });
    if (!copy) throw new Error('no copy');
    expect(Buffer.from((await store.read(copy, 100)) ?? []).toString()).toBe('content');
    expect(looks()).toBe(before);
    expect(copy).toEqual(await store.stat({ bucket, name: 'copy-of-known' }));
  });

  test('bytes that are not those that the look promised are an error', async () => {
    for (const [name, body] of Object.entries({ one: 'content', other: 'CONTENT' }))
      await store.write({ bucket, name }, { body, contentType: 'text/plain' });
    const [one, other] = await Promise.all(['one', 'other'].map((name) => store.stat({ bucket, name })));
    if (!one || !other) throw new Error('what was written is not there');
    const { crc32c, md5Hash } = other;
    await expect(store.read({ ...one, crc32c, md5Hash }, 100)).rejects.toMatchObject({
      reason: 'ChecksumMismatch',
    });
  });

  test('a read makes Node warn of nothing', async () => {
    const warnings: Error[] = [];
    const listen = (warning: Error) => void warnings.push(warning);
    process.on('warning', listen);
    await store.write({ bucket, name: 'quiet' }, { body: 'x'.repeat(300_000), contentType: 'text/plain' });
    expect(await readWhole('quiet')).toBe(300_000);
    process.off('warning', listen);
    expect(warnings).toEqual([]);
  });

  test('a 503 while reading is tried again and kills nothing', async () => {
    await store.write({ bucket, name: 'flaky' }, { body: 'x'.repeat(300_000), contentType: 'text/plain' });
    faults.script('storage.objects.media', [
      { kind: 'error', status: 503 },
      { kind: 'reset' },
      { kind: 'error', status: 503 },
    ]);
    expect(await readWhole('flaky')).toBe(300_000);
    expect(faults.remaining()).toEqual({});
  });

  test('a 503 on a write whose effect took place is not taken for a conflict', async () => {
    faults.script('storage.objects.insert', [{ kind: 'error', status: 503, afterEffect: true }]);
    await store.write({ bucket, name: 'twice' }, { body: 'x', contentType: 'text/plain' });
    expect(await readWhole('twice')).toBe(1);
    expect(faults.remaining()).toEqual({});
  });

  test('a text that is written piece by piece is whole after a 503, however often it is begun', async () => {
    async function* pieces() {
      for (let piece = 0; piece < 100; piece++) yield 'x'.repeat(1_000);
    }
    faults.script('storage.objects.insert', [{ kind: 'error', status: 503 }, { kind: 'reset' }]);
    await store.write({ bucket, name: 'pieces' }, { body: pieces, contentType: 'text/plain' });
    expect(await readWhole('pieces')).toBe(100_000);
    expect(faults.remaining()).toEqual({});
  });

  test('a mistake of ours in the text is no fault of Cloud Storage, and is made once', async () => {
    let begun = 0;
    async function* misspelt() {
      begun += 1;
      yield 'x'.repeat(1_000);
      yield (undefined as unknown as { text: string }).text;
    }
    const write = store.write({ bucket, name: 'misspelt' }, { body: misspelt, contentType: 'text/plain' });
    await expect(write).rejects.toMatchObject({
      kind: 'defect',
      stack: expect.stringContaining('at misspelt '),
    });
    expect(begun).toBe(1);
    expect(await store.stat({ bucket, name: 'misspelt' })).toBeUndefined();
  });

  test('a bucket that does not exist, or may not be read, differs from a fault that passes', async () => {
    faults.script('storage.objects.get', [
      { kind: 'error', status: 403, message: 'storage.objects.get denied' },
    ]);
    await expect(store.stat({ bucket, name: 'secret' })).rejects.toMatchObject({ kind: 'environment' });
    expect(await store.stat({ bucket: 'no-such-bucket', name: 'x' })).toBeUndefined();
  });
});
