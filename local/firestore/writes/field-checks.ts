/** Values that Firestore does not take. https://firebase.google.com/docs/firestore/quotas#collections_documents_and_fields */

import { failure } from '../values/failure.ts';
import { isReserved, MAX_FIELD_PATH_BYTES } from '../values/field-path.ts';
import type { Fields, Value } from '../values/messages.ts';
import { checkDocumentName } from '../values/names.ts';
import { isVector, vectorElements } from '../values/values.ts';

const MAX_VALUE_BYTES = 1_048_487;
const MAX_FIELD_NAME_BYTES = 1500;
const MAX_DEPTH = 20;
const MAX_VECTOR_DIMENSIONS = 2048;
/** 0001-01-01T00:00:00Z to 9999-12-31T23:59:59Z. https://github.com/googleapis/googleapis/blob/master/google/firestore/v1/document.proto */
const SECONDS = { min: -62_135_596_800, max: 253_402_300_799 };

/** Where a value stands: its path, and how many maps and arrays it is in. */
interface Place {
  path: string;
  depth: number;
}

/** Fails on fields that Firestore would not keep. */
export function checkFields(fields: Fields): void {
  for (const [name, value] of Object.entries(fields)) {
    checkFieldName(name);
    checkValue(value, { path: name, depth: 0 });
  }
}

function checkFieldName(name: string): void {
  if (name === '') throw failure('INVALID_ARGUMENT', 'The property.name is the empty string.');
  if (isReserved(name)) throw failure('INVALID_ARGUMENT', `field name ${name} is reserved`);
  if (Buffer.byteLength(name) > MAX_FIELD_NAME_BYTES) {
    throw failure('INVALID_ARGUMENT', `The property.name is longer than ${MAX_FIELD_NAME_BYTES} bytes.`);
  }
}

const CHECKS: {
  [Type in Value['valueType']]?: (value: Extract<Value, { valueType: Type }>, place: Place) => void;
} = {
  stringValue: ({ stringValue }, place) => checkLength(Buffer.byteLength(stringValue), place),
  bytesValue: ({ bytesValue }, place) => checkLength(bytesValue.length, place),
  timestampValue({ timestampValue: { seconds = '0', nanos = 0 } }) {
    checkRange(Number(seconds), SECONDS, () => 'Timestamp seconds exceeds limit for field.');
    checkRange(nanos, { min: 0, max: 999_999_999 }, () => 'Timestamp nanos exceeds limit for field.');
  },
  referenceValue: ({ referenceValue }) => void checkDocumentName(referenceValue),
  geoPointValue({ geoPointValue: { latitude = 0, longitude = 0 } }) {
    const outside = (name: string, value: number, most: number) => () =>
      `Geo point ${name} '${value}' outside permitted range -${most} to ${most}.`;
    checkRange(latitude, { min: -90, max: 90 }, outside('latitude', latitude, 90));
    checkRange(longitude, { min: -180, max: 180 }, outside('longitude', longitude, 180));
  },
  arrayValue({ arrayValue: { values = [] } }, { path, depth }) {
    for (const element of values) {
      if (element.valueType === 'arrayValue') {
        throw failure('INVALID_ARGUMENT', 'Cannot convert an array value in an array value.');
      }
      checkValue(element, { path, depth: depth + 1 });
    }
  },
  mapValue(value, { path, depth }) {
    if (isVector(value)) return checkVector(value);
    for (const [name, inner] of Object.entries(value.mapValue.fields ?? {})) {
      checkFieldName(name);
      checkValue(inner, { path: `${path}.${name}`, depth: depth + 1 });
    }
  },
};

function checkValue(value: Value, place: Place): void {
  if (place.depth > MAX_DEPTH) {
    throw failure('INVALID_ARGUMENT', `Property ${place.path} is nested deeper than ${MAX_DEPTH} levels.`);
  }
  if (Buffer.byteLength(place.path) > MAX_FIELD_PATH_BYTES) {
    throw failure('INVALID_ARGUMENT', `A property path is longer than ${MAX_FIELD_PATH_BYTES} bytes.`);
  }
  if (value.valueType === undefined) {
    throw failure('INVALID_ARGUMENT', 'Cannot convert firestore.v1.Value with type unset.');
  }
  const check = CHECKS[value.valueType] as ((value: Value, place: Place) => void) | undefined;
  check?.(value, place);
}

function checkLength(bytes: number, { path }: Place): void {
  if (bytes <= MAX_VALUE_BYTES) return;
  throw failure(
    'INVALID_ARGUMENT',
    `The value of property "${path}" is longer than ${MAX_VALUE_BYTES} bytes.`,
  );
}

function checkRange(value: number, { min, max }: { min: number; max: number }, message: () => string): void {
  if (!(value >= min && value <= max)) throw failure('INVALID_ARGUMENT', message());
}

function checkVector(vector: Value): void {
  const elements = vectorElements(vector);
  if (elements.length === 0) throw failure('INVALID_ARGUMENT', 'Cannot have a zero length vector.');
  if (elements.length > MAX_VECTOR_DIMENSIONS) {
    throw failure('INVALID_ARGUMENT', `Vectors must be at most ${MAX_VECTOR_DIMENSIONS} dimensions.`);
  }
  if (elements.some(({ valueType }) => valueType !== 'doubleValue')) {
    throw failure('INVALID_ARGUMENT', "Vector must only contain values of type 'double'");
  }
}
