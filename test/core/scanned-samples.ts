/** Files whose lines look alike but for what somebody changed in some of them: the scanner of data sets has to say of them what the plain reader says. */
import type { DatasetCheckOptions } from '../../shared/core/dataset/check.ts';
import type { FormName } from '../../shared/core/dataset/forms/names.ts';
import { targetOf } from '../../shared/core/dataset/forms/target.ts';
import { type DatasetRole, EXAMPLE_FORMATS } from '../../shared/core/dataset/limits.ts';
import { createTokenCounter } from '../../shared/core/dataset/tokens/token-counter.ts';
import { FORM_SAMPLES } from './form-samples.ts';

type Random = () => number;

/** mulberry32, by Tommy Ettinger (public domain). */
export function createRandom(seed: number): Random {
  let state = seed;
  return () => {
    state = (state + 0x6d2b79f5) | 0;
    let mixed = Math.imul(state ^ (state >>> 15), 1 | state);
    mixed = (mixed + Math.imul(mixed ^ (mixed >>> 7), 61 | mixed)) ^ mixed;
    return ((mixed ^ (mixed >>> 14)) >>> 0) / 2 ** 32;
  };
}

export const below = (random: Random, limit: number) => Math.floor(random() * limit);
const oneOf = <T>(random: Random, list: readonly T[]): T => list[below(random, list.length)] as T;

/** Texts that are read in some way of their own somewhere. */
const TEXTS: readonly string[] = [
  ...[
    '',
    ' ',
    '\t\n',
    '\u3000',
    '\u00a0\u200b',
    '\u00ad',
    '\ufeff',
    '\u034f',
    '\u3164',
    '\u{e0001}',
    '\u2800',
  ],
  ...[
    '\u{1f600}',
    ' \u{1f600}\u{1f600}',
    'हिन्दी',
    'ไทย',
    '日本語のテキスト',
    'ÄÖÜ',
    '한국어',
    '\u007f',
    '\u0000',
    '\u0085',
  ],
  ...[
    'a\\nb',
    'null',
    'nan',
    'None',
    'it &amp; that',
    'Ã©',
    'â€™',
    '\ufffd',
    '\\',
    '"',
    '\\"',
    '/',
    '\u2028',
    '#N/A',
    '<NA>',
    '<|im_start|>',
  ],
  ...[
    '<think>Hm.</think>Yes.',
    '{"name":"f","arguments":"{}"}',
    '[{"role":"user","content":"Hi"}]',
    'assistant',
    'system: be kind',
    'N/A',
    'e\u0301',
    ' two  spaces ',
    'a\r\nb',
    'Human: a\n\nAssistant: b',
    '<tool_call>{}</tool_call>',
    '[INST] a [/INST]',
  ],
  ...[
    'x'.repeat(40),
    '1 2 3 '.repeat(300),
    '日本'.repeat(700),
    'long '.repeat(2000),
    '\u{1f600}'.repeat(400),
  ],
];

/** Pieces of JSON, sound and not. */
const PIECES: readonly string[] = [
  ...[
    '"',
    '\\',
    '\\"',
    '\\u00e9',
    '\\ud83d\\ude00',
    '\\ud83d',
    '\\ude00',
    '\\u12',
    '\\x',
    '\\/',
    '{',
    '}',
    '[',
    ']',
  ],
  ...[
    ',',
    ':',
    ' ',
    '\t',
    '\r',
    '\n',
    '\u0001',
    '\u00a0',
    '"id":1,',
    '"input_text":"again",',
    '"author":"user",',
  ],
  ...[
    'null',
    'true',
    '-',
    '-0',
    '01',
    '1.5e3',
    '1e',
    '{"a":1}',
    '[1,2]',
    '"context":"Be kind.",',
    '\u2028',
    '\ufeff',
  ],
];

/** Some characters as escapes, in one of the ways in which encoders write them. */
function escaped(json: string, random: Random): string {
  return json.replace(/[<>&'/\u0080-\ud7ff\ue000-\uffff]/g, (character) => {
    if (random() < 0.5) return character;
    if (character === '/') return '\\/';
    const hex = character.charCodeAt(0).toString(16).padStart(4, '0');
    return `\\u${oneOf(random, [hex, hex.toUpperCase(), hex.replace(/[a-f]/, (digit) => digit.toUpperCase())])}`;
  });
}

function textOf(random: Random): string {
  if (random() < 0.3) return oneOf(random, TEXTS);
  return `${oneOf(random, ['Is it', 'Ist es', 'それは', 'Q:'])} ${below(random, 40)} ${oneOf(random, TEXTS)}?`;
}

const EXTRAS: readonly (() => unknown)[] = [
  () => 7,
  () => null,
  () => 'a',
  () => true,
  () => ({ a: 1 }),
  () => [1, '\ud800'],
  () => ({}),
  () => [],
];

function withExtras(example: object, random: Random): object {
  if (random() < 0.8) return example;
  const name = oneOf(random, ['id', 'id', 'uuid', 'index', 'a b', 'é', '7']);
  const extra = { [name]: oneOf(random, EXTRAS)() };
  return withExtras(random() < 0.5 ? { ...extra, ...example } : { ...example, ...extra }, random);
}

/** What an example is made of: by `random` its members, and by the others what it says. */
interface Draw {
  random: Random;
  text: () => string;
  system: () => string;
}

/** Turns, of which the first may be the system's; some are in another order, of somebody else, or have more to them. */
function spokenBy(
  { random, text, system }: Draw,
  [speaker, said]: readonly [string, string],
  [user, model]: readonly [string, string],
): object[] {
  const count = oneOf(random, [1, 2, 2, 3, 4, 4, 4]);
  const turns = Array.from({ length: count }, (_, index) => {
    const who = index % 2 === 0 ? oneOf(random, [user, user, user, model, 'system', 'system']) : model;
    const words = text();
    if (random() < 0.95) return { [speaker]: who, [said]: words };
    return withExtras({ [said]: random() < 0.8 ? words : [words], [speaker]: who }, random);
  });
  const first = { [speaker]: 'system', [said]: system() };
  return random() < 0.5 ? turns : [first, ...turns];
}

/** Examples of the forms that are scanned. */
const EXAMPLES: Partial<Record<FormName, (draw: Draw) => object>> = {
  input_output: ({ text }) => ({ input_text: text(), output_text: text() }),
  prompt_completion: ({ random, text }) => ({
    prompt: text(),
    completion: oneOf(random, ['yes', 'no', text()]),
  }),
  contents({ random, text, system }) {
    const contents = Array.from({ length: oneOf(random, [1, 2, 2, 2, 2, 3, 4]) }, (_, index) => {
      const parts = Array.from({ length: random() < 0.95 ? 1 : 2 }, () => ({ text: text() }));
      const role = index % 2 === 0 ? oneOf(random, ['user', 'user', 'user', 'model', 'function']) : 'model';
      return random() < 0.95 ? { role, parts } : withExtras({ parts, role }, random);
    });
    const parts = [{ text: system() }];
    const instruction = random() < 0.7 ? { parts } : { role: 'system', parts };
    if (random() < 0.5) return { contents };
    return random() < 0.7
      ? { systemInstruction: instruction, contents }
      : { contents, system_instruction: instruction };
  },
  chat_messages: (draw) => ({ messages: spokenBy(draw, ['role', 'content'], ['user', 'assistant']) }),
  sharegpt: (draw) => ({ conversations: spokenBy(draw, ['from', 'value'], ['human', 'gpt']) }),
  alpaca({ random, text }) {
    const asked = { instruction: oneOf(random, ['Sort it.', text()]), input: '' };
    return { ...asked, ...(random() < 0.5 ? { input: text() } : {}), output: text() };
  },
  question_answer: ({ text }) => ({ question: text(), answer: text() }),
  messages({ random, text, system }) {
    const count = oneOf(random, [1, 2, 2, 2, 3, 4, 4, 6, 8]);
    const messages = Array.from({ length: count }, (_, index) => {
      const author = index % 2 === 0 ? 'user' : 'assistant';
      const content = text();
      return random() < 0.9 ? { author, content } : withExtras({ content, author }, random);
    });
    if (random() < 0.5) return { messages };
    const context = system();
    return random() < 0.7 ? { context, messages } : { messages, context };
  },
};

/** Other programs write the same example otherwise. */
function written(example: object, random: Random): string {
  const text = JSON.stringify(example);
  const way = random();
  if (way < 0.6) return text;
  if (way < 0.7) return text.replaceAll('":"', '": "').replaceAll('","', '", "');
  if (way < 0.75) return `${text} \r`;
  if (way < 0.85) return escaped(text, random);
  return text.replace(/[^ -~]/g, (unit) => `\\u${unit.charCodeAt(0).toString(16).padStart(4, '0')}`);
}

function changed(line: Buffer, random: Random): Buffer {
  const at = below(random, line.length + 1);
  const way = below(random, 6);
  const [before, after] = [line.subarray(0, at), line.subarray(at)];
  if (way === 0) return Buffer.concat([before, Buffer.from(oneOf(random, PIECES)), after]);
  if (way === 1) return Buffer.concat([before, after.subarray(1 + below(random, 3))]);
  if (way === 2) return Buffer.concat([before, Buffer.from([below(random, 256)]), after.subarray(1)]);
  if (way === 3) return Buffer.concat([before, after.subarray(below(random, 20)), after]);
  if (way === 4) return before;
  return Buffer.concat([before, Buffer.from([0x80 + below(random, 128)]), after]);
}

/** Lines that differ in everything, or all of one kind but for a few, as in the files of people. */
function createDraws(random: Random): () => Draw {
  const seed = below(random, 2 ** 31);
  const others = oneOf(random, [1, 1, 0.03, 0, 0, 0]);
  return () => {
    const text = () => textOf(random);
    if (random() < others) return { random, text, system: () => oneOf(random, ['Be kind.', '', text()]) };
    return {
      random: createRandom(seed),
      text: () => `Is it ${below(random, 1000)}?`,
      system: () => (random() < 0.05 ? 'Be quick.' : 'Be kind.'),
    };
  };
}

function exampleOf(form: FormName, draw: Draw): object {
  const { random } = draw;
  const example = EXAMPLES[form] ?? (() => FORM_SAMPLES[form](below(random, 30)));
  return withExtras(example(draw), random);
}

/** Bytes of a file of so many lines, of which some are changed, empty, or there twice. */
export function scannedFile(form: FormName, count: number, random: Random): Buffer {
  const draw = createDraws(random);
  const changes = oneOf(random, [0, 0.02, 0.3]);
  const lines: Buffer[] = [];
  while (lines.length < count) {
    const line = Buffer.from(written(exampleOf(form, draw()), random));
    if (random() < 0.05 && lines.length > 0) lines.push(oneOf(random, lines));
    else if (random() < 0.01) lines.push(Buffer.from(oneOf(random, ['', ' ', '\r', 'x'.repeat(300_000)])));
    else lines.push(random() < changes ? changed(line, random) : line);
  }
  return Buffer.concat(lines.flatMap((line) => [line, Buffer.from('\n')])).subarray(random() < 0.5 ? 0 : 1);
}

const MODELS = ['text-bison@002', 'gemini-2.5-flash', 'meta/llama3_1@llama-3.1-8b-instruct'];
/** Only into another form than their own. */
const TARGETS: Partial<Record<FormName, readonly string[]>> = {
  contents: ['text-bison@002', 'meta/llama3_1@llama-3.1-8b-instruct'],
  input_output: ['gemini-2.5-flash'],
};

const counter = createTokenCounter({
  pieces: Buffer.from('a\ne\nth\nthe\n▁it\nIs\n日本'),
  tags: [],
  longestRun: 3,
});

/** Options under which a form is checked. */
export function scannedOptions(form: FormName, random: Random): Omit<DatasetCheckOptions, 'uri' | 'onIssue'> {
  const role: DatasetRole = oneOf(random, ['training', 'evaluation']);
  const isOfModel = EXAMPLE_FORMATS.some((format) => format === form);
  return {
    ...{ format: form, role },
    task: oneOf(random, [undefined, 'classification', 'extractive_qa']),
    tokenOverflow: oneOf(random, ['error', 'warning']),
    defaultContext: oneOf(random, [...Array(6).fill(undefined), 'Be kind.', 'Sei freundlich: ÄÖÜ.']),
    counter: oneOf(random, [undefined, undefined, counter]),
    maxCompared: oneOf(random, [undefined, 0, 20]),
    target:
      isOfModel && random() < 0.5 ? undefined : targetOf(oneOf(random, TARGETS[form] ?? MODELS), undefined),
  };
}
