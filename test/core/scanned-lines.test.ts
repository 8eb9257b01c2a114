import { expect, test, vi } from 'vitest';
import { createDatasetCheck, type DatasetCheckOptions } from '../../shared/core/dataset/check.ts';
import { FORM_NAMES, type FormName } from '../../shared/core/dataset/forms/names.ts';
import { type TargetForm, targetOf } from '../../shared/core/dataset/forms/target.ts';
import type { DatasetIssue } from '../../shared/core/issues/dataset.ts';
import { chatLine, textLine } from './dataset-samples.ts';
import { model, user } from './dataset-turn-samples.ts';
import { below, createRandom, scannedFile, scannedOptions } from './scanned-samples.ts';

/** Of all forms together: `SCANNED_LINES=1000000 npx vitest run test/core/scanned-lines.test.ts`. */
const LINES = Number(process.env.SCANNED_LINES ?? 20_000);
const SCANNED: readonly FormName[] = [
  ...(['input_output', 'prompt_completion', 'messages', 'contents'] as const),
  ...(['chat_messages', 'sharegpt', 'alpaca', 'question_answer'] as const),
];

type Options = Omit<DatasetCheckOptions, 'uri' | 'onIssue'>;

/** Everything that a check says of a file that comes in pieces. */
function saidOf(file: Buffer, cuts: readonly number[], options: Options) {
  const issues: DatasetIssue[] = [];
  const check = createDatasetCheck({
    ...options,
    uri: 'gs://inbox/a',
    onIssue: (issue) => issues.push(issue),
  });
  let start = 0;
  for (const end of [...cuts, file.length]) {
    const chunk = Buffer.from(file.subarray(start, end));
    check.push(chunk);
    chunk.fill(0x21);
    start = end;
  }
  const { statistics, fingerprints, losses, isSound, labels } = check.finish();
  const inputs: number[][] = [];
  fingerprints.inputs.forEach((...entry) => void inputs.push(entry));
  return { issues, statistics, inputs, losses, isSound, labels: labels && [...labels] };
}

const cutsOf = (file: Buffer, random: () => number) =>
  Array.from({ length: below(random, 8) }, () => below(random, file.length)).sort((a, b) => a - b);

test.each(FORM_NAMES)('a file of %s is scanned to the same issues and statistics as it is read', (form) => {
  const share = SCANNED.includes(form) ? 0.11 : 0.12 / (FORM_NAMES.length - SCANNED.length);
  const seed =
    process.env.SCANNED_SEED ?? (process.env.SCANNED_LINES ? Math.floor(Math.random() * 2 ** 31) : 1);
  const random = createRandom(Number(seed));
  for (let lines = 0; lines < LINES * share; ) {
    const count = 1 + below(random, 120);
    const file = scannedFile(form, count, random);
    const options = scannedOptions(form, random);
    const cuts = cutsOf(file, random);
    const read = saidOf(file, [], { ...options, isPlain: true });
    expect(saidOf(file, cuts, options), `SCANNED_SEED=${seed}, after ${lines} lines`).toEqual(read);
    lines += count;
  }
});

/** Characters that are cut short or forbidden, and the whole one that most resemble. */
const CUT = ['e381', 'e3', 'f09f98', 'f09f', 'f0', 'c3', '80', 'c0af', 'eda080', 'f4908080', 'e38182'];

test.each(CUT)('a text with the bytes %s is the same wherever they are in it', (hex) => {
  const lineWith = (before: string, behind: string) => [
    ...[Buffer.from(`{"input_text":"${before}`), Buffer.from(hex, 'hex')],
    Buffer.from(`${behind}","output_text":"Tea."}\n`),
  ];
  const lines = Array.from({ length: 35 }, (_, place) => {
    const before = 'x'.repeat(place);
    return [
      lineWith(before, ''),
      lineWith(before, 'plain text behind it'),
      lineWith(`あ${before}`, 'plain text behind it'),
    ];
  });
  // One line with other characters than ASCII is UTF-8, else the whole file would be in another encoding.
  const sound = Buffer.from(`${textLine(1)}\n{"input_text":"あ","output_text":"Tea."}\n`);
  const file = Buffer.concat([sound, ...lines.flat(2)]);
  const options = { format: 'input_output', role: 'training' } as const;
  const read = saidOf(file, [], { ...options, isPlain: true });
  expect(read.isSound).toBe(hex === 'e38182');
  expect(saidOf(file, [], options)).toEqual(read);
});

const said = [user('What is it?'), model('Tea.')];
const messages = [
  { role: 'user', content: 'What is it?' },
  { role: 'assistant', content: 'Tea.' },
];
const withSystem = [{ role: 'system', content: 'Be kind.' }, ...messages];
const systemInstruction = { role: 'system', parts: [{ text: 'Be kind.' }] };
const conversations = messages.map(({ role: from, content: value }) => ({ from, value }));
const asked = { instruction: 'What is it?', input: 'This.', output: 'Tea.' };
const GEMINI = targetOf('gemini-3.1-flash-lite', undefined);
const LLAMA = targetOf('meta/llama3_1@llama-3.1-8b-instruct', undefined);

test.each<[string, FormName, string | object, (TargetForm | undefined)?]>([
  ['pairs', 'input_output', textLine(1, { id: 1 })],
  ['conversations', 'messages', chatLine(1)],
  ['turns', 'contents', { contents: said }],
  ['turns with a system instruction', 'contents', { systemInstruction, contents: said }],
  ['messages', 'chat_messages', { messages }],
  ['messages with a system instruction', 'chat_messages', { messages: withSystem }],
  ['messages for Gemini', 'chat_messages', { messages: withSystem }, GEMINI],
  ['messages with an id', 'chat_messages', { id: 1, messages }],
  ['messages with an id for Gemini', 'chat_messages', { id: 1, messages, uuid: 'a' }, GEMINI],
  ['ShareGPT’s for Gemini', 'sharegpt', { conversations }, GEMINI],
  ['Alpaca’s for Gemini', 'alpaca', asked, GEMINI],
  ['Alpaca’s without an input for an open model', 'alpaca', { ...asked, input: '' }, LLAMA],
  ['pairs for Gemini', 'question_answer', { question: 'What is it?', answer: 'Tea.' }, GEMINI],
])(
  'of %s only those lines are parsed whose shape is new, or that cannot be proved',
  (_, format, example, target) => {
    const parse = vi.spyOn(JSON, 'parse');
    const line = typeof example === 'string' ? example : JSON.stringify(example);
    const others = [line.replace('What', '\\u0057hat'), line.replace('"1', ' "1'), '{'];
    const file = Buffer.from([line, ...others, ...Array(1000).fill(line)].join('\n'));
    saidOf(file, [], { format, role: 'training', target });
    // The beginning of a file is looked at before.
    expect(parse.mock.calls.length).toBeLessThan(100);
    parse.mockRestore();
  },
);

test('of lines that cannot be proved only the first thousand are looked at for their shape', () => {
  const parse = vi.spyOn(JSON, 'parse');
  const strange = {
    messages: [{ role: 'user', content: [{ type: 'text', text: 'What is it?' }] }, messages[1]],
  };
  const file = Buffer.from(Array(3000).fill(JSON.stringify(strange)).join('\n'));
  saidOf(file, [], { format: 'chat_messages', role: 'training' });
  // Each is parsed once, and its shape has ten texts.
  expect(parse.mock.calls.length).toBeLessThan(3000 + 1000 * 11);
  parse.mockRestore();
});

const ofMessages = (beside: object, list: object[] = messages) =>
  JSON.stringify({ ...beside, messages: list });

test.each<[string, string[]]>([
  [
    'a field that tells them apart is empty in some',
    [1, 2, 3, '', null, '', 4, 'a', true].map((id) => ofMessages({ id })),
  ],
  [
    'a field that tells them apart is text in some',
    ['a', 'b', '', 'c', null, 1].map((id) => ofMessages({ id })),
  ],
  [
    'the system instruction changes',
    ['Be kind.', 'Be kind.', 'Be quick.', 'Be kind.'].map((content) =>
      ofMessages({}, [{ role: 'system', content }, ...messages]),
    ),
  ],
])('lines are scanned to the same statistics as they are read where %s', (_, lines) => {
  // What all of a file have in common is told of ten examples.
  const file = Buffer.from([...lines, ...lines, ...lines].join('\n'));
  for (const target of [undefined, GEMINI]) {
    const options = { format: 'chat_messages', role: 'training', target } as const;
    expect(saidOf(file, [], options)).toEqual(saidOf(file, [], { ...options, isPlain: true }));
  }
});
