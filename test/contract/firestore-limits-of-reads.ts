import {
  aggregating,
  all,
  either,
  field,
  type LimitRow,
  list,
  orders,
  querying,
  reference,
  text,
  times,
  whole,
} from './firestore-messages.ts';

const wholes = (count: number) => list(...times(count, whole));
const only = (filter: object) => querying({ where: filter });
const byName = (op: string, value: (database: string) => object) => (database: string) =>
  only(field('__name__', op, value(database)))(database);

type Row = Omit<LimitRow, 'method'>;

const FILTERS: Row[] = [
  { name: 'an in of 30 values', request: only(field('a', 'IN', wholes(30))) },
  { name: 'an in of 31 values', request: only(field('a', 'IN', wholes(31))), refused: true },
  { name: 'an in of no value', request: only(field('a', 'IN', list())), refused: true },
  { name: 'an in of what is no list', request: only(field('a', 'IN', whole(1))), refused: true },
  { name: 'an array-contains-any of 30 values', request: only(field('a', 'ARRAY_CONTAINS_ANY', wholes(30))) },
  {
    name: 'an array-contains-any of 31 values',
    request: only(field('a', 'ARRAY_CONTAINS_ANY', wholes(31))),
    refused: true,
  },
  { name: 'a not-in of 10 values', request: only(field('a', 'NOT_IN', wholes(10))) },
  { name: 'a not-in of 11 values', request: only(field('a', 'NOT_IN', wholes(11))), refused: true },
  {
    name: '!= beside not-in',
    request: only(all(field('a', 'NOT_EQUAL', whole(1)), field('a', 'NOT_IN', wholes(1)))),
    refused: true,
  },
  {
    name: 'array-contains on both sides of an OR',
    request: only(either(field('a', 'ARRAY_CONTAINS', whole(1)), field('b', 'ARRAY_CONTAINS', whole(1)))),
  },
  {
    name: 'array-contains beside array-contains-any',
    request: only(all(field('a', 'ARRAY_CONTAINS', whole(1)), field('b', 'ARRAY_CONTAINS_ANY', wholes(1)))),
    refused: true,
  },
  {
    name: 'ranges on 10 fields',
    request: only(all(...times(10, (index) => field(`f${index}`, 'GREATER_THAN', whole(1))))),
  },
  {
    name: 'ranges on 11 fields',
    request: only(all(...times(11, (index) => field(`f${index}`, 'GREATER_THAN', whole(1))))),
    refused: true,
  },
  {
    name: '30 alternatives',
    request: only(all(field('a', 'IN', wholes(6)), field('b', 'IN', wholes(5)))),
  },
  {
    name: 'alternatives beyond counting',
    request: only(all(...times(40, (index) => field(`f${index}`, 'IN', wholes(30))))),
    refused: true,
  },
  {
    name: '100 filters',
    request: only(all(...times(100, (index) => field(`f${index}`, 'EQUAL', whole(1))))),
  },
  {
    name: '101 filters',
    request: only(all(...times(101, (index) => field(`f${index}`, 'EQUAL', whole(1))))),
    refused: true,
  },
  {
    name: 'a filter without an operator',
    request: only(field('a', 'OPERATOR_UNSPECIFIED', whole(1))),
    refused: true,
  },
  {
    name: 'filters joined by nothing',
    request: only({ compositeFilter: { filters: [field('a', 'EQUAL', whole(1))] } }),
    refused: true,
  },
  { name: 'filters of no number', request: only(all()) },
  { name: 'a filter without a value', request: only(field('a', 'EQUAL', {})), refused: true },
  {
    name: 'a filter without a field',
    request: only({ fieldFilter: { op: 'EQUAL', value: whole(1) } }),
    refused: true,
  },
  { name: 'a filter of an empty name', request: only(field('a..b', 'EQUAL', whole(1))), refused: true },
  { name: 'a filter of a reserved field', request: only(field('__a__', 'EQUAL', whole(1))), refused: true },
  {
    name: 'a filter of a path of 1,501 bytes',
    request: only(field('x'.repeat(1501), 'EQUAL', whole(1))),
    refused: true,
  },
  { name: 'a name compared with a reference', request: byName('EQUAL', (db) => reference(db, 'some/a')) },
  { name: 'a name compared with text', request: byName('EQUAL', () => text('a')), refused: true },
  { name: 'names of a list of text', request: byName('IN', () => list(text('a'))), refused: true },
  {
    name: 'a name asked for an element',
    request: byName('ARRAY_CONTAINS', (db) => reference(db, 'some/a')),
    refused: true,
  },
];

const asked = (parent: (database: string) => string, structuredQuery: object) => (database: string) => ({
  parent: parent(database),
  structuredQuery,
});
const everything = { from: [{ collectionId: 'some' }] };
const root = (database: string) => `${database}/documents`;

const SHAPES: Row[] = [
  { name: '100 orders', request: querying({ orderBy: orders(...times(100, (index) => `f${index}`)) }) },
  {
    name: '100 orders below a document',
    request: querying({ orderBy: orders(...times(100, (index) => `f${index}`)) }, '/some/doc'),
    refused: true,
  },
  { name: 'an order by a field twice', request: querying({ orderBy: orders('a', 'a') }), refused: true },
  {
    name: 'an order by more after the name',
    request: querying({ orderBy: orders('__name__', 'a') }),
    refused: true,
  },
  { name: 'an order by a reserved field', request: querying({ orderBy: orders('__a__') }), refused: true },
  {
    name: 'a cursor with as many values as orders',
    request: querying({ orderBy: orders('a'), startAt: { values: [whole(1)] } }),
  },
  {
    name: 'a cursor with more values than orders',
    request: querying({ orderBy: orders('a'), endAt: { values: [whole(1), whole(2)] } }),
    refused: true,
  },
  {
    name: 'a cursor without an order',
    request: querying({ startAt: { values: [whole(1)] } }),
    refused: true,
  },
  {
    name: 'a selection of a reserved field',
    request: querying({ select: { fields: [{ fieldPath: '__a__' }] } }),
    refused: true,
  },
  { name: 'a limit of nothing', request: querying({ limit: { value: 0 } }) },
  { name: 'a negative limit', request: querying({ limit: { value: -1 } }), refused: true },
  { name: 'a negative offset', request: querying({ offset: -1 }), refused: true },
  { name: 'a query of every collection', request: asked(root, {}) },
  {
    name: 'a query of two collections',
    request: querying({ from: [{ collectionId: 'a' }, { collectionId: 'b' }] }),
    refused: true,
  },
  { name: 'a query of a path', request: querying({ from: [{ collectionId: 'a/b/c' }] }), refused: true },
  {
    name: 'a query of a reserved collection',
    request: querying({ from: [{ collectionId: '__a__' }] }),
    refused: true,
  },
  { name: 'a query below a collection', request: querying({}, '/some'), refused: true },
  { name: 'a query below nonsense', request: asked(() => 'nonsense', everything), refused: true },
  { name: 'a query below the database', request: asked((database) => database, everything), refused: true },
  { name: 'no query', request: (database) => ({ parent: root(database) }), refused: true },
];

const counted = (alias: string) => ({ alias, count: {} });

const AGGREGATIONS: Row[] = [
  { name: 'five aggregations', request: aggregating(...times(5, (index) => counted(`a${index}`))) },
  {
    name: 'six aggregations',
    request: aggregating(...times(6, (index) => counted(`a${index}`))),
    refused: true,
    lenient: true,
  },
  { name: 'no aggregation', request: aggregating(), refused: true },
  { name: 'two aggregations of one name', request: aggregating(counted('a'), counted('a')), refused: true },
  { name: 'two aggregations without a name', request: aggregating({ count: {} }, { count: {} }) },
  { name: 'an aggregation of a reserved name', request: aggregating(counted('__a__')), refused: true },
  { name: 'an aggregation of a long name', request: aggregating(counted('a'.repeat(1501))), refused: true },
  { name: 'an aggregation of nothing', request: aggregating({ alias: 'a' }), refused: true },
  {
    name: 'a count up to less than nothing',
    request: aggregating({ alias: 'a', count: { upTo: { value: '-1' } } }),
    refused: true,
  },
  {
    name: 'a sum of names',
    request: aggregating({ alias: 'a', sum: { field: { fieldPath: '__name__' } } }),
    refused: true,
  },
];

const listing = (more: object) => (database: string) => ({
  parent: root(database),
  collectionId: 'some',
  ...more,
});

const LISTS: Row[] = [
  { name: 'a list in an order', request: listing({ orderBy: 'a desc, b' }) },
  { name: 'a list in no order that there is', request: listing({ orderBy: 'a sideways' }), refused: true },
  { name: 'a list from a token of nobody', request: listing({ pageToken: 'nonsense' }), refused: true },
  { name: 'a list of negative pages', request: listing({ pageSize: -1 }), refused: true },
  {
    name: 'a list of what is missing, in an order',
    request: listing({ orderBy: 'a', showMissing: true }),
    refused: true,
  },
];

const methodOf = (method: string, rows: Row[]): LimitRow[] => rows.map((row) => ({ ...row, method }));

export const READS: LimitRow[] = [
  ...methodOf('RunQuery', [...FILTERS, ...SHAPES]),
  ...methodOf('RunAggregationQuery', AGGREGATIONS),
  ...methodOf('ListDocuments', LISTS),
  {
    name: 'a read of the same document twice',
    method: 'BatchGetDocuments',
    request: (database) => ({ database, documents: times(2, () => `${root(database)}/some/doc`) }),
  },
  {
    name: 'a read of no database',
    method: 'BatchGetDocuments',
    request: (database) => ({ documents: [`${root(database)}/some/doc`] }),
    refused: true,
  },
  { name: 'a transaction of no database', method: 'BeginTransaction', request: () => ({}), refused: true },
  { name: 'a rollback of nothing', method: 'Rollback', request: (database) => ({ database }), refused: true },
  {
    name: 'a rollback of a transaction of nobody',
    method: 'Rollback',
    request: (database) => ({ database, transaction: Buffer.from('nobody') }),
    refused: true,
  },
  {
    name: 'a commit of a transaction of nobody',
    method: 'Commit',
    request: (database) => ({ database, transaction: Buffer.from('nobody') }),
    refused: true,
  },
];
