import { describe, expect, test } from 'vitest';
import { createCatalogLog, reportGroup, reportIssue } from '../../shared/core/issues/catalog.ts';
import { placeInWords } from '../../shared/core/issues/report.ts';
import { checkBytes, lines, textLine } from './dataset-samples.ts';
import { checkLines } from './dataset-turn-samples.ts';

describe('a spoilt text is told', () => {
  const toldOf = (row: string) =>
    checkBytes(lines(120, textLine, { 7: row, 9: row.replace('What', 'Who') }).join('\n')).issues.listed.map(
      ({ code, at, fields }) => ({ code, line: at.line, fields }),
    );
  const toldTwice = (kind: string) =>
    [7, 9].map((line) => ({ code: 'text_looks_spoilt', line, fields: { kind } }));

  test.each([
    ['mojibake', 'don\\u00e2\\u20ac\\u2122t'],
    ['mojibake', 'don\\u00E2\\u20AC\\u2122t'],
    ['mojibake', 'caf\\u00c3\\u00a9'],
    ['mojibake', 'caf\\u00C3\\u00A9'],
    ['replacement', 'caf\\ufffd'],
    ['replacement', 'caf\\uFFFD'],
    ['html_entity', 'Tom \\u0026amp; Jerry'],
    ['thought', '\\u003cthink\\u003eHm.\\u003c/think\\u003eYes.'],
    ['thought', '<think>Hm.<\\/think>Yes.'],
    ['template_mark', 'Yes.\\u003C|endoftext|\\u003E'],
    ['placeholder', '#N\\/A'],
    ['placeholder', '\\\\N'],
    ['placeholder', '[deleted]'],
    ['placeholder', '\\u003cMedia omitted\\u003e'],
    ['placeholder', '#N\\u002fA'],
    ['placeholder', '\\u003cNA>'],
    ['mojibake', 'itâ\\u20ac\\u2122s'],
    ['mojibake', 'it\\u00e2€™s'],
    ['replacement', 'Über \\uFfFd'],
    ['thought', '\\u003c\\u002fthink\\u003e'],
  ])('where it is written with escapes: %s as %s', (kind, answer) => {
    expect(toldOf(`{"input_text": "What?", "output_text": "${answer}"}`)).toEqual(toldTwice(kind));
  });

  test.each(['the text \\\\u00e2\\\\u20ac', 'the text \\\\ufffd', 'caf\\u00e9 \\u0026 bar'])(
    'and not where %s only has a look of it',
    (answer) => {
      expect(toldOf(`{"input_text": "What?", "output_text": "${answer}"}`)).toEqual([]);
    },
  );

  test('in native contents, and where the parts stand before the role', () => {
    const row = (question: string, answer: string) =>
      `{"contents":[{"parts":[{"text":"${question}"}],"role":"user"},{"parts":[{"text":"${answer}"}],"role":"model"}]}`;
    const told = (answer: string) =>
      checkLines(lines(120, (index) => row(`${index}`, `yes`), { 7: row('What?', answer) }))
        .filter(({ code }) => code === 'text_looks_spoilt')
        .map(({ at, fields }) => ({ line: at.line, fields }));
    expect(told('nan')).toEqual([{ line: 7, fields: { kind: 'placeholder' } }]);
    expect(told('don\\u00e2\\u20ac\\u2122t')).toEqual([{ line: 7, fields: { kind: 'mojibake' } }]);
  });

  test.each([
    '{"output_text": "nan", "input_text": "What?"}',
    '{"input_text": "What?", "output_text": "None" }',
  ])('where an answer is one that programs write, wherever it stands: %s', (row) => {
    expect(toldOf(row)).toEqual(toldTwice('placeholder'));
  });

  test.each([
    '{"output_text": "yes", "input_text": "None"}',
    '{"output_text": "yes", "input_text": "What is \\"null\\"?"}',
  ])('and not where a question is one: %s', (row) => {
    expect(toldOf(row).map(({ code }) => code)).not.toContain('text_looks_spoilt');
  });

  test('nor where it is a field that nobody uses', () => {
    const row = '{"input_text": "What?", "output_text": "yes", "category": "None"}';
    expect(toldOf(row).map(({ code }) => code)).not.toContain('text_looks_spoilt');
  });
});

test('of very many fields that nobody uses the first are named, and the others counted', () => {
  const rows = lines(3000, (index) => textLine(index, { [`x${index}`]: 1 }));
  const { issues } = checkBytes(rows.join('\n'));
  const told = issues.listed.filter(({ code }) => code === 'dataset_extra_fields').map(reportIssue);
  expect(told.map(({ found }) => found)).toEqual([
    expect.stringMatching(/^x0, x1, .*, x9 and 2,990 more in 3000 examples$/),
  ]);
});

test.each([
  [20_000, 'lines 1, 2, 3 and 9997 more (of the first 10,000, which alone are looked at)'],
  [10_000, 'lines 1, 2, 3 and 9997 more (100 % of the file)'],
])('of %i lines no more are counted than were looked at', (rows, words) => {
  const log = createCatalogLog();
  const spoilt = lines(rows, (index) => `{"input_text": "${index}", "output_text": "a &amp; ${index}"}`);
  checkBytes(spoilt.join('\n'), { onIssue: log.add });
  const places = log.groups.map((group) => reportGroup(group, () => rows));
  expect(places.filter(({ code }) => code === 'text_looks_spoilt').map(placeInWords)).toEqual([words]);
});
