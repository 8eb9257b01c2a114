import { expect, test, vi } from 'vitest';
import { LINES } from '../../shared/core/dataset/containers/container.ts';
import { createConverter } from '../../shared/core/dataset/forms/convert.ts';
import { convertRecords, type RecordConversion } from '../../shared/core/dataset/forms/convert-records.ts';
import { LAYOUTS } from '../../shared/core/dataset/forms/layouts.ts';
import { FORM_NAMES, type FormName } from '../../shared/core/dataset/forms/names.ts';
import { type TargetForm, targetOf } from '../../shared/core/dataset/forms/target.ts';
import { isObject } from '../../shared/core/json/values.ts';
import { below, createRandom, scannedFile } from './scanned-samples.ts';

const LINE_FEED = 0x0a;
const MODELS = [
  'text-bison@002',
  'gemini-2.5-flash',
  'meta/llama3_1@llama-3.1-8b-instruct',
  'chat-bison@002',
];
const TARGETS = MODELS.flatMap((model) => targetOf(model, undefined) ?? []);
const WITH_LAYOUT = FORM_NAMES.filter((form) => LAYOUTS[form]);

type Convert = RecordConversion['convert'];

/** What is written of a file that comes in pieces, and from which lines. */
async function writtenOf(
  file: Buffer,
  { cuts = [], ...options }: Omit<RecordConversion, 'container' | 'onLine'> & { cuts?: readonly number[] },
) {
  async function* chunks() {
    let start = 0;
    for (const end of [...cuts, file.length]) {
      const chunk = Buffer.from(file.subarray(start, end));
      yield chunk;
      chunk.fill(0x21);
      start = end;
    }
  }
  const lines: number[] = [];
  let text = '';
  const conversion = { ...options, container: LINES, onLine: (line: number) => void lines.push(line) };
  for await (const piece of convertRecords(chunks(), conversion)) text += piece;
  return { text, lines };
}

/** The lines of a file that may be converted: a file with others never is. */
function soundLines(file: Buffer, convert: Convert): Buffer {
  const decoder = new TextDecoder('utf-8', { fatal: true, ignoreBOM: true });
  const isSound = (line: Buffer) => {
    try {
      const text = decoder.decode(line);
      if (text.trim() === '') return !/[^ \t\r]/.test(text);
      const example: unknown = JSON.parse(text);
      if (!isObject(example)) return false;
      convert(example);
      return true;
    } catch {
      return false;
    }
  };
  const lines: Buffer[] = [];
  for (let at = 0; at < file.length; ) {
    const end = file.indexOf(LINE_FEED, at);
    const line = file.subarray(at, end === -1 ? file.length : end + 1);
    if (isSound(line.subarray(0, end === -1 ? undefined : -1))) lines.push(line);
    at += line.length;
  }
  return Buffer.concat(lines);
}

const converterOf = (from: FormName, target: TargetForm, defaultContext?: string): Convert | undefined => {
  try {
    return createConverter(from, target, { defaultContext });
  } catch {
    return undefined;
  }
};

test.each(WITH_LAYOUT)('lines of %s are written as they are when each is converted', async (from) => {
  const random = createRandom(from.length);
  for (let round = 0; round < 60; round++) {
    const target = TARGETS[round % TARGETS.length] as TargetForm;
    const convert = converterOf(from, target, random() < 0.2 ? 'Sei freundlich: ÄÖÜ.' : undefined);
    if (!convert) continue;
    const file = soundLines(scannedFile(from, 1 + below(random, 100), random), convert);
    const cuts = Array.from({ length: below(random, 8) }, () => below(random, file.length + 1));
    const every = 1 + below(random, 3);
    const isTaken = (example: number) => example % every === 0;
    const read = await writtenOf(file, { from, convert, isTaken, isPlain: true });
    expect(await writtenOf(file, { from, convert, isTaken, cuts: cuts.toSorted((a, b) => a - b) })).toEqual(
      read,
    );
  }
});

const GEMINI = TARGETS[1] as TargetForm;
const lineOf = (question: string) => `{"question":"${question}","answer":"Tea."}\n`;

test.each([
  'plain',
  'Über 日本 😀',
  'two\\nlines, a \\"quote\\" and a \\\\backslash',
  'what JSON would not escape: \\/ \\u0041 \\u65e5 \\ud83d\\ude00 \\u007f',
  'what it must: \\u0000 \\u001f \\b \\f \\t',
  'the marks of a template: \ue0000\ue000 and \\ue0001\\ue000',
  '$& $1 {0} %s',
])('a text is written as JSON has it, whatever it holds: %s', async (text) => {
  const convert = createConverter('question_answer', GEMINI, {});
  const file = Buffer.from([...Array(3).fill(lineOf('Which?')), lineOf(text), lineOf('Which?')].join(''));
  const { text: written } = await writtenOf(file, { from: 'question_answer', convert });
  const [, , , line = ''] = written.split('\n');
  const contents = [
    { role: 'user', parts: [{ text: JSON.parse(`"${text}"`) }] },
    { role: 'model', parts: [{ text: 'Tea.' }] },
  ];
  expect(line).toBe(JSON.stringify({ contents }));
});

test.each<[string, (text: string) => unknown]>([
  ['in capitals', (text) => text.toUpperCase()],
  ['without the spaces around it', (text) => text.trim()],
  ['by its length', (text) => text.length],
  ['with a word for its lines', (text) => text.replaceAll('\n', ' / ')],
])(
  'lines of which a text is written otherwise than it stands are converted one by one: %s',
  async (_, change) => {
    const convert: Convert = ({ question, answer }) => ({ answer, question: change(String(question)) });
    const file = Buffer.from(
      [lineOf('WHO'), lineOf('Who?'), lineOf(' who '), lineOf('who\\nwas it')].join(''),
    );
    const read = await writtenOf(file, { from: 'question_answer', convert, isPlain: true });
    expect(await writtenOf(file, { from: 'question_answer', convert })).toEqual(read);
  },
);

test('a system instruction that looks like a mark is written as what it is', async () => {
  const mark = ' Aa\n\ue0000\ue000\t ';
  const convert = createConverter('question_answer', GEMINI, { defaultContext: mark });
  const file = Buffer.from(
    [lineOf(JSON.stringify(mark).slice(1, -1)), lineOf('Which?'), lineOf('Who?')].join(''),
  );
  const read = await writtenOf(file, { from: 'question_answer', convert, isPlain: true });
  expect(await writtenOf(file, { from: 'question_answer', convert })).toEqual(read);
});

test('only lines of which the shape is new are parsed', async () => {
  const parse = vi.spyOn(JSON, 'parse');
  const convert = createConverter('question_answer', GEMINI, {});
  const file = Buffer.from(Array(1000).fill(lineOf('Which one?')).join(''));
  const { lines } = await writtenOf(file, { from: 'question_answer', convert });
  expect(lines).toHaveLength(1000);
  expect(parse.mock.calls.length).toBeLessThan(20);
  parse.mockRestore();
});
