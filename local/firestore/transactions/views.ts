import { type PlacedQuery, runQuery } from '../queries/query.ts';
import type { DocumentStore } from '../store.ts';
import { collectionOf } from '../values/names.ts';
import type { Collections, StoredDocument } from '../values/stored-document.ts';
import type { Transaction } from './active.ts';

/** Where one read looks: the newest state, or a transaction. */
export interface View {
  /** The id to report when the read itself began the transaction. */
  readonly begun: Buffer | undefined;
  documents(names: readonly string[]): Promise<(StoredDocument | undefined)[]>;
  query(placed: PlacedQuery): Promise<StoredDocument[]>;
}

/** Reads one state, and notes nothing. */
export function plainView(collections: Collections, begun?: Buffer): View {
  return {
    begun,
    documents: async (names) => names.map((name) => lookUp(collections, name)),
    query: async (placed) => runQuery(collections, placed),
  };
}

export interface ReadingTransaction {
  transaction: Transaction;
  /** Set where the read itself began it. */
  begun: Buffer | undefined;
  store: DocumentStore;
  /** Takes turns with other transactions for these documents; fails when the transaction has ended meanwhile. */
  takeTurn(names: readonly string[]): Promise<void>;
}

/** Reads the state that the transaction sees, and notes in it what was read. */
export function transactionView({ transaction, begun, store, takeTurn }: ReadingTransaction): View {
  /** Moves on to the newest state when nothing read so far contradicts it; otherwise the commit will fail. */
  const lockAndRefresh = async (names: readonly string[]) => {
    await takeTurn(names);
    if (isFresh(store, transaction)) transaction.seen = store.snapshot();
  };
  return {
    begun,
    async documents(names) {
      await lockAndRefresh(names);
      const documents = names.map((name) => lookUp(transaction.seen, name));
      for (const [index, name] of names.entries()) transaction.reads.set(name, versionOf(documents[index]));
      return documents;
    },
    async query(placed) {
      const expected = runQuery(store.collections(), placed);
      await lockAndRefresh(expected.map(({ name }) => name));
      const documents = runQuery(transaction.seen, placed);
      transaction.queries.push({ placed, result: fingerprint(documents) });
      return documents;
    },
  };
}

/** Whether everything that the transaction has read is still so. */
export function isFresh(store: DocumentStore, { reads, queries }: Transaction): boolean {
  return (
    [...reads].every(([name, version]) => versionOf(store.get(name)) === version) &&
    queries.every(({ placed, result }) => fingerprint(runQuery(store.collections(), placed)) === result)
  );
}

function lookUp(collections: Collections, name: string): StoredDocument | undefined {
  return collections.get(collectionOf(name))?.get(name);
}

function versionOf(document: StoredDocument | undefined): number {
  return document?.updateMicros ?? 0;
}

function fingerprint(documents: readonly StoredDocument[]): string {
  return documents.map(({ name, updateMicros }) => `${name}@${updateMicros}`).join('\n');
}
