import { failure } from '../values/failure.ts';
import { isReserved, NAME_FIELD, parseFieldPath } from '../values/field-path.ts';
import type { Aggregation, Value } from '../values/messages.ts';
import { double, integer, isNumber, sumOf, toDouble } from '../values/numbers.ts';
import type { StoredDocument } from '../values/stored-document.ts';
import { fieldReader } from './filters.ts';

const NULL_VALUE: Value = { valueType: 'nullValue', nullValue: 'NULL_VALUE' };

/** https://firebase.google.com/docs/firestore/query-data/aggregation-queries#limitations */
const MAX_AGGREGATIONS = 5;
const MAX_ALIAS_BYTES = 1500;

/** Fails with INVALID_ARGUMENT on aggregations that Firestore never computes. */
export function checkAggregations(aggregations: readonly Aggregation[]): void {
  if (aggregations.length === 0) throw failure('INVALID_ARGUMENT', 'Aggregations can not be empty.');
  if (aggregations.length > MAX_AGGREGATIONS) {
    throw failure(
      'INVALID_ARGUMENT',
      `The maximum number of aggregations allowed in an aggregation query is ${MAX_AGGREGATIONS}. ` +
        `Received: ${aggregations.length}`,
    );
  }
  const aliases = aggregations.map(aliasOf);
  for (const [index, alias] of aliases.entries()) {
    checkAlias(alias);
    if (aliases.indexOf(alias) < index) {
      throw failure('INVALID_ARGUMENT', `Aggregation aliases contain duplicate alias: ${alias}.`);
    }
  }
  for (const aggregation of aggregations) checkOperator(aggregation);
}

function checkAlias(alias: string): void {
  if (isReserved(alias)) throw failure('INVALID_ARGUMENT', `The property.name "${alias}" is reserved.`);
  if (Buffer.byteLength(alias) > MAX_ALIAS_BYTES) {
    throw failure('INVALID_ARGUMENT', `The property.name is longer than ${MAX_ALIAS_BYTES} bytes.`);
  }
}

function checkOperator(aggregation: Aggregation): void {
  if (aggregation.operator === undefined) {
    throw failure('INVALID_ARGUMENT', 'Operator field in Aggregation is not set.');
  }
  if (aggregation.operator === 'count' && Number(aggregation.count.upTo?.value ?? 0) < 0) {
    throw failure(
      'INVALID_ARGUMENT',
      'The `up_to` value in a COUNT aggregation must be greater than or equal to zero.',
    );
  }
  for (const path of aggregatedFields([aggregation])) {
    if (path === NAME_FIELD) {
      throw failure('INVALID_ARGUMENT', `Aggregations are not supported for the property: ${path}`);
    }
    parseFieldPath(path);
  }
}

/** The name of a result, in the order of asking where the query gives none. */
function aliasOf({ alias }: Aggregation, index: number): string {
  return alias || `field_${index + 1}`;
}

/**
 * Each aggregation by its alias. Only documents that have every aggregated field are counted:
 * https://firebase.google.com/docs/firestore/query-data/aggregation-queries#calculate_multiple_aggregations_in_a_query
 */
export function aggregate(
  documents: readonly StoredDocument[],
  aggregations: readonly Aggregation[],
): Record<string, Value> {
  const readers = aggregatedFields(aggregations).map(fieldReader);
  const counted = documents.filter((document) => readers.every((read) => read(document) !== undefined));
  return Object.fromEntries(
    aggregations.map((aggregation, index) => [
      aliasOf(aggregation, index),
      aggregateOne(counted, aggregation),
    ]),
  );
}

/** The fields that sums and averages read. */
export function aggregatedFields(aggregations: readonly Aggregation[]): string[] {
  return aggregations.flatMap((aggregation) => {
    if (aggregation.operator === 'sum') return [aggregation.sum.field?.fieldPath ?? ''];
    return aggregation.operator === 'avg' ? [aggregation.avg.field?.fieldPath ?? ''] : [];
  });
}

function aggregateOne(documents: readonly StoredDocument[], aggregation: Aggregation): Value {
  switch (aggregation.operator) {
    case 'count': {
      const upTo = aggregation.count.upTo?.value;
      const count = documents.length;
      return integer(BigInt(upTo === undefined ? count : Math.min(count, Number(upTo))));
    }
    case 'sum':
      return sumOf(numbersOf(documents, aggregation.sum.field.fieldPath));
    case 'avg':
      return average(numbersOf(documents, aggregation.avg.field.fieldPath));
  }
}

function numbersOf(documents: readonly StoredDocument[], fieldPath: string) {
  return documents.map(fieldReader(fieldPath)).filter(isNumber);
}

function average(values: ReturnType<typeof numbersOf>): Value {
  if (values.length === 0) return NULL_VALUE;
  const sum = sumOf(values);
  return isNumber(sum) ? double(toDouble(sum) / values.length) : NULL_VALUE;
}
