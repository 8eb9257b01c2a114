/** How large a document is: https://firebase.google.com/docs/firestore/storage-size */

import { failure } from '../values/failure.ts';
import type { Fields, Value, Write } from '../values/messages.ts';
import { pathOf } from '../values/names.ts';

/** https://firebase.google.com/docs/firestore/quotas#collections_documents_and_fields */
const MAX_DOCUMENT_BYTES = 1_048_576;
/** https://firebase.google.com/docs/firestore/quotas#writes_and_transactions */
const MAX_REQUEST_BYTES = 10 * 1024 * 1024;

const FIXED_BYTES: Partial<Record<Value['valueType'], number>> = {
  nullValue: 1,
  booleanValue: 1,
  integerValue: 8,
  doubleValue: 8,
  timestampValue: 8,
  geoPointValue: 16,
};
const NAME_OVERHEAD = 16;
const DOCUMENT_OVERHEAD = 32;

/** Fails on a document that is over 1 MiB, counted as the storage page counts. */
export function checkDocumentSize(name: string, fields: Fields): void {
  const bytes = nameBytes(name) + fieldsBytes(fields) + DOCUMENT_OVERHEAD;
  if (bytes <= MAX_DOCUMENT_BYTES) return;
  throw failure(
    'INVALID_ARGUMENT',
    `Document '${name}' cannot be written because its size (${bytes.toLocaleString('en-US')} bytes) exceeds the ` +
      `maximum allowed size of ${MAX_DOCUMENT_BYTES.toLocaleString('en-US')} bytes.`,
  );
}

/** Fails on writes that are over 10 MiB together. Their size is that of storage, which is near to that of the message. */
export function checkRequestSize(writes: readonly Write[]): void {
  const fields = writes.map((write) => (write.operation === 'update' ? (write.update.fields ?? {}) : {}));
  if (sum(fields.map(fieldsBytes)) <= MAX_REQUEST_BYTES) return;
  throw failure('INVALID_ARGUMENT', `Request payload size exceeds the limit: ${MAX_REQUEST_BYTES} bytes.`);
}

const textBytes = (text: string) => Buffer.byteLength(text) + 1;
const sum = (sizes: number[]) => sizes.reduce((total, size) => total + size, 0);

function nameBytes(name: string): number {
  return NAME_OVERHEAD + sum(pathOf(name).map(textBytes));
}

function fieldsBytes(fields: Fields): number {
  return sum(Object.entries(fields).map(([key, value]) => textBytes(key) + valueBytes(value)));
}

function valueBytes(value: Value): number {
  switch (value.valueType) {
    case 'stringValue':
      return textBytes(value.stringValue);
    case 'bytesValue':
      return value.bytesValue.length;
    case 'referenceValue':
      return nameBytes(value.referenceValue);
    case 'arrayValue':
      return sum((value.arrayValue.values ?? []).map(valueBytes));
    case 'mapValue':
      return fieldsBytes(value.mapValue.fields ?? {});
    default:
      return FIXED_BYTES[value.valueType] ?? 0;
  }
}
