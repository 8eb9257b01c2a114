/** Recognises records of data bases that write each value as an object that tells its type. */
import { parsedOrNot } from '../../json/parsed.ts';
import { isObject, type ParsedObject } from '../../json/values.ts';
import type { Beginning } from './beginning.ts';

/** DynamoDB's types, and Firestore's. */
const TYPES: ReadonlySet<string> = new Set([
  ...['S', 'N', 'B', 'BOOL', 'NULL', 'L', 'M', 'SS', 'NS'],
  ...[
    'stringValue',
    'integerValue',
    'doubleValue',
    'booleanValue',
    'nullValue',
    'timestampValue',
    'mapValue',
  ],
  ...['arrayValue', 'referenceValue', 'geoPointValue', 'bytesValue'],
]);

function isTyped(value: unknown): boolean {
  if (!isObject(value)) return false;
  const [type, ...more] = Object.keys(value);
  return type !== undefined && more.length === 0 && TYPES.has(type);
}

const areTyped = (record: unknown): boolean =>
  isObject(record) && Object.keys(record).length > 0 && Object.values(record).every(isTyped);

/** The record itself, or what DynamoDB and Firestore have around it. */
const isTypedRecord = (record: ParsedObject) => [record, record.Item, record.fields].some(areTyped);

/** Records on lines, in a list, or in one object. */
export function hasTypedValues({ bytes, isWhole, values }: Beginning): boolean {
  const text = isWhole && !values.some(isObject) ? parsedOrNot(bytes.toString('utf8')) : undefined;
  const whole = text ?? values[0];
  const inside = isObject(whole) ? (whole.documents ?? whole.Items ?? whole.Responses) : whole;
  const records: readonly unknown[] = Array.isArray(inside) ? inside : values;
  return records.length > 0 && records.every((one) => isObject(one) && isTypedRecord(one));
}
