import {
  type FirestoreOptions,
  type FirestoreService,
  startFirestore,
} from '../../local/firestore/server.ts';
import { connectFirestore } from '../support/firestore-emulator.ts';
import { serviceOptions } from '../support/service-options.ts';
import type { FirestoreUnderTest } from './firestore-suite.ts';

/** The embedded Firestore on a free port, in a folder of its own unless one is named; what it logs is seen. */
export function startEmbedded(options: Partial<FirestoreOptions> = {}): Promise<FirestoreService> {
  return startFirestore(serviceOptions({ log: (line) => console.error(line), ...options }));
}

export async function embeddedUnderTest(): Promise<FirestoreUnderTest> {
  const server = await startEmbedded();
  return {
    address: server.address,
    connect: (databaseId = '(default)') => connectFirestore(server.address, { databaseId }),
    stop: () => server.close(),
  };
}
