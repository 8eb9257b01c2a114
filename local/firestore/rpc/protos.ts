import { readFileSync } from 'node:fs';
import { createRequire } from 'node:module';
import { dirname, join } from 'node:path';
import { fromJSON } from '@grpc/proto-loader';
import type { DocumentMessage, Fields } from '../values/messages.ts';

export const FIRESTORE_SERVICE = 'google.firestore.v1.Firestore';
export const ADMIN_SERVICE = 'google.firestore.admin.v1.FirestoreAdmin';

/** A namespace of a protobuf description. */
interface Namespace {
  nested?: Record<string, Namespace>;
  methods?: Record<string, object>;
}

/** The protobuf descriptions that the Google client ships, as one; its package.json is the one path that it exports. */
export function loadFirestoreProtos(): object {
  const manifest = createRequire(import.meta.url).resolve('@google-cloud/firestore/package.json');
  const read = (file: string): Namespace =>
    JSON.parse(readFileSync(join(dirname(manifest), 'build/protos', file), 'utf8'));
  return merged(read('v1.json'), read('admin_v1.json'));
}

/** What stands in both is the same in both. */
function merged(left: Namespace, right: Namespace): Namespace {
  if (!left.nested || !right.nested) return left;
  const nested = { ...right.nested, ...left.nested };
  for (const [name, inner] of Object.entries(right.nested)) {
    const ours = left.nested[name];
    if (ours) nested[name] = merged(ours, inner);
  }
  return { ...left, nested };
}

/** The names of a service's methods. */
export function methodsOf(protos: object, service: string): string[] {
  const found = service
    .split('.')
    .reduce<Namespace | undefined>((namespace, part) => namespace?.nested?.[part], protos);
  return Object.keys(found?.methods ?? {});
}

/** Fields to bytes and back. */
export interface FieldsCodec {
  encode(fields: Fields): Buffer;
  decode(bytes: Buffer): Fields;
}

/** Fields kept as a Document message: unlike JSON it keeps NaN, -0, infinities, int64 and bytes as they are. */
export function createFieldsCodec(protos: object): FieldsCodec {
  const definitions = fromJSON(protos as Parameters<typeof fromJSON>[0], {
    longs: String,
    enums: String,
    defaults: false,
    oneofs: true,
  });
  const service = definitions[FIRESTORE_SERVICE];
  const method = service && 'GetDocument' in service ? service.GetDocument : undefined;
  if (!method || !('responseSerialize' in method)) {
    throw new Error(`the client's protobuf description has no ${FIRESTORE_SERVICE}.GetDocument`);
  }
  return {
    encode: (fields) => method.responseSerialize({ fields }),
    decode: (bytes) => (method.responseDeserialize(bytes) as DocumentMessage).fields ?? {},
  };
}
