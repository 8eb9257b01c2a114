/**
 * Queries over bare gRPC. The client's own stream calls repeat a refused query two more times over about seven seconds,
 * whatever the code, which is too slow for tables of refusals.
 */

import { type AggregateField, type AggregateQuery, Query } from '@google-cloud/firestore';
import { Client, credentials, Metadata, type ServiceError } from '@grpc/grpc-js';
import { fromJSON, type ServiceDefinition } from '@grpc/proto-loader';
import { FIRESTORE_SERVICE, loadFirestoreProtos } from '../../local/firestore/rpc/protos.ts';

export type AnyQuery = Query | AggregateQuery<Record<string, AggregateField<number | null>>>;

/** The document ids and fields, the aggregated fields, or the code and text of a refusal. */
export type RawAnswer = { rows: unknown[] } | { code: number; details: string };

interface RawResponse {
  document?: { name: string; fields?: object };
  result?: { aggregateFields?: object };
}

/** What a call answered, one message or a list of them; or the code and text of a refusal. */
export type RawResult = { answer: object | object[] } | { code: number; details: string };

export interface RawFirestore {
  /** Calls any method of the service with a message as the protobuf description has it. */
  call(method: string, request: object): Promise<RawResult>;
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
  // Google's emulator lets nobody but its owner list collections and write batches.
  const owner = new Metadata();
  owner.set('authorization', 'Bearer owner');
  // A connection of its own, which closes with it.
  const client = new Client(address, credentials.createInsecure(), { 'grpc.use_local_subchannel_pool': 1 });
  const call = (name: string, request: object) =>
    callMethod({ client, owner }, methodOf(definition, name), request);

  return {
    call,
    async run(query) {
      const method = query instanceof Query ? 'RunQuery' : 'RunAggregationQuery';
      const result = await call(method, (query as unknown as { toProto(): object }).toProto());
      return 'code' in result ? result : { rows: (result.answer as RawResponse[]).flatMap(rowsOf) };
    },
    close: () => client.close(),
  };
}

type Method = ServiceDefinition[string];

function methodOf(definition: ServiceDefinition, name: string): Method {
  const method = definition[name];
  if (!method) throw new Error(`the protobuf description has no method ${name}`);
  return method;
}

function callMethod(
  { client, owner }: { client: Client; owner: Metadata },
  { path, requestSerialize, responseDeserialize, responseStream }: Method,
  request: object,
): Promise<RawResult> {
  return new Promise((resolve) => {
    const refused = ({ code, details }: ServiceError) => resolve({ code, details });
    if (!responseStream) {
      client.makeUnaryRequest(path, requestSerialize, responseDeserialize, request, owner, (error, answer) =>
        error ? refused(error) : resolve({ answer: answer ?? {} }),
      );
      return;
    }
    const answer: object[] = [];
    const stream = client.makeServerStreamRequest(
      path,
      requestSerialize,
      responseDeserialize,
      request,
      owner,
    );
    stream.on('data', (message: object) => answer.push(message));
    stream.on('error', refused);
    stream.on('end', () => resolve({ answer }));
  });
}

function rowsOf({ document, result }: RawResponse): unknown[] {
  if (document) return [[document.name.split('/').at(-1), document.fields ?? {}]];
  return result ? [result.aggregateFields ?? {}] : [];
}
