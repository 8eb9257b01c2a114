import { randomBytes } from 'node:crypto';
import type { Clock, Timer } from '../../clock.ts';
import type { PlacedQuery } from '../queries/query.ts';
import type { DocumentStore } from '../store.ts';
import { failure } from '../values/failure.ts';
import type { TransactionOptions } from '../values/messages.ts';
import type { Collections } from '../values/stored-document.ts';

/** Time limits of a transaction. https://firebase.google.com/docs/firestore/quotas#writes_and_transactions */
const IDLE_MS = 60_000;
const LIFETIME_MS = 270_000;

/** Of a transaction's id. */
export const ID_BYTES = 16;

const EXPIRED = 'The referenced transaction has expired or is no longer valid.';

export interface Transaction {
  readonly id: Buffer;
  readonly readOnly: boolean;
  /** The connection that used it last; undefined once that has closed. */
  caller: string | undefined;
  /** The one state that all reads so far agree with. */
  seen: Collections;
  /** Versions read so far, 0 for a document that did not exist. */
  readonly reads: Map<string, number>;
  readonly queries: { placed: PlacedQuery; result: string }[];
  idle: Timer | undefined;
  readonly lifetime: Timer;
}

/** The transactions under way. Each ends by itself when nobody uses it for a minute, or after four and a half. */
export interface ActiveTransactions {
  start(options: TransactionOptions, caller: string): Transaction;
  /** Fails when it has ended; being found counts as being used. */
  find(id: Buffer): Transaction;
  end(transaction: Transaction): void;
  /** Does nothing when it has ended. */
  endById(id: Buffer): void;
  all(): Transaction[];
}

export function createActiveTransactions(
  store: DocumentStore,
  clock: Clock,
  onEnd: (transaction: Transaction) => void,
): ActiveTransactions {
  const active = new Map<string, Transaction>();

  const end = (transaction: Transaction) => {
    transaction.idle?.cancel();
    transaction.lifetime.cancel();
    active.delete(transaction.id.toString('hex'));
    onEnd(transaction);
  };
  const touch = (transaction: Transaction) => {
    transaction.idle?.cancel();
    transaction.idle = clock.after(IDLE_MS, () => end(transaction));
  };

  return {
    end,
    endById(id) {
      const transaction = active.get(id.toString('hex'));
      if (transaction) end(transaction);
    },
    all: () => [...active.values()],
    start({ readOnly }, caller) {
      const transaction: Transaction = {
        id: randomBytes(ID_BYTES),
        readOnly: readOnly !== undefined,
        caller,
        seen: store.snapshot(),
        reads: new Map(),
        queries: [],
        idle: undefined,
        lifetime: clock.after(LIFETIME_MS, () => end(transaction)),
      };
      active.set(transaction.id.toString('hex'), transaction);
      touch(transaction);
      return transaction;
    },
    find(id) {
      const transaction = active.get(id.toString('hex'));
      if (!transaction) throw failure('INVALID_ARGUMENT', EXPIRED);
      touch(transaction);
      return transaction;
    },
  };
}
