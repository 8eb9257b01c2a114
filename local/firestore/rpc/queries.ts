import { aggregate, checkAggregations } from '../queries/aggregate.ts';
import type { QueryGuard } from '../queries/indexes.ts';
import { documentMessage, selectedPaths } from '../queries/query.ts';
import type { DocumentStore } from '../store.ts';
import type { Transactions } from '../transactions/transactions.ts';
import type { View } from '../transactions/views.ts';
import { failure } from '../values/failure.ts';
import type { Aggregation, Consistency, StructuredQuery } from '../values/messages.ts';
import { toTimestamp } from '../values/timestamps.ts';
import { type RpcContext, serverStream, unary } from './calls.ts';

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

interface PartitionQueryRequest {
  parent: string;
  structuredQuery?: StructuredQuery;
  partitionCount?: string;
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
    RunQuery: serverStream(context, 'RunQuery', (request: RunQueryRequest, caller) =>
      transactions.read({ ...request, caller }, async (view) => {
        refuseExplain(request);
        const { parent, structuredQuery: query } = request;
        if (!query) throw failure('INVALID_ARGUMENT', 'only structured queries are supported');
        guard({ parent, query });
        const documents = await view.query({ parent, query });
        const paths = selectedPaths(query);
        const results = documents.map((document, index) => ({
          document: documentMessage(document, paths),
          readTime: readTime(),
          done: index === documents.length - 1 || undefined,
        }));
        return [
          ...beginning(view),
          ...(results.length > 0 ? results : [{ readTime: readTime(), done: true }]),
        ];
      }),
    ),
    RunAggregationQuery: serverStream(
      context,
      'RunAggregationQuery',
      (request: RunAggregationRequest, caller) =>
        transactions.read({ ...request, caller }, async (view) => {
          refuseExplain(request);
          const { parent, structuredAggregationQuery: { structuredQuery: query, aggregations = [] } = {} } =
            request;
          if (!query) throw failure('INVALID_ARGUMENT', 'Only structured aggregation queries are supported.');
          checkAggregations(aggregations);
          guard({ parent, query }, aggregations);
          const documents = await view.query({ parent, query });
          const result = { aggregateFields: aggregate(documents, aggregations) };
          return [...beginning(view), { result, readTime: readTime() }];
        }),
    ),
    /** No cursors: the whole result is one partition. */
    PartitionQuery: unary(context, 'PartitionQuery', (request: PartitionQueryRequest) => {
      const { parent, structuredQuery: query, partitionCount = '0' } = request;
      if (!query) throw failure('INVALID_ARGUMENT', 'only structured queries are supported');
      if (Number(partitionCount) <= 0) {
        throw failure('INVALID_ARGUMENT', 'The number of partitions must be greater than zero.');
      }
      guard({ parent, query });
      return { partitions: [] };
    }),
  };
}

/** A transaction that the read began is announced before any result. */
function beginning(view: View): { transaction: Buffer }[] {
  return view.begun ? [{ transaction: view.begun }] : [];
}

function refuseExplain({ explainOptions }: Explainable): void {
  if (explainOptions) throw failure('UNIMPLEMENTED', 'The local Firestore explains no queries.');
}
