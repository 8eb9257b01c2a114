import type { Fields, Timestamp, Value } from './messages.ts';
import { compareNames } from './names.ts';
import { compareNumbers, isNumber } from './numbers.ts';
import { compareStrings } from './strings.ts';

/** Order of types. https://firebase.google.com/docs/firestore/manage-data/data-types#value_type_ordering */
const TYPE_ORDER = {
  nullValue: 0,
  booleanValue: 1,
  integerValue: 2,
  doubleValue: 2,
  timestampValue: 3,
  stringValue: 4,
  bytesValue: 5,
  referenceValue: 6,
  geoPointValue: 7,
  arrayValue: 8,
  mapValue: 10,
} as const satisfies Record<Value['valueType'], number>;
const VECTOR_ORDER = 9;

/** A value's place among the types; only values of one place answer to < <= > >=. */
export function typeOrder(value: Value): number {
  return isVector(value) ? VECTOR_ORDER : TYPE_ORDER[value.valueType];
}

/** Firestore's total order over all values. */
export function compareValues(left: Value, right: Value): number {
  if (left === right) return 0;
  const byType = typeOrder(left) - typeOrder(right);
  return byType === 0 ? compareWithinType(left, right) : byType;
}

/** Equality of queries and array transforms: 1 equals 1.0, NaN equals NaN. */
export function equalValues(left: Value, right: Value): boolean {
  return compareValues(left, right) === 0;
}

function compareWithinType(left: Value, right: Value): number {
  if (isNumber(left) && isNumber(right)) return compareNumbers(left, right);
  if (left.valueType === 'stringValue' && right.valueType === 'stringValue') {
    return compareStrings(left.stringValue, right.stringValue);
  }
  if (left.valueType === 'booleanValue' && right.valueType === 'booleanValue') {
    return Number(left.booleanValue) - Number(right.booleanValue);
  }
  if (left.valueType === 'timestampValue' && right.valueType === 'timestampValue') {
    return compareTimestamps(left.timestampValue, right.timestampValue);
  }
  if (left.valueType === 'referenceValue' && right.valueType === 'referenceValue') {
    return compareNames(left.referenceValue, right.referenceValue);
  }
  return compareComposite(left, right);
}

function compareComposite(left: Value, right: Value): number {
  if (left.valueType === 'bytesValue' && right.valueType === 'bytesValue') {
    return Buffer.compare(left.bytesValue, right.bytesValue);
  }
  if (left.valueType === 'geoPointValue' && right.valueType === 'geoPointValue') {
    const a = left.geoPointValue;
    const b = right.geoPointValue;
    return (a.latitude ?? 0) - (b.latitude ?? 0) || (a.longitude ?? 0) - (b.longitude ?? 0);
  }
  if (left.valueType === 'arrayValue' && right.valueType === 'arrayValue') {
    return compareArrays(left.arrayValue.values ?? [], right.arrayValue.values ?? []);
  }
  if (left.valueType === 'mapValue' && right.valueType === 'mapValue') {
    if (!isVector(left)) return compareMaps(left.mapValue.fields ?? {}, right.mapValue.fields ?? {});
    const a = vectorElements(left);
    const b = vectorElements(right);
    return a.length - b.length || compareArrays(a, b);
  }
  return 0;
}

function compareTimestamps(left: Timestamp, right: Timestamp): number {
  return Number(left.seconds ?? 0) - Number(right.seconds ?? 0) || (left.nanos ?? 0) - (right.nanos ?? 0);
}

function compareArrays(left: Value[], right: Value[]): number {
  for (const [index, value] of left.entries()) {
    const other = right[index];
    if (other === undefined) return 1;
    const order = compareValues(value, other);
    if (order !== 0) return order;
  }
  return left.length - right.length;
}

function compareMaps(left: Fields, right: Fields): number {
  const leftEntries = Object.entries(left).sort(([a], [b]) => compareStrings(a, b));
  const rightEntries = Object.entries(right).sort(([a], [b]) => compareStrings(a, b));
  for (const [index, [key, value]] of leftEntries.entries()) {
    const other = rightEntries[index];
    if (other === undefined) return 1;
    const order = compareStrings(key, other[0]) || compareValues(value, other[1]);
    if (order !== 0) return order;
  }
  return leftEntries.length - rightEntries.length;
}

/** A vector travels as a map with a type mark. */
export function isVector(value: Value): boolean {
  if (value.valueType !== 'mapValue') return false;
  const mark = value.mapValue.fields?.__type__;
  return mark?.valueType === 'stringValue' && mark.stringValue === '__vector__';
}

/** What a vector holds; numbers, when it is a valid one. */
export function vectorElements(value: Value): Value[] {
  if (value.valueType !== 'mapValue') return [];
  const elements = value.mapValue.fields?.value;
  return elements?.valueType === 'arrayValue' ? (elements.arrayValue.values ?? []) : [];
}
