/** What Cloud Storage promises to its own Node client, whoever serves it. */

import { randomBytes } from 'node:crypto';
import { text } from 'node:stream/consumers';
import { gunzipSync } from 'node:zlib';
import type { Bucket, Storage } from '@google-cloud/storage';
import { afterAll, beforeAll, beforeEach, describe, expect, it } from 'vitest';

export interface StorageConnection {
  storage: Storage;
  /** An empty bucket, and a second one. */
  bucket: string;
  otherBucket: string;
  close: () => Promise<void>;
}

export function storageContract(name: string, connect: () => Promise<StorageConnection>): void {
  describe(`Cloud Storage, ${name}`, () => {
    let connection: StorageConnection;
    let bucket: Bucket;
    let other: Bucket;
    let folder = '';
    let count = 0;

    beforeAll(async () => {
      connection = await connect();
      bucket = connection.storage.bucket(connection.bucket);
      other = connection.storage.bucket(connection.otherBucket);
    });
    afterAll(() => connection.close());
    beforeEach(() => {
      folder = `test-${++count}`;
    });

    const file = (path: string) => bucket.file(`${folder}/${path}`);
    const names = async (query: object = {}) => {
      const [files] = await bucket.getFiles({ prefix: `${folder}/`, ...query });
      return files.map((found) => found.name.slice(folder.length + 1));
    };
    const generationOf = async (path: string) => String((await file(path).getMetadata())[0].generation);

    it.each([
      { how: 'in one resumable request', options: {} },
      { how: 'in one multipart request', options: { resumable: false } },
      { how: 'in chunks', options: { chunkSize: 256 * 1024 } },
    ])('gives back the bytes that were uploaded $how', async ({ options }) => {
      const bytes = randomBytes(700_001);
      await file('data.bin').save(bytes, options);
      const [back] = await file('data.bin').download({ validation: 'md5' });
      expect(back.equals(bytes)).toBe(true);
      expect((await file('data.bin').getMetadata())[0]).toMatchObject({
        size: '700001',
        metageneration: '1',
        storageClass: 'STANDARD',
      });
    });

    it.each([{ options: {} }, { options: { resumable: false } }, { options: { chunkSize: 256 * 1024 } }])(
      'keeps an empty object ($options)',
      async ({ options }) => {
        await file('empty').save('', options);
        expect((await file('empty').download())[0]).toHaveLength(0);
        expect((await file('empty').getMetadata())[0].crc32c).toBe('AAAAAA==');
      },
    );

    it('keeps content type and metadata that were given with the upload', async () => {
      const metadata = { contentType: 'application/jsonl', metadata: { owner: 'Ada', run: '7' } };
      await file('train.jsonl').save('{}\n', { metadata });
      const [found] = await file('train.jsonl').getMetadata();
      expect(found).toMatchObject(metadata);
    });

    it('refuses to create an object that exists', async () => {
      const createOnly = { preconditionOpts: { ifGenerationMatch: 0 } };
      await file('once').save('first', createOnly);
      await expect(file('once').save('second', createOnly)).rejects.toMatchObject({ code: 412 });
      await expect(file('once').save('second', { resumable: false, ...createOnly })).rejects.toMatchObject({
        code: 412,
      });
      expect(String((await file('once').download())[0])).toBe('first');
    });

    it('lets one of many simultaneous creators win', async () => {
      const createOnly = { resumable: false, preconditionOpts: { ifGenerationMatch: 0 } };
      const tries = Array.from({ length: 8 }, (_, index) => file('race').save(`writer ${index}`, createOnly));
      const outcomes = await Promise.allSettled(tries);
      expect(outcomes.filter(({ status }) => status === 'fulfilled')).toHaveLength(1);
    });

    it('replaces only the generation that the writer has seen', async () => {
      await file('doc').save('1');
      const seen = await generationOf('doc');
      await file('doc').save('2', { preconditionOpts: { ifGenerationMatch: seen } });
      await expect(
        file('doc').save('3', { preconditionOpts: { ifGenerationMatch: seen } }),
      ).rejects.toMatchObject({ code: 412 });
      expect(String((await file('doc').download())[0])).toBe('2');
    });

    it('refuses to replace a generation of an object that is gone', async () => {
      await expect(
        file('gone').save('1', { preconditionOpts: { ifGenerationMatch: 123 } }),
      ).rejects.toMatchObject({ code: 412 });
      expect(await file('gone').exists()).toEqual([false]);
    });

    it('gives every version its own generation, and knows only the live one', async () => {
      await file('v').save('one');
      const first = await generationOf('v');
      await file('v').save('two');
      const second = await generationOf('v');
      expect(second).not.toBe(first);
      const pinned = (generation: string) => bucket.file(`${folder}/v`, { generation });
      expect(String((await pinned(second).download())[0])).toBe('two');
      await expect(pinned(first).download()).rejects.toMatchObject({ code: 404 });
      await expect(pinned(first).getMetadata()).rejects.toMatchObject({ code: 404 });
    });

    it.each([
      { range: { start: 3, end: 4 }, part: '34' },
      { range: { start: 7 }, part: '789' },
      { range: { end: -2 }, part: '89' },
      { range: { start: 8, end: 100 }, part: '89' },
    ])('reads the range $range', async ({ range, part }) => {
      await file('digits').save('0123456789');
      expect(String((await file('digits').download(range))[0])).toBe(part);
    });

    it('answers 416 for a range behind the end', async () => {
      await file('digits').save('0123456789');
      await expect(file('digits').download({ start: 10, end: 12 })).rejects.toMatchObject({ code: 416 });
    });

    it('answers 404 for an object and for a bucket that are not there', async () => {
      expect(await file('nothing').exists()).toEqual([false]);
      await expect(file('nothing').getMetadata()).rejects.toMatchObject({ code: 404 });
      await expect(text(file('nothing').createReadStream())).rejects.toMatchObject({ code: 404 });
      await expect(file('nothing').delete()).rejects.toMatchObject({ code: 404 });
      await expect(connection.storage.bucket('no-such-bucket').getFiles()).rejects.toMatchObject({
        code: 404,
      });
      await expect(connection.storage.bucket('no-such-bucket').file('x').save('')).rejects.toMatchObject({
        code: 404,
      });
    });

    it('lists names in the order of their UTF-8 bytes', async () => {
      const unordered = ['b', 'a/z', '\u{1F600}', 'B', '\uFF5E', 'a', 'a.b'];
      for (const path of unordered) await file(path).save('', { resumable: false });
      expect(await names()).toEqual(['B', 'a', 'a.b', 'a/z', 'b', '\uFF5E', '\u{1F600}']);
    });

    it('lists in pages, from an offset, and rolled up at a delimiter', async () => {
      for (const path of ['1', '2/a', '2/b', '3', '4/c', '5'])
        await file(path).save('', { resumable: false });
      expect(await names({ maxResults: 2 })).toEqual(['1', '2/a']);
      const page = { maxResults: 4, autoPaginate: false, delimiter: '/' };
      const [files, next, answer] = await bucket.getFiles({ prefix: `${folder}/`, ...page });
      expect(files.map((found) => found.name)).toEqual([`${folder}/1`, `${folder}/3`]);
      expect((answer as { prefixes?: string[] }).prefixes).toEqual([`${folder}/2/`, `${folder}/4/`]);
      const [rest, end] = await bucket.getFiles({ ...next, autoPaginate: false });
      expect(rest.map((found) => found.name)).toEqual([`${folder}/5`]);
      expect(end).toBeNull();
      expect(await names({ startOffset: `${folder}/3` })).toEqual(['3', '4/c', '5']);
      expect(await names({ autoPaginate: true, maxApiCalls: 100 })).toHaveLength(6);
    });

    it('merges a metadata patch, counts it in the metageneration and leaves the generation', async () => {
      await file('m').save('x', { metadata: { metadata: { keep: '1', drop: '2' } } });
      const before = await generationOf('m');
      const [after] = await file('m').setMetadata({
        metadata: { drop: null, add: '3' },
        cacheControl: 'no-store',
      });
      expect(after).toMatchObject({ metageneration: '2', generation: before, cacheControl: 'no-store' });
      expect(after.metadata).toEqual({ keep: '1', add: '3' });
      await expect(
        file('m').setMetadata({ contentType: 'a/b' }, { ifMetagenerationMatch: 1 }),
      ).rejects.toMatchObject({ code: 412 });
    });

    it('deletes the generation that was meant, and no other', async () => {
      await file('d').save('x');
      await expect(file('d').delete({ ifGenerationMatch: 1 })).rejects.toMatchObject({ code: 412 });
      await file('d').delete({ ifGenerationMatch: Number(await generationOf('d')) });
      expect(await file('d').exists()).toEqual([false]);
    });

    it('copies a pinned generation to another bucket, once', async () => {
      await file('source').save('bytes', { metadata: { contentType: 'text/x', metadata: { k: 'v' } } });
      const generation = await generationOf('source');
      const target = other.file(`${folder}/copy`);
      const createOnly = { preconditionOpts: { ifGenerationMatch: 0 } };
      await bucket.file(`${folder}/source`, { generation }).copy(target, createOnly);
      expect((await target.getMetadata())[0]).toMatchObject({
        contentType: 'text/x',
        metadata: { k: 'v' },
        crc32c: (await file('source').getMetadata())[0].crc32c,
      });
      await expect(
        bucket.file(`${folder}/source`, { generation }).copy(target, {
          preconditionOpts: { ifGenerationMatch: 0 },
        }),
      ).rejects.toMatchObject({ code: 412 });
      await file('source').save('newer');
      await expect(
        bucket.file(`${folder}/source`, { generation }).copy(other.file(`${folder}/late`)),
      ).rejects.toMatchObject({ code: 404 });
    });

    it('moves an object', async () => {
      await file('old').save('bytes');
      await file('old').move(`${folder}/new`);
      expect(await names()).toEqual(['new']);
    });

    it('composes objects in order; the result has no MD5', async () => {
      await file('1').save('one ');
      await file('2').save('two');
      await bucket.combine([file('1'), file('2')], file('both'));
      expect(String((await file('both').download())[0])).toBe('one two');
      const [metadata] = await file('both').getMetadata();
      expect(metadata.componentCount).toBe(2);
      expect(metadata.md5Hash).toBeUndefined();
    });

    it('gives a gzipped object back unpacked, or as it is when asked for that', async () => {
      const content = 'line\n'.repeat(1000);
      await file('packed').save(content, { gzip: true });
      expect(String((await file('packed').download())[0])).toBe(content);
      const [packed] = await file('packed').download({ decompress: false });
      expect(gunzipSync(packed).toString()).toBe(content);
    });

    it('keeps an object beside others below the same name', async () => {
      for (const path of ['a', 'a/b', 'a/', 'a//b', 'a/b/c']) await file(path).save(`I am ${path}`);
      for (const path of ['a', 'a/b', 'a/', 'a//b', 'a/b/c']) {
        expect(String((await file(path).download())[0])).toBe(`I am ${path}`);
      }
      expect(await names()).toEqual(['a', 'a/', 'a//b', 'a/b', 'a/b/c']);
    });

    it('knows its buckets', async () => {
      const [buckets] = await connection.storage.getBuckets();
      expect(buckets.map((found) => found.name)).toEqual(
        expect.arrayContaining([connection.bucket, connection.otherBucket]),
      );
      expect((await bucket.getMetadata())[0]).toMatchObject({ kind: 'storage#bucket', name: bucket.name });
      expect(await connection.storage.bucket('no-such-bucket').exists()).toEqual([false]);
    });

    it('makes a bucket once, and deletes it when it is empty', async () => {
      const [made] = await connection.storage.createBucket(`made-${folder}`);
      await expect(connection.storage.createBucket(`made-${folder}`)).rejects.toMatchObject({ code: 409 });
      await made.file('x').save('y');
      await expect(made.delete()).rejects.toMatchObject({ code: 409 });
      await made.file('x').delete();
      await made.delete();
      expect(await made.exists()).toEqual([false]);
    });
  });
}
