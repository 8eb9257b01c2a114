import { failure } from '../values/failure.ts';
import type { Fields, Value } from '../values/messages.ts';
import { isVector } from '../values/values.ts';

/** https://firebase.google.com/docs/firestore/quotas#indexes */
const MAX_INDEX_ENTRIES = 40_000;

/**
 * Fails on a document that the automatic indexes cannot hold. A field has an entry in two of them, one for each direction, and an
 * array one for each element that differs from the others; a map has those of its fields.
 * https://firebase.google.com/docs/firestore/query-data/index-overview#automatic_indexing
 */
export function checkIndexEntries(fields: Fields): void {
  if (entriesOf(fields, lengthOf) <= MAX_INDEX_ENTRIES) return;
  // Only now is it worth the time to leave out what is there twice.
  if (entriesOf(fields, distinctOf) <= MAX_INDEX_ENTRIES) return;
  throw failure('FAILED_PRECONDITION', 'too many index entries for entity');
}

type CountElements = (elements: readonly Value[]) => number;

const lengthOf: CountElements = (elements) => elements.length;
const distinctOf: CountElements = (elements) =>
  new Set(elements.map((element) => JSON.stringify(element))).size;

function entriesOf(fields: Fields, count: CountElements): number {
  return Object.values(fields).reduce((sum, value) => sum + entriesOfValue(value, count), 0);
}

function entriesOfValue(value: Value, count: CountElements): number {
  if (value.valueType === 'arrayValue') return count(value.arrayValue.values ?? []);
  if (value.valueType !== 'mapValue' || isVector(value)) return 2;
  return entriesOf(value.mapValue.fields ?? {}, count);
}
