import { describe, expect, test } from 'vitest';
import { createDatasetCheck } from '../../shared/core/dataset/check.ts';
import { MAX_MEMBERS, mostFileBytes } from '../../shared/core/dataset/limits.ts';
import type { DatasetIssue } from '../../shared/core/issues/dataset.ts';
import { excessOf } from '../../shared/core/json/line.ts';
import { DATA_KEYS } from '../../shared/core/models/data-keys.ts';
import { MODELS } from '../../shared/core/models/models.ts';
import { checkData } from '../../shared/flows/check-data.ts';
import { createWorld, INBOX } from '../support/world.ts';

const PAIR = '{"input_text":"a","output_text":"b"}\n';
const MANIFEST = { base_model: 'text-bison@002', dataset_uri: 'train.jsonl' } as const;

describe('a file that is too large for its model', () => {
  test.each(DATA_KEYS)('is known by its size alone, for each model: %s', (key) => {
    for (const model of MODELS) {
      expect(mostFileBytes(model, key)).toBeGreaterThanOrEqual(100_000_000);
      expect(mostFileBytes(model, key)).toBeLessThanOrEqual(2_000_000_000);
    }
  });

  test('is neither copied nor read, and the run says so', async () => {
    const world = createWorld();
    const name = 'a/train.jsonl';
    world.upload(name, PAIR.repeat(20));
    const { objects } = world;
    const copies: string[] = [];
    const { stat, copy, stream } = objects;
    Object.assign(objects, {
      stat: async (object: Parameters<typeof stat>[0]) => {
        const found = await stat(object);
        return found?.name === name ? { ...found, sizeBytes: 3 * 2 ** 30 } : found;
      },
      copy: (...args: Parameters<typeof copy>) => {
        copies.push(args[0].name);
        return copy(...args);
      },
      stream: (...args: Parameters<typeof stream>) => {
        copies.push(args[0].name);
        return stream(...args);
      },
    });
    await world.finalized(world.upload('a/tune.json', JSON.stringify(MANIFEST)));
    const { status } = world.theRun();
    expect(status.state).toBe('REJECTED');
    const errors = status.issues?.filter(({ severity }) => severity === 'error');
    expect(errors).toMatchObject([{ code: 'dataset_file_too_large', file: `gs://${INBOX}/${name}` }]);
    expect(copies).toEqual([]);
  });
});

describe('a file that is hopeless', () => {
  /** Gives a chunk of a thousand lines as often as it is asked, and counts. */
  function endless() {
    const read = { chunks: 0 };
    const chunk = Buffer.from(PAIR.repeat(1000));
    async function* chunks() {
      for (; read.chunks < 2_000; read.chunks++) yield chunk;
    }
    return { read, chunks: chunks() };
  }

  test('is read no further than twice the examples that the model takes', async () => {
    const { read, chunks } = endless();
    const issues: string[] = [];
    const file = { key: 'dataset_uri' as const, uri: 'train.jsonl', chunks };
    await checkData(MANIFEST, [file], { onIssue: ({ code }) => issues.push(code) });
    expect(issues).toContain('dataset_too_many_examples');
    expect(read.chunks).toBeLessThan(50);
  });

  test('says that the rest was not read, and nothing that only the whole file shows', () => {
    const issues: DatasetIssue[] = [];
    const check = createDatasetCheck({
      ...{ uri: 'train.jsonl', format: 'input_output', role: 'training' },
      onIssue: (issue) => issues.push(issue),
    });
    expect(check.isOver).toBe(false);
    check.push(Buffer.from(PAIR.repeat(20_001)));
    expect(check.isOver).toBe(true);
    check.finish();
    const last = issues.at(-1);
    expect(last).toMatchObject({
      code: 'dataset_too_many_examples',
      fields: { isRestUnread: true, examples: 20_001 },
    });
  });

  test('is not read to its end where it is no text', async () => {
    const read = { chunks: 0 };
    async function* zeros() {
      for (; read.chunks < 2_000; read.chunks++) yield Buffer.alloc(1024 * 1024);
    }
    const file = { key: 'dataset_uri' as const, uri: 'train.jsonl', chunks: zeros() };
    await checkData(MANIFEST, [file], { onIssue: () => undefined });
    expect(read.chunks).toBeLessThan(20);
  });
});

describe('a line with hundreds of thousands of keys', () => {
  const keys = Array.from({ length: 250_000 }, (_value, index) => `"k${index}":0`).join(',');
  const issuesOf = (line: string) => {
    const codes: string[] = [];
    const check = createDatasetCheck({
      ...{ uri: 'train.jsonl', format: 'input_output', role: 'training' },
      onIssue: ({ code }) => codes.push(code),
    });
    check.push(Buffer.from(`${line}\n`));
    check.finish();
    return codes;
  };

  test.each([
    ['members of an object', `{${keys}}`],
    ['members of objects in each other', `{"input_text":"a","output_text":"b","x":{${keys}}}`],
    ['elements of an array', `{"input_text":"a","x":[${'0,'.repeat(700_000)}0]}`],
    ['empty objects', `{"input_text":"a","output_text":"b","x":[${'{ },'.repeat(700_000)}0]}`],
    ['something that is no JSON', `{${keys}`],
  ])('is refused, and not parsed: %s', (_name, line) => {
    expect(issuesOf(line)).toContain('line_too_many_members');
  });

  test('is told from a long text, and from a conversation of a thousand turns', () => {
    const limits = { maxDepth: 500, maxMembers: MAX_MEMBERS };
    const text = JSON.stringify({ input_text: '"k":0,'.repeat(100_000) });
    expect(excessOf(text, limits)).toBeUndefined();
    const contents = Array.from({ length: 1_000 }, () => ({ role: 'user', parts: [{ text: 'a' }] }));
    expect(excessOf(JSON.stringify({ contents }), limits)).toBeUndefined();
  });
});
