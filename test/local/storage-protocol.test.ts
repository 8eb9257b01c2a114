import { createHash } from 'node:crypto';
import { statSync } from 'node:fs';
import { connect } from 'node:net';
import { join } from 'node:path';
import { gzipSync } from 'node:zlib';
import { afterAll, beforeAll, describe, expect, it, vi } from 'vitest';
import { type Harness, startHarness } from '../contract/storage-harness.ts';

let harness: Harness;
beforeAll(async () => {
  harness = await startHarness();
});
afterAll(() => harness.close());

const UNIT = 256 * 1024;
const call = (path: string, init?: RequestInit) => fetch(`${harness.url}${path}`, init);
const put = async (name: string, body: string | Uint8Array<ArrayBuffer>, query = '') => {
  const path = `/upload/storage/v1/b/inbox/o?uploadType=media&name=${encodeURIComponent(name)}${query}`;
  return await call(path, { method: 'POST', body });
};
const content = async (name: string) =>
  await (await call(`/b/inbox/o/${encodeURIComponent(name)}?alt=media`)).text();

describe('addresses', () => {
  it.each([
    { client: "Node's with the emulator variable", path: '/b/inbox/o/dir%2Fx?alt=media' },
    { client: 'one with an API endpoint', path: '/storage/v1/b/inbox/o/dir%2Fx?alt=media' },
    { client: "Go's by the JSON API", path: '/download/storage/v1/b/inbox/o/dir%2Fx?alt=media' },
    { client: "Go's by the XML API", path: '/inbox/dir/x' },
  ])('serves the bytes to $client', async ({ path }) => {
    await put('dir/x', 'bytes');
    const response = await call(path);
    expect([response.status, await response.text()]).toEqual([200, 'bytes']);
  });

  it.each(['/b', '/storage/v1/b', '/b/inbox', '/storage/v1/b/inbox/o', '/b/inbox/o?prefix=none'])(
    'knows %s',
    async (path) => {
      expect((await call(path)).status).toBe(200);
    },
  );

  it.each([
    { path: '/', status: 404 },
    { path: '/b/inbox/acl/x', status: 400 },
    { path: '/b/inbox/o/%E0%A4', status: 400 },
    { path: '/b/inbox/o?maxResults=many', status: 400 },
    { path: '/b/inbox/o/x?ifGenerationMatch=new', status: 400 },
  ])('answers $status for $path', async ({ path, status }) => {
    await put('x', 'x');
    expect((await call(path)).status).toBe(status);
  });

  it("writes errors in Google's shape", async () => {
    const response = await call('/b/inbox/o/nothing');
    const message = 'No such object: inbox/nothing';
    expect(await response.json()).toEqual({
      error: { code: 404, message, errors: [{ message, domain: 'global', reason: 'notFound' }] },
    });
  });

  it('says which generation was read, with its checksums', async () => {
    const made = (await (await put('headers', 'hello')).json()) as { generation: string };
    const response = await call('/b/inbox/o/headers?alt=media', { headers: { range: 'bytes=1-2' } });
    expect(response.status).toBe(206);
    expect(Object.fromEntries(response.headers)).toMatchObject({
      'content-range': 'bytes 1-2/5',
      'x-goog-generation': made.generation,
      'x-goog-hash': `crc32c=mnG7TA==,md5=${createHash('md5').update('hello').digest('base64')}`,
      'x-goog-stored-content-encoding': 'identity',
      'x-goog-stored-content-length': '5',
    });
  });

  it('answers 304 to a reader that has the live generation', async () => {
    const { generation } = (await (await put('cached', 'x')).json()) as { generation: string };
    const unchanged = await call(`/b/inbox/o/cached?alt=media&ifGenerationNotMatch=${generation}`);
    expect(unchanged.status).toBe(304);
  });

  it('unpacks a gzipped object for a client that cannot', async () => {
    await put('packed', new Uint8Array(gzipSync('plain text')), '&contentEncoding=gzip');
    const response = await call('/b/inbox/o/packed?alt=media', {
      headers: { 'accept-encoding': 'identity' },
    });
    expect(response.headers.get('content-encoding')).toBeNull();
    expect(await response.text()).toBe('plain text');
  });
});

describe('multipart uploads', () => {
  const send = (body: string, boundary = 'sep') =>
    call('/upload/storage/v1/b/inbox/o?uploadType=multipart', {
      method: 'POST',
      headers: { 'content-type': `multipart/related; boundary=${boundary}` },
      body,
    });
  const meta = '{"name":"multi","metadata":{"k":"v"}}';

  it.each([
    {
      what: 'with headers and a last line break',
      body: `--sep\r\nContent-Type: application/json\r\n\r\n${meta}\r\n--sep\r\nContent-Type: text/x\r\n\r\nbytes\r\n--sep--\r\n`,
      bytes: 'bytes',
    },
    {
      what: 'without a last line break',
      body: `--sep\r\n\r\n${meta}\r\n--sep\r\n\r\nbytes\r\n--sep--`,
      bytes: 'bytes',
    },
    { what: 'without media', body: `--sep\r\n\r\n${meta}\r\n--sep\r\n\r\n\r\n--sep--`, bytes: '' },
    {
      what: 'with what looks like a boundary inside',
      body: `--sep\r\n\r\n${meta}\r\n--sep\r\n\r\na\r\n--se\r\n-sep b\r\n--sep--`,
      bytes: 'a\r\n--se\r\n-sep b',
    },
    {
      what: 'with text before',
      body: `preamble\r\n--sep\r\n\r\n${meta}\r\n--sep\r\n\r\nx\r\n--sep--`,
      bytes: 'x',
    },
  ])('are read $what', async ({ body, bytes }) => {
    const response = await send(body);
    expect([response.status, await content('multi')]).toEqual([200, bytes]);
    expect(await response.json()).toMatchObject({ metadata: { k: 'v' }, size: String(bytes.length) });
  });

  it.each([
    { what: 'that end early', body: `--sep\r\n\r\n${meta}\r\n--sep\r\n\r\nbytes` },
    { what: 'without parts', body: 'nothing' },
    { what: 'with broken metadata', body: '--sep\r\n\r\n{"name":\r\n--sep\r\n\r\nx\r\n--sep--' },
    { what: 'without a name', body: '--sep\r\n\r\n{}\r\n--sep\r\n\r\nx\r\n--sep--' },
  ])('$what are refused', async ({ body }) => {
    expect((await send(body)).status).toBe(400);
  });

  it('that contradict their own checksum are refused, and leave no object', async () => {
    const body = `--sep\r\n\r\n{"name":"wrong","md5Hash":"AAAA"}\r\n--sep\r\n\r\nx\r\n--sep--`;
    expect((await send(body)).status).toBe(400);
    expect((await call('/b/inbox/o/wrong')).status).toBe(404);
  });
});

describe('resumable uploads', () => {
  const begin = async (name: string, query = '') => {
    const path = `/upload/storage/v1/b/inbox/o?uploadType=resumable&name=${name}${query}`;
    const response = await call(path, { method: 'POST' });
    return String(response.headers.get('location'));
  };
  const send = (session: string, range: string, body?: Uint8Array<ArrayBuffer>, headers = {}) =>
    fetch(session, { method: 'PUT', headers: { 'content-range': range, ...headers }, body: body ?? null });
  const unit = new Uint8Array(UNIT).fill(97);

  it('say after each chunk how far they are, and end with the object', async () => {
    const session = await begin('chunks');
    const first = await send(session, `bytes 0-${UNIT - 1}/*`, unit);
    expect([first.status, first.headers.get('range')]).toEqual([308, `bytes=0-${UNIT - 1}`]);
    const status = await send(session, 'bytes */*');
    expect([status.status, status.headers.get('range')]).toEqual([308, `bytes=0-${UNIT - 1}`]);
    const last = await send(session, `bytes ${UNIT}-${UNIT + 1}/${UNIT + 2}`, new Uint8Array([98, 98]));
    expect(last.status).toBe(200);
    expect(await last.json()).toMatchObject({ name: 'chunks', size: String(UNIT + 2) });
    const after = await send(session, `bytes */${UNIT + 2}`);
    expect([after.status, await after.json()]).toMatchObject([200, { name: 'chunks' }]);
  });

  it('have no range before the first byte', async () => {
    const status = await send(await begin('none'), 'bytes */*');
    expect([status.status, status.headers.get('range')]).toEqual([308, null]);
  });

  it('end at a status query that names the size they have', async () => {
    const session = await begin('closed');
    await send(session, `bytes 0-${UNIT - 1}/*`, unit);
    expect((await send(session, `bytes */${UNIT}`)).status).toBe(200);
  });

  it('take bytes once that were sent twice', async () => {
    const session = await begin('overlap');
    await send(session, `bytes 0-${UNIT - 1}/*`, unit);
    const again = await send(session, `bytes 0-${UNIT}/${UNIT + 1}`, new Uint8Array(UNIT + 1).fill(97));
    expect(await again.json()).toMatchObject({ size: String(UNIT + 1) });
  });

  it('do not skip bytes', async () => {
    const gap = await send(await begin('gap'), `bytes ${UNIT}-${UNIT}/${UNIT + 1}`, new Uint8Array(1));
    expect([gap.status, gap.headers.get('content-type'), await gap.text()]).toEqual([
      503,
      'text/plain; charset=utf-8',
      'Invalid request.  According to the Content-Range header, the upload offset is 262144 byte(s), which exceeds already uploaded size of 0 byte(s).',
    ]);
  });

  it('refuse a chunk under 256 KiB that is not the last', async () => {
    const answer = await send(await begin('small'), 'bytes 0-499/700000', new Uint8Array(500));
    expect([answer.status, await answer.text()]).toEqual([
      400,
      "Invalid request.  The number of bytes uploaded is required to be equal or greater than 262144, except for the final request (it's recommended to be the exact multiple of 262144).  The received request contained 500 bytes, which does not meet this requirement.",
    ]);
  });

  it('keep whole units of 256 KiB of a larger chunk, and take the rest with the next', async () => {
    const session = await begin('odd');
    const bytes = new Uint8Array(UNIT * 2 + 1000).map((_, index) => index % 251);
    const first = await send(session, `bytes 0-${UNIT + 4999}/*`, bytes.slice(0, UNIT + 5000));
    expect([first.status, first.headers.get('range')]).toEqual([308, `bytes=0-${UNIT - 1}`]);
    const rest = await send(session, `bytes ${UNIT}-${bytes.length - 1}/${bytes.length}`, bytes.slice(UNIT));
    const md5Hash = createHash('md5').update(bytes).digest('base64');
    expect(await rest.json()).toMatchObject({ size: String(bytes.length), md5Hash });
  });

  it('refuse a body that is not as long as its Content-Range says', async () => {
    const answer = await send(await begin('short'), 'bytes 0-4/5', new Uint8Array(3));
    expect([answer.status, await answer.text()]).toEqual([
      400,
      'Invalid request.  There were 3 byte(s) in the request body.  There should have been 5 byte(s) (starting at offset 0 and ending at offset 4) according to the Content-Range header.',
    ]);
  });

  it('refuse an object that is not as long as the start of the upload said', async () => {
    const path = '/upload/storage/v1/b/inbox/o?uploadType=resumable&name=promised';
    const started = await call(path, { method: 'POST', headers: { 'x-upload-content-length': '6' } });
    const session = String(started.headers.get('location'));
    expect((await send(session, 'bytes 0-4/5', new Uint8Array(5))).status).toBe(400);
    expect((await call('/b/inbox/o/promised')).status).toBe(404);
  });

  it("answer 200 with the status in a header to Go's client", async () => {
    const session = await begin('go');
    const response = await send(session, `bytes 0-${UNIT - 1}/*`, unit, { 'x-guploader-no-308': 'yes' });
    expect([response.status, response.headers.get('x-http-status-code-override')]).toEqual([200, '308']);
  });

  it('go on where a broken connection ended', async () => {
    const session = await begin('broken');
    const { port, pathname, search } = new URL(session);
    const socket = connect(Number(port), '127.0.0.1');
    const head = `PUT ${pathname}${search} HTTP/1.1\r\nHost: localhost\r\nContent-Range: bytes 0-*/2000000\r\nContent-Length: 2000000\r\n\r\n`;
    socket.write(head);
    socket.write(Buffer.alloc(1_000_000, 97));
    const staged = join(
      harness.root,
      'state/objects',
      String(new URL(session).searchParams.get('upload_id')),
    );
    await vi.waitUntil(() => statSync(staged).size > UNIT, { timeout: 10_000, interval: 1 });
    socket.destroy();
    const status = await send(session, 'bytes */*');
    expect(status.status).toBe(308);
    const received = Number(status.headers.get('range')?.replace('bytes=0-', '')) + 1;
    const rest = new Uint8Array(2_000_000 - received).fill(97);
    const end = await send(session, `bytes ${received}-1999999/2000000`, rest);
    const md5Hash = createHash('md5').update(Buffer.alloc(2_000_000, 97)).digest('base64');
    expect(await end.json()).toMatchObject({ size: '2000000', md5Hash });
  });

  it('check a precondition at the start and again at the end', async () => {
    const session = await begin('late', '&ifGenerationMatch=0');
    await put('late', 'somebody else');
    expect((await send(session, 'bytes 0-0/1', new Uint8Array(1))).status).toBe(412);
    const path = '/upload/storage/v1/b/inbox/o?uploadType=resumable&name=late&ifGenerationMatch=0';
    expect((await call(path, { method: 'POST' })).status).toBe(412);
    expect(await content('late')).toBe('somebody else');
  });

  it('are gone when cancelled', async () => {
    const session = await begin('cancelled');
    expect((await fetch(session, { method: 'DELETE' })).status).toBe(499);
    expect((await send(session, 'bytes */*')).status).toBe(404);
  });
});

describe('the record of calls', () => {
  it('names method, bucket and object of each call, refused ones too', async () => {
    await call('/b/inbox/o/secret?alt=media');
    await call('/b/other-bucket/o/secret');
    expect(harness.history.since().slice(-2)).toMatchObject([
      { method: 'storage.objects.media', target: 'inbox/secret', outcome: 'refused 404' },
      { method: 'storage.objects.get', target: 'other-bucket/secret', outcome: 'refused 404' },
    ]);
  });
});
