import {
  type LimitRow,
  list,
  map,
  nested,
  reference,
  setting,
  text,
  times,
  transforming,
  vector,
  whole,
} from './firestore-messages.ts';

type Fields = Record<string, object>;
const value = (one: object): Fields => ({ a: one });
const one = { doubleValue: 1 };
const at = (timestampValue: object) => value({ timestampValue });
const place = (latitude: number, longitude: number) => value({ geoPointValue: { latitude, longitude } });
const increment = (fieldPath: string, by: object = whole(1)) => ({ fieldPath, increment: by });
const MAX_VALUE = 1_048_487;

/** Fields, all in the document `some/doc`. */
const FIELDS: ({ name: string; fields: Fields } & Pick<LimitRow, 'refused'>)[] = [
  { name: 'maps 20 deep', fields: value(nested(20)) },
  { name: 'maps 21 deep', fields: value(nested(21)), refused: true },
  { name: 'a list in a map in a list', fields: value(list(map({ b: list(whole(1)) }))) },
  { name: 'a list in a list', fields: value(list(list(whole(1)))), refused: true },
  { name: 'an empty field name', fields: { '': whole(1) }, refused: true },
  { name: 'a reserved field name', fields: { __a__: whole(1) }, refused: true },
  { name: 'a reserved field name in a map', fields: value(map({ __a__: whole(1) })), refused: true },
  { name: 'a field name of 1,500 bytes', fields: { ['é'.repeat(750)]: whole(1) } },
  { name: 'a field name of 1,501 bytes', fields: { ['x'.repeat(1501)]: whole(1) }, refused: true },
  {
    name: 'a field path of over 1,500 bytes',
    fields: { ['x'.repeat(1000)]: map({ ['y'.repeat(1000)]: whole(1) }) },
    refused: true,
  },
  { name: 'a text of 1,048,487 bytes', fields: value(text('x'.repeat(MAX_VALUE))) },
  { name: 'a text of one byte more', fields: value(text('x'.repeat(MAX_VALUE + 1))), refused: true },
  { name: 'bytes of one more', fields: value({ bytesValue: Buffer.alloc(MAX_VALUE + 1) }), refused: true },
  { name: 'a value without a type', fields: value({}), refused: true },
  { name: 'the poles', fields: place(-90, 180) },
  { name: 'a latitude beyond 90', fields: place(90.5, 0), refused: true },
  { name: 'a longitude beyond 180', fields: place(0, -180.5), refused: true },
  { name: 'the last second of the year 9999', fields: at({ seconds: '253402300799', nanos: 999_999_999 }) },
  { name: 'the year 10000', fields: at({ seconds: '253402300800' }), refused: true },
  { name: 'a time before the year 1', fields: at({ seconds: '-62135596801' }), refused: true },
  { name: 'a time of negative nanoseconds', fields: at({ seconds: '1', nanos: -1 }), refused: true },
  { name: 'a reference to no resource', fields: value({ referenceValue: 'nonsense' }), refused: true },
  { name: 'a vector of 2,048 numbers', fields: value(vector(...times(2048, () => one))) },
  { name: 'a vector of 2,049 numbers', fields: value(vector(...times(2049, () => one))), refused: true },
  { name: 'a vector of text', fields: value(vector(text('x'))), refused: true },
  { name: 'an empty vector', fields: value(vector()), refused: true },
  { name: 'a type mark of no vector', fields: value(map({ __type__: text('x') })), refused: true },
  { name: 'a type mark outside of a vector', fields: { __type__: text('__vector__') }, refused: true },
];

const NAMES: ({ name: string; path: string } & Pick<LimitRow, 'refused' | 'lenient'>)[] = [
  { name: 'an id of 1,500 bytes', path: `some/${'x'.repeat(1500)}` },
  { name: 'an id of 1,501 bytes', path: `some/${'x'.repeat(1501)}`, refused: true },
  { name: 'a numeric id', path: 'some/__id7__' },
  { name: 'a reserved id', path: 'some/__a__', refused: true },
  { name: 'a reserved collection id', path: '__a__/doc', refused: true },
  { name: 'a numeric collection id', path: '__id7__/doc', refused: true },
  { name: 'the id .', path: 'some/.', refused: true },
  { name: 'the id ..', path: 'some/..', refused: true },
  { name: 'an empty id', path: 'some/', refused: true },
  { name: 'the name of a collection', path: 'some', refused: true },
  { name: '100 collections below each other', path: times(100, () => 'some/x').join('/') },
  { name: '101 collections below each other', path: times(101, () => 'some/x').join('/'), refused: true },
  {
    name: 'a name of over 6 KiB',
    path: times(5, () => `some/${'x'.repeat(1400)}`).join('/'),
    refused: true,
    lenient: true,
  },
];

const masked = (...fieldPaths: string[]) =>
  setting('some/doc', { a: whole(1) }, { updateMask: { fieldPaths } });
const MASKS: Omit<LimitRow, 'method'>[] = [
  { name: 'a mask that names a field and one within it', request: masked('a', 'a.b') },
  { name: 'a mask with a quoted name', request: masked('`a-b`') },
  { name: 'a mask with an empty name', request: masked('a..b'), refused: true },
  { name: 'a mask with an unquoted digit first', request: masked('1a'), refused: true },
  { name: 'a mask with an unquoted dash', request: masked('a-b'), refused: true },
  { name: 'a mask with an unquoted letter beyond ASCII', request: masked('é'), refused: true },
  { name: 'a mask with a reserved name', request: masked('__a__'), refused: true },
];

const TRANSFORMS: Omit<LimitRow, 'method'>[] = [
  {
    name: '500 transforms of one document',
    request: transforming(...times(500, (index) => increment(`f${index}`))),
  },
  {
    name: '501 transforms of one document',
    request: transforming(...times(501, (index) => increment(`f${index}`))),
    refused: true,
    lenient: true,
  },
  { name: 'two transforms of one field', request: transforming(increment('a'), increment('a')) },
  {
    name: 'transforms of a field and of one within it',
    request: transforming(increment('a'), increment('a.b')),
    refused: true,
  },
  { name: 'an increment by text', request: transforming(increment('a', text('x'))), refused: true },
  { name: 'a transform that does nothing', request: transforming({ fieldPath: 'a' }), refused: true },
  {
    name: 'a transform to an unknown value of the server',
    request: transforming({ fieldPath: 'a', setToServerValue: 'SERVER_VALUE_UNSPECIFIED' }),
    refused: true,
  },
];

const writing = (write: (name: string) => object) => (database: string) => ({
  database,
  writes: [write(`${database}/documents/some/doc`)],
});
const heavy = (count: number) => (database: string) => ({
  database,
  writes: times(count, (index) => ({
    update: {
      name: `${database}/documents/heavy/${index}`,
      fields: value({ bytesValue: Buffer.alloc(1_048_000) }),
    },
  })),
});
const FORMS: Omit<LimitRow, 'method'>[] = [
  { name: '10 MiB in one commit', request: heavy(10), lenient: true },
  { name: 'more than 10 MiB in one commit', request: heavy(11), refused: true, lenient: true },
  { name: 'a delete of what is not there', request: writing((name) => ({ delete: name })) },
  {
    name: 'a delete with a mask',
    request: writing((name) => ({ delete: name, updateMask: { fieldPaths: ['a'] } })),
    refused: true,
  },
  {
    name: 'a delete with transforms',
    request: writing((name) => ({ delete: name, updateTransforms: [increment('a')] })),
    refused: true,
  },
  {
    name: 'the older form of a transform',
    request: writing((document) => ({ transform: { document, fieldTransforms: [increment('a')] } })),
  },
  {
    name: 'the older form without transforms',
    request: writing((document) => ({ transform: { document, fieldTransforms: [] } })),
    refused: true,
  },
  { name: 'a write that does nothing', request: writing(() => ({})), refused: true },
  { name: 'a commit to no database', request: () => ({ writes: [] }), refused: true },
  { name: 'a commit to nonsense', request: () => ({ database: 'nonsense', writes: [] }), refused: true },
];

const bulk =
  (...paths: string[]) =>
  (database: string) => ({
    database,
    writes: paths.map((path) => ({ update: { name: `${database}/documents/${path}`, fields: {} } })),
  });

export const WRITES: LimitRow[] = [
  ...FIELDS.map(({ fields, ...row }) => ({ ...row, request: setting('some/doc', fields) })),
  ...NAMES.map(({ path, ...row }) => ({ ...row, request: setting(path, {}) })),
  ...MASKS,
  ...TRANSFORMS,
  ...FORMS,
  {
    name: 'a reference to another project',
    request: setting('some/doc', value(reference('projects/other/databases/(default)', 'some/doc'))),
  },
  {
    name: 'a reference to a collection',
    request: (database: string) => setting('some/doc', value(reference(database, 'some')))(database),
    refused: true,
  } as const,
]
  .map((row): LimitRow => ({ ...row, method: 'Commit' }))
  .concat([
    { name: 'a batch of two documents', method: 'BatchWrite', request: bulk('some/a', 'some/b') },
    {
      name: 'a batch that writes a document twice',
      method: 'BatchWrite',
      request: bulk('some/a', 'some/a'),
      refused: true,
    },
    { name: 'a batch to no database', method: 'BatchWrite', request: () => ({ writes: [] }), refused: true },
  ]);
