import { once } from 'node:events';
import { type AddressInfo, createServer, type Server, type Socket } from 'node:net';
import { afterEach, beforeEach, expect, test, vi } from 'vitest';
import { createFirestore, createFirestoreRunStore } from '../../shared/adapters/firestore.ts';
import { createChangePublisher, createPubSub, createPubSubPublisher } from '../../shared/adapters/pubsub.ts';
import { withServiceErrors } from '../../shared/adapters/service-errors.ts';
import { createVertexClient } from '../../shared/adapters/vertex/client.ts';
import { unpublishedChanges } from '../../shared/core/run/changes.ts';
import { createLog } from '../support/log.ts';
import { aRun, NOW } from '../support/runs.ts';

/** Services that take a connection and never say a word, and the real clients. Time is moved by hand. */

const ASKING = { project: 'p', account: 'a' };
let silent: Server;
let address: string;
const sockets = new Set<Socket>();

beforeEach(async () => {
  silent = createServer((socket) => sockets.add(socket.on('error', () => {})));
  await once(silent.listen(0, '127.0.0.1'), 'listening');
  address = `127.0.0.1:${(silent.address() as AddressInfo).port}`;
  for (const name of ['FIRESTORE_EMULATOR_HOST', 'GCE_METADATA_HOST']) vi.stubEnv(name, address);
  vi.stubEnv('METADATA_SERVER_DETECTION', 'assume-present');
  vi.useFakeTimers({ toFake: ['setTimeout', 'clearTimeout'] });
});

afterEach(() => {
  vi.useRealTimers();
  vi.unstubAllEnvs();
  for (const socket of sockets) socket.destroy();
  sockets.clear();
  silent.close();
});

/** What a call has come to once so many seconds have passed. */
async function after(seconds: number, call: Promise<unknown>): Promise<unknown> {
  const settled = call.then(
    () => 'answered',
    (error: unknown) => error,
  );
  await vi.advanceTimersByTimeAsync(seconds * 1000);
  return Promise.race([settled, Promise.resolve('still waiting')]);
}

const firestore = () => {
  const target = { ...ASKING, service: 'firestore', resource: '(default)' } as const;
  return withServiceErrors(
    createFirestoreRunStore(createFirestore('p', '(default)'), { logger: createLog().logger }),
    target,
  );
};
const pubsub = () => createPubSub('p', address);
const [change] = unpublishedChanges(aRun(), { project: 'p', database: '(default)' });
const event = { type: 'Planned', reason: 'DryRun', message: '', next: null } as const;

test.each<[string, number, () => Promise<unknown>]>([
  ['a read of Firestore', 60, () => firestore().get('r1')],
  ['a transaction', 60, () => firestore().apply('r1', event, NOW)],
  ['a list of runs', 60, () => firestore().listDue(NOW)],
  [
    'a request for a run',
    10,
    () => createPubSubPublisher(pubsub(), ASKING).publish('submit-requests', { runId: 'r1' }),
  ],
  ['a change of a run', 10, async () => change && createChangePublisher(pubsub(), ASKING).publish(change)],
  [
    'a token for Vertex AI',
    75,
    () => {
      const url = 'https://us-central1-aiplatform.googleapis.com/v1/any';
      return createVertexClient()({ method: 'GET', url, doing: 'asking' });
    },
  ],
])(
  '%s that is never answered is given up after %d seconds, and may have taken effect',
  async (_, seconds, call) => {
    const asked = call();
    expect(await after(seconds - 1, asked)).toBe('still waiting');
    expect(await after(1, asked)).toMatchObject({ kind: 'ambiguous', reason: 'Timeout' });
  },
);
