import { serveGrpc } from '../grpc.ts';
import type { BoundField } from '../rest-beside-grpc/http-rules.ts';
import type { LocalService, ServiceOptions } from '../service.ts';
import { createQueryGuard, type IndexDefinition } from './queries/indexes.ts';
import { createFieldsCodec, FIRESTORE_SERVICE, loadFirestoreProtos } from './rpc/protos.ts';
import { documentRpcs } from './rpc/rpc-documents.ts';
import { listenRpc } from './rpc/rpc-listen.ts';
import { queryRpcs } from './rpc/rpc-queries.ts';
import { writeRpcs } from './rpc/rpc-writes.ts';
import { openStore } from './store.ts';
import { type Bill, createBill } from './writes/bill.ts';
import { createTransactions } from './writes/transactions.ts';

export interface FirestoreOptions extends ServiceOptions {
  /** The declared indexes. A query that production would refuse for want of one is refused; without the list all pass. */
  indexes?: readonly IndexDefinition[];
}

export interface FirestoreService extends LocalService, Bill {}

/**
 * Firestore over gRPC, for FIRESTORE_EMULATOR_HOST. Every project and database exists, by name. State: `<dataDir>/firestore.db`.
 * Not here: security rules, reads of the past, explain, vector search, pipelines, the Write stream.
 */
export async function startFirestore(options: FirestoreOptions): Promise<FirestoreService> {
  const protos = loadFirestoreProtos();
  const store = openStore(options.dataDir, options.clock, createFieldsCodec(protos));
  const transactions = createTransactions(store, options.clock);
  const guard = createQueryGuard(options.indexes);
  const { bill, counted, onWrite } = createBill(transactions);
  const server = await serveGrpc({
    ...options,
    protoJson: protos,
    services: {
      [FIRESTORE_SERVICE]: {
        ...documentRpcs(options, store, counted),
        ...queryRpcs(options, { store, transactions: counted, guard }),
        ...writeRpcs(options, { store, transactions, onWrite }),
        Listen: listenRpc(options, store, guard),
      },
    },
    accepts: isDocumentPath,
  });
  let open = true;
  return {
    address: server.address,
    ...bill,
    async close() {
      if (!open) return;
      open = false;
      await server.close();
      transactions.close();
      store.close();
    },
  };
}

/** `documents/runs` is a collection, `documents/runs/a` a document: over HTTP, the number of segments alone tells them apart. */
function isDocumentPath([field, value]: BoundField): boolean {
  const [, below] = /\/documents(?:\/(.+))?$/.exec(value) ?? [];
  return !/^(?:name|parent|document\.name)$/.test(field) || (below?.split('/').length ?? 0) % 2 === 0;
}
