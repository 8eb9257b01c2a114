import { existsSync, readdirSync, readFileSync } from 'node:fs';
import { describe, expect, test } from 'vitest';
import { createCorrectionLog } from '../../shared/core/dataset/fix/correction-log.ts';
import { lines, textLine } from './dataset-samples.ts';
import { corrected } from './fix-samples.ts';

const [A = '', B = ''] = [textLine(1), textLine(2)];
const SOUND = `${A}\n${B}\n`;
const [a, b] = [JSON.parse(A), JSON.parse(B)] as object[];
const pretty = (value: unknown) => JSON.stringify(value, null, 2);

const utf32 = (text: string) =>
  Buffer.concat([...text].map((mark) => Buffer.from(Uint32Array.of(mark.codePointAt(0) ?? 0).buffer)));

interface Row {
  name: string;
  file: string | Uint8Array;
  /** `kind line` */
  by: string[];
  /** Without it the sound file of two lines. */
  text?: string;
}

const CORRECTED: readonly Row[] = [
  { name: 'a sound file', file: SOUND, by: [] },
  { name: 'a byte order mark', file: `\ufeff${SOUND}`, by: ['byte_order_mark'] },
  { name: 'UTF-16', file: Buffer.from(`\ufeff${SOUND}`, 'utf16le'), by: ['encoding'] },
  { name: 'UTF-16 without a mark', file: Buffer.from(SOUND, 'utf16le'), by: ['encoding'] },
  {
    name: 'UTF-16, the other way round',
    file: Buffer.from(`\ufeff${SOUND}`, 'utf16le').swap16(),
    by: ['encoding'],
  },
  { name: 'UTF-32', file: utf32(`\ufeff${SOUND}`), by: ['encoding'] },
  { name: 'UTF-32, the other way round', file: utf32(SOUND).swap32(), by: ['encoding'] },
  { name: 'CR LF', file: SOUND.replaceAll('\n', '\r\n'), by: ['line_ends 1', 'line_ends 2'] },
  { name: 'CR alone', file: SOUND.replaceAll('\n', '\r'), by: ['line_ends'] },
  { name: 'one CR among line feeds', file: `${A}\r${B}\n`, by: ['several_on_line 1'] },
  { name: 'a Unicode line separator', file: `${A}\u2028${B}\n`, by: ['several_on_line 1'] },
  { name: 'two examples on a line', file: `${A}${B}\n`, by: ['several_on_line 1'] },
  { name: 'two examples on a line, with a comma', file: `${A}, ${B}`, by: ['several_on_line 1'] },
  { name: 'blank lines', file: `\n${A}\n  \n${B}\n`, by: ['blank_line 1', 'blank_line 3'] },
  { name: 'a comma after each line', file: `${A},\n${B}\n`, by: ['comma_after 1'] },
  { name: 'a separator after a line', file: `${A}\u2028\n${B}\n`, by: ['comma_after 1'] },
  { name: 'numbers', file: `1. ${A}\n2) ${B}\n`, by: ['number_before 1', 'number_before 2'] },
  { name: 'bullets', file: `- ${A}\n* ${B},\n`, by: ['number_before 1', 'comma_after 2', 'number_before 2'] },
  { name: 'a comma inside', file: `${A.replace('}', ',}')}\n${B}\n`, by: ['comma_inside 1'] },
  { name: 'a mark at a seam', file: `${A}\n\ufeff${B}\n`, by: ['mark_inside 2'] },
  {
    name: 'JSON of JSON',
    file: `${JSON.stringify(A)}\n${JSON.stringify(JSON.stringify(B))}\n`,
    by: ['double_encoded 1', 'double_encoded 2'],
  },
  {
    name: 'numbered JSON of JSON',
    file: `1. ${JSON.stringify(A)},\n${B}\n`,
    by: ['comma_after 1', 'double_encoded 1', 'number_before 1'],
  },
  { name: 'an array', file: JSON.stringify([a, b]), by: ['container'] },
  { name: 'an array with a comma at its end', file: `[\n${A},\n${B},\n]`, by: ['container'] },
  {
    name: 'examples laid out, with commas between them',
    file: `${pretty(a)},\n${pretty(b)}`,
    by: ['container'],
  },
  {
    name: 'examples laid out, with a comma inside',
    file: `${pretty(a).replace('\n}', ',\n}')}\n${pretty(b)}`,
    by: ['container', 'comma_inside 1'],
  },
  {
    name: 'a list with notes beside it',
    file: JSON.stringify({ version: 1, rows: [a, b] }),
    by: ['container', 'beside_list'],
  },
  {
    name: 'a code block',
    file: `Here they are:\n\n\`\`\`jsonl\n${SOUND}\`\`\`\nGood luck!\n`,
    by: ['markdown'],
  },
  {
    name: 'a code block of an array',
    file: `\`\`\`json\n${pretty([a, b])}\n\`\`\`\n`,
    by: ['markdown', 'container'],
  },
  { name: 'events', file: `event: row\ndata: ${A}\n\ndata: ${B}\n\ndata: [DONE]\n\n`, by: ['events'] },
  {
    name: 'UTF-16 with CR LF, of an array',
    file: Buffer.from(`\ufeff${pretty([a, b]).replaceAll('\n', '\r\n')}`, 'utf16le'),
    by: ['encoding', 'container'],
  },
  {
    name: 'a line that Python shows',
    file: `${A}\n{'input_text': 'it\\'s', 'output_text': "b", 'n': None}\n`,
    by: ['python 2'],
    text: `${A}\n{"input_text": "it's", "output_text": "b", "n": null}\n`,
  },
  {
    name: 'NaN in a field that nobody uses',
    file: `${A.replace('}', ',"score":NaN,"all":[-Infinity, Infinity],"NaN":"a: NaN"}')}\n${B}\n`,
    by: ['not_a_number 1'],
    text: `${A.replace('}', ',"score":null,"all":[null, null],"NaN":"a: NaN"}')}\n${B}\n`,
  },
  {
    name: 'NaN in an input beside an instruction',
    file: `{"instruction": "a", "input": NaN, "output": "b"}\n${B}\n`,
    by: ['not_a_number 1'],
    text: `{"instruction": "a", "input": null, "output": "b"}\n${B}\n`,
  },
  {
    name: 'a raw tab in a text',
    file: `${A.replace('What', 'What\t')}\n${B}\n`,
    by: ['control_character 1'],
    text: `${A.replace('What', 'What\\t')}\n${B}\n`,
  },
  {
    name: 'a table',
    file: 'Input Text;output_text\r\n"one; ""two""";1\r\n',
    by: ['container'],
    text: '{"input_text":"one; \\"two\\"","output_text":"1"}\n',
  },
];

test.each(CORRECTED)('$name: becomes lines of JSON, and stays so', async ({ file, by, text = SOUND }) => {
  const whole = await corrected(file);
  const asJson = (written: string) =>
    written
      .trimEnd()
      .split('\n')
      .map((line) => JSON.parse(line));
  expect(asJson(whole.text)).toEqual(asJson(text));
  expect({ why: whole.why, by: whole.corrections.toSorted() }).toEqual({ why: undefined, by: by.toSorted() });
  expect(await corrected(whole.text)).toMatchObject({ text: whole.text, corrections: [] });
  expect(await corrected(file, { cut: 7 })).toEqual(whole);
});

test('every line of the copy comes from the line that it was on', async () => {
  expect((await corrected(`\n${A}\n\n${B}${A}\n`)).sources).toEqual([2, 4, 4]);
  expect((await corrected(`{"data": [\n${A},\n\n${pretty(b)}]}`)).sources).toEqual([2, 4]);
  expect((await corrected(`input_text,output_text\n"a\nb",c\n\nd,e\n`)).sources).toEqual([2, 5]);
});

test.each([
  ['a line that is cut off', '{"input_text": "a'],
  ['a line in single quotes with one inside', "{'input_text': 'it's a', 'output_text': 'b'}"],
  ['an object of Python with more than JSON has', "{'input_text': 'a', 'output_text': nan}"],
  ['a text', '"All happy families are alike"'],
  ['a number', '5'],
  ['a list that may be a conversation', '[{"role": "user", "content": "a"}]'],
  ['a field that is there twice', '{"input_text": "a", "input_text": "b", "output_text": "c"}'],
  ['half a character', '{"input_text": "a\\ud83d", "output_text": "c"}'],
  ['prose behind an example', `${B} and so on`],
  ['a NUL byte', B.replace('What', 'W\0hat')],
])('%s stays as it was: nobody knows what was meant', async (_name, line) => {
  const { text, corrections } = await corrected(`${A},\n${line}\n${B}\n`);
  expect(text).toBe(`${A}\n${line}\n${B}\n`);
  expect(corrections).toEqual(['comma_after 1']);
});

test('numbers and fields stay as they were written, in a list too', async () => {
  const odd = '{"n": 12345678901234567890, "f": 1.0, "f": 2, "input_text": "a  b", "output_text": "\\u00e9"}';
  expect((await corrected(`[\n  ${odd.replaceAll(', ', ',\n    ')}\n]`)).text).toBe(
    `${odd.replaceAll(/(?<=[:,]) /g, '')}\n`,
  );
});

describe('a file that stays as it is, with the reason', () => {
  test.each([
    [
      'an example in a list that is no JSON',
      `[${A},\n{"input_text": nan}]`,
      /^Line 2: .*NaN|^Line 2: The line is not JSON/,
    ],
    ['a list without its end', `[${A},\n${B}`, /^Line 2: .*end of the file before/],
    ['a row with a cell too many', 'prompt,completion\na,b,c\n', /^Line 2: .*3 cells/],
    ['a quote without its end', 'prompt,completion\n"a,b\n', /^Line 2: .*quote/],
    [
      'a table of other columns',
      'text,label\na,b\nc,d\n',
      /Call the column that asks question and the one that answers answer/,
    ],
    ['a merge conflict', `${A}\n<<<<<<< HEAD\n${B}\n=======\n>>>>>>> x\n`, /Resolve the conflict/],
    ['a pointer', 'version https://git-lfs.github.com/spec/v1\noid sha256:4d\nsize 1\n', /git lfs pull/],
    ['a web page', '<!DOCTYPE html><html></html>', /web page/],
    ['a compressed file', Buffer.from([0x1f, 0x8b, 8, 0]), /unpack it/],
    ['Parquet', 'PAR1\x15\0', /Parquet/],
    ['UTF-32 that is cut off', Buffer.from([0xff, 0xfe, 0, 0, 0x7b, 0]), /save it as UTF-8/],
    [
      'one line of another encoding',
      Buffer.concat([Buffer.from(`${A}\n`), Buffer.from(B.replace('What', 'é'), 'latin1')]),
      /^Line 2 is no UTF-8.*--encoding/,
    ],
  ] as const)('%s', async (_name, file, why) => {
    expect((await corrected(file)).why).toMatch(why);
  });
});

describe('an encoding that a person names', () => {
  const cyrillic = Buffer.concat([
    Buffer.from('{"input_text":"'),
    Buffer.from('cfeef7e5ecf3', 'hex'),
    Buffer.from('","output_text":"b"}\n'),
  ]);

  test('is taken where a file is no UTF-8', async () => {
    expect((await corrected(cyrillic)).why).toContain('--encoding');
    const named = await corrected(cyrillic, { encoding: 'windows-1251' });
    expect(named.text).toBe('{"input_text":"Почему","output_text":"b"}\n');
    expect((await corrected(named.text, { encoding: 'windows-1251' })).corrections).toEqual([]);
  });

  test('is refused where the file is none of it', async () => {
    expect((await corrected(cyrillic, { encoding: 'gb18030' })).text).not.toContain('Почему');
    expect((await corrected(Buffer.from([0x7b, 0x81, 0xff]), { encoding: 'shift_jis' })).why).toContain(
      'another --encoding',
    );
  });
});

test.each(['"output_text": NaN', '"output_text": "a", "input_text": NaN'])(
  'a row without a text of its own is nobody’s to write: %s',
  async (field) => {
    const file = `${A}\n{${field}, "score": NaN}\n`;
    const { text, corrections } = await corrected(file);
    expect({ text, corrections }).toEqual({ text: file, corrections: [] });
  },
);

test('labels keep their cells, and lose what is around them', async () => {
  const labels = 'query-id\tcorpus-id\tscore\r\nq1\td1\t1\r\n\r\n1. q2\td1\t1,\r\n';
  const { text, corrections } = await corrected(`\ufeff${labels}`, { what: 'labels' });
  expect(text).toBe('query-id\tcorpus-id\tscore\nq1\td1\t1\n1. q2\td1\t1,\n');
  expect(corrections).toEqual([
    'byte_order_mark',
    'line_ends 1',
    'line_ends 2',
    'blank_line 3',
    'line_ends 4',
  ]);
});

const SUITE = '../shared/corpora/JSONTestSuite/test_parsing';
const isThere = existsSync(SUITE);
if (!isThere) console.warn(`SKIPPED: ${SUITE} is not there`);

test.skipIf(!isThere)(
  'JSONTestSuite as line 2 of 12: the other lines stay, and the copy is not corrected again',
  async () => {
    const around = lines(11, textLine);
    for (const name of readdirSync(SUITE)) {
      const odd = readFileSync(`${SUITE}/${name}`);
      const file = Buffer.concat([
        Buffer.from(`${around[0]}\n`),
        odd,
        Buffer.from(`\n${around.slice(1).join('\n')}\n`),
      ]);
      const { why, text } = await corrected(file);
      if (why !== undefined) continue;
      const copied = text.split('\n');
      expect(
        around.filter((line) => !copied.includes(line)),
        name,
      ).toEqual([]);
      expect((await corrected(text)).corrections, name).toEqual([]);
    }
  },
);

test('a file of UTF-8 is read once, beside its beginning', async () => {
  const file = Buffer.from(`${A},\n`.repeat(40_000));
  let bytes = 0;
  async function* open() {
    for (let at = 0; at < file.length; at += 4096) {
      const chunk = file.subarray(at, at + 4096);
      bytes += chunk.length;
      yield chunk;
    }
  }
  const { text } = await corrected(file, { open });
  expect(text).toBe(`${A}\n`.repeat(40_000));
  expect(bytes).toBeLessThan(file.length + 300 * 1024);
});

test('of a correction on many lines the first are kept, and their number', () => {
  const lines: number[] = [];
  const log = createCorrectionLog(({ line }) => void lines.push(line));
  for (let line = 1; line <= 1000; line++) log.add({ kind: 'line_ends', line });
  log.add({ kind: 'line_ends', line: 1000 });
  expect(log.groups()).toEqual([
    { kind: 'line_ends', detail: undefined, count: 1000, lines: [1, 2, 3, 4, 5, 6, 7, 8, 9, 10] },
  ]);
  expect(lines).toHaveLength(1000);
});
