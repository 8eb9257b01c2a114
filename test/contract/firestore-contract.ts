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
import type { Deviations, FirestoreUnderTest, Suite } from './firestore-suite.ts';

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
