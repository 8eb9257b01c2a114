import { describe, it } from 'vitest';
import { firestoreContract } from '../contract/firestore-contract.ts';
import { compareServers } from '../contract/firestore-differential.ts';
import { embeddedUnderTest } from '../contract/firestore-harness.ts';
import {
  connectFirestore,
  findFirestoreEmulator,
  startFirestoreEmulator,
} from '../support/firestore-emulator.ts';

const official = findFirestoreEmulator();
const jar = 'jar' in official ? official.jar : '';
if ('missing' in official) console.log(`SKIPPED: Google's own Firestore emulator: ${official.missing}`);

async function officialUnderTest() {
  const { address, stop } = await startFirestoreEmulator(jar);
  return {
    address,
    stop,
    connect: (databaseId = '(default)') => connectFirestore(address, { databaseId }),
  };
}

firestoreContract('the embedded Firestore', embeddedUnderTest, {
  contenders: 8,
  partitions: true,
  descendingNames: true,
  lenient: false,
});

describe.skipIf(jar === '')("against Google's own emulator", () => {
  firestoreContract("Google's own emulator", officialUnderTest, {
    contenders: 2,
    partitions: false,
    descendingNames: false,
    lenient: true,
  });

  it('answers random writes and queries alike', async () => {
    await compareServers({
      start: [embeddedUnderTest, officialUnderTest],
      seed: 20_260,
      steps: 600,
      budgetMs: 15_000,
    });
  });
});
