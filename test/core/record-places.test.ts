import { describe, expect, test } from 'vitest';
import { createCatalogLog, type Issue, reportGroup, reportIssue } from '../../shared/core/issues/catalog.ts';
import { placeInWords } from '../../shared/core/issues/report.ts';
import { checkData } from '../../shared/flows/check-data.ts';
import { toldOf } from './told.ts';

const row = (index: number) => ({ question: `What is ${index}?`, answer: `It is ${index}.` });
const ROWS = Array.from({ length: 12 }, (_, index) => row(index + 1));
/** The same rows, of which some have no question. */
const without = (...wrong: number[]) =>
  ROWS.map((one, index) => (wrong.includes(index + 1) ? { question: '', answer: one.answer } : one));

/** Where the empty fields are, together in words and one by one. */
async function placesIn(text: string) {
  const log = createCatalogLog({ list: 100 });
  const chunks = (async function* () {
    yield Buffer.from(text);
  })();
  const file = { key: 'dataset_uri', uri: 'train', chunks } as const;
  const { linesIn } = await checkData({ base_model: 'gemini-2.5-flash' }, [file], { onIssue: log.add });
  const ofFields = log.groups.filter(({ first }) => first.code === 'field_empty');
  return {
    words: ofFields.map((group) => placeInWords(reportGroup(group, linesIn))),
    single: log.listed.filter(({ code }) => code === 'field_empty').map((issue) => reportIssue(issue).record),
  };
}

test.each<[what: string, text: string, words: string, records: (number | undefined)[]]>([
  ['one record of an array on one line', JSON.stringify(without(5)), 'line 1, record 5, question', [5]],
  [
    'several of them',
    JSON.stringify(without(2, 5, 7, 8, 9)),
    'line 1, records 2, 5, 7 and 2 more, question',
    [2, 5, 7, 8, 9],
  ],
  ['the list of an object', JSON.stringify({ data: without(5) }), 'line 1, record 5, question', [5]],
  ['an array that is laid out', JSON.stringify(without(2), null, 2), 'line 6, record 2, question', [2]],
  [
    'a file of lines, which tell it',
    without(5)
      .map((one) => JSON.stringify(one))
      .join('\n'),
    'line 5, question',
    [undefined],
  ],
])('a fault is told with the number of its record in %s', async (_, text, words, records) => {
  expect(await placesIn(text)).toEqual({ words: [words], single: records });
});

describe('another example is named by its record where several may be on a line', () => {
  const twice = [...ROWS, row(3), { question: 'What is 4?', answer: 'Four.' }];
  const foreign = [...ROWS, { prompt: 'What?', completion: 'That.' }];
  const noted = ROWS.map((one, index) => (index === 6 ? { ...one, note: 'a' } : one));
  const lines = (rows: object[]) => rows.map((one) => JSON.stringify(one)).join('\n');
  const said = async (text: string, code: string) =>
    (await toldOf(text)).issues
      .filter((issue) => issue.code === code)
      .map((issue) => [placeInWords(issue), issue.found]);

  test.each<[what: string, write: (rows: object[]) => string, at: (line: number) => string]>([
    ['an array on one line', JSON.stringify, (record) => `line 1, record ${record}`],
    [
      'an array that is laid out',
      (rows) => JSON.stringify(rows, null, 2),
      (record) => `line ${record * 4 - 2}, record ${record}`,
    ],
  ])('%s', async (_what, write, at) => {
    expect(await said(write(twice), 'duplicate_example')).toEqual([
      [at(13), 'the same example as in record 3'],
    ]);
    expect(await said(write(twice), 'conflicting_outputs')).toEqual([
      [at(14), 'the input of record 4 with another output'],
    ]);
    const [[place, found] = []] = await said(write(noted), 'conversion_loses');
    expect([place, found]).toEqual([at(7), expect.stringContaining('first in record 7)')]);
    const { issues } = await toldOf(write(foreign));
    expect(issues.find(({ code }) => code === 'example_mixed_format')).toMatchObject({
      record: 13,
      expected: expect.stringContaining('as in record 1'),
    });
  });

  test('a file of lines has its lines', async () => {
    expect(await said(lines(twice), 'duplicate_example')).toEqual([
      ['line 13', 'the same example as on line 3'],
    ]);
    expect(await said(lines(noted), 'conversion_loses')).toMatchObject([
      ['line 7', expect.stringContaining('first on line 7)')],
    ]);
  });

  test('labels, too', async () => {
    const labelled = Array.from({ length: 40 }, (_, index) => ({
      question: `Classify it: ${index}`,
      answer: index === 30 ? 'Positive.' : index % 2 === 0 ? 'positive' : 'negative',
    }));
    const { issues } = await toldOf(JSON.stringify(labelled), { manifest: { task: 'classification' } });
    expect(issues.find(({ code }) => code === 'dataset_label_typo')).toMatchObject({
      record: 31,
      found: expect.stringContaining('the one of record 1,'),
    });
  });

  test('training and evaluation data, too', async () => {
    const issues: Issue[] = [];
    const file = (key: 'dataset_uri' | 'evaluation_data_uri', rows: object[]) => ({
      ...{ key, uri: key },
      chunks: (async function* () {
        yield Buffer.from(JSON.stringify(rows));
      })(),
    });
    await checkData(
      { base_model: 'gemini-2.5-flash' },
      [file('dataset_uri', ROWS), file('evaluation_data_uri', [row(20), row(21), row(5)])],
      { onIssue: (issue) => void issues.push(issue) },
    );
    const overlap = issues.filter(({ code }) => code === 'evaluation_overlap').map(reportIssue);
    expect(overlap).toMatchObject([
      {
        record: 3,
        line: undefined,
        found: 'the input of record 5 of the training data, with the same output',
      },
    ]);
  });
});
