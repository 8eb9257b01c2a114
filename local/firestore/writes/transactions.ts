import { randomBytes } from 'node:crypto';
import type { Clock, Timer } from '../../clock.ts';
import { type PlacedQuery, runQuery } from '../queries/query.ts';
import type { Collections, DocumentStore, StoredDocument } from '../store.ts';
import { failure } from '../values/failure.ts';
import type { Consistency, TransactionOptions, Write } from '../values/messages.ts';
import { collectionOf } from '../values/names.ts';
import { createLocks } from './locks.ts';
import { type Committed, commitWrites } from './writes.ts';

/** Time limits of a transaction. https://firebase.google.com/docs/firestore/quotas#writes_and_transactions */
const IDLE_MS = 60_000;
const LIFETIME_MS = 270_000;
/** Our own: how long one transaction waits for another, so that a killed process blocks nobody for a minute. */
const LOCK_PATIENCE_MS = 5_000;

const EXPIRED = 'The referenced transaction has expired or is no longer valid.';
const CONTENTION = 'Too much contention on these documents. Please try again.';

interface Transaction {
  readonly id: Buffer;
  readonly readOnly: boolean;
  /** The one state that all reads so far agree with. */
  seen: Collections;
  /** Versions read so far, 0 for a document that did not exist. */
  readonly reads: Map<string, number>;
  readonly queries: { placed: PlacedQuery; result: string }[];
  idle: Timer | undefined;
  readonly lifetime: Timer;
}

/** Where one read looks: the newest state, or a transaction. */
export interface View {
  /** The id to report when the read itself began the transaction. */
  readonly begun: Buffer | undefined;
  documents(names: readonly string[]): Promise<(StoredDocument | undefined)[]>;
  query(placed: PlacedQuery): Promise<StoredDocument[]>;
}

export interface Transactions {
  begin(options: TransactionOptions): Buffer;
  /** Runs `read` at the point of consistency that the request names. */
  read<T>(request: Consistency, read: (view: View) => Promise<T>): Promise<T>;
  /** Fails with ABORTED when something that the transaction has read is no longer so. */
  commit(id: Buffer, writes: readonly Write[]): Committed;
  rollback(id: Buffer): void;
  close(): void;
}

/**
 * Transactions that see one state and commit only while everything they have read is still so: that alone makes them
 * serializable. Locks on what was read let contending transactions take turns instead of backing off. A write from outside
 * is never held up, it makes the transaction start again; Google's servers let it wait for the lock, and the outcome is as serial.
 */
export function createTransactions(store: DocumentStore, clock: Clock): Transactions {
  const active = new Map<string, Transaction>();
  const locks = createLocks<Transaction>(clock, LOCK_PATIENCE_MS);

  const end = (transaction: Transaction) => {
    transaction.idle?.cancel();
    transaction.lifetime.cancel();
    active.delete(transaction.id.toString('hex'));
    locks.release(transaction);
  };

  const touch = (transaction: Transaction) => {
    transaction.idle?.cancel();
    transaction.idle = clock.after(IDLE_MS, () => end(transaction));
  };

  const endIfActive = (id: Buffer) => {
    const transaction = active.get(id.toString('hex'));
    if (transaction) end(transaction);
  };

  const start = ({ readOnly, readWrite }: TransactionOptions): Transaction => {
    if (readOnly?.readTime) throw noPastReads();
    if (readWrite?.retryTransaction) endIfActive(readWrite.retryTransaction);
    const transaction: Transaction = {
      id: randomBytes(16),
      readOnly: readOnly !== undefined,
      seen: store.snapshot(),
      reads: new Map(),
      queries: [],
      idle: undefined,
      lifetime: clock.after(LIFETIME_MS, () => end(transaction)),
    };
    active.set(transaction.id.toString('hex'), transaction);
    touch(transaction);
    return transaction;
  };

  const find = (id: Buffer): Transaction => {
    const transaction = active.get(id.toString('hex'));
    if (!transaction) throw failure('INVALID_ARGUMENT', EXPIRED);
    touch(transaction);
    return transaction;
  };

  const isFresh = ({ reads, queries }: Transaction) =>
    [...reads].every(([name, version]) => versionOf(store.get(name)) === version) &&
    queries.every(({ placed, result }) => fingerprint(runQuery(store.collections(), placed)) === result);

  /** Moves on to the newest state when nothing read so far contradicts it; otherwise the commit will fail. */
  const lockAndRefresh = async (transaction: Transaction, names: readonly string[]) => {
    for (const name of [...names].sort()) await locks.acquire(transaction, name);
    find(transaction.id);
    if (isFresh(transaction)) transaction.seen = store.snapshot();
  };

  const lockingView = (transaction: Transaction, begun: Buffer | undefined): View => ({
    begun,
    async documents(names) {
      await lockAndRefresh(transaction, names);
      const documents = names.map((name) => lookUp(transaction.seen, name));
      for (const [index, name] of names.entries()) transaction.reads.set(name, versionOf(documents[index]));
      return documents;
    },
    async query(placed) {
      const expected = runQuery(store.collections(), placed);
      await lockAndRefresh(
        transaction,
        expected.map(({ name }) => name),
      );
      const documents = runQuery(transaction.seen, placed);
      transaction.queries.push({ placed, result: fingerprint(documents) });
      return documents;
    },
  });

  const viewOf = (transaction: Transaction, begun?: Buffer): View =>
    transaction.readOnly ? plainView(transaction.seen, begun) : lockingView(transaction, begun);

  return {
    begin: (options) => start(options).id,
    async read(request, read) {
      if (request.readTime) throw noPastReads();
      if (request.transaction) return read(viewOf(find(request.transaction)));
      if (!request.newTransaction) return read(plainView(store.collections()));
      const transaction = start(request.newTransaction);
      try {
        return await read(viewOf(transaction, transaction.id));
      } catch (error) {
        end(transaction);
        throw error;
      }
    },
    commit(id, writes) {
      const transaction = find(id);
      try {
        if (transaction.readOnly && writes.length > 0) {
          throw failure('INVALID_ARGUMENT', 'A read-only transaction cannot write.');
        }
        if (!isFresh(transaction)) throw failure('ABORTED', CONTENTION);
        return commitWrites(store, writes);
      } finally {
        end(transaction);
      }
    },
    rollback: endIfActive,
    close() {
      for (const transaction of [...active.values()]) end(transaction);
    },
  };
}

function plainView(collections: Collections, begun?: Buffer): View {
  return {
    begun,
    documents: async (names) => names.map((name) => lookUp(collections, name)),
    query: async (placed) => runQuery(collections, placed),
  };
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

function noPastReads() {
  return failure('UNIMPLEMENTED', 'The local Firestore keeps no past versions to read.');
}
