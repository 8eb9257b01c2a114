/** Messages of google.firestore.v1, short to write. Names are below a database: `projects/P/databases/D`. */

/** One message to send, and what becomes of it. */
export interface LimitRow {
  name: string;
  method: string;
  request: (database: string) => object;
  /** Answered with INVALID_ARGUMENT. */
  refused?: true;
  /** Google's emulator has another limit than production's page says. */
  lenient?: true;
}

export const text = (stringValue: string) => ({ stringValue });
export const whole = (value: number) => ({ integerValue: String(value) });
export const list = (...values: object[]) => ({ arrayValue: { values } });
export const map = (fields: Record<string, object>) => ({ mapValue: { fields } });
export const vector = (...values: object[]) => map({ __type__: text('__vector__'), value: list(...values) });
export const reference = (database: string, path: string) => ({
  referenceValue: `${database}/documents/${path}`,
});

export const times = <T>(count: number, make: (index: number) => T): T[] =>
  Array.from({ length: count }, (_, index) => make(index));

/** A value within so many maps. */
export const nested = (depth: number): object => (depth === 0 ? whole(1) : map({ a: nested(depth - 1) }));

/** A commit that sets one document. */
export const setting =
  (path: string, fields: Record<string, object>, more: object = {}) =>
  (database: string) => ({
    database,
    writes: [{ update: { name: `${database}/documents/${path}`, fields }, ...more }],
  });

/** A commit that changes one document by transforms alone. */
export const transforming = (...updateTransforms: object[]) =>
  setting('some/doc', {}, { updateMask: {}, updateTransforms });

/** A query of the collection `some`. */
export const querying =
  (query: object, below = '') =>
  (database: string) => ({
    parent: `${database}/documents${below}`,
    structuredQuery: { from: [{ collectionId: 'some' }], ...query },
  });

export const field = (fieldPath: string, op: string, value: object) => ({
  fieldFilter: { field: { fieldPath }, op, value },
});
export const all = (...filters: object[]) => ({ compositeFilter: { op: 'AND', filters } });
export const either = (...filters: object[]) => ({ compositeFilter: { op: 'OR', filters } });
export const orders = (...paths: string[]) =>
  paths.map((fieldPath) => ({ field: { fieldPath }, direction: 'ASCENDING' }));

/** An aggregation of the collection `some`. */
export const aggregating =
  (...aggregations: object[]) =>
  (database: string) => ({
    parent: `${database}/documents`,
    structuredAggregationQuery: { structuredQuery: { from: [{ collectionId: 'some' }] }, aggregations },
  });
