import fc from 'fast-check';
import { expect, it } from 'vitest';
import { loadBase } from '../../local/small-model/model/base.ts';
import { decodeWeights, encodeWeights } from '../../local/small-model/model/weights.ts';
import { learnMerges } from '../../local/small-model/pretrain/merges.ts';
import { decodeTarget, encodeExample, encodePrompt } from '../../local/small-model/text/sequence.ts';
import { ANSWER, BEGIN, createTokenizer, END } from '../../local/small-model/text/tokenizer.ts';
import { anExample } from './tuner-builders.ts';

const plain = createTokenizer([]);

it('any text comes back from its tokens as it was', () => {
  const tokenizer = createTokenizer(loadBase().merges);
  fc.assert(
    fc.property(fc.string({ unit: 'grapheme', maxLength: 60 }), (text) => {
      expect(tokenizer.decode(tokenizer.encode(text))).toBe(text);
    }),
  );
});

it.each([
  { name: 'Japanese', text: '破損品の返送方法を教えてください。' },
  { name: 'code with indentation', text: 'def f(x):\n\n    if x:\n\t\treturn  x\n' },
  { name: 'one very long word', text: 'a'.repeat(5_000) },
  { name: 'nothing but blanks', text: ' \n\r\n\t  ' },
])('$name comes back from its tokens as it was', ({ text }) => {
  const tokenizer = createTokenizer(loadBase().merges);
  expect(tokenizer.decode(tokenizer.encode(text))).toBe(text);
});

const tokensOf = (text: string) => [...Buffer.from(text)];

it.each([
  { name: 'stops within a character', tokens: tokensOf('返送方法').slice(0, -1), text: '返送方' },
  { name: 'stops within one of four bytes', tokens: tokensOf('a𠮷').slice(0, -1), text: 'a' },
  { name: 'writes the rest of one first', tokens: tokensOf('退货').slice(1), text: '货' },
  {
    name: 'writes bytes that are none in the middle',
    tokens: [...tokensOf('退'), 0xff, 0xc0, ...tokensOf('货')],
    text: '退货',
  },
  { name: 'writes nothing else', tokens: [0x80, 0xe3, 0x81], text: '' },
  { name: 'writes the sign for what is none', tokens: tokensOf('退\u{fffd}货'), text: '退\u{fffd}货' },
])('a model that $name shows no broken character', ({ tokens, text }) => {
  expect(createTokenizer([]).decode(tokens)).toBe(text);
});

it('an answer that ends within a character is its beginning', () => {
  const tokenizer = createTokenizer(loadBase().merges);
  const tokens = tokenizer.encode(' 破損品の返送方法を教えてください。');
  for (let length = 0; length <= tokens.length; length++) {
    const text = decodeTarget(tokenizer, tokens.slice(0, length));
    expect('破損品の返送方法を教えてください。'.startsWith(text.trimStart())).toBe(true);
  }
});

it('learned merges spell common words in fewer tokens', () => {
  const merges = learnMerges(['the cat and the dog and the bird'], 8);
  const tokenizer = createTokenizer(merges);
  expect(tokenizer.encode(' the')).toHaveLength(1);
  expect(tokenizer.encode(' zoo')).toHaveLength(4);
});

it('every target is framed, counted to its end, and nothing else is', () => {
  const segments = ['q', 'a', 'r', 'bc'].map((text, index) => ({ text, isTarget: index % 2 === 1 }));
  const [q, a, r, b, c, blank] = [...Buffer.from('qarbc ')];
  expect(encodeExample(plain, { segments }, 20)).toEqual({
    tokens: [BEGIN, q, ANSWER, blank, a, END, r, ANSWER, blank, b, c, END],
    answers: [2, 3, 4, 7, 8, 9, 10],
    isTruncated: false,
  });
});

it('a target is spelled as it is after a blank in the prompt, and read back without that blank', () => {
  const tokenizer = createTokenizer(loadBase().merges);
  const { tokens, answers } = encodeExample(
    tokenizer,
    anExample('one of: [Radiology, Urology]', 'Urology'),
    320,
  );
  const target = answers.slice(0, -1).map((position) => tokens[position + 1] ?? 0);
  expect(tokens.join()).toContain(`${target.join()},${tokenizer.encode(']').join()}`);
  expect(decodeTarget(tokenizer, target)).toBe('Urology');
  expect(decodeTarget(tokenizer, tokenizer.encode('     return x\n'))).toBe('    return x\n');
});

it('a prompt over the window loses its middle and keeps both ends and the whole target', () => {
  const { tokens, answers, isTruncated } = encodeExample(plain, anExample('0123456789'.repeat(3), 'yes'), 20);
  expect(isTruncated).toBe(true);
  expect(tokens).toHaveLength(21);
  expect(answers).toHaveLength(5);
  expect(plain.decode(tokens)).toBe('01234563456789 yes');
});

it('a target over the window is cut at its end once the prompt is down to what is kept of it', () => {
  const { tokens, isTruncated } = encodeExample(plain, anExample('0123456789', 'x'.repeat(100)), 20);
  expect(isTruncated).toBe(true);
  expect(plain.decode(tokens)).toBe(`01236789 ${'x'.repeat(9)}`);
});

it('a prompt leaves room for the tokens that are asked for', () => {
  const tokens = encodePrompt(
    plain,
    { segments: [{ text: '0123456789'.repeat(9), isTarget: false }] },
    { window: 40, reserve: 10 },
  );
  expect(tokens.length - 1 + 10).toBeLessThanOrEqual(40);
  expect(tokens.at(-1)).toBe(ANSWER);
});

it.each([
  { name: 'f32 keeps every bit', precision: 'f32' as const, values: [1 / 3, -0, 1e-30, 65_537] },
  {
    name: 'bf16 keeps what fits in its eight bits',
    precision: 'bf16' as const,
    values: [1, -2.5, 0.15625, 0],
  },
])('a weight file is read as it was written: $name', ({ precision, values }) => {
  const file = {
    about: { steps: 3 },
    matrices: [{ name: 'm', rows: 2, columns: 2, values: Float32Array.from(values) }],
  };
  expect(decodeWeights(encodeWeights(file, precision))).toEqual(file);
});

it('a weight file that was cut short is refused with the name of the matrix', () => {
  const values = new Float32Array(4);
  const bytes = encodeWeights(
    { about: {}, matrices: [{ name: 'gain', rows: 1, columns: 4, values }] },
    'f32',
  );
  expect(() => decodeWeights(bytes.subarray(0, -1))).toThrow('ends within gain');
});
