/**
 * Queries over bare gRPC. The client's own stream calls repeat a refused query two more times over about seven seconds,
 * whatever the code, which is too slow for tables of refusals.
 */

import { type AggregateField, type AggregateQuery, Query } from '@google-cloud/firestore';
import { Client, credentials, type ServiceError } from '@grpc/grpc-js';
import { fromJSON, type ServiceDefinition } from '@grpc/proto-loader';
import { FIRESTORE_SERVICE, loadFirestoreProtos } from '../../local/firestore/rpc/protos.ts';

export type AnyQuery = Query | AggregateQuery<Record<string, AggregateField<number | null>>>;

/** The document ids and fields, the aggregated fields, or the code and text of a refusal. */
export type RawAnswer = { rows: unknown[] } | { code: number; details: string };

interface RawResponse {
  document?: { name: string; fields?: object };
  result?: { aggregateFields?: object };
}

export interface RawFirestore {
  run(query: AnyQuery): Promise<RawAnswer>;
  close(): void;
}

export function connectRaw(address: string): RawFirestore {
  const definition = fromJSON(loadFirestoreProtos() as Parameters<typeof fromJSON>[0], {
    longs: String,
    enums: String,
    // One server sends a zero, the other leaves it out: the same message.
    defaults: true,
  })[FIRESTORE_SERVICE] as ServiceDefinition;
  const client = new Client(address, credentials.createInsecure());

  return {
    run(query) {
      const method = definition[query instanceof Query ? 'RunQuery' : 'RunAggregationQuery'];
      if (!method) throw new Error('the protobuf description lacks a method');
      const request = (query as unknown as { toProto(): object }).toProto();
      const rows: unknown[] = [];
      return new Promise((resolve) => {
        const call = client.makeServerStreamRequest(
          method.path,
          method.requestSerialize,
          method.responseDeserialize,
          request,
        );
        call.on('data', ({ document, result }: RawResponse) => {
          if (document) rows.push([document.name.split('/').at(-1), document.fields ?? {}]);
          if (result) rows.push(result.aggregateFields ?? {});
        });
        call.on('error', ({ code, details }: ServiceError) => resolve({ code, details }));
        call.on('end', () => resolve({ rows }));
      });
    },
    close: () => client.close(),
  };
}
