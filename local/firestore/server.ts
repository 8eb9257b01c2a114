import { serveGrpc } from '../grpc.ts';
import type { LocalService, ServiceOptions } from '../service.ts';
import type { IndexDefinition } from './queries/index-definition.ts';
import { createQueryGuard } from './queries/indexes.ts';
import { emptyDatabase, isDocumentPath } from './rpc/addresses.ts';
import { adminRpcs } from './rpc/admin.ts';
import { documentRpcs } from './rpc/documents.ts';
import { listenRpc } from './rpc/listen.ts';
import { listRpcs } from './rpc/lists.ts';
import {
  ADMIN_SERVICE,
  createFieldsCodec,
  FIRESTORE_SERVICE,
  loadFirestoreProtos,
  methodsOf,
} from './rpc/protos.ts';
import { queryRpcs } from './rpc/queries.ts';
import { refusedAdminRpcs, refusedDocumentRpcs } from './rpc/refused.ts';
import { commitRpcs, documentWriteRpcs } from './rpc/writes.ts';
import { openStore } from './store.ts';
import { countOperations, type OperationCounts } from './transactions/operation-counts.ts';
import { createTransactions } from './transactions/transactions.ts';

export interface FirestoreOptions extends ServiceOptions {
  /** The declared indexes. A query that production would refuse for want of one is refused; without the list all pass. */
  indexes?: readonly IndexDefinition[];
}

export interface FirestoreService extends LocalService, OperationCounts {}

/**
 * Firestore over gRPC and HTTP, for FIRESTORE_EMULATOR_HOST. Every project and database exists, by name. State: `<dataDir>/firestore.db`.
 * From here: `rpc/` has the methods, `store.ts` the documents, `writes/writes.ts` how they change, `queries/query.ts` how they are found.
 * Not here: security rules, reads of the past, explain, vector search, pipelines, the Write stream.
 */
export async function startFirestore(options: FirestoreOptions): Promise<FirestoreService> {
  const protos = loadFirestoreProtos();
  const codec = createFieldsCodec(protos);
  const store = openStore(options.dataDir, options.clock, codec);
  const guard = createQueryGuard(options.indexes);
  const { counts, transactions, onWrite } = countOperations(createTransactions(store, options.clock));
  const deps = { store, transactions, guard, codec, onWrite };
  const server = await serveGrpc({
    ...options,
    protoJson: protos,
    services: {
      [FIRESTORE_SERVICE]: {
        ...documentRpcs(options, store, transactions),
        ...listRpcs(options, deps),
        ...queryRpcs(options, deps),
        ...commitRpcs(options, deps),
        ...documentWriteRpcs(options, deps),
        ...refusedDocumentRpcs(options),
        Listen: listenRpc(options, store, guard),
      },
      [ADMIN_SERVICE]: {
        ...refusedAdminRpcs(options, methodsOf(protos, ADMIN_SERVICE)),
        ...adminRpcs(options, { store, indexes: options.indexes ?? [] }),
      },
    },
    accepts: isDocumentPath,
    emulatorCall: (verb, path) => emptyDatabase(store, verb, path),
    onDisconnect: transactions.disconnect,
  });
  let open = true;
  return {
    address: server.address,
    door: server.door,
    ...counts,
    async close() {
      if (!open) return;
      open = false;
      await server.close();
      transactions.close();
      store.close();
    },
  };
}
