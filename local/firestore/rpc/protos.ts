import { readFileSync } from 'node:fs';
import { createRequire } from 'node:module';
import { dirname, join } from 'node:path';
import { fromJSON } from '@grpc/proto-loader';
import type { DocumentMessage, Fields } from '../values/messages.ts';

export const FIRESTORE_SERVICE = 'google.firestore.v1.Firestore';

/** The protobuf description that the Google client ships; its package.json is the one path that it exports. */
export function loadFirestoreProtos(): object {
  const manifest = createRequire(import.meta.url).resolve('@google-cloud/firestore/package.json');
  return JSON.parse(readFileSync(join(dirname(manifest), 'build/protos/v1.json'), 'utf8')) as object;
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
