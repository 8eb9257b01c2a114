import fc from 'fast-check';
import { expect, test } from 'vitest';
import { LINES } from '../../shared/core/dataset/containers/container.ts';
import { createConverter } from '../../shared/core/dataset/forms/convert.ts';
import { convertRecords } from '../../shared/core/dataset/forms/convert-records.ts';
import { lineOfExample } from '../../shared/core/dataset/lines/blank-lines.ts';
import { checkBytes, textLine } from './dataset-samples.ts';

const BLANK = fc.constantFrom('', ' ', '\t', ' \t ');
/** How many blank lines stand before an example: mostly none, sometimes the same number for a while. */
const GAPS = fc
  .array(fc.tuple(fc.nat(3), fc.integer({ min: 1, max: 12 })), { maxLength: 12 })
  .map((groups) => groups.flatMap(([gap, times]) => Array<number>(times).fill(gap)));

test('an example is on the line that follows from its number, whatever the blank lines, line ends and first bytes', () => {
  fc.assert(
    fc.property(
      fc.record({
        gaps: GAPS,
        blank: BLANK,
        end: fc.constantFrom('\n', '\r\n'),
        hasMark: fc.boolean(),
        hasLastEnd: fc.boolean(),
      }),
      ({ gaps, blank, end, hasMark, hasLastEnd }) => {
        const lines = gaps.flatMap((gap, index) => [...Array<string>(gap).fill(blank), textLine(index)]);
        const text = `${hasMark ? '\u{feff}' : ''}${lines.join(end)}${hasLastEnd ? end : ''}`;
        const { statistics } = checkBytes(text);
        const runs = statistics.blankLines === 0 ? [] : statistics.blankLineRuns;
        const expected = lines.flatMap((line, index) => (line.startsWith('{') ? [index + 1] : []));
        expect(gaps.map((_, index) => lineOfExample(index + 1, runs ?? []))).toEqual(expected);
      },
    ),
    { numRuns: 300 },
  );
});

test('a blank line after every example is one run, and irregular ones are kept up to 500 runs', () => {
  const regular = Array.from({ length: 4000 }, (_, index) => `${textLine(index)}\n\n`).join('');
  expect(checkBytes(regular).statistics.blankLineRuns).toEqual([{ line: 2, count: 4000, step: 2 }]);

  const irregular = (count: number) =>
    Array.from({ length: count }, (_, index) => `${textLine(index)}\n\n\n`).join('');
  expect(checkBytes(irregular(500)).statistics.blankLineRuns).toHaveLength(500);
  const over = checkBytes(irregular(501)).statistics;
  expect([over.blankLines, over.blankLineRuns]).toEqual([1002, undefined]);
});

test('a converted copy has the same examples in the same order, one a line', async () => {
  const convert = createConverter('input_output', { form: 'contents', takes: new Set() }, {});
  const uploaded = Buffer.from(`\u{feff}${textLine(0)}\r\n\r\n \n${textLine(1)}\r\n${textLine(2)}`);
  async function* chunks() {
    for (let at = 0; at < uploaded.length; at += 5) yield uploaded.subarray(at, at + 5);
  }
  let copy = '';
  for await (const piece of convertRecords(chunks(), { container: LINES, from: 'input_output', convert }))
    copy += piece;
  const answers = copy.split('\n').map((line) => /"text":"(\d+)"/.exec(line)?.[1]);
  expect(answers).toEqual(['1', '2', '3', undefined]);
});
