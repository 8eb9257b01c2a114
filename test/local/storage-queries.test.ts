import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { parseGlob } from '../../local/storage/engine/glob.ts';
import { parseFields, selectFields } from '../../local/storage/http/fields.ts';
import { type Harness, startHarness } from '../contract/storage-harness.ts';

let harness: Harness;
beforeAll(async () => {
  harness = await startHarness();
});
afterAll(() => harness.close());

describe('a glob pattern', () => {
  it.each([
    { glob: '*.txt', matches: ['a.txt', '.txt'], others: ['b/a.txt', 'a.txt/'] },
    { glob: '**.txt', matches: ['a.txt', 'b/a.txt'], others: ['a.txt.gz'] },
    { glob: 'a/**/z', matches: ['a/z', 'a/b/z', 'a/b/c/z'], others: ['a/bz', 'az'] },
    { glob: '**/tune.json', matches: ['tune.json', 'a/b/tune.json'], others: ['a/my-tune.json'] },
    { glob: 'file-?', matches: ['file-1', 'file-あ', 'file-😀'], others: ['file-', 'file-12', 'file-/'] },
    { glob: '[a-c][!0-9]', matches: ['ab', 'cx'], others: ['a1', 'dx'] },
    { glob: '{a,b/*}.json', matches: ['a.json', 'b/x.json'], others: ['b.json', ','] },
    { glob: 'a.b+(c)', matches: ['a.b+(c)'], others: ['aXb+(c)', 'a.bb(c)'] },
    { glob: '\\*', matches: ['*'], others: ['x'] },
    { glob: '日本*', matches: ['日本語'], others: ['日'] },
  ])('$glob', ({ glob, matches, others }) => {
    const pattern = parseGlob(glob);
    expect(matches.filter((name) => !pattern.test(name))).toEqual([]);
    expect(others.filter((name) => pattern.test(name))).toEqual([]);
  });

  it.each(['{a', 'a}', '[z-a]'])('%s is none', (glob) => {
    expect(() => parseGlob(glob)).toThrow('is no glob pattern');
  });
});

describe('a selection of fields', () => {
  const list = {
    kind: 'list',
    items: [{ name: 'a', metadata: { k: 'v', l: 'w' } }, { name: 'b' }],
    next: 't',
  };

  it.each([
    { fields: 'kind', selected: { kind: 'list' } },
    { fields: 'items/name,next', selected: { items: [{ name: 'a' }, { name: 'b' }], next: 't' } },
    {
      fields: 'items(name,metadata/k)',
      selected: { items: [{ name: 'a', metadata: { k: 'v' } }, { name: 'b' }] },
    },
    {
      fields: 'items/metadata/l,items/name',
      selected: { items: [{ name: 'a', metadata: { l: 'w' } }, { name: 'b' }] },
    },
    { fields: 'items/metadata/l,items', selected: { items: list.items } },
    { fields: 'items,items/name', selected: { items: list.items } },
    { fields: '*', selected: list },
    { fields: 'items/*/k', selected: { items: [{ name: 'a', metadata: { k: 'v' } }, { name: 'b' }] } },
    { fields: 'nothing', selected: {} },
  ])('$fields', ({ fields, selected }) => {
    expect(selectFields(list, parseFields(fields))).toEqual(selected);
  });

  it.each(['', ',', 'a,', 'a(b', 'a)b', 'a//b', '(a)'])('%j is none', (fields) => {
    expect(() => parseFields(fields)).toThrow('Invalid field selection');
  });
});

describe('over the wire', () => {
  const get = async (path: string) => {
    const answer = await fetch(`${harness.url}/storage/v1/${path}`);
    return { status: answer.status, json: (await answer.json()) as Record<string, unknown> };
  };

  it('a listing with a glob and a delimiter has the prefixes that match, page by page', async () => {
    const bucket = harness.client().bucket('inbox');
    for (const name of ['a.txt', 'dir/a.txt', 'dir-2/b.bin', 'z.txt']) await bucket.file(name).save('');
    const first = await get('b/inbox/o?matchGlob=*r&delimiter=/&fields=prefixes,items(name)');
    expect(first.json).toEqual({ prefixes: ['dir/'] });
    const [page, next] = await bucket.getFiles({ matchGlob: '**.txt', maxResults: 2, autoPaginate: false });
    const [rest] = await bucket.getFiles({ ...next, autoPaginate: false });
    expect([...page, ...rest].map(({ name }) => name)).toEqual(['a.txt', 'dir/a.txt', 'z.txt']);
  });

  it('a partial answer has what was asked for, of an upload too, and an error is whole', async () => {
    const upload = `${harness.url}/upload/storage/v1/b/inbox/o?uploadType=media&name=x&fields=name,size`;
    const answer = await fetch(upload, { method: 'POST', body: 'abc' });
    expect(await answer.json()).toEqual({ name: 'x', size: '3' });
    expect((await get('b/inbox/o/nothing?fields=name')).json).toHaveProperty('error.code', 404);
    expect((await get('b/inbox?fields=name(')).status).toBe(400);
  });

  it.each([
    { what: 'versioning that is off', body: { versioning: { enabled: false } } },
    { what: 'no lifecycle', body: { lifecycle: { rule: [] } } },
    { what: 'settings taken away', body: { cors: null, website: null, retentionPolicy: null } },
    { what: 'soft delete for no time', body: { softDeletePolicy: { retentionDurationSeconds: '0' } } },
    {
      what: 'what Google sets itself',
      body: { kind: 'storage#bucket', timeCreated: '2020-01-01T00:00:00Z' },
    },
    {
      what: 'the access that it has',
      body: {
        iamConfiguration: {
          uniformBucketLevelAccess: { enabled: true },
          publicAccessPrevention: 'inherited',
        },
      },
    },
  ])('a bucket takes $what', async ({ body }) => {
    const answer = await fetch(`${harness.url}/storage/v1/b/inbox`, {
      method: 'PATCH',
      body: JSON.stringify(body),
    });
    expect(answer.status).toBe(200);
  });

  it.each([
    { what: 'a field that Google does not have', body: { colour: 'blue' }, says: 'colour is not part of' },
    { what: 'a new location', body: { location: 'EU' }, says: 'location of a bucket cannot be changed' },
    {
      what: 'fine-grained access',
      body: { iamConfiguration: { uniformBucketLevelAccess: { enabled: false } } },
      says: 'fine-grained access is not part of',
    },
    {
      what: 'what nobody would enforce',
      body: { iamConfiguration: { publicAccessPrevention: 'enforced' } },
      says: 'publicAccessPrevention is not part of',
    },
  ])('a bucket refuses $what', async ({ body, says }) => {
    const answer = await fetch(`${harness.url}/storage/v1/b/inbox`, {
      method: 'PATCH',
      body: JSON.stringify(body),
    });
    expect([answer.status, await answer.text()]).toEqual([400, expect.stringContaining(says)]);
  });

  it('the XML address of an object answers errors in XML', async () => {
    const answer = await fetch(`${harness.url}/inbox/no<such>object`);
    expect([answer.status, answer.headers.get('content-type')]).toEqual([404, 'application/xml']);
    expect(await answer.text()).toContain('<Code>NoSuchKey</Code><Message>No such object: inbox/no');
  });
});
