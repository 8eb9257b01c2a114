import { createRequire } from 'node:module';
import { join } from 'node:path';
import { build } from 'esbuild';
import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import { startFirestore } from '../../local/firestore/server.ts';
import { FUNCTION_OPTIONS } from '../../scripts/build/bundle.ts';
import { ROOT } from '../support/repo-files.ts';
import { serviceOptions, temporaryFolder } from '../support/service-options.ts';
import type { FirestoreAdapters } from './firestore-adapters.ts';
import {
  type FirestoreRunStores,
  firestoreContracts,
  firestoreRunStores,
} from './firestore-run-store-harness.ts';
import { openedRunsContract } from './opened-runs-contract.ts';

/** A function is deployed with less of Firestore's client than there is: what it keeps does the same. */

describe('Firestore’s client as functions are deployed with it', () => {
  let connected: FirestoreRunStores;
  let stop: () => Promise<void>;

  beforeAll(async () => {
    const outfile = join(temporaryFolder(), 'adapters.cjs');
    const entryPoints = [join(ROOT, 'test/contract/firestore-adapters.ts')];
    await build({ ...FUNCTION_OPTIONS, absWorkingDir: ROOT, entryPoints, outfile, write: true });
    const bundled: { firestoreAdapters: FirestoreAdapters } = createRequire(import.meta.url)(outfile);
    const server = await startFirestore(serviceOptions());
    connected = firestoreRunStores(bundled.firestoreAdapters, server.address);
    stop = () => server.close();
  });
  afterAll(async () => {
    await connected.firestore.terminate();
    await stop();
  });

  firestoreContracts('bundled, embedded Firestore', () => connected);
  openedRunsContract('bundled, embedded Firestore', async () => connected.under);

  test('a refusal has its code and its words', async () => {
    const created = connected.firestore.doc('refused/twice');
    await created.create({});
    await expect(created.create({})).rejects.toMatchObject({
      code: 6,
      message: expect.stringContaining('refused/twice'),
    });
  });
});
