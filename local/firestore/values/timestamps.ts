import type { Fields, Timestamp, Value } from './messages.ts';

const MICROS_PER_SECOND = 1_000_000;

/** Microseconds since the epoch as a message. Versions stay exact in a double until the year 2255. */
export function toTimestamp(micros: number): Timestamp {
  const seconds = Math.floor(micros / MICROS_PER_SECOND);
  return { seconds: String(seconds), nanos: (micros - seconds * MICROS_PER_SECOND) * 1000 };
}

/** A message as microseconds since the epoch; finer digits are cut off, as Firestore does. */
export function toMicros(timestamp: Timestamp): number {
  return Number(timestamp.seconds ?? 0) * MICROS_PER_SECOND + Math.floor((timestamp.nanos ?? 0) / 1000);
}

/** The fields with every time in them cut to microseconds, as Firestore keeps them. */
export function cutFields(fields: Fields): Fields {
  return Object.fromEntries(Object.entries(fields).map(([key, value]) => [key, cutTimes(value)]));
}

/** A value with every time in it cut to microseconds. */
export function cutTimes(value: Value): Value {
  switch (value.valueType) {
    case 'timestampValue': {
      const { seconds = '0', nanos = 0 } = value.timestampValue;
      return { valueType: 'timestampValue', timestampValue: { seconds, nanos: nanos - (nanos % 1000) } };
    }
    case 'arrayValue':
      return {
        valueType: 'arrayValue',
        arrayValue: { values: (value.arrayValue.values ?? []).map(cutTimes) },
      };
    case 'mapValue':
      return { valueType: 'mapValue', mapValue: { fields: cutFields(value.mapValue.fields ?? {}) } };
    default:
      return value;
  }
}
