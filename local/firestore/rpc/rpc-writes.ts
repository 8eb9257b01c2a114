import { status } from '@grpc/grpc-js';
import type { DocumentStore } from '../store.ts';
import { toStatus } from '../values/failure.ts';
import type { TransactionOptions, Write, WriteResult } from '../values/messages.ts';
import { toTimestamp } from '../values/timestamps.ts';
import type { Transactions } from '../writes/transactions.ts';
import { commitWrites, nameOf } from '../writes/writes.ts';
import { type RpcContext, unary } from './rpc.ts';

interface CommitRequest {
  writes?: Write[];
  transaction?: Buffer;
}

export interface WriteRpcOptions {
  store: DocumentStore;
  transactions: Transactions;
  /** Hears the document of every write that was committed. */
  onWrite: (name: string) => void;
}

/** Commits, with and without a transaction, and the life of transactions. */
export function writeRpcs(context: RpcContext, { store, transactions, onWrite }: WriteRpcOptions) {
  const tell = (writes: readonly Write[]) => {
    for (const write of writes) onWrite(nameOf(write));
  };
  return {
    BeginTransaction: unary(context, 'BeginTransaction', (request: { options?: TransactionOptions }) => ({
      transaction: transactions.begin(request.options ?? {}),
    })),
    Commit: unary(context, 'Commit', ({ writes = [], transaction }: CommitRequest) => {
      const { writeResults, commitMicros } = transaction?.length
        ? transactions.commit(transaction, writes)
        : commitWrites(store, writes);
      tell(writes);
      return { writeResults, commitTime: toTimestamp(commitMicros) };
    }),
    Rollback: unary(context, 'Rollback', ({ transaction }: { transaction: Buffer }) => {
      transactions.rollback(transaction);
      return {};
    }),
    BatchWrite: unary(context, 'BatchWrite', ({ writes = [] }: { writes?: Write[] }) => {
      const outcomes = writes.map((write) => writeAlone(store, write));
      tell(writes.filter((_write, index) => outcomes[index]?.code === status.OK));
      return {
        writeResults: outcomes.map(({ result }) => result),
        status: outcomes.map(({ code, message }) => ({ code, message })),
      };
    }),
  };
}

/** One write of a BatchWrite: it fails or succeeds for itself. */
function writeAlone(
  store: DocumentStore,
  write: Write,
): { result: WriteResult; code: number; message: string } {
  try {
    const { writeResults, commitMicros } = commitWrites(store, [write]);
    return {
      result: { updateTime: toTimestamp(commitMicros), ...writeResults[0] },
      code: status.OK,
      message: '',
    };
  } catch (error) {
    return { result: {}, ...toStatus(error) };
  }
}
