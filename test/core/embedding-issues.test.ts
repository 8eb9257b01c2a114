import { describe, expect, test } from 'vitest';
import { createEmbeddingCheck } from '../../shared/core/dataset/embedding/check.ts';
import { type Issue, reportIssue } from '../../shared/core/issues/catalog.ts';
import { EMBEDDING_ISSUES } from '../../shared/core/issues/embedding.ts';
import {
  checkFiles,
  type Files,
  files,
  HEADER,
  issueLines,
  labels,
  record,
  records,
} from './embedding-samples.ts';

interface Case {
  name: string;
  content: Files;
  issues: string[];
}

const QUERIES: Case[] = [
  { name: 'sound files have no issue', content: files(), issues: [] },
  {
    name: 'a title may be there, and may be empty',
    content: files({
      corpus_path: records('d', 12, { 1: record('d1', { title: 'One' }), 2: record('d2', { title: '' }) }),
    }),
    issues: [],
  },
  {
    name: 'nine queries are enough and eight are not',
    content: files({
      queries_path: records('q', 8),
      corpus_path: records('d', 9),
      train_label_path: labels(8),
    }),
    issues: ['error records_too_few queries_path', 'error labels_too_few_queries_overall train_label_path'],
  },
  {
    name: 'an empty corpus is too few documents, and its labels are not reported one by one',
    content: files({ corpus_path: '' }),
    issues: ['error records_too_few corpus_path'],
  },
  {
    name: '10,000 queries are the most',
    content: files({ queries_path: records('q', 10_001) }),
    issues: ['error records_too_many queries_path'],
  },
  {
    name: 'an id that is there twice is reported with the line of the first',
    content: files({ corpus_path: records('d', 12, { 12: record('d3') }) }),
    issues: ['error record_id_duplicate corpus_path 12 _id'],
  },
  {
    name: 'a query and a document may have the same id',
    content: files({ queries_path: records('q', 12, { 12: record('d1') }) }),
    issues: [],
  },
  {
    name: 'a record needs an id and a text',
    content: files({
      queries_path: records('q', 12, { 11: '{"text":"x"}', 12: '{"_id":"q12","title":"x"}' }),
    }),
    issues: ['error field_missing queries_path 11 _id', 'error field_missing queries_path 12 text'],
  },
  {
    name: 'an empty text is an error, a blank one a warning',
    content: files({
      queries_path: records('q', 12, { 11: record('q11', { text: '' }), 12: record('q12', { text: '  ' }) }),
    }),
    issues: ['error field_empty queries_path 11 text', 'warning field_blank queries_path 12 text'],
  },
  {
    name: 'an id that is a number is an error, but its labels find it',
    content: files({
      queries_path: records('q', 12, { 12: '{"_id":7,"text":"x"}' }),
      train_label_path: labels(11, { 12: '7\td1\t1' }),
    }),
    issues: ['error field_wrong_type queries_path 12 _id'],
  },
  {
    name: 'a title that is no text is an error',
    content: files({ corpus_path: records('d', 12, { 4: record('d4', { title: null }) }) }),
    issues: ['error field_wrong_type corpus_path 4 title'],
  },
  {
    name: 'a key given twice is an error',
    content: files({ corpus_path: records('d', 12, { 4: '{"_id":"d4","text":"x","_id":"d5"}' }) }),
    issues: [
      'error duplicate_key corpus_path 4 _id',
      'error record_id_duplicate corpus_path 5 _id',
      'error labels_document_unknown train_label_path 5 corpus-id',
    ],
  },
  {
    name: 'unused fields are advice, once',
    content: files({
      corpus_path: records('d', 12, { 4: record('d4', { url: 'x' }), 6: record('d6', { lang: 'x' }) }),
    }),
    issues: ['advice dataset_extra_fields corpus_path 4'],
  },
  {
    name: 'records in the format of another model are reported once',
    content: files({ queries_path: '{"input_text":"x","output_text":"y"}\n'.repeat(10) }),
    issues: ['error dataset_foreign_format queries_path 1'],
  },
  {
    name: 'a JSON array is reported once',
    content: files({ queries_path: `[${records('q').replaceAll('\n', ',\n')}]` }),
    issues: ['error dataset_json_array queries_path 1'],
  },
  {
    name: 'blank lines are a warning',
    content: files({ queries_path: `${records('q')}\n\n \n` }),
    issues: ['warning dataset_blank_lines queries_path 13'],
  },
];

const RELEVANCE: Case[] = [
  {
    name: 'a score may be any whole number, empty, or left out',
    content: files({
      train_label_path: labels(10, { 2: 'q1\td1\t0', 3: 'q2\td2\t25', 4: 'q3\td3\t', 5: 'q4\td4' }),
    }),
    issues: [],
  },
  {
    name: 'a score that is negative, a fraction or no number is an error',
    content: files({
      train_label_path: labels(10, { 2: 'q1\td1\t-1', 3: 'q2\td2\t1.0', 4: 'q3\td3\tyes', 5: 'q4\td4\t1 ' }),
    }),
    issues: [2, 3, 4, 5].map((line) => `error labels_score_invalid train_label_path ${line} score`),
  },
  {
    name: 'a missing header is an error, and the first line is read as a label',
    content: files({
      train_label_path: labels()
        .slice(HEADER.length + 1)
        .replace('d1\t', 'd99\t'),
    }),
    issues: [
      'error labels_header_missing train_label_path 1',
      'error labels_document_unknown train_label_path 1 corpus-id',
    ],
  },
  {
    name: 'a header with other names is an error, and the labels are read',
    content: files({ train_label_path: labels(10, { 1: 'query_id\tdoc_id\tScore', 4: 'q3\td3\tx' }) }),
    issues: [
      'error labels_header_unexpected train_label_path 1',
      'error labels_score_invalid train_label_path 4 score',
    ],
  },
  ...[
    ['columns in another order', labels(10, { 1: 'corpus-id\tquery-id\tscore' })],
    ['an additional column', labels(10, { 1: `${HEADER}\tnote` })],
    ['commas', labels().replaceAll('\t', ',')],
    [
      'semicolons and no header',
      labels()
        .slice(HEADER.length + 1)
        .replaceAll('\t', ';'),
    ],
    ['spaces', labels().replaceAll('\t', '  ')],
    ['JSON Lines', records('q')],
  ].map(([name = '', content]) => ({
    name: `${name} in place of the header are reported once`,
    content: files({ train_label_path: content }),
    issues: ['error labels_header_unexpected train_label_path 1'],
  })),
  {
    name: 'a header without a score is a warning',
    content: files({ train_label_path: labels().replaceAll(/\t(?:score|1)$/gm, '') }),
    issues: ['warning labels_header_without_score train_label_path 1'],
  },
  {
    name: 'one column or four are an error',
    content: files({ train_label_path: labels(12, { 3: 'q2', 4: 'q3\td3\t1\t1' }) }),
    issues: [3, 4].map((line) => `error labels_columns train_label_path ${line}`),
  },
  {
    name: 'an empty id is an error',
    content: files({ train_label_path: labels(12, { 3: '\td2\t1', 4: 'q3\t\t1' }) }),
    issues: [
      'error labels_id_empty train_label_path 3 query-id',
      'error labels_id_empty train_label_path 4 corpus-id',
    ],
  },
  {
    name: 'an id that stands in no file is an error, reported once where it first stands',
    content: files({
      train_label_path: labels(12, { 3: 'q99\td2\t1', 4: 'q99\td99\t1', 5: 'q98\td99\t1' }),
    }),
    issues: [
      'error labels_query_unknown train_label_path 3 query-id',
      'error labels_document_unknown train_label_path 4 corpus-id',
      'error labels_query_unknown train_label_path 5 query-id',
    ],
  },
  {
    name: 'the same label twice is a warning, with another score an error',
    content: files({ train_label_path: `${labels()}\nq1\td1\t1\nq2\td2\t0\nq3\td4\t1` }),
    issues: ['warning labels_duplicate train_label_path 12', 'error labels_conflict train_label_path 13'],
  },
  {
    name: 'a score that is left out is a score of 1',
    content: files({ train_label_path: `${labels()}\nq1\td1\nq2\td2\t` }),
    issues: ['warning labels_duplicate train_label_path 12', 'warning labels_duplicate train_label_path 13'],
  },
  {
    name: 'test labels that are in the training labels are a warning',
    content: files({ test_label_path: `${HEADER}\nq1\td1\t1\nq2\td9\t1\nq3\td3\t0` }),
    issues: ['warning labels_overlap test_label_path 2', 'warning labels_overlap test_label_path 4'],
  },
  {
    name: 'test and validation labels may have a pair in common',
    content: files({
      test_label_path: `${HEADER}\nq1\td2\t1\nq2\td9\t1\nq3\td4\t1`,
      validation_label_path: `${HEADER}\nq1\td2\t1\nq2\td9\t1\nq3\td4\t1`,
    }),
    issues: [],
  },
  {
    name: 'each label file is about three queries, and all together about nine',
    content: files({
      train_label_path: labels(6),
      test_label_path: `${HEADER}\nq6\td1\t1\nq7\td1\t1`,
    }),
    issues: [
      'error labels_too_few_queries test_label_path',
      'error labels_too_few_queries_overall train_label_path',
    ],
  },
  {
    name: 'the nine queries may be spread over the files',
    content: files({
      train_label_path: labels(3),
      test_label_path: `${HEADER}\nq4\td1\t1\nq5\td1\t1\nq6\td1\t1`,
      validation_label_path: `${HEADER}\nq7\td1\t1\nq8\td1\t1\nq9\td1\t1`,
    }),
    issues: [],
  },
  {
    name: 'a file of zeros finds nothing',
    content: files({ train_label_path: labels().replaceAll(/1$/gm, '0') }),
    issues: ['warning labels_none_relevant train_label_path'],
  },
  {
    name: 'an empty file and a bare header hold no label',
    content: files({ test_label_path: '', validation_label_path: HEADER }),
    issues: ['error labels_empty test_label_path', 'error labels_empty validation_label_path'],
  },
  {
    name: 'there are fewer than 500,000 labels in all files',
    content: files({
      train_label_path: [
        HEADER,
        ...Array.from({ length: 499_998 }, (_, index) => `q${(index % 10) + 1}\tx${index}`),
      ].join('\n'),
      corpus_path: undefined,
      test_label_path: `${HEADER}\nq1\td1\nq2\td1`,
    }),
    issues: ['error labels_too_few_queries test_label_path', 'error labels_too_many train_label_path'],
  },
];

const CASES = [...QUERIES, ...RELEVANCE];

describe('the issues of embedding files', () => {
  test.each(CASES)('$name', ({ content, issues }) => {
    expect(issueLines(checkFiles(content))).toEqual(issues);
  });

  test('every code of the catalog is covered by a case of this file', () => {
    const covered = new Set(CASES.flatMap(({ issues }) => issues.map((issue) => issue.split(' ')[1])));
    expect(Object.keys(EMBEDDING_ISSUES).filter((code) => !covered.has(code))).toEqual([]);
  });

  test('the sentences say what to do', () => {
    for (const { content } of CASES) {
      for (const issue of checkFiles(content).issues) {
        const { message, remedy } = reportIssue(issue);
        expect(`${message} ${remedy}`).not.toContain('undefined');
        expect(`${message} ${remedy}`).not.toContain('What the record');
        expect(remedy).toMatch(/[.]$|jsonl$|npx tunedrop fix DIR$/);
      }
    }
  });
});

describe('an unknown id', () => {
  const remedyOf = (label: string, over: Files = {}) => {
    const { issues } = checkFiles(files({ train_label_path: labels(12, { 3: label }), ...over }));
    return issues.filter(({ code }) => code.endsWith('_unknown')).map((issue) => reportIssue(issue).remedy);
  };

  test.each([
    { name: 'columns that are swapped', label: 'd2\tq2\t1', hint: 'query id first and the corpus id second' },
    { name: 'white space', label: ' q2\td2 \t1', hint: 'white space' },
    { name: 'quotes', label: '"q2"\t"d2"\t1', hint: 'quotes' },
    { name: 'something else', label: 'q77\td77\t1', hint: 'Correct the' },
  ])('is explained by $name', ({ label, hint }) => {
    expect(remedyOf(label)).toEqual([expect.stringContaining(hint), expect.stringContaining(hint)]);
  });

  test('may be the one of a record that could not be read', () => {
    const queries_path = records('q', 12, { 2: '{"_id":"q2"', 4: 'x' });
    expect(remedyOf('q2\td2\t1', { queries_path })).toEqual([
      expect.stringContaining('the id of 2 lines there could not be read'),
      expect.stringContaining('the id of 2 lines there could not be read'),
    ]);
  });

  test.each(['doc-77', 'Jane Doe, 12 High Street'])('is told by its line and never repeated: %s', (id) => {
    const { issues } = checkFiles(files({ train_label_path: labels(12, { 3: `${id}\td2\t1` }) }));
    const told = issues.map(reportIssue);
    expect(told).toMatchObject([{ line: 3, found: 'an id that no line of the queries has' }]);
    expect(JSON.stringify(told)).not.toContain(id);
  });

  test('is not asked for in a file that was not uploaded', () => {
    const content = files({ train_label_path: labels(12, { 3: 'q99\td99\t1' }) });
    const { corpus_path: _, ...withoutCorpus } = content;
    expect(issueLines(checkFiles(withoutCorpus))).toEqual([
      'error labels_query_unknown train_label_path 3 query-id',
    ]);
  });

  test('is not asked for among queries of which not all were read', () => {
    const queries_path = [...Array(20_001).fill(record('q1')), ...records('q').split('\n')].join('\n');
    const { issues } = checkFiles(files({ queries_path, train_label_path: labels(12, { 3: 'x\td2\t1' }) }));
    const found = issueLines({ issues }).filter((line) => !line.includes('record_id_duplicate'));
    expect(found).toEqual(['error records_too_many queries_path']);
  });

  test('is not asked for among more documents than are kept', () => {
    const corpus_path = records('d', 500_001);
    const { issues } = checkFiles(files({ corpus_path, train_label_path: labels(12, { 3: 'q2\tx\t1' }) }));
    expect(issueLines({ issues })).toEqual(['error records_too_many corpus_path']);
  });
});

describe('a hopeless file', () => {
  const PARTS = 64;
  /** How much of a file is read before nothing that follows matters: whether it is over, and what is said of it. */
  function readPart(key: 'queries_path' | 'corpus_path' | 'train_label_path', part: Buffer) {
    const issues: Issue[] = [];
    const check = createEmbeddingCheck((issue) => issues.push(issue));
    const file = check.open(key, key);
    let parts = 0;
    for (; parts < PARTS && !file.isOver; parts += 1) file.push(part);
    file.finish();
    check.finish();
    const found = issues.filter(({ code }) => code.endsWith('_too_many')).map(reportIssue);
    return { parts, found: found.map((issue) => issue.found) };
  }

  test.each([
    ['queries_path', 1_000, 21, `${record('q1')}\n`, '21000 queries so far; the rest was not read'],
    ['corpus_path', 100_000, 11, `${record('d1')}\n`, '1100000 documents so far; the rest was not read'],
    [
      'train_label_path',
      ...([
        100_000,
        11,
        'q1\td1\t1\n',
        '1100000 labels in all label files so far; the rest was not read',
      ] as const),
    ],
  ] as const)('of %s is not read to its end', (key, rows, parts, row, found) => {
    expect(readPart(key, Buffer.from(row.repeat(rows)))).toEqual({ parts, found: [found] });
  });
});
