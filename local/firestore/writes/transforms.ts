import { failure } from '../values/failure.ts';
import { getField, parseFieldPath, withField } from '../values/field-path.ts';
import type { Fields, FieldTransform, Value } from '../values/messages.ts';
import { add, compareNumbers, isNaNValue, isNumber, type NumberValue } from '../values/numbers.ts';
import { cutTimes } from '../values/timestamps.ts';
import { equalValues } from '../values/values.ts';

const NULL_VALUE: Value = { valueType: 'nullValue', nullValue: 'NULL_VALUE' };

/** The fields after all transforms, in order, and what each one reports back. */
export function applyTransforms(fields: Fields, transforms: readonly FieldTransform[], nowMicros: number) {
  const transformResults: Value[] = [];
  let result = fields;
  for (const transform of transforms) {
    const path = parseFieldPath(transform.fieldPath);
    const value = transformed(getField(result, path), transform, nowMicros);
    result = withField(result, path, value);
    transformResults.push(value.valueType === 'arrayValue' ? NULL_VALUE : value);
  }
  return { fields: result, transformResults };
}

/** Source: DocumentTransform.FieldTransform in googleapis google/firestore/v1/write.proto. */
function transformed(current: Value | undefined, transform: FieldTransform, nowMicros: number): Value {
  switch (transform.transformType) {
    case 'setToServerValue':
      if (transform.setToServerValue !== 'REQUEST_TIME') {
        throw failure(
          'INVALID_ARGUMENT',
          'ServerValue type must be specified for set_to_server_value transformation.',
        );
      }
      return requestTime(nowMicros);
    case 'increment':
      return withNumbers(current, transform.increment, add);
    case 'maximum':
      return withNumbers(current, transform.maximum, (stored, given) => extreme(stored, given, 1));
    case 'minimum':
      return withNumbers(current, transform.minimum, (stored, given) => extreme(stored, given, -1));
    case 'appendMissingElements':
      return array(union(elements(current), (transform.appendMissingElements.values ?? []).map(cutTimes)));
    case 'removeAllFromArray':
      return array(without(elements(current), (transform.removeAllFromArray.values ?? []).map(cutTimes)));
    default:
      throw failure('INVALID_ARGUMENT', 'Operation type must be specified for field transformation.');
  }
}

/** Milliseconds only, although update times have microseconds (as the official emulator answers). */
function requestTime(nowMicros: number): Value {
  const millis = Math.floor(nowMicros / 1000);
  const seconds = Math.floor(millis / 1000);
  return {
    valueType: 'timestampValue',
    timestampValue: { seconds: String(seconds), nanos: (millis - seconds * 1000) * 1_000_000 },
  };
}

/** A field that is no number, or missing, takes the given value. */
function withNumbers(
  current: Value | undefined,
  given: Value,
  combine: (stored: NumberValue, given: NumberValue) => Value,
): Value {
  if (!isNumber(given)) throw failure('INVALID_ARGUMENT', 'Input must be int64 or double.');
  return isNumber(current) ? combine(current, given) : given;
}

/** NaN wins over everything; of two equal numbers the stored one stays, with its type. */
function extreme(stored: NumberValue, given: NumberValue, sign: 1 | -1): Value {
  if (isNaNValue(stored)) return stored;
  if (isNaNValue(given)) return given;
  return compareNumbers(given, stored) * sign > 0 ? given : stored;
}

function elements(value: Value | undefined): Value[] {
  return value?.valueType === 'arrayValue' ? (value.arrayValue.values ?? []) : [];
}

function union(current: Value[], added: Value[]): Value[] {
  const all = [...current];
  for (const value of added) if (!all.some((other) => equalValues(other, value))) all.push(value);
  return all;
}

function without(current: Value[], removed: Value[]): Value[] {
  return current.filter((value) => !removed.some((other) => equalValues(other, value)));
}

function array(values: Value[]): Value {
  return { valueType: 'arrayValue', arrayValue: { values } };
}
