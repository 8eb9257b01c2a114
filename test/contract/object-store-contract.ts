import { beforeEach, describe, expect, test } from 'vitest';
import type { ObjectStore } from '../../shared/ports.ts';

const MiB = 1024 * 1024;

/** What every object store does, whatever keeps the bytes. */
export function objectStoreContract(
  name: string,
  connect: () => Promise<{ store: ObjectStore; bucket: string }>,
): void {
  describe(`object store: ${name}`, () => {
    let store: ObjectStore;
    let bucket: string;
    let serial = 0;
    const fresh = (ending = 'txt') => ({ bucket, name: `folder/object-${Date.now()}-${serial++}.${ending}` });
    const put = async (object: { bucket: string; name: string }, body: string) => {
      expect(await store.write(object, { body, contentType: 'text/plain' })).toBe(true);
      const info = await store.stat(object);
      if (!info) throw new Error('what was written is not there');
      return info;
    };
    const text = async (chunks: AsyncIterable<Uint8Array>) => {
      const parts: Uint8Array[] = [];
      for await (const chunk of chunks) parts.push(chunk);
      return Buffer.concat(parts).toString('utf8');
    };

    beforeEach(async () => {
      ({ store, bucket } = await connect());
    });

    test('an object that is not there is undefined, not an error', async () => {
      const object = fresh();
      expect(await store.stat(object)).toBeUndefined();
      expect(await store.read({ ...object, generation: '1' }, 100)).toBeUndefined();
    });

    test('what is written is read back at its generation, with its size and checksum', async () => {
      const info = await put(fresh(), 'grüße\n');
      expect(info).toMatchObject({ sizeBytes: 8, metadata: {} });
      expect(info.crc32c).not.toBe('');
      expect(Buffer.from((await store.read(info, 100)) ?? []).toString()).toBe('grüße\n');
      expect(await text(store.stream(info))).toBe('grüße\n');
    });

    test('a version that was replaced is gone', async () => {
      const object = fresh();
      const old = await put(object, 'one');
      await put(object, 'two');
      expect(await store.read(old, 100)).toBeUndefined();
      expect(await store.copy(old, fresh())).toBeUndefined();
    });

    test('a look at a version that was replaced sees the live one', async () => {
      const object = fresh();
      const old = await put(object, 'one');
      const live = await put(object, 'two');
      expect((await store.stat(old))?.generation).toBe(live.generation);
    });

    test('of an object over the cap the first bytes are read', async () => {
      const info = await put(fresh(), `${'x'.repeat(300_000)}y`);
      expect(await store.read(info, 100)).toHaveLength(100);
    });

    test('a copy is made once: copying another version to the same place returns what is there', async () => {
      const [from, to] = [fresh(), fresh()];
      const first = await store.copy(await put(from, 'first'), to);
      const second = await store.copy(await put(from, 'second'), to);
      expect(second?.generation).toBe(first?.generation);
      if (!first) throw new Error('no copy');
      expect(await text(store.stream(first))).toBe('first');
    });

    test('a write over another generation than the one named writes nothing', async () => {
      const object = fresh();
      const body = { body: 'x', contentType: 'text/plain' };
      expect(await store.write(object, { ...body, ifGenerationMatch: '0' })).toBe(true);
      expect(await store.write(object, { ...body, ifGenerationMatch: '0' })).toBe(false);
      const there = await store.stat(object);
      expect(await store.write(object, { ...body, ifGenerationMatch: there?.generation ?? '' })).toBe(true);
    });

    test('the type and metadata of our own come back with the object', async () => {
      const object = fresh();
      await store.write(object, {
        body: '{}',
        contentType: 'application/json',
        metadata: { revision: '7', createTime: 'now' },
      });
      expect(await store.stat(object)).toMatchObject({
        contentType: 'application/json',
        metadata: { revision: '7', createTime: 'now' },
      });
    });

    test('a text is written piece by piece', async () => {
      async function* lines() {
        for (let line = 0; line < 1000; line++) yield `line ${line}\n`;
      }
      const object = fresh('jsonl');
      expect(await store.write(object, { body: lines, contentType: 'application/jsonl' })).toBe(true);
      const info = await store.stat(object);
      if (!info) throw new Error('nothing was written');
      expect((await text(store.stream(info))).split('\n')).toHaveLength(1001);
    });

    test('a large object is streamed whole', async () => {
      const info = await put(fresh(), 'abcdefgh'.repeat(MiB / 4));
      let size = 0;
      for await (const chunk of store.stream(info)) size += chunk.length;
      expect(size).toBe(2 * MiB);
    });

    test('objects of a file name are listed from every folder, with what tells their versions apart', async () => {
      const folder = `listed-${Date.now()}-${serial++}`;
      const body = { body: '{}', contentType: 'application/json' };
      const fileName = `${folder}.json`;
      for (const name of [`b/c/${fileName}`, fileName, `a/${fileName}`, `a/my-${fileName}`, `${fileName}/x`])
        await store.write({ bucket, name }, body);
      await store.write({ bucket, name: `a/${fileName}` }, body);
      const { objects, nextPageToken } = await store.list({ bucket, fileName });
      expect(objects.map(({ name }) => name)).toEqual([`a/${fileName}`, `b/c/${fileName}`, fileName].sort());
      expect(nextPageToken).toBeUndefined();
      const [first] = objects;
      const live = await store.stat({ bucket, name: first?.name ?? '' });
      expect(first).toEqual({
        ...{ bucket, name: live?.name, generation: live?.generation, timeCreated: live?.timeCreated },
      });
    });

    test('objects with an ending are listed beside those of a file name, by capitals as they are', async () => {
      const folder = `ended-${Date.now()}-${serial++}`;
      const body = { body: '{}', contentType: 'application/json' };
      const fileName = `${folder}.json`;
      const ending = `.${folder}`;
      const names = [`a/b/x${ending}`, `a/${fileName}`, `x${ending}`];
      for (const name of [...names, `a/x${ending}.txt`, `a/y${ending.toUpperCase()}`])
        await store.write({ bucket, name }, body);
      const { objects } = await store.list({ bucket, fileName, endings: [ending] });
      expect(objects.map(({ name }) => name)).toEqual([...names].sort());
    });

    test('of a file name that nothing has, an empty page is listed', async () => {
      const page = await store.list({ bucket, fileName: `none-${serial++}.json` });
      expect(page).toEqual({ objects: [], nextPageToken: undefined });
    });

    test.each(['日本語 フォルダ/100% "q" tune.json', 'a/../b', 'hash#1?x=1', ' spaces ', 'é/é'])(
      'the name %j is carried as it is',
      async (awkward) => {
        const info = await put({ bucket, name: awkward }, 'content');
        expect(info.name).toBe(awkward);
        expect(await text(store.stream(info))).toBe('content');
      },
    );
  });
}
