import { randomInt } from 'node:crypto';
import { status } from '@grpc/grpc-js';
import { documentMessage } from '../queries/query.ts';
import type { DocumentStore } from '../store.ts';
import type { Transactions } from '../transactions/transactions.ts';
import { failure, toStatus } from '../values/failure.ts';
import type {
  DocumentMask,
  DocumentMessage,
  Precondition,
  TransactionOptions,
  Write,
  WriteResult,
} from '../values/messages.ts';
import { checkCollectionId, checkDatabaseName, checkDocumentName, checkParent } from '../values/names.ts';
import { toTimestamp } from '../values/timestamps.ts';
import { checkRequestSize } from '../writes/document-size.ts';
import { checkDistinct, writtenName } from '../writes/write-rules.ts';
import { commitWrites } from '../writes/writes.ts';
import { type RpcContext, unary } from './calls.ts';
import { pathsOf } from './documents.ts';

interface CommitRequest {
  database?: string;
  writes?: Write[];
  transaction?: Buffer;
}

interface CreateDocumentRequest {
  parent: string;
  collectionId?: string;
  documentId?: string;
  document?: Partial<DocumentMessage>;
  mask?: DocumentMask;
}

interface UpdateDocumentRequest {
  document?: DocumentMessage;
  updateMask?: DocumentMask;
  mask?: DocumentMask;
  currentDocument?: Precondition;
}

interface DeleteDocumentRequest {
  name: string;
  currentDocument?: Precondition;
}

export interface WriteRpcDeps {
  store: DocumentStore;
  transactions: Transactions;
  /** Hears the document of every write that was committed. */
  onWrite: (name: string) => void;
}

/** Commits, with and without a transaction, and the life of transactions. */
export function commitRpcs(context: RpcContext, { store, transactions, onWrite }: WriteRpcDeps) {
  return {
    BeginTransaction: unary(
      context,
      'BeginTransaction',
      ({ database, options = {} }: { database?: string; options?: TransactionOptions }, caller) => {
        checkDatabaseName(database);
        return { transaction: transactions.begin(options, caller) };
      },
    ),
    Commit: unary(context, 'Commit', ({ database, writes = [], transaction }: CommitRequest) => {
      checkDatabaseName(database);
      checkRequestSize(writes);
      const { writeResults, commitMicros } = transaction?.length
        ? transactions.commit(transaction, writes)
        : commitWrites(store, writes);
      for (const write of writes) onWrite(writtenName(write));
      return { writeResults, commitTime: toTimestamp(commitMicros) };
    }),
    Rollback: unary(context, 'Rollback', ({ transaction }: { transaction?: Buffer }) => {
      if (!transaction?.length) throw failure('INVALID_ARGUMENT', 'Invalid transaction.');
      transactions.rollback(transaction);
      return {};
    }),
    BatchWrite: unary(context, 'BatchWrite', ({ database, writes = [] }: CommitRequest) => {
      checkDatabaseName(database);
      checkDistinct(writes);
      checkRequestSize(writes);
      const outcomes = writes.map((write) => writeAlone(store, write));
      for (const [index, write] of writes.entries()) {
        if (outcomes[index]?.code === status.OK) onWrite(writtenName(write));
      }
      return {
        writeResults: outcomes.map(({ result }) => result),
        status: outcomes.map(({ code, message }) => ({ code, message })),
      };
    }),
  };
}

/** Single documents, as HTTP clients write them. */
export function documentWriteRpcs(context: RpcContext, { store, onWrite }: WriteRpcDeps) {
  /** Answers what the document is afterwards. */
  const write = (one: Write, paths: string[] | undefined) => {
    commitWrites(store, [one]);
    const name = writtenName(one);
    onWrite(name);
    const document = store.get(name);
    return document ? documentMessage(document, paths) : {};
  };
  return {
    CreateDocument: unary(context, 'CreateDocument', (request: CreateDocumentRequest) => {
      const paths = pathsOf(request.mask);
      const update = { ...request.document, name: newName(request) };
      return write(
        { operation: 'update', update, currentDocument: { conditionType: 'exists', exists: false } },
        paths,
      );
    }),
    UpdateDocument: unary(context, 'UpdateDocument', (request: UpdateDocumentRequest) => {
      const { document, updateMask, currentDocument } = request;
      const paths = pathsOf(request.mask);
      const update = { ...document, name: checkDocumentName(document?.name) };
      return write({ operation: 'update', update, updateMask, currentDocument }, paths);
    }),
    DeleteDocument: unary(context, 'DeleteDocument', ({ name, currentDocument }: DeleteDocumentRequest) =>
      write({ operation: 'delete', delete: name, currentDocument }, undefined),
    ),
  };
}

/** The name that a new document gets: of the id that the request has, or of a fresh one. */
function newName({ parent, collectionId = '', documentId = '', document }: CreateDocumentRequest): string {
  if (document?.name) throw failure('INVALID_ARGUMENT', 'document.name must not be set');
  checkCollectionId(collectionId);
  return checkDocumentName(`${checkParent(parent)}/${collectionId}/${documentId || freshId()}`);
}

const ID_LETTERS = 'ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz0123456789';
const ID_LENGTH = 20;

/** Of the form that Google's servers and clients make. */
function freshId(): string {
  return Array.from({ length: ID_LENGTH }, () => ID_LETTERS[randomInt(ID_LETTERS.length)]).join('');
}

/** One write of a BatchWrite: it fails or succeeds for itself. A delete has no update time (google/firestore/v1/write.proto). */
function writeAlone(
  store: DocumentStore,
  write: Write,
): { result: WriteResult; code: number; message: string } {
  try {
    const [result = {}] = commitWrites(store, [write]).writeResults;
    return { result, code: status.OK, message: '' };
  } catch (error) {
    return { result: {}, ...toStatus(error) };
  }
}
