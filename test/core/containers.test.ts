import fc from 'fast-check';
import { describe, expect, it, test } from 'vitest';
import type { Container } from '../../shared/core/dataset/containers/container.ts';
import { containerOf } from '../../shared/core/dataset/containers/recognise.ts';
import { splitterOf } from '../../shared/core/dataset/containers/splitters.ts';
import { cellsOf } from '../../shared/core/dataset/containers/table.ts';
import { formOfRecord } from '../../shared/core/dataset/forms/recognise.ts';
import { createFileProgress } from '../../shared/core/dataset/lines/progress.ts';
import { createTextFile } from '../../shared/core/dataset/lines/text-file.ts';
import { checkBytes, issuesOf } from './dataset-samples.ts';

const isKnown = (record: Record<string, unknown>) => formOfRecord(record) !== undefined;
const recognise = (text: string) => containerOf(Buffer.from(text), isKnown);

/** The records of a file, each with its line, and what was said of the file. */
function recordsOf(text: string, container: Container, cut = 1_000_000) {
  const records: [line: number, value: unknown][] = [];
  const reports: string[] = [];
  const progress = createFileProgress();
  const report = (code: string) => {
    reports.push(`${code} ${progress.line}`);
  };
  const reader = {
    readLine(record: string) {
      progress.examples += 1;
      records.push([progress.line, JSON.parse(record)]);
    },
    readLongLine: () => {},
  };
  const file = createTextFile(reader, { report, progress }, splitterOf(container));
  const bytes = Buffer.from(text);
  for (let at = 0; at < bytes.length; at += cut) file.push(bytes.subarray(at, at + cut));
  file.finish();
  return { records, reports, lines: progress.line, blanks: progress.blanks.runs() };
}

const PAIR = '{"prompt":"a","completion":"b"}';

test.each<[string, string, Container]>([
  ['one record a line', `${PAIR}\n${PAIR}\n`, { kind: 'lines' }],
  ['one record alone', PAIR, { kind: 'lines' }],
  ['a first line that is broken', `{"prompt":"a\n${PAIR}\n`, { kind: 'lines' }],
  ['an array', `[${PAIR},${PAIR}]`, { kind: 'array' }],
  ['an array over lines', `[\n  ${PAIR},\n  ${PAIR}\n]\n`, { kind: 'array' }],
  ['an array on each line', `[${PAIR}]\n[${PAIR}]\n`, { kind: 'lines' }],
  ['an array of no records', '[1,2]', { kind: 'lines' }],
  ['records laid out', '{\n  "prompt": "a",\n  "completion": "b"\n}\n{\n', { kind: 'values' }],
  ['a record laid out from its first line', '{"prompt": "a",\n "completion": "b"}\n', { kind: 'values' }],
  [
    'a conversation laid out, which has a list of its own',
    '{\n  "messages": [\n    {"role": "user", "content": "a"}\n  ]\n}\n',
    { kind: 'values' },
  ],
  ['an object around a list', `{"data":[${PAIR},${PAIR}]}`, { kind: 'list', name: 'data' }],
  [
    'an object around a list, laid out, with notes',
    `{\n  "version": "1",\n  "rows": [\n    ${PAIR}, ${PAIR}\n  ]\n}\n`,
    { kind: 'list', name: 'rows' },
  ],
  [
    'an object around a list of a row on each line',
    `{"rows": [\n${PAIR},\n${PAIR}\n]}\n`,
    { kind: 'list', name: 'rows' },
  ],
  ['records with commas after them', `${PAIR},\n"${PAIR}"\n`, { kind: 'lines' }],
  ['a table', 'prompt,completion\na,b\n', { kind: 'table', separator: ',' }],
  ['a table with tabs', 'prompt\tcompletion\na\tb\n', { kind: 'table', separator: '\t' }],
  ['a table with semicolons', '"Prompt";"Completion"\na;b\n', { kind: 'table', separator: ';' }],
  [
    'a table with a mark of its bytes',
    '\u{feff}Question,Answer\r\na,b\r\n',
    { kind: 'table', separator: ',' },
  ],
  ['a table of other things', 'name,age\na,1\n', { kind: 'lines' }],
  ['text', 'Hello, world\n', { kind: 'lines' }],
])('%s is recognised', (_name, text, container) => {
  expect(recognise(text)).toEqual(container);
});

test.each([
  ['a,b', ['a', 'b']],
  ['"a,b",c', ['a,b', 'c']],
  ['"say ""a""",c', ['say "a"', 'c']],
  ['a,', ['a', '']],
  [',', ['', '']],
  ['"a\nb",c\r', ['a\nb', 'c']],
  ['5" tape,b', ['5" tape', 'b']],
  ['"",""', ['', '']],
])('the row %j has its cells', (row, cells) => {
  expect(cellsOf(row, ',')).toEqual(cells);
});

describe('records', () => {
  const value = fc.record({
    prompt: fc.string({ unit: 'grapheme' }),
    completion: fc.string({ unit: 'grapheme' }),
  });
  const cell = (text: string) => `"${text.replaceAll('"', '""')}"`;
  const WRITERS: Record<string, { container: Container; write: (records: object[]) => string }> = {
    array: { container: { kind: 'array' }, write: (records) => JSON.stringify(records) },
    'array laid out': { container: { kind: 'array' }, write: (records) => JSON.stringify(records, null, 2) },
    list: {
      container: { kind: 'list', name: 'da ta' },
      write: (data) => JSON.stringify({ note: '[{', other: [{ a: 1 }], 'da ta': data, more: { data: [1] } }),
    },
    values: {
      container: { kind: 'values' },
      write: (records) => records.map((one) => JSON.stringify(one, null, 2)).join('\n'),
    },
    'values with commas': {
      container: { kind: 'values' },
      write: (records) => records.map((one) => JSON.stringify(one, null, 2)).join(',\n'),
    },
    table: {
      container: { kind: 'table', separator: ',' },
      write: (records) =>
        ['prompt,completion', ...records.map((one) => Object.values(one).map(cell).join(','))].join('\r\n'),
    },
  };

  it.each(Object.entries(WRITERS))(
    'of %s are all read, however the file is cut',
    (_name, { container, write }) => {
      fc.assert(
        fc.property(fc.array(value, { maxLength: 6 }), fc.integer({ min: 1, max: 30 }), (records, cut) => {
          expect(recordsOf(write(records), container, cut).records.map(([, one]) => one)).toEqual(records);
        }),
        { numRuns: 100 },
      );
    },
  );

  it('have the line where they begin, also after texts of several lines', () => {
    const table = 'prompt,completion\n"a\nb",c\n\nd,"e\n\nf"\ng,h\n';
    const { records, lines } = recordsOf(table, { kind: 'table', separator: ',' });
    expect(records.map(([line]) => line)).toEqual([2, 5, 8]);
    expect(lines).toBe(8);
    const laidOut = recordsOf(`[\n {\n  "a": 1\n },\n\n {"a": 2}, {"a": 3}\n]\n`, { kind: 'array' });
    expect(laidOut.records.map(([line]) => line)).toEqual([2, 6, 6]);
    expect(laidOut.lines).toBe(7);
  });

  it('are found by their number where each begins on a line of its own', () => {
    expect(recordsOf(`[\n${PAIR},\n${PAIR}\n]`, { kind: 'array' }).blanks).toEqual([
      { line: 1, count: 1, step: 1 },
    ]);
    expect(recordsOf(`[${PAIR},\n${PAIR},${PAIR}\n]`, { kind: 'array' }).blanks).toBeUndefined();
  });

  it('that are not all there are told', () => {
    expect(recordsOf(`[${PAIR},`, { kind: 'array' }).reports).toEqual(['line_not_json 1']);
    expect(recordsOf('prompt,completion\n"a,b\n', { kind: 'table', separator: ',' }).reports).toEqual([
      'table_quote_open 2',
    ]);
    expect(recordsOf(`{"n":1,"data":[${PAIR}]}`, { kind: 'list', name: 'data' }).reports).toEqual([
      'dataset_beside_list 1',
    ]);
  });
});

describe('lists of objects beside each other in one object', () => {
  const list = { kind: 'list', name: 'train' } as const;
  const lists = (text: string) =>
    checkBytes(text, { format: 'prompt_completion', container: list })
      .issues.listed.filter(({ code }) => code === 'dataset_beside_list')
      .map(({ severity, fields }) => ({ severity, fields }));

  it.each([
    ['a second list', `{"train": [${PAIR}], "test": [${PAIR}]}`, ['test'], ['test']],
    ['one before, and notes', `{"test":[ ${PAIR}],"n":1,"train":[${PAIR}]}`, ['test', 'n'], ['test']],
  ])('are refused: %s', (_name, text, fields, named) => {
    expect(lists(text)).toEqual([{ severity: 'error', fields: { fields, lists: named } }]);
  });

  it.each([
    ['a list of words', `{"train": [${PAIR}], "tags": ["a", "b"]}`],
    ['an object with a list of objects', `{"about": {"by": [{"name": "Bo"}]}, "train": [${PAIR}]}`],
  ])('are none, and nothing is refused: %s', (_name, text) => {
    expect(lists(text)).toEqual([expect.objectContaining({ severity: 'advice' })]);
  });
});

describe('what is wrong with a record', () => {
  const codes = (text: string, container: Container) =>
    issuesOf(checkBytes(text, { format: 'prompt_completion', container })).filter((issue) =>
      issue.startsWith('error'),
    );

  it('stands on its own line in a record that goes on over several', () => {
    const text = `[\n ${PAIR},\n {"prompt": "a",\n  "completion": nan},\n {"prompt": ""}\n]`;
    expect(codes(text, { kind: 'array' })).toEqual([
      'error line_not_json 4',
      'error field_empty 5 prompt',
      'error field_missing 5 completion',
      'error dataset_too_few_examples',
    ]);
  });

  it('does not make another on the same line unusable', () => {
    const { statistics } = checkBytes(`[{"prompt":""},${PAIR}]`, {
      ...{ format: 'prompt_completion', container: { kind: 'array' } },
    });
    expect([statistics.examples, statistics.unusableExamples]).toEqual([2, 1]);
  });

  it('is a row with another number of cells, and the column that is there twice', () => {
    const table = { kind: 'table', separator: ',' } as const;
    expect(codes('prompt,completion\na,b,c\na\n', table)).toEqual([
      'error table_row_cells 2',
      'error table_row_cells 3',
      'error dataset_too_few_examples',
    ]);
    expect(codes('prompt,completion,prompt\n', table)).toContain('error duplicate_key 1 header');
  });

  it('is a record over the longest that is held, and the next one is read', () => {
    const long = `{"prompt":"${'a'.repeat(9 * 1024 * 1024)}","completion":"b"}`;
    expect(codes(`[${long},${PAIR}]`, { kind: 'array' })).toEqual([
      'error dataset_line_too_long 1',
      'error dataset_too_few_examples',
    ]);
  });
});
