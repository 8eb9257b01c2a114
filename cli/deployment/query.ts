/** The parts of a query of Firestore, in its JSON. */

/** A field that equals a text, or sorts before or after it. */
export function fieldFilter(
  path: string,
  op: 'EQUAL' | 'GREATER_THAN_OR_EQUAL' | 'LESS_THAN',
  value: object,
): object {
  return { fieldFilter: { field: { fieldPath: path }, op, value } };
}

/** All of the filters at once; undefined where there is none. */
export function allOf(filters: readonly object[]): object | undefined {
  return filters.length < 2 ? filters[0] : { compositeFilter: { op: 'AND', filters } };
}

export function orderBy(path: string, direction: 'ASCENDING' | 'DESCENDING'): object {
  return { field: { fieldPath: path }, direction };
}
