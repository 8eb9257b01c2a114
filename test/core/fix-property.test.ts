import fc from 'fast-check';
import { expect, test } from 'vitest';
import { corrected } from './fix-samples.ts';

const text = fc.string({ unit: 'grapheme', minLength: 1, maxLength: 20 }).filter((one) => one.trim() !== '');
const record = fc.record({ input_text: text, output_text: text });
type Row = { input_text: string; output_text: string };

/** What happens to the line of one record. */
const LINES: Readonly<Record<string, (line: string, index: number) => string>> = {
  nothing: (line) => line,
  'a comma after it': (line) => `${line},`,
  'a number before it': (line, index) => `${index + 1}. ${line}`,
  'a bullet before it, and a comma after it': (line) => ` * ${line} ,`,
  'JSON of it': (line) => JSON.stringify(line),
  'JSON of it, twice': (line) => JSON.stringify(JSON.stringify(line)),
  'a comma inside': (line) => `${line.slice(0, -1)} , }`,
  'a mark before it': (line) => `\ufeff${line}`,
  'white space around it': (line) => `\t${line}  `,
};

/** How lines are put together. */
const JOINED: Readonly<Record<string, string>> = {
  ...{ 'line feeds': '\n', 'CR LF': '\r\n', 'CR alone': '\r', 'blank lines': '\n \n\n', spaces: ' ' },
  ...{ 'Unicode separators': '\u2028', commas: ', ', nothing: '' },
};

const cell = (words: string) => `"${words.replaceAll('"', '""')}"`;

/** What rows are written as, when they are not lines. */
const CONTAINERS: Readonly<Record<string, (rows: Row[]) => string>> = {
  'an array': (rows) => JSON.stringify(rows),
  'an array laid out': (rows) => JSON.stringify(rows, null, 2),
  'an array of a line each': (rows) => `[\n${rows.map((row) => JSON.stringify(row)).join(',\n')}\n]`,
  'a list in an object': (data) => JSON.stringify({ note: 'mine', data, more: 1 }),
  'a list in an object laid out': (rows) => JSON.stringify({ version: 2, rows }, null, 1),
  'values laid out': (rows) => rows.map((row) => JSON.stringify(row, null, 2)).join('\n'),
  'values laid out, with commas': (rows) => rows.map((row) => JSON.stringify(row, null, 4)).join(',\n'),
  CSV: (rows) =>
    ['Input Text,output_text', ...rows.map((row) => `${cell(row.input_text)},${cell(row.output_text)}`)].join(
      '\r\n',
    ),
  TSV: (rows) =>
    [
      'input_text\toutput_text',
      ...rows.map((row) => `${cell(row.input_text)}\t${cell(row.output_text)}`),
    ].join('\n'),
};

/** What lies around a whole file. */
const LAYERS: Readonly<Record<string, (file: string) => string>> = {
  nothing: (file) => file,
  'a code block': (file) => `Here they are:\n\n\`\`\`json\n${file}\n\`\`\`\n`,
};

/** The bytes of a file. */
const ENCODINGS: Readonly<Record<string, (file: string) => Buffer>> = {
  'UTF-8': (file) => Buffer.from(file),
  'UTF-8 with a mark': (file) => Buffer.from(`\ufeff${file}`),
  'UTF-16, little-endian': (file) => Buffer.from(`\ufeff${file}`, 'utf16le'),
  'UTF-16, big-endian': (file) => Buffer.from(`\ufeff${file}`, 'utf16le').swap16(),
};

const one = <T>(table: Readonly<Record<string, T>>) => fc.constantFrom(...Object.keys(table));
const of = <T>(table: Readonly<Record<string, T>>, name: string): T => table[name] as T;
const rowsOf = (lines: string): unknown[] =>
  lines === ''
    ? []
    : lines
        .trimEnd()
        .split('\n')
        .map((line) => JSON.parse(line));

async function expectSame(file: Buffer, rows: Row[], cut: number) {
  const { why, text: lines } = await corrected(file, { cut });
  expect(why).toBeUndefined();
  expect(rowsOf(lines)).toEqual(rows);
  expect((await corrected(lines)).corrections).toEqual([]);
}

test('lines that are spoilt in any of these ways, each in its own, give the same records', async () => {
  await fc.assert(
    fc.asyncProperty(
      fc.array(fc.tuple(record, one(LINES), one(JOINED)), { minLength: 1, maxLength: 6 }),
      one(LAYERS),
      one(ENCODINGS),
      fc.integer({ min: 1, max: 60 }),
      async (rows, layer, encoding, cut) => {
        // A number that no separator parts from the example before it belongs to nobody.
        const file = rows
          .map(([row, line], index) => of(LINES, line)(JSON.stringify(row), index))
          .map((line, index) => (index === 0 ? line : `${of(JOINED, rows[index]?.[2] ?? '')}${line}`))
          .join('');
        const bytes = of(ENCODINGS, encoding)(of(LAYERS, layer)(file));
        await expectSame(
          bytes,
          rows.map(([row]) => row),
          cut,
        );
      },
    ),
    { numRuns: 300 },
  );
});

test('a file that is written otherwise throughout, in any encoding, gives the same records', async () => {
  await fc.assert(
    fc.asyncProperty(
      fc.array(record, { minLength: 1, maxLength: 6 }),
      one(CONTAINERS),
      one(LAYERS),
      one(ENCODINGS),
      fc.integer({ min: 1, max: 60 }),
      async (rows, container, layer, encoding, cut) => {
        await expectSame(
          of(ENCODINGS, encoding)(of(LAYERS, layer)(of(CONTAINERS, container)(rows))),
          rows,
          cut,
        );
      },
    ),
    { numRuns: 300 },
  );
});
