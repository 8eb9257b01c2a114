import { existsSync, readFileSync } from 'node:fs';
import fc from 'fast-check';
import { describe, expect, test } from 'vitest';
import { createIdSet } from '../../shared/core/dataset/embedding/ids.ts';
import { recogniseHeader } from '../../shared/core/dataset/embedding/label-header.ts';
import { MAX_LINE_BYTES } from '../../shared/core/dataset/limits.ts';
import { createTextHasher } from '../../shared/core/dataset/tallies/text-hash.ts';
import type { DataKey } from '../../shared/core/models/data-keys.ts';
import { checkData } from '../../shared/flows/check-data.ts';
import { checkFiles, files, HEADER, issueLines, labels, records } from './embedding-samples.ts';

const bytesOf = (content: string) => Buffer.from(content);
const oneByteEach = (bytes: Buffer) => Array.from(bytes, (byte) => Buffer.from([byte]));
const isolate = (key: 'queries_path' | 'train_label_path', content: string | Uint8Array) =>
  issueLines(checkFiles(files({ [key]: content }))).filter((line) => line.includes(key));

describe('reading label files', () => {
  const oddLabel = fc.oneof(
    {
      weight: 4,
      arbitrary: fc.tuple(fc.nat(14), fc.nat(14), fc.nat(2)).map(([q, d, s]) => `q${q}\td${d}\t${s}`),
    },
    {
      weight: 1,
      arbitrary: fc.constantFrom(
        '',
        ' ',
        '\t',
        '\t\t',
        'q1',
        HEADER,
        '"q1"\td1',
        'q1\rq2',
        '\ufeff',
        '日本\t語\t1',
      ),
    },
    { weight: 1, arbitrary: fc.string({ unit: 'binary' }) },
  );
  const oddFile = fc
    .array(fc.tuple(oddLabel, fc.constantFrom('\n', '\r\n')), { maxLength: 30 })
    .map((lines) => bytesOf(lines.map(([line, end]) => line + end).join('')));

  test('any chunking gives the same result, and chunks are not kept', () => {
    fc.assert(
      fc.property(oddFile, fc.integer({ min: 1, max: 40 }), (content, size) => {
        const inPieces = (bytes: Buffer) =>
          Array.from({ length: Math.ceil(bytes.length / size) }, (_, index) =>
            bytes.subarray(index * size, (index + 1) * size),
          );
        const whole = files({ train_label_path: content });
        expect(checkFiles(whole, inPieces)).toEqual(checkFiles(whole));
      }),
      { numRuns: 200 },
    );
  });

  test('whatever the bytes are, nothing is thrown, and every line is counted unless the file is told as a whole', () => {
    fc.assert(
      fc.property(fc.uint8Array({ maxLength: 200 }), (noise) => {
        const content = Buffer.concat([bytesOf(`${labels()}\n`), noise]);
        const { issues, statistics } = checkFiles(files({ train_label_path: content, queries_path: noise }));
        const { lines = 0, blankLines = 0, examples = 0 } = statistics.train_label_path ?? {};
        const asAWhole = issues.some(
          ({ code, at }) => at.uri === 'train_label_path' && code === 'dataset_other_encoding',
        );
        expect(lines).toBe(asAWhole ? 0 : 1 + blankLines + examples);
      }),
      { numRuns: 1000, examples: [[Uint8Array.of(128, 10, 128, 10)]] },
    );
  });

  test('a line feed, a carriage return with one, and no end of the last line are all the same', () => {
    const sound = checkFiles(files());
    for (const end of ['\n', '\r\n']) {
      const withEnds = (content: string) => `${content.replaceAll('\n', end)}${end}`;
      const content = files({ queries_path: withEnds(records('q')), train_label_path: withEnds(labels()) });
      const { issues, statistics } = checkFiles(content, oneByteEach);
      expect(issues).toEqual([]);
      expect(statistics.train_label_path).toEqual({
        ...sound.statistics.train_label_path,
        bytes: withEnds(labels()).length,
      });
    }
  });

  test.each([
    {
      name: 'a byte order mark',
      content: `\ufeff${labels()}`,
      issues: ['warning dataset_utf8_bom train_label_path 1'],
    },
    {
      name: 'UTF-16',
      content: Buffer.from(labels(), 'utf16le'),
      issues: ['error dataset_utf16 train_label_path'],
    },
    {
      name: 'UTF-16 with its mark',
      content: Buffer.from(`\ufeff${labels()}`, 'utf16le'),
      issues: ['error dataset_utf16 train_label_path'],
    },
    {
      name: 'gzip',
      content: Buffer.from([0x1f, 0x8b, 8, 0, 0]),
      issues: ['error dataset_compressed train_label_path'],
    },
    {
      name: 'a zip, such as a spreadsheet',
      content: Buffer.from('PK\x03\x04...'),
      issues: ['error dataset_compressed train_label_path'],
    },
    {
      name: 'bytes that are no UTF-8',
      content: Buffer.from(labels(10, { 3: 'caf\xe9\td2\t1' }), 'latin1'),
      issues: ['error line_not_utf8 train_label_path 3'],
    },
    {
      name: 'carriage returns alone',
      content: labels().replaceAll('\n', '\r'),
      issues: ['error line_lone_cr train_label_path 1'],
    },
    {
      name: 'a carriage return in a line',
      content: labels(12, { 3: 'q2\td2\t1\rq3\td3\t1' }),
      issues: ['error line_lone_cr train_label_path 3'],
    },
    {
      name: 'blank lines',
      content: `${labels()}\n\n\t\t\n`,
      issues: ['warning dataset_blank_lines train_label_path 12'],
    },
    {
      name: 'a blank line before the header',
      content: `\n${labels()}`,
      issues: ['warning dataset_blank_lines train_label_path 1'],
    },
    {
      name: 'a line without end',
      content: `${labels()}\n${'x'.repeat(MAX_LINE_BYTES + 1)}`,
      issues: ['error dataset_line_too_long train_label_path 12'],
    },
  ])('$name is reported', ({ content, issues }) => {
    expect(isolate('train_label_path', content)).toEqual(issues);
  });

  test.each([
    [HEADER, { kind: 'sound' }],
    ['query-id\tcorpus-id', { kind: 'without_score' }],
    ['Query ID\tCorpus ID\tScore', { kind: 'unexpected', problem: 'names', isReadable: true }],
    ['qid\tpid', { kind: 'unexpected', problem: 'names', isReadable: true }],
    ['score\tquery-id\tcorpus-id', { kind: 'unexpected', problem: 'order', isReadable: false }],
    ['query-id\t0\tcorpus-id\tscore', { kind: 'unexpected', problem: 'order', isReadable: false }],
    ['query-id,corpus-id,score', { kind: 'unexpected', problem: 'separator', isReadable: false }],
    ['{"query-id":"q1"}', { kind: 'unexpected', problem: 'json', isReadable: false }],
    ['q1\td1\t1', { kind: 'missing' }],
    ['constructor\t__proto__\t1', { kind: 'missing' }],
  ])('the header %j is %j', (line, header) => {
    expect(recogniseHeader(line)).toEqual(header);
  });
});

describe('reading queries and documents', () => {
  test.each([
    {
      name: 'UTF-16',
      content: Buffer.from(records('q'), 'utf16le'),
      issues: ['error dataset_utf16 queries_path'],
    },
    {
      name: 'gzip',
      content: Buffer.from([0x1f, 0x8b, 8, 0, 0]),
      issues: ['error dataset_compressed queries_path'],
    },
    {
      name: 'a byte order mark',
      content: `\ufeff${records('q')}`,
      issues: ['warning dataset_utf8_bom queries_path 1'],
    },
    {
      name: 'a line that is no JSON',
      content: records('q', 12, { 11: '{"_id":"q11",}' }),
      issues: ['error line_not_json queries_path 11'],
    },
    {
      name: 'indented JSON',
      content: JSON.stringify({ _id: 'q1', text: 'x' }, null, 2),
      issues: ['error dataset_pretty_printed queries_path 1'],
    },
  ])('$name is reported as in any data set', ({ content, issues }) => {
    expect(isolate('queries_path', content)).toEqual(issues);
  });

  test('half a million ids that differ in their last digits are kept apart', () => {
    const ids = createIdSet(createTextHasher(), 500_000);
    let duplicates = 0;
    for (let number = 0; number < 500_000; number++)
      if (ids.add(`doc-${number}`, number + 1) > 0) duplicates += 1;
    expect([duplicates, ids.size, ids.isComplete]).toEqual([0, 500_000, true]);
    expect(ids.add('doc-17', 1)).toBe(18);
    expect(ids.has('doc-500000')).toBe(false);
    ids.add('doc-500000', 1);
    expect(ids.isComplete).toBe(false);
  });
});

describe('the statistics of embedding files', () => {
  test('say what a person wants to know', () => {
    const { statistics } = checkFiles(
      files({
        queries_path: '{"_id":"q1","title":"One","text":"12345"}\n{"_id":"q1","text":"123"}\n\n{"text":"1"}',
        train_label_path: `${HEADER}\nq1\td1\t1\nq1\td2\t0\nq1\td3\nq9\td1\t2\nq9\td99\tx`,
      }),
    );
    expect(statistics.queries_path).toEqual({
      format: 'embedding',
      role: 'queries',
      bytes: 81,
      lines: 4,
      blankLines: 1,
      examples: 3,
      unusableExamples: 2,
      textCharacters: { min: 1, median: 3, max: 5 },
      recordsWithTitle: 1,
      duplicateIds: 1,
    });
    expect(statistics.train_label_path).toEqual({
      format: 'embedding',
      role: 'training',
      bytes: 63,
      lines: 6,
      blankLines: 0,
      examples: 5,
      unusableExamples: 2,
      queries: 2,
      relevant: 3,
      notRelevant: 1,
      withoutScore: 1,
      unknownQueries: 1,
      unknownDocuments: 1,
    });
  });

  async function* streamOf(content: string) {
    yield Buffer.from(content);
  }

  test('checkData reads the files in their order of reference, whatever the order they come in', async () => {
    const named: [DataKey, string][] = [
      ['train_label_path', labels(10, { 2: 'q99\td1\t1' })],
      ['corpus_path', records('d')],
      ['queries_path', records('q')],
    ];
    const seen: string[] = [];
    const { statistics, trainExamples } = await checkData(
      { base_model: 'textembedding-gecko@001' },
      named.map(([key, content]) => ({ key, uri: key, chunks: streamOf(content) })),
      { onIssue: ({ code }) => seen.push(code) },
    );
    expect(seen).toEqual(['labels_query_unknown']);
    expect(Object.keys(statistics).sort()).toEqual(['corpus_path', 'queries_path', 'train_label_path']);
    expect(statistics.train_label_path?.relevant).toBe(10);
    expect(trainExamples).toBeUndefined();
  });

  const BANKING = 'examples/banking-embedding';
  test.skipIf(!existsSync(BANKING))('the example for embedding models is sound', () => {
    const read = (name: string) => readFileSync(`${BANKING}/${name}`);
    const { issues, statistics } = checkFiles({
      queries_path: read('queries.jsonl'),
      corpus_path: read('corpus.jsonl'),
      train_label_path: read('train.tsv'),
      test_label_path: read('test.tsv'),
    });
    expect(issues).toEqual([]);
    expect(statistics.queries_path).toMatchObject({ examples: 1200 });
    expect(statistics.corpus_path).toMatchObject({ examples: 77, recordsWithTitle: 77 });
    expect(statistics.train_label_path).toMatchObject({ examples: 1000, queries: 1000, relevant: 1000 });
    expect(statistics.test_label_path).toMatchObject({ examples: 200, queries: 200 });
  });
});
