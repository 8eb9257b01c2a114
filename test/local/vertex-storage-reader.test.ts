import { expect, it, onTestFinished } from 'vitest';
import { serveHttp } from '../../local/http.ts';
import { storageReader } from '../../local/vertex/storage/storage-reader.ts';

/** The two answers of the storage JSON API that a reader needs, the media in pieces that respect nothing. */
async function startStorage(objects: Record<string, Buffer>) {
  const asked: string[] = [];
  const { address, close } = await serveHttp(
    0,
    async (request, response) => {
      asked.push(request.url ?? '');
      const url = new URL(request.url ?? '/', 'http://localhost');
      const bytes = objects[url.pathname];
      if (!bytes) {
        response.writeHead(404).end();
        return;
      }
      if (url.searchParams.get('alt') !== 'media') {
        response.end(JSON.stringify({ size: String(bytes.length), generation: '7' }));
        return;
      }
      for (const byte of bytes) response.write(Buffer.of(byte));
      response.end();
    },
    () => {},
  );
  onTestFinished(close);
  return { readObject: storageReader(`http://${address}`), asked };
}

async function collect(lines: AsyncIterable<string> | undefined): Promise<string[]> {
  const all: string[] = [];
  for await (const line of lines ?? []) all.push(line);
  return all;
}

it('reads size, generation and lines of an object, whatever its name and line ends', async () => {
  const bytes = Buffer.from('{"a":"日本語"}\r\n\n{"b":"🙂"}');
  const { readObject, asked } = await startStorage({
    '/storage/v1/b/data/o/folder%2Ftrain%20%231.jsonl': bytes,
  });
  const object = await readObject('gs://data/folder/train #1.jsonl');
  expect(object).toMatchObject({ size: bytes.length, generation: '7' });
  expect(await collect(object?.lines?.())).toEqual(['{"a":"日本語"}', '', '{"b":"🙂"}']);
  expect(asked.at(-1)).toBe('/storage/v1/b/data/o/folder%2Ftrain%20%231.jsonl?alt=media&generation=7');
});

it.each([
  ['an object that does not exist', 'gs://data/missing.jsonl'],
  ['a URI that is none', 'https://data/train.jsonl'],
  ['a bucket without an object', 'gs://data'],
])('finds nothing at %s', async (_name, uri) => {
  const { readObject } = await startStorage({});
  expect(await readObject(uri)).toBeUndefined();
});

it('rejects when the storage cannot be reached', async () => {
  await expect(storageReader('http://127.0.0.1:1')('gs://data/train.jsonl')).rejects.toThrow();
});
