import type { StoredDocument } from '../store.ts';
import { failure } from '../values/failure.ts';
import type { Aggregation, Value } from '../values/messages.ts';
import { double, integer, isNumber, sumOf, toDouble } from '../values/numbers.ts';
import { fieldReader } from './filters.ts';

const NULL_VALUE: Value = { valueType: 'nullValue', nullValue: 'NULL_VALUE' };

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
      aggregation.alias || `field_${index + 1}`,
      aggregateOne(counted, aggregation),
    ]),
  );
}

/** The fields that sums and averages read. */
export function aggregatedFields(aggregations: readonly Aggregation[]): string[] {
  return aggregations.flatMap((aggregation) => {
    if (aggregation.operator === 'sum') return [aggregation.sum.field.fieldPath];
    return aggregation.operator === 'avg' ? [aggregation.avg.field.fieldPath] : [];
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
    default:
      throw failure('INVALID_ARGUMENT', 'An aggregation has no operator.');
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
