/** Cloud Storage byte by byte, as clients that are not ours write it: over one connection that is kept. */

import { connect, type Socket } from 'node:net';
import { afterAll, afterEach, beforeAll, beforeEach, describe, expect, it } from 'vitest';
import { type Harness, startHarness } from '../contract/storage-harness.ts';

let harness: Harness;
let wire: Wire;
beforeAll(async () => {
  harness = await startHarness();
});
afterAll(() => harness.close());
beforeEach(() => {
  wire = openWire(harness.service.address);
});
afterEach(() => wire.close());

interface Answer {
  status: number;
  body: string;
}

type Wire = ReturnType<typeof openWire>;

/** One connection; answers come in the order of the requests, and every one of them says how long it is. */
function openWire(address: string) {
  const [host, port] = address.split(':');
  const socket: Socket = connect(Number(port), host);
  let received = Buffer.alloc(0);
  let look = () => {};
  socket.on('data', (chunk) => {
    received = Buffer.concat([received, chunk]);
    look();
  });
  const take = (): Answer | undefined => {
    const end = received.indexOf('\r\n\r\n');
    if (end < 0) return undefined;
    const head = received.subarray(0, end).toString();
    const length = Number(/^content-length: (\d+)$/im.exec(head)?.[1] ?? 0);
    if (received.length < end + 4 + length) return undefined;
    const body = received.subarray(end + 4, end + 4 + length).toString();
    received = received.subarray(end + 4 + length);
    return { status: Number(head.split(' ')[1]), body };
  };
  return {
    send: (text: string | Buffer) => void socket.write(text),
    end: () => void socket.end(),
    /** The next answer. */
    answer: () =>
      new Promise<Answer>((resolve) => {
        look = () => {
          const answer = take();
          if (answer) resolve(answer);
        };
        look();
      }),
    close: () => void socket.destroy(),
  };
}

const request = (line: string, headers: Record<string, string | number> = {}, body = '') =>
  [
    `${line} HTTP/1.1`,
    ...Object.entries({ Host: '127.0.0.1', 'Content-Length': Buffer.byteLength(body), ...headers }).map(
      ([name, value]) => `${name}: ${value}`,
    ),
    '',
    body,
  ].join('\r\n');

const UPLOAD = 'POST /upload/storage/v1/b/inbox/o';
const multipart = (boundary: string, lines: string[], lineBreak: string) =>
  request(
    `${UPLOAD}?uploadType=multipart`,
    { 'Content-Type': `multipart/related; boundary=${boundary}` },
    lines.join(lineBreak),
  );
const contentOf = async (name: string) =>
  await (await fetch(`${harness.url}/b/inbox/o/${encodeURIComponent(name)}?alt=media`)).text();

/** A body as gcloud and gsutil write it. */
const pythonLines = (name: string, media: string) => [
  '--===============1==',
  'Content-Type: application/json',
  'MIME-Version: 1.0',
  '',
  JSON.stringify({ name }),
  '--===============1==',
  'Content-Type: text/x',
  'MIME-Version: 1.0',
  'Content-Transfer-Encoding: binary',
  '',
  media,
  '--===============1==--',
];

describe('a multipart upload', () => {
  it.each([
    { what: 'with a boundary in single quotes and bare line feeds', quote: "'", lineBreak: '\n' },
    { what: 'with a boundary in single quotes', quote: "'", lineBreak: '\r\n' },
    { what: 'with bare line feeds', quote: '"', lineBreak: '\n' },
    { what: 'as the RFC has it', quote: '"', lineBreak: '\r\n' },
  ])('$what is read', async ({ quote, lineBreak }) => {
    const boundary = `${quote}===============1==${quote}`;
    for (const media of ['', 'one line', 'two\nlines', 'ends with a return\r', '\r\n', '日本語']) {
      wire.send(multipart(boundary, pythonLines('quoted', media), lineBreak));
      const { status, body } = await wire.answer();
      expect([status, JSON.parse(body).contentType, await contentOf('quoted')]).toEqual([
        200,
        'text/x',
        media,
      ]);
    }
  });

  it('whose single quotes are part of the boundary in its body is read', async () => {
    wire.send(multipart("'q'", ["--'q'", '', '{"name":"q"}', "--'q'", '', 'bytes', "--'q'--"], '\r\n'));
    expect([(await wire.answer()).status, await contentOf('q')]).toEqual([200, 'bytes']);
  });
});

describe('a refused upload leaves its connection usable:', () => {
  const list = request('GET /b/inbox/o?prefix=none');

  it.each([
    { what: 'a multipart body that is not one', type: 'multipart', body: 'x'.repeat(300_000) },
    {
      what: 'metadata without a name',
      type: 'multipart',
      body: `--sep\r\n\r\n{}\r\n--sep\r\n\r\n${'x'.repeat(300_000)}\r\n--sep--`,
    },
    {
      what: 'metadata that is not JSON',
      type: 'multipart',
      body: `--sep\r\n\r\n{\r\n--sep\r\n\r\n${'x'.repeat(300_000)}\r\n--sep--`,
    },
    { what: 'an unknown kind of upload', type: 'telepathic', body: 'x'.repeat(300_000) },
    { what: 'an upload without a name', type: 'media', body: 'x'.repeat(300_000) },
  ])('$what', async ({ type, body }) => {
    const headers = { 'Content-Type': 'multipart/related; boundary=sep' };
    wire.send(request(`${UPLOAD}?uploadType=${type}`, headers, body));
    expect((await wire.answer()).status).toBe(400);
    wire.send(list);
    expect((await wire.answer()).status).toBe(200);
  });

  it('one whose metadata is larger than any may be', async () => {
    const metadata = JSON.stringify({ name: 'x', metadata: { long: 'x'.repeat(3_000_000) } });
    wire.send(request(`${UPLOAD}?uploadType=resumable`, { 'Content-Type': 'application/json' }, metadata));
    expect((await wire.answer()).status).toBe(413);
    wire.send(list);
    expect((await wire.answer()).status).toBe(200);
  });

  it('a fault in the middle of its bytes', async () => {
    harness.faults.script('upload', [{ kind: 'break', afterBytes: 1000 }]);
    wire.send(request(`${UPLOAD}?uploadType=media&name=broken`, {}, 'x'.repeat(300_000)));
    expect((await wire.answer()).status).toBe(503);
    wire.send(list);
    expect((await wire.answer()).status).toBe(200);
  });

  it('one that is shorter than it said is 400, when the client has no more to say', async () => {
    wire.send(request(`${UPLOAD}?uploadType=media&name=short`, { 'Content-Length': 10 }, '12345'));
    wire.end();
    expect((await wire.answer()).status).toBe(400);
    expect((await fetch(`${harness.url}/b/inbox/o/short`)).status).toBe(404);
  });
});

describe('an unknown address', () => {
  it.each([
    'GET /storage/v1/b/inbox/nonsense',
    'GET /storage/v1/nonsense',
    'GET /upload/storage/v1/b/inbox/o',
    'GET /download/storage/v1/b/inbox',
    'PATCH /storage/v1/b/inbox/o',
    'GET /',
    'GET /b/inbox/nonsense',
  ])('is refused as such: %s', async (line) => {
    wire.send(request(line));
    const { status, body } = await wire.answer();
    expect(status).toBe(404);
    expect(JSON.parse(body).error.message).toContain('no operation');
  });

  it.each([
    { line: 'POST /batch/storage/v1', says: 'a batch request is not part of' },
    { line: 'PUT /inbox/object', says: 'PUT of the XML API is not part of' },
    { line: 'GET /inbox', says: 'GET of the XML API is not part of' },
    { line: 'GET /inbox/?uploads', says: 'GET of the XML API is not part of' },
    { line: 'POST /storage/v1/b/inbox/o/x/restore', says: 'storage.objects.restore is not part of' },
  ])('of Google’s that is not here is refused by name: $line', async ({ line, says }) => {
    wire.send(request(line));
    const { status, body } = await wire.answer();
    expect([status, JSON.parse(body).error.message]).toEqual([400, expect.stringContaining(says)]);
  });
});

describe('a web page', () => {
  const upload = (headers: Record<string, string>) =>
    request(
      `${UPLOAD}?uploadType=media&name=page`,
      { 'Content-Type': 'text/plain', ...headers },
      'x'.repeat(300_000),
    );

  it.each([
    { what: 'of another site', headers: { Origin: 'https://example.com' } },
    { what: 'of another port of this machine', headers: { Origin: 'http://localhost:8080' } },
    { what: 'whose name was pointed at this machine', headers: { Host: 'example.com' } },
  ])('$what puts nothing into a bucket', async ({ headers }) => {
    wire.send(upload(headers));
    expect((await wire.answer()).status).toBe(403);
    expect((await fetch(`${harness.url}/b/inbox/o/page`)).status).toBe(404);
  });
});
