/** Documented limits. https://firebase.google.com/docs/firestore/quotas#limits */

import { failure } from '../values/failure.ts';
import type { Fields, Value, Write } from '../values/messages.ts';
import { pathOf } from '../values/names.ts';

const MAX_DOCUMENT_BYTES = 1_048_576;
const MAX_FIELD_NAME_BYTES = 1500;
const MAX_DEPTH = 20;
const MAX_TRANSFORMS_PER_DOCUMENT = 500;

/** Sizes of values. https://firebase.google.com/docs/firestore/storage-size */
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

/** Fails when a commit transforms more fields of one document than Firestore allows. */
export function checkTransformCount(writes: readonly Write[]): void {
  const counts = new Map<string, number>();
  for (const write of writes) {
    const name = write.operation === 'update' ? write.update.name : '';
    const count = (counts.get(name) ?? 0) + (write.updateTransforms?.length ?? 0);
    if (count > MAX_TRANSFORMS_PER_DOCUMENT) {
      throw failure('INVALID_ARGUMENT', `Too many transforms of one document; the most is 500.`);
    }
    counts.set(name, count);
  }
}

/** Fails on fields that Firestore would not take. */
export function checkFields(fields: Fields, depth = 0): void {
  for (const [key, value] of Object.entries(fields)) {
    checkFieldName(key);
    checkValue(value, depth);
  }
}

function checkValue(value: Value, depth: number): void {
  if (depth > MAX_DEPTH) throw failure('INVALID_ARGUMENT', 'Values are nested deeper than 20 levels.');
  if (value.valueType === undefined) throw failure('INVALID_ARGUMENT', 'A value has no type.');
  if (value.valueType === 'mapValue') checkFields(value.mapValue.fields ?? {}, depth + 1);
  if (value.valueType !== 'arrayValue') return;
  for (const element of value.arrayValue.values ?? []) {
    if (element.valueType === 'arrayValue') {
      throw failure('INVALID_ARGUMENT', 'Cannot convert an array value in an array value.');
    }
    checkValue(element, depth + 1);
  }
}

function checkFieldName(name: string): void {
  if (name === '') throw failure('INVALID_ARGUMENT', 'A field name is empty.');
  if (/^__.*__$/s.test(name) && name !== '__type__') {
    throw failure('INVALID_ARGUMENT', `field name ${name} is reserved`);
  }
  if (Buffer.byteLength(name) > MAX_FIELD_NAME_BYTES) {
    throw failure('INVALID_ARGUMENT', `A field name is longer than ${MAX_FIELD_NAME_BYTES} bytes.`);
  }
}
