import type { Clock } from '../../clock.ts';
import type { DocumentStore } from '../store.ts';
import { failure } from '../values/failure.ts';
import type { Consistency, TransactionOptions, Write } from '../values/messages.ts';
import { type Committed, commitWrites } from '../writes/writes.ts';
import { createActiveTransactions, ID_BYTES, type Transaction } from './active.ts';
import { createLocks } from './locks.ts';
import { isFresh, plainView, transactionView, type View } from './views.ts';

/** Ours alone: how long one transaction waits for another, so that one that stands still holds up nobody for a minute. */
const LOCK_TIMEOUT_MS = 5_000;

const CONTENTION = 'Too much contention on these documents. Please try again.';

/** A read: at which point of consistency, and over which connection it came. */
export type Reading = Consistency & { caller: string };

export interface Transactions {
  begin(options: TransactionOptions, caller: string): Buffer;
  /** Runs `read` at the point of consistency that the request names. */
  read<T>(request: Reading, read: (view: View) => Promise<T>): Promise<T>;
  /** Fails with ABORTED when something that the transaction has read is no longer so. */
  commit(id: Buffer, writes: readonly Write[]): Committed;
  /** Also of one that has ended, which changes nothing; fails on what is no transaction's id. */
  rollback(id: Buffer): void;
  /**
   * Lets go of the locks of a connection that has closed. Its transactions stay, as they do at Google, where a closed connection
   * means nothing: one that goes on over another connection still commits only what nobody has changed.
   */
  disconnect(caller: string): void;
  close(): void;
}

/**
 * Transactions that see one state and commit only while everything they have read is still so: that alone makes them
 * serializable. Locks on what was read let contending transactions take turns instead of backing off. A write from outside
 * is never held up, it makes the transaction start again; Google's servers let it wait for the lock, and the outcome is as serial.
 */
export function createTransactions(store: DocumentStore, clock: Clock): Transactions {
  const locks = createLocks<Transaction>(clock, LOCK_TIMEOUT_MS);
  const active = createActiveTransactions(store, clock, locks.release);

  const start = (options: TransactionOptions, caller: string): Transaction => {
    if (options.readOnly?.readTime) throw noPastReads();
    if (options.readWrite?.retryTransaction?.length) active.endById(options.readWrite.retryTransaction);
    return active.start(options, caller);
  };

  const viewOf = (transaction: Transaction, begun?: Buffer): View => {
    if (transaction.readOnly) return plainView(transaction.seen, begun);
    const takeTurn = async (names: readonly string[]) => {
      for (const name of [...names].sort()) {
        if (transaction.caller !== undefined) await locks.acquire(transaction, name);
      }
      active.find(transaction.id);
    };
    return transactionView({ transaction, begun, store, takeTurn });
  };

  return {
    begin: (options, caller) => start(options, caller).id,
    async read(request, read) {
      if (request.readTime) throw noPastReads();
      if (request.transaction?.length) {
        const transaction = active.find(request.transaction);
        transaction.caller = request.caller;
        return read(viewOf(transaction));
      }
      if (!request.newTransaction) return read(plainView(store.collections()));
      const transaction = start(request.newTransaction, request.caller);
      try {
        return await read(viewOf(transaction, transaction.id));
      } catch (error) {
        active.end(transaction);
        throw error;
      }
    },
    commit(id, writes) {
      const transaction = active.find(id);
      try {
        if (transaction.readOnly && writes.length > 0) {
          throw failure('INVALID_ARGUMENT', 'A read-only transaction cannot write.');
        }
        if (!isFresh(store, transaction)) throw failure('ABORTED', CONTENTION);
        return commitWrites(store, writes);
      } finally {
        active.end(transaction);
      }
    },
    disconnect(caller) {
      for (const transaction of active.all()) {
        if (transaction.caller !== caller) continue;
        transaction.caller = undefined;
        locks.release(transaction);
      }
    },
    rollback(id) {
      if (id.length !== ID_BYTES) throw failure('INVALID_ARGUMENT', 'Transaction is invalid or expired.');
      active.endById(id);
    },
    close() {
      for (const transaction of active.all()) active.end(transaction);
    },
  };
}

function noPastReads() {
  return failure('UNIMPLEMENTED', 'The local Firestore keeps no past versions to read.');
}
