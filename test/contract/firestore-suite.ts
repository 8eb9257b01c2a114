import type { Firestore } from '@google-cloud/firestore';

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
