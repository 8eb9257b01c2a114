import { request as httpRequest, type IncomingMessage } from 'node:http';
import { connect } from 'node:net';
import { text } from 'node:stream/consumers';
import { PubSub } from '@google-cloud/pubsub';
import type { ServerUnaryCall, UntypedServiceImplementation } from '@grpc/grpc-js';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { type FirestoreService, startFirestore } from '../../local/firestore/server.ts';
import { serveGrpc } from '../../local/grpc.ts';
import { clientProtos } from '../../local/pubsub/protos.ts';
import { type PubSubService, startPubSub } from '../../local/pubsub/server.ts';
import { serviceOptions } from '../support/service-options.ts';

let pubsub: PubSubService;
let firestore: FirestoreService;

beforeAll(async () => {
  pubsub = await startPubSub(serviceOptions());
  firestore = await startFirestore(serviceOptions());
});
afterAll(async () => {
  await pubsub.close();
  await firestore.close();
});

interface AnswerJson {
  error: { code: number; message: string; status: string };
  topics: { name: string }[];
}

interface Answer {
  status: number;
  headers: IncomingMessage['headers'];
  /** What a test looks at by name; over HTTP a stream is a list. */
  json: AnswerJson & AnswerJson[];
}

/** A request with any headers, also those that `fetch` does not let a caller set. */
function call(
  service: { address: string },
  [method, path]: [method: string, path: string],
  { body, headers = {} }: { body?: unknown; headers?: Record<string, string> } = {},
): Promise<Answer> {
  const [host, port] = service.address.split(':');
  const content = typeof body === 'string' ? body : body === undefined ? '' : JSON.stringify(body);
  const length = String(Buffer.byteLength(content));
  return new Promise((resolve, reject) => {
    const sent = { 'content-length': length, ...headers };
    const outgoing = httpRequest({ host, port, method, path, headers: sent }, async (incoming) => {
      const answer = await text(incoming);
      resolve({
        status: incoming.statusCode ?? 0,
        headers: incoming.headers,
        json: answer === '' ? undefined : JSON.parse(answer),
      });
    });
    outgoing.on('error', reject);
    outgoing.end(content);
  });
}

const DOCUMENTS = '/v1/projects/demo/databases/(default)/documents';

describe('one port', () => {
  it('answers gRPC and JSON over HTTP with the same topics', async () => {
    process.env.METADATA_SERVER_DETECTION = 'none';
    const client = new PubSub({ projectId: 'demo', apiEndpoint: pubsub.address, emulatorMode: true });
    await client.createTopic('from-grpc');
    await call(pubsub, ['PUT', '/v1/projects/demo/topics/from-http']);
    const [topics] = await client.getTopics();
    await client.close();
    const { json } = await call(pubsub, ['GET', '/v1/projects/demo/topics']);
    const both = ['projects/demo/topics/from-grpc', 'projects/demo/topics/from-http'];
    expect(topics.map(({ name }) => name).sort()).toEqual(both);
    expect(json.topics.map(({ name }) => name).sort()).toEqual(both);
  });

  it.each([
    [
      'POST /v1/projects/demo/topics/split:publish HTTP/1.1\r\nhost: localhost\r\nconnection: close\r\n\r\n',
      'HTTP/1.1 404',
    ],
    ['PRI * HTTP/2.0\r\n\r\nSM\r\n\r\n\0\0\0\x04\0\0\0\0\0', '\0\0'],
  ])('tells the two apart when the first bytes come one by one: %j', async (sent, answered) => {
    const [host = '', port] = pubsub.address.split(':');
    const socket = connect(Number(port), host).setNoDelay();
    for (const byte of sent)
      await new Promise<void>((resolve) => socket.write(byte, 'latin1', () => setImmediate(resolve)));
    const first = await new Promise<Buffer>((resolve) => socket.once('data', resolve));
    socket.destroy();
    expect(first.toString('latin1').slice(0, answered.length)).toBe(answered);
  });

  it('is free again after a close, whoever was connected', async () => {
    const service = await startPubSub(serviceOptions());
    const [host = '', port] = service.address.split(':');
    const idle = connect(Number(port), host);
    await new Promise((resolve) => idle.once('connect', resolve));
    const gone = new Promise((resolve) => idle.once('close', resolve));
    await service.close();
    await gone;
    const next = await startPubSub(serviceOptions({ port: Number(port) }));
    expect(next.address).toBe(service.address);
    await next.close();
  });
});

describe('web pages', () => {
  const TOPICS: [string, string] = ['GET', '/v1/projects/demo/topics'];

  it.each([
    ['a page of another site', { origin: 'https://example.com' }],
    ['a page without an origin of its own', { origin: 'null' }],
    ['a site that looks like this machine', { origin: 'http://localhost.example.com' }],
    ['a page of another port of this machine', { origin: 'http://localhost:5173' }],
    ['a page below a name of this machine', { origin: 'http://app.localhost' }],
    ['a name that was pointed at this machine', { host: 'rebound.example.com' }],
    ['a name that begins like an address', { host: '127.0.0.1.example.com' }],
    ['an address of the network', { host: '192.168.1.2:80' }],
  ])('%s is refused', async (_name, headers) => {
    const { status, json, headers: answered } = await call(pubsub, TOPICS, { headers });
    expect([status, json.error.status]).toEqual([403, 'PERMISSION_DENIED']);
    expect(answered['access-control-allow-origin']).toBeUndefined();
  });
});

describe('the JSON form of a method', () => {
  it('takes names in both spellings and fields of the query, and leaves out what has its default', async () => {
    await call(pubsub, ['PUT', '/v1/projects/demo/topics/spelling']);
    const { json } = await call(
      pubsub,
      [
        'PUT',
        '/v1/projects/demo/subscriptions/spelling?retryPolicy.minimum_backoff=1.5s&enableMessageOrdering=true',
      ],
      { body: { topic: 'projects/demo/topics/spelling', ack_deadline_seconds: '30', labels: { a: 'b' } } },
    );
    expect(json).toEqual({
      name: 'projects/demo/subscriptions/spelling',
      topic: 'projects/demo/topics/spelling',
      pushConfig: {},
      ackDeadlineSeconds: 30,
      messageRetentionDuration: '604800s',
      labels: { a: 'b' },
      enableMessageOrdering: true,
      retryPolicy: { minimumBackoff: '1.500s', maximumBackoff: '600s' },
    });
  });

  it.each([
    ['an unknown field', 'PUT', '/v1/projects/demo/topics/t', { body: { nme: 'x' } }, 400, 'nme'],
    [
      'an unknown inner field',
      'PUT',
      '/v1/projects/demo/subscriptions/s',
      { body: { pushConfig: { a: 1 } } },
      400,
      '"a"',
    ],
    [
      'a value of the wrong type',
      'PUT',
      '/v1/projects/demo/subscriptions/s',
      { body: { labels: 3 } },
      400,
      'labels',
    ],
    ['an unknown query parameter', 'GET', '/v1/projects/demo/topics?fields=name', {}, 400, 'fields'],
    ['another form of answer', 'GET', '/v1/projects/demo/topics?alt=media', {}, 400, 'alt=media'],
    ['broken JSON', 'POST', '/v1/projects/demo/topics/t:publish', { body: '{"a' }, 400, 'JSON'],
    ['a body that is a list', 'POST', '/v1/projects/demo/topics/t:publish', { body: [] }, 400, 'object'],
    ['a body where none belongs', 'GET', '/v1/projects/demo/topics', { body: { a: 1 } }, 400, 'no body'],
    ['a broken address', 'GET', '/v1/projects/demo/topics/%zz', {}, 400, 'URI'],
    ['an unknown address', 'GET', '/v1/projects/demo/things', {}, 404, 'GET /v1/projects/demo/things'],
    ['an unknown method', 'GET', '/v1/projects/demo/topics/t:getIamPolicy', {}, 501, 'getIamPolicy'],
    ['a missing topic', 'GET', '/v1/projects/demo/topics/nowhere', {}, 404, 'Topic not found'],
  ] as const)('refuses %s by name', async (_name, method, path, content, status, named) => {
    const answer = await call(pubsub, [method, path], content);
    expect([answer.status, answer.json.error.code]).toEqual([status, status]);
    expect(answer.json.error.message).toContain(named);
  });

  it('tells documents from collections by their place, and lists the messages of a stream', async () => {
    const document = {
      name: `${DOCUMENTS.slice(4)}/runs/a`,
      fields: { n: { integerValue: '9007199254740993' } },
    };
    const other = { name: `${DOCUMENTS.slice(4)}/runs/b` };
    const body = { writes: [{ update: document }, { update: other }] };
    await call(firestore, ['POST', `${DOCUMENTS}:commit`], { body });
    expect((await call(firestore, ['GET', `${DOCUMENTS}/runs/a`])).json).toMatchObject(document);
    expect(
      (await call(firestore, ['GET', `${DOCUMENTS}/runs?mask.fieldPaths=n&mask.fieldPaths=m`])).json,
    ).toMatchObject({
      documents: [document, other],
    });
    const query = { structuredQuery: { from: [{ collectionId: 'runs' }] } };
    const found = await call(firestore, ['POST', `${DOCUMENTS}:runQuery?prettyPrint=false`], { body: query });
    expect(found.json).toMatchObject([{ document }, { document: other }]);
  });

  it('puts the error of a stream in a list too', async () => {
    const body = { documents: ['no document'] };
    const { status, json } = await call(firestore, ['POST', `${DOCUMENTS}:batchGet`], { body });
    expect([status, json[0]?.error.status]).toEqual([400, 'INVALID_ARGUMENT']);
  });

  it('of a stream in both directions is refused by name', async () => {
    const { status, json } = await call(firestore, ['POST', `${DOCUMENTS}:listen`], { body: {} });
    expect([status, json.error.status]).toEqual([501, 'UNIMPLEMENTED']);
    expect(json.error.message).toContain('Listen');
  });

  it('is cancelled when nobody waits for the answer any more', async () => {
    const services: Record<string, UntypedServiceImplementation> = {};
    const cancelled = new Promise<void>((resolve) => {
      const GetTopic = (calling: ServerUnaryCall<unknown, unknown>) => {
        calling.on('cancelled', resolve);
        leaving.destroy();
      };
      services['google.pubsub.v1.Publisher'] = { GetTopic };
    });
    const service = await serveGrpc({ port: 0, protoJson: clientProtos(), services, log: () => {} });
    const [host = '', port] = service.address.split(':');
    const leaving = httpRequest({ host, port, path: '/v1/projects/demo/topics/t' });
    leaving.on('error', () => {});
    leaving.end();
    await cancelled;
    await service.close();
  });
});
