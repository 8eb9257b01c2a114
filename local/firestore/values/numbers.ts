/** Numbers of Firestore: int64 and double in one order, exact also beyond 2^53. */

import type { Value } from './messages.ts';

export type NumberValue = Extract<Value, { valueType: 'integerValue' | 'doubleValue' }>;

const MAX_INT64 = 2n ** 63n - 1n;
const MIN_INT64 = -(2n ** 63n);

export function isNumber(value: Value | undefined): value is NumberValue {
  return value?.valueType === 'integerValue' || value?.valueType === 'doubleValue';
}

export function isNaNValue(value: Value | undefined): boolean {
  return value?.valueType === 'doubleValue' && Number.isNaN(value.doubleValue);
}

export function toDouble(value: NumberValue): number {
  return value.valueType === 'doubleValue' ? value.doubleValue : Number(value.integerValue);
}

export function integer(value: bigint): Value {
  return { valueType: 'integerValue', integerValue: value.toString() };
}

export function double(value: number): Value {
  return { valueType: 'doubleValue', doubleValue: value };
}

/** NaN comes first and equals itself; -0, 0 and the integer 0 are equal. Rounding keeps order, so only ties need care. */
export function compareNumbers(left: NumberValue, right: NumberValue): number {
  const a = toDouble(left);
  const b = toDouble(right);
  if (Number.isNaN(a)) return Number.isNaN(b) ? 0 : -1;
  if (Number.isNaN(b)) return 1;
  if (a !== b) return a < b ? -1 : 1;
  const inexact = left.valueType !== right.valueType || left.valueType === 'integerValue';
  return inexact && Number.isFinite(a) && !Number.isSafeInteger(a) ? compareWide(left, right) : 0;
}

/** Beyond 2^53 every double is a whole number, so both sides fit a bigint. */
function compareWide(left: NumberValue, right: NumberValue): number {
  const wide = (value: NumberValue) =>
    value.valueType === 'integerValue' ? BigInt(value.integerValue) : BigInt(Math.trunc(value.doubleValue));
  const difference = wide(left) - wide(right);
  return difference === 0n ? 0 : difference > 0n ? 1 : -1;
}

/** int + int stays int and saturates at the ends of int64; anything with a double is a double. */
export function add(left: NumberValue, right: NumberValue): Value {
  if (left.valueType === 'doubleValue' || right.valueType === 'doubleValue') {
    return double(toDouble(left) + toDouble(right));
  }
  const sum = BigInt(left.integerValue) + BigInt(right.integerValue);
  return integer(sum > MAX_INT64 ? MAX_INT64 : sum < MIN_INT64 ? MIN_INT64 : sum);
}

/** The sum that `sum()` answers: an integer while all are integers and it fits int64, else a double. */
export function sumOf(values: NumberValue[]): Value {
  if (values.some((value) => value.valueType === 'doubleValue')) {
    return double(values.reduce((sum, value) => sum + toDouble(value), 0));
  }
  let sum = 0n;
  for (const value of values) if (value.valueType === 'integerValue') sum += BigInt(value.integerValue);
  return sum > MAX_INT64 || sum < MIN_INT64 ? double(Number(sum)) : integer(sum);
}
