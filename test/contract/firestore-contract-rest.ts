/** The JSON form over HTTP, with nothing but fetch: what curl, viewers and clients without gRPC see. */

import { beforeEach, describe, expect, it } from 'vitest';
import type { Suite } from './firestore-suite.ts';

type Json = Record<string, unknown>;

/** One of every kind of value, as JSON has it. https://firebase.google.com/docs/firestore/reference/rest/Shared.Types/ArrayValue#Value */
const EVERY_KIND = {
  nothing: { nullValue: null },
  no: { booleanValue: false },
  wide: { integerValue: '9007199254740993' },
  half: { doubleValue: 0.5 },
  notANumber: { doubleValue: 'NaN' },
  endless: { doubleValue: '-Infinity' },
  at: { timestampValue: '2024-02-29T12:00:00.123456Z' },
  text: { stringValue: 'naïve 😀' },
  bytes: { bytesValue: 'AP8K' },
  other: { referenceValue: 'projects/p/databases/(default)/documents/some/doc' },
  place: { geoPointValue: { latitude: -10.5, longitude: 20 } },
  list: { arrayValue: { values: [{ integerValue: '1' }, { stringValue: 'a' }] } },
  empty: { arrayValue: {} },
  map: { mapValue: { fields: { 'odd key': { booleanValue: true } } } },
  bare: { mapValue: {} },
};
const TIME = /^\d{4}-\d\d-\d\dT\d\d:\d\d:\d\d(?:\.\d{3,6})?Z$/;
const time = expect.stringMatching(TIME);
const whole = (value: number) => ({ integerValue: String(value) });

export function restContract({ address, deviations }: Suite): void {
  let projects = 0;
  let database: string;
  let documents: string;
  beforeEach(() => {
    projects += 1;
    database = `projects/rest-${projects}/databases/(default)`;
    documents = `${database}/documents`;
  });

  async function send(verb: string, path: string, body?: object): Promise<[status: number, json: unknown]> {
    const response = await fetch(`http://${address()}${path}`, {
      method: verb,
      headers: { 'content-type': 'application/json', authorization: 'Bearer owner' },
      ...(body && { body: JSON.stringify(body) }),
    });
    expect(response.headers.get('content-type')).toMatch(/^application\/json/);
    return [response.status, await response.json()];
  }
  const below = (path: string) => `/v1/${documents}${path}`;
  const make = (id: string, fields: Json = {}) => send('POST', below(`/runs?documentId=${id}`), { fields });
  const named = (id: string) => ({ name: `${documents}/runs/${id}` });
  const refusal = (code: number, status: string) => [
    code,
    { error: { code, status, message: expect.any(String) } },
  ];

  describe('documents over HTTP', () => {
    it('keep every kind of value as JSON has it', async () => {
      const document = { ...named('a'), fields: EVERY_KIND, createTime: time, updateTime: time };
      expect(await make('a', EVERY_KIND)).toEqual([200, document]);
      expect(await send('GET', below('/runs/a'))).toEqual([200, document]);
    });

    it('are listed in pages, and read by mask', async () => {
      await make('a', { n: whole(1), t: { stringValue: 'x' } });
      await make('b', { n: whole(2) });
      const [status, first] = await send('GET', below('/runs?pageSize=1&mask.fieldPaths=n'));
      expect([status, first]).toMatchObject([
        200,
        { documents: [{ ...named('a'), fields: { n: whole(1) } }] },
      ]);
      const { nextPageToken } = first as { nextPageToken: string };
      expect(
        await send('GET', below(`/runs?pageSize=1&pageToken=${encodeURIComponent(nextPageToken)}`)),
      ).toMatchObject([200, { documents: [named('b')] }]);
      expect(await send('GET', below('/runs/a?mask.fieldPaths=t'))).toMatchObject([
        200,
        { fields: { t: { stringValue: 'x' } } },
      ]);
      expect(await send('GET', below('/nothing'))).toEqual([200, {}]);
    });

    it('are changed by mask, and deleted', async () => {
      await make('a', { n: whole(1), t: { stringValue: 'x' } });
      const patch = below(
        '/runs/a?updateMask.fieldPaths=n&updateMask.fieldPaths=t&currentDocument.exists=true',
      );
      expect(await send('PATCH', patch, { fields: { n: whole(2) } })).toEqual([
        200,
        { ...named('a'), fields: { n: whole(2) }, createTime: time, updateTime: time },
      ]);
      expect(await send('DELETE', below('/runs/a'))).toEqual([200, {}]);
      expect(await send('GET', below('/runs/a'))).toEqual(refusal(404, 'NOT_FOUND'));
    });

    it('are refused with the status of the reason', async () => {
      await make('a');
      expect(await make('a')).toEqual(refusal(409, 'ALREADY_EXISTS'));
      expect(await make('__a__')).toEqual(refusal(400, 'INVALID_ARGUMENT'));
      expect(await send('PATCH', below('/runs/none?currentDocument.exists=true'), {})).toEqual(
        refusal(404, 'NOT_FOUND'),
      );
      expect(await send('POST', below('/runs?documentId=b'), { fields: { n: { numberValue: 1 } } })).toEqual(
        refusal(400, 'INVALID_ARGUMENT'),
      );
    });
  });

  describe('methods over HTTP', () => {
    const queryOf = (more: object = {}) => ({
      structuredQuery: { from: [{ collectionId: 'runs' }], ...more },
    });

    it(':commit, :batchGet and :batchWrite', async () => {
      const writes = [{ update: { ...named('a'), fields: { n: whole(1) } } }, { delete: named('gone').name }];
      expect(await send('POST', below(':commit'), { writes })).toEqual([
        200,
        { writeResults: [{ updateTime: time }, {}], commitTime: time },
      ]);
      const names = [named('a').name, named('gone').name];
      expect(await send('POST', below(':batchGet'), { documents: names })).toEqual([
        200,
        [
          { found: expect.objectContaining(named('a')), readTime: time },
          { missing: named('gone').name, readTime: time },
        ],
      ]);
      const alone = [{ delete: named('a').name }, { update: named('b'), currentDocument: { exists: true } }];
      expect(await send('POST', below(':batchWrite'), { writes: alone })).toEqual([
        200,
        { writeResults: [{}, {}], status: [{}, { code: 5, message: expect.any(String) }] },
      ]);
    });

    it(':runQuery and :runAggregationQuery, at the root and below a document', async () => {
      await make('a', { n: whole(1) });
      await make('b', { n: whole(2) });
      const where = { fieldFilter: { field: { fieldPath: 'n' }, op: 'GREATER_THAN', value: whole(1) } };
      expect(await send('POST', below(':runQuery'), queryOf({ where, limit: 5 }))).toEqual([
        200,
        [{ document: expect.objectContaining(named('b')), readTime: time, done: true }],
      ]);
      expect(await send('POST', below('/runs/a:runQuery'), queryOf())).toEqual([
        200,
        [{ readTime: time, done: true }],
      ]);
      const aggregations = [
        { alias: 'count', count: {} },
        { alias: 'sum', sum: { field: { fieldPath: 'n' } } },
      ];
      expect(
        await send('POST', below(':runAggregationQuery'), {
          structuredAggregationQuery: { ...queryOf(), aggregations },
        }),
      ).toMatchObject([
        200,
        [{ result: { aggregateFields: { count: whole(2), sum: whole(3) } }, readTime: time }],
      ]);
    });

    it(':listCollectionIds', async () => {
      await make('a');
      expect(await send('POST', below(':listCollectionIds'), {})).toEqual([200, { collectionIds: ['runs'] }]);
    });

    it(':beginTransaction, a read and a :commit within it, and :rollback', async () => {
      await make('a', { n: whole(1) });
      const [, begun] = await send('POST', below(':beginTransaction'), {});
      const { transaction } = begun as { transaction: string };
      const read = { documents: [named('a').name], transaction };
      expect(await send('POST', below(':batchGet'), read)).toMatchObject([200, [{ found: named('a') }]]);
      const writes = [{ update: { ...named('a'), fields: { n: whole(2) } } }];
      expect(await send('POST', below(':commit'), { writes, transaction })).toMatchObject([
        200,
        { commitTime: time },
      ]);
      const [, another] = await send('POST', below(':beginTransaction'), { options: { readOnly: {} } });
      expect(await send('POST', below(':rollback'), another as object)).toEqual([200, {}]);
      const again = await send('POST', below(':rollback'), another as object);
      expect(again, 'a second time changes nothing').toEqual([200, {}]);
      expect(await send('POST', below(':rollback'), { transaction: 'AAAA' })).toEqual(
        refusal(400, 'INVALID_ARGUMENT'),
      );
    });

    it('a query that is never served is refused in a list, or by itself', async () => {
      const [status, json] = await send('POST', below(':runQuery'), queryOf({ limit: -1 }));
      expect([status, [json].flat()[0]]).toEqual(refusal(400, 'INVALID_ARGUMENT'));
    });

    it('empties a database as Google’s emulator does', async () => {
      await make('a');
      expect(await send('DELETE', `/emulator/v1/${documents}`)).toEqual([200, {}]);
      expect(await send('GET', below('/runs'))).toEqual([200, {}]);
    });

    it('answers who waits for it to be up', async () => {
      expect(await (await fetch(`http://${address()}/`)).text()).toBe('Ok\n');
    });

    it.skipIf(deviations.lenient).each([
      { verb: 'POST', path: ':write', named: 'Write' },
      { verb: 'POST', path: ':listen', named: 'Listen' },
      { verb: 'POST', path: ':executePipeline', named: 'ExecutePipeline' },
    ])('refuses $path by name', async ({ verb, path, named }) => {
      const [status, json] = await send(verb, below(path), {});
      expect([status, [json].flat()[0]]).toEqual([
        501,
        { error: { code: 501, status: 'UNIMPLEMENTED', message: expect.stringContaining(named) } },
      ]);
    });
  });
}
