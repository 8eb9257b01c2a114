import { describe, expect, test } from 'vitest';
import { aManifest, createWorld, examples } from '../support/world.ts';

describe('an upload with mistakes', () => {
  test('is rejected with every issue of the manifest and of the data at once', async () => {
    const world = createWorld();
    const lines = examples(20).split('\n');
    lines[3] = '{"input_text": "cut off';
    lines[7] = JSON.stringify({ input_text: 'no answer' });
    world.upload('reviews/train.jsonl', lines.join('\n'));
    await world.finalized(
      world.upload('reviews/tune.json', aManifest({ trainSteps: 5, pipeline_job_region: 'mars' })),
    );

    const { status, work } = world.theRun();
    expect(status.state).toBe('REJECTED');
    const errors = (status.issues ?? []).filter(({ severity }) => severity === 'error');
    expect(errors.map(({ file, line, path }) => [file.split('/').at(-1), line, path])).toEqual(
      expect.arrayContaining([
        ['tune.json', 1, 'trainSteps'],
        ['tune.json', 1, 'pipeline_job_region'],
        ['train.jsonl', 4, undefined],
        ['train.jsonl', 8, 'output_text'],
      ]),
    );
    expect(errors).toHaveLength(4);
    for (const issue of errors) expect(issue).toMatchObject({ found: /./, expected: /./, remedy: /./ });
    expect(work.nextAction).toBeNull();
    expect(world.published).toEqual([]);
  });

  test('leaves the complete list in issues.jsonl, and the document short', async () => {
    const world = createWorld();
    const bad = Array.from({ length: 300 }, (_, index) =>
      JSON.stringify({ input_text: `q${index}`, output_text: 1 }),
    );
    world.upload('reviews/train.jsonl', bad.join('\n'));
    await world.finalized(world.upload('reviews/tune.json', aManifest()));
    const { status } = world.theRun();
    const name = status.issuesFile?.slice('gs://results/'.length) ?? '';
    const lines = (world.objects.text({ bucket: 'results', name }) ?? '').trim().split('\n');
    const total = Object.values(status.issueCount ?? {}).reduce((sum, count) => sum + count, 0);
    expect(lines).toHaveLength(total);
    expect(total).toBeGreaterThanOrEqual(300);
    expect(status.issues?.filter(({ severity }) => severity === 'error')).toMatchObject([
      { code: 'field_wrong_type', count: 300, lines: [1, 2, 3, 4, 5, 6, 7, 8, 9, 10], share: 1 },
    ]);
  });

  test('leaves the list of its own verdict, though a validator that was frozen over an earlier one wakes up after it', async () => {
    const world = createWorld();
    world.upload('reviews/train.jsonl', 'no JSON');
    const manifest = world.upload('reviews/tune.json', aManifest());
    const { write } = world.objects;
    const { promise: thaw, resolve } = Promise.withResolvers<void>();
    const reached = Promise.withResolvers<void>();
    Object.assign(world.objects, {
      async write(...asked: Parameters<typeof write>) {
        if (!asked[0].name.endsWith('issues.jsonl')) return write(...asked);
        reached.resolve();
        await thaw;
        return write(...asked);
      },
    });
    const frozen = world.finalized(manifest);
    await reached.promise;
    Object.assign(world.objects, { write });
    world.pass(601);
    world.upload('reviews/train.jsonl', `no JSON\nnor this`);
    await world.validate([...world.runs.documents.keys()][0] ?? '');
    const ended = world.theRun();
    const name = ended.status.issuesFile?.slice('gs://results/'.length) ?? '';
    const list = world.objects.text({ bucket: 'results', name });
    expect(list).toContain('"line":2');
    resolve();
    await frozen;
    expect(world.objects.text({ bucket: 'results', name })).toBe(list);
    expect(world.theRun()).toEqual(ended);
  });

  test.each([
    ['no JSON at all', 'base_model: text-bison@002'],
    ['an empty file', ''],
    ['a list', '[1, 2]'],
    ['binary', '\u0000\u0001\u0002'],
    ['a very large file', ' '.repeat(70_000)],
  ])('%s as a manifest is a rejected run, not a crash', async (_name, content) => {
    const world = createWorld();
    await world.finalized(world.upload('reviews/tune.json', content));
    expect(world.theRun().status.state).toBe('REJECTED');
    expect(world.theRun().status.issueCount?.error).toBeGreaterThan(0);
  });

  test.each([
    { name: 'a context as long as a manifest may be', manifest: { default_context: 'x'.repeat(60_000) } },
    {
      name: 'hundreds of unknown keys',
      manifest: Object.fromEntries(Array.from({ length: 500 }, (_, key) => [`${'k'.repeat(100)}${key}`, 1])),
    },
    { name: 'roles, keys and values of 100,000 characters in every line', manifest: {}, long: 100_000 },
  ])('with $name leaves a document far from 1 MiB', async ({ manifest, long = 10 }) => {
    const world = createWorld();
    const text = 'z'.repeat(long);
    const example = { messages: [{ [text]: 1, author: text, content: 1 }], [`${text}!`]: text };
    const lines = Array.from({ length: 60 }, () => JSON.stringify(example));
    world.upload('reviews/train.jsonl', lines.join('\n'));
    await world.finalized(
      world.upload('reviews/tune.json', aManifest({ base_model: 'chat-bison@002', ...manifest })),
    );
    expect(world.theRun().status.state).toBe('REJECTED');
    expect(Buffer.byteLength(JSON.stringify(world.theRun()))).toBeLessThan(256 * 1024);
  });

  test('a bucket that the deployment does not allow is refused without being looked at', async () => {
    const world = createWorld();
    await world.finalized(
      world.upload('reviews/tune.json', aManifest({ dataset_uri: 'gs://payroll/secret.jsonl' })),
    );
    expect(world.theRun().status.issues?.map(({ code }) => code)).toContain('bucket_not_allowed');
    expect(world.objects.reads.filter((read) => read.includes('payroll'))).toEqual([]);
  });
});
