import { describe, expect, test } from 'vitest';
import { containerOf } from '../../shared/core/dataset/containers/recognise.ts';
import { formOfRecord } from '../../shared/core/dataset/forms/recognise.ts';
import { reportIssue } from '../../shared/core/issues/catalog.ts';
import { checkBytes, issuesOf } from './dataset-samples.ts';
import { followRemedy } from './follow-remedy.ts';

const containerIn = (text: string) =>
  containerOf(Buffer.from(text), (record) => formOfRecord(record) !== undefined);

describe('examples inside of other objects', () => {
  const rows = Array.from({ length: 30 }, (_, index) => ({ prompt: `Tea ${index}?`, completion: 'Hot.' }));
  const inLines = (all: object[]) => all.map((one) => `${JSON.stringify(one)}\n`).join('');
  const asRows = rows.map((row, row_idx) => ({ row_idx, row, truncated_cells: [] }));
  const asNodes = rows.map((node) => ({ node }));
  const ofText = (path: string) => `${path}, all in one text: their JSON was made JSON again`;
  test.each([
    ['in a member of each', inLines(asRows), '.row'],
    [
      'as their JSON in the lines of a log',
      inLines(rows.map((row) => ({ log: `${JSON.stringify(row)}\n`, stream: 'stdout', time: 't' }))),
      '.log, each as its JSON in a text',
    ],
    [
      'as their JSON among other lines of a log',
      inLines([
        { log: 'listening\n', stream: 'stdout' },
        ...rows.map((row) => ({ log: `${JSON.stringify(row)}\n`, stream: 'stdout' })),
      ]),
      '.log, each as its JSON in a text',
    ],
    ['in a member of each, in an array', JSON.stringify(asRows, null, 1), '.[].row'],
    ['of a data set’s page', JSON.stringify({ features: [{ name: 'prompt' }], rows: asRows }), '.rows[].row'],
    ['of a page without features', JSON.stringify({ features: [], rows: asRows }), '.rows[].row'],
    [
      'that were searched',
      JSON.stringify({ took: 1, hits: { hits: rows.map((_source) => ({ _id: 'a', _source })) } }, null, 2),
      '.hits.hits[]._source',
    ],
    ['of a query', JSON.stringify({ data: { all: { edges: asNodes } } }), '.data.all.edges[].node'],
    [
      'under names within a member',
      JSON.stringify({ all: { of: Object.fromEntries(rows.map((row, index) => [`tea ${index}`, row])) } }),
      '.all.of[]',
    ],
    [
      'larger than what is looked at',
      JSON.stringify({ v: { all: rows.map((row) => ({ ...row, n: 'a'.repeat(30_000) })) } }),
      '.v.all[]',
    ],
    ['in a text of an object', JSON.stringify({ data: JSON.stringify(rows) }), ofText('.data')],
    [
      'in a text that is laid out, in an object that is',
      JSON.stringify({ took: 1, result: { rows: JSON.stringify(rows, null, 2) } }, null, 2),
      ofText('.result.rows'),
    ],
    ['in a text of lines', JSON.stringify({ status: 200, body: inLines(rows) }), ofText('.body')],
    [
      'in a text that is larger than what is looked at',
      JSON.stringify({ data: JSON.stringify(rows.map((row) => ({ ...row, n: 'é'.repeat(30_000) }))) }),
      ofText('.data'),
    ],
    ['in a text alone', JSON.stringify(JSON.stringify(rows)), ofText('.')],
    ['in a text within a text', JSON.stringify(JSON.stringify(JSON.stringify(rows))), ofText('.')],
    ['in lines that were made a text', JSON.stringify(inLines(rows)), ofText('.')],
    [
      'in texts of a list',
      JSON.stringify(rows.map((row) => JSON.stringify(row))),
      '.[], each as its JSON in a text',
    ],
    [
      'in texts of a list that is laid out',
      JSON.stringify(
        rows.map((row) => JSON.stringify(row, null, 2)),
        null,
        2,
      ),
      '.[], each as its JSON in a text',
    ],
    [
      'in texts of a list within an object',
      JSON.stringify({ data: rows.map((row) => JSON.stringify(row)), count: 30 }),
      '.data[], each as its JSON in a text',
    ],
    [
      'that nobody knows, in a text',
      JSON.stringify({
        data: JSON.stringify(rows.map(({ prompt }) => ({ prompt, completion: 'Hot.', left: 1 }))),
      }),
      ofText('.data'),
    ],
  ])('%s are told where they lie, and its remedy takes them out', (_name, text, path) => {
    const options = { format: 'contents', container: containerIn(text) } as const;
    expect(issuesOf(checkBytes(text, options))).toEqual(['error dataset_examples_inside']);
    const [issue] = checkBytes(text, options).issues.listed;
    if (!issue) throw new Error('nothing was found');
    const report = reportIssue(issue);
    expect(report.found).toBe(`examples under ${path}`);
    const taken = followRemedy(report.remedy, text).toString().trimEnd().split('\n');
    expect(taken.map((line) => JSON.parse(line))).toMatchObject(rows);
  });

  test.each([
    ['functions of one example', { query: 'Hot?', tools: JSON.stringify([{ name: 'a' }, { name: 'b' }]) }],
    ['the messages of one example', { messages: JSON.stringify([{ role: 'user', content: 'a' }]) }],
    ['settings in a text', { name: 'a', config: JSON.stringify({ a: 1 }) }],
    ['one example with a list as its answer', { prompt: 'a', completion: JSON.stringify([{}, {}, {}]) }],
    ['sentences in brackets', { data: '[{no}] is no JSON' }],
  ])('are not told in %s', (_name, row) => {
    for (const file of [JSON.stringify(row), JSON.stringify(row, null, 2)]) {
      const options = { format: 'contents', container: containerIn(file) } as const;
      expect(issuesOf(checkBytes(file, options))).not.toContain('error dataset_examples_inside');
    }
  });

  test.each([
    ['notes beside a text', { text: 'a', metadata: { source: 'b', target: 'c' } }],
    [
      'an example with another in it',
      { prompt: 'a', completion: 'b', data: { prompt: 'c', completion: 'd' } },
    ],
    ['values with their types', { data: { prompt: { S: 'a' }, completion: { S: 'b' } } }],
  ])('are none in %s', (_name, row) => {
    const found = checkBytes(inLines(Array.from({ length: 30 }, () => row)), { format: 'prompt_completion' });
    expect(issuesOf(found)).not.toContain('error dataset_examples_inside');
  });
});
