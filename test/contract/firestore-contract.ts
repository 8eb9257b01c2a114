import type { Firestore } from '@google-cloud/firestore';
import { afterAll, beforeAll, describe } from 'vitest';
import { callContract } from './firestore-contract-calls.ts';
import { limitContract } from './firestore-contract-limits.ts';
import { listenContract } from './firestore-contract-listen.ts';
import { queryContract } from './firestore-contract-queries.ts';
import { refusalContract } from './firestore-contract-refusals.ts';
import { restContract } from './firestore-contract-rest.ts';
import { transactionContract } from './firestore-contract-transactions.ts';
import { writeContract } from './firestore-contract-writes.ts';

/** A running server; each client is in a project of its own. */
export interface FirestoreUnderTest {
  address: string;
  connect(databaseId?: string): Firestore;
  stop(): Promise<void>;
}

/** What a server is known not to do, so that nobody takes a skipped test for a passed one. */
export interface Deviations {
  /** Transactions that contend in one test: Google's own emulator backs off for seconds with more. */
  contenders: number;
  /** Google's own emulator has no PartitionQuery. */
  partitions: boolean;
  /** Google's own emulator refuses to walk document names downwards, with indexes or without. */
  descendingNames: boolean;
  /** Google's own emulator does not hold all the limits of production. */
  lenient: boolean;
}

export interface Suite {
  /** A client in a fresh project, before each test. */
  connect(databaseId?: string): Firestore;
  address(): string;
  deviations: Deviations;
}

/** What the project asks of a Firestore server, through the real client. */
export function firestoreContract(
  name: string,
  start: () => Promise<FirestoreUnderTest>,
  deviations: Deviations,
): void {
  describe(`${name} as the Google client sees it`, () => {
    let server: FirestoreUnderTest | undefined;
    const clients: Firestore[] = [];
    const running = () => {
      if (!server) throw new Error('the server is not running');
      return server;
    };
    const suite: Suite = {
      deviations,
      address: () => running().address,
      connect(databaseId) {
        const client = running().connect(databaseId);
        clients.push(client);
        return client;
      },
    };
    beforeAll(async () => {
      server = await start();
    });
    afterAll(async () => {
      await Promise.all(clients.map((client) => client.terminate()));
      await server?.stop();
    });

    writeContract(suite);
    queryContract(suite);
    refusalContract(suite);
    limitContract(suite);
    callContract(suite);
    restContract(suite);
    transactionContract(suite);
    listenContract(suite);
  });
}
