import { Firestore } from '@google-cloud/firestore';
import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import { startFirestore } from '../../local/firestore/server.ts';
import { createFirestoreSpending } from '../../shared/adapters/firestore-spending.ts';
import { findFirestoreEmulator, startFirestoreEmulator } from '../support/firestore-emulator.ts';
import { createLog } from '../support/log.ts';
import { createMemorySpending } from '../support/memory-spending.ts';
import { NOW } from '../support/runs.ts';
import { serviceOptions } from '../support/service-options.ts';
import { type SpendingUnderTest, spendingContract } from './spending-contract.ts';

process.env.METADATA_SERVER_DETECTION = 'none';

spendingContract('in memory', async () => {
  const spending = createMemorySpending();
  return { spending, read: async (path) => spending.sums.get(path) ?? spending.reservations.get(path) };
});

function underTest(address: string): SpendingUnderTest & { firestore: Firestore } {
  const [host = '', port = ''] = address.split(':');
  const firestore = new Firestore({
    ...{ projectId: 'spending-contract', host: `${host}:${port}`, ssl: false },
    ...{ ignoreUndefinedProperties: true, customHeaders: { Authorization: 'Bearer owner' } },
  });
  return {
    firestore,
    spending: createFirestoreSpending(firestore, { logger: createLog().logger }),
    read: async (path) => (await firestore.doc(path).get()).data(),
  };
}

describe('over gRPC', () => {
  let stop: () => Promise<void>;
  let connected: ReturnType<typeof underTest>;

  beforeAll(async () => {
    const server = await startFirestore(serviceOptions());
    connected = underTest(server.address);
    stop = () => server.close();
  });
  afterAll(async () => {
    await connected.firestore.terminate();
    await stop();
  });

  spendingContract('embedded Firestore', async () => connected);

  test('sums that cannot be read do not begin anew', async () => {
    await connected.firestore.doc('spending/spoilt/months/2026-03').set({ runs: 'many' });
    const reserved = connected.spending.reserve({
      ...{ runId: 'a', folder: 'spoilt', months: ['2026-03'], estimate: null, now: NOW },
      budget: { capUsd: undefined, unknownPrices: 'hold' },
    });
    await expect(reserved).rejects.toMatchObject({ kind: 'permanent', reason: 'UnreadableDocument' });
  });
});

const official = findFirestoreEmulator();
if ('missing' in official)
  console.log(`SKIPPED: spending on Google's Firestore emulator: ${official.missing}`);

describe.skipIf('missing' in official)('over gRPC, Google’s own emulator', () => {
  let stop: () => Promise<void>;
  let connected: ReturnType<typeof underTest>;

  beforeAll(async () => {
    const emulator = await startFirestoreEmulator('jar' in official ? official.jar : '');
    connected = underTest(emulator.address);
    stop = () => emulator.stop();
  });
  afterAll(async () => {
    await connected.firestore.terminate();
    await stop();
  });

  spendingContract('Google’s Firestore emulator', async () => connected);
});
