import { failure } from '../values/failure.ts';
import { getField, NAME_FIELD, parseFieldPath } from '../values/field-path.ts';
import type { FieldFilter, Filter, UnaryFilter, UnaryOperator, Value } from '../values/messages.ts';
import { isNaNValue } from '../values/numbers.ts';
import type { StoredDocument } from '../values/stored-document.ts';
import { compareValues, equalValues, typeOrder } from '../values/values.ts';

type Test = (value: Value) => boolean;
export type Matcher = (document: StoredDocument) => boolean;

/** Reads one field of a document, or its name. */
export function fieldReader(fieldPath: string): (document: StoredDocument) => Value | undefined {
  if (fieldPath === NAME_FIELD) {
    return ({ name }) => ({ valueType: 'referenceValue', referenceValue: name });
  }
  const path = parseFieldPath(fieldPath);
  return ({ fields }) => getField(fields, path);
}

/** Whether a document passes; a document without the field never does. */
export function compileFilter(filter: Filter | undefined): Matcher {
  if (!filter) return () => true;
  if (filter.filterType === 'compositeFilter') {
    const parts = (filter.compositeFilter.filters ?? []).map(compileFilter);
    return filter.compositeFilter.op === 'OR'
      ? (document) => parts.some((matches) => matches(document))
      : (document) => parts.every((matches) => matches(document));
  }
  const { fieldPath } =
    filter.filterType === 'fieldFilter' ? filter.fieldFilter.field : filter.unaryFilter.field;
  const read = fieldReader(fieldPath);
  const test =
    filter.filterType === 'fieldFilter' ? fieldTest(filter.fieldFilter) : unaryTest(filter.unaryFilter);
  return (document) => {
    const value = read(document);
    return value !== undefined && test(value);
  };
}

const isNull: Test = (value) => value.valueType === 'nullValue';

const UNARY_TESTS: Record<UnaryOperator, Test> = {
  IS_NULL: isNull,
  IS_NAN: isNaNValue,
  IS_NOT_NULL: (value) => !isNull(value),
  IS_NOT_NAN: (value) => !isNull(value) && !isNaNValue(value),
};

function unaryTest({ op }: UnaryFilter): Test {
  return UNARY_TESTS[op] ?? unknownOperator(op);
}

/** Each operator, given the operand. null and NaN as measured against the official emulator. */
const FIELD_TESTS: Record<FieldFilter['op'], (operand: Value) => Test> = {
  EQUAL: (operand) => (value) => equalValues(value, operand),
  NOT_EQUAL: (operand) => (value) => !isNull(value) && !equalValues(value, operand),
  LESS_THAN: range((order) => order < 0),
  LESS_THAN_OR_EQUAL: range((order) => order <= 0),
  GREATER_THAN: range((order) => order > 0),
  GREATER_THAN_OR_EQUAL: range((order) => order >= 0),
  IN: (operand) => oneOf(elements(operand).filter(comparable)),
  NOT_IN: notIn,
  ARRAY_CONTAINS: (operand) => containsAny([operand]),
  ARRAY_CONTAINS_ANY: (operand) => containsAny(elements(operand).filter(comparable)),
};

function fieldTest({ op, value }: FieldFilter): Test {
  return (FIELD_TESTS[op] ?? unknownOperator(op))(value);
}

function unknownOperator(op: string): never {
  throw failure('INVALID_ARGUMENT', `Unknown filter operator "${op}".`);
}

/** Ranges stay within the operand's type and never take NaN. */
function range(accepts: (order: number) => boolean): (operand: Value) => Test {
  return (operand) => (value) =>
    typeOrder(value) === typeOrder(operand) &&
    !isNaNValue(value) &&
    !isNaNValue(operand) &&
    accepts(compareValues(value, operand));
}

function comparable(value: Value): boolean {
  return !isNull(value) && !isNaNValue(value);
}

function oneOf(operands: Value[]): Test {
  return (value) => operands.some((operand) => equalValues(value, operand));
}

/** A null among the operands makes it match nothing; a NaN among them excludes nothing. */
function notIn(operand: Value): Test {
  const operands = elements(operand);
  if (operands.some(isNull)) return () => false;
  const excluded = oneOf(operands.filter(comparable));
  return (value) => !isNull(value) && !excluded(value);
}

function containsAny(operands: Value[]): Test {
  const wanted = oneOf(operands);
  return (value) => value.valueType === 'arrayValue' && elements(value).some(wanted);
}

function elements(value: Value): Value[] {
  return value.valueType === 'arrayValue' ? (value.arrayValue.values ?? []) : [];
}
