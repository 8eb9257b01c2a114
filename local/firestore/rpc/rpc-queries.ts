import { aggregate } from '../queries/aggregate.ts';
import type { QueryGuard } from '../queries/indexes.ts';
import { selectedPaths, toMessage } from '../queries/query.ts';
import type { DocumentStore } from '../store.ts';
import { failure } from '../values/failure.ts';
import type { Aggregation, Consistency, StructuredQuery } from '../values/messages.ts';
import { toTimestamp } from '../values/timestamps.ts';
import type { Transactions, View } from '../writes/transactions.ts';
import { type RpcContext, serverStream, unary } from './rpc.ts';

interface Explainable {
  explainOptions?: object;
}

interface RunQueryRequest extends Consistency, Explainable {
  parent: string;
  structuredQuery?: StructuredQuery;
}

interface RunAggregationRequest extends Consistency, Explainable {
  parent: string;
  structuredAggregationQuery?: { structuredQuery?: StructuredQuery; aggregations?: Aggregation[] };
}

export interface QueryRpcDeps {
  store: DocumentStore;
  transactions: Transactions;
  guard: QueryGuard;
}

/** Queries and aggregations. */
export function queryRpcs(context: RpcContext, { store, transactions, guard }: QueryRpcDeps) {
  const readTime = () => toTimestamp(store.readMicros());

  return {
    RunQuery: serverStream(context, 'RunQuery', (request: RunQueryRequest) =>
      transactions.read(request, async (view) => {
        refuseExplain(request);
        const query = request.structuredQuery ?? {};
        guard({ parent: request.parent, query });
        const documents = await view.query({ parent: request.parent, query });
        const paths = selectedPaths(query);
        const results = documents.map((document) => ({
          document: toMessage(document, paths),
          readTime: readTime(),
        }));
        return [...beginning(view), ...results, { readTime: readTime() }];
      }),
    ),
    RunAggregationQuery: serverStream(context, 'RunAggregationQuery', (request: RunAggregationRequest) =>
      transactions.read(request, async (view) => {
        refuseExplain(request);
        const { structuredQuery: query = {}, aggregations = [] } = request.structuredAggregationQuery ?? {};
        guard({ parent: request.parent, query }, aggregations);
        const documents = await view.query({ parent: request.parent, query });
        const result = { aggregateFields: aggregate(documents, aggregations) };
        return [...beginning(view), { result, readTime: readTime() }];
      }),
    ),
    /** No cursors: the whole result is one partition. */
    PartitionQuery: unary(context, 'PartitionQuery', () => ({ partitions: [] })),
  };
}

/** A transaction that the read began is announced before any result. */
function beginning(view: View): { transaction: Buffer }[] {
  return view.begun ? [{ transaction: view.begun }] : [];
}

function refuseExplain({ explainOptions }: Explainable): void {
  if (explainOptions) throw failure('UNIMPLEMENTED', 'The local Firestore explains no queries.');
}
