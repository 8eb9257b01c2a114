import { describe, expect, test } from 'vitest';
import { corrected } from './fix-samples.ts';

const GBK = Buffer.from('bdf1ccecccecc6f8badcbac3a3acced2c3c7d2bbc6f0c8a5b9abd4b0a1a3', 'hex');
const GBK_TEXT = '今天天气很好，我们一起去公园。';

/** A line with bytes of another encoding in its answer. */
const lineOf = (question: string, answer: Uint8Array | string, end = '\n') =>
  Buffer.concat([
    Buffer.from(`{"input_text":"${question}","output_text":"`),
    Buffer.from(answer),
    Buffer.from(`"}${end}`),
  ]);
const latin = (text: string) => Buffer.from(text, 'latin1');

const SOUND = Array.from(
  { length: 119 },
  (_, index) => `{"input_text":"Qué ${index}?","output_text":"Don’t – 好"}\n`,
);

describe('a file of UTF-8 with texts of another encoding between', () => {
  test.each([
    ['windows-1252', latin('café'), 'café'],
    ['gbk', GBK, GBK_TEXT],
  ] as const)(
    'has only the lines that are no UTF-8 read as %s, and they are named',
    async (encoding, bytes, text) => {
      const file = Buffer.concat([
        Buffer.from(SOUND.slice(0, 60).join('')),
        lineOf('Was?', bytes),
        Buffer.from(SOUND.slice(60).join('')),
      ]);
      for (const cut of [1024 * 1024, 97]) {
        const { text: written, corrections } = await corrected(file, { encoding, cut });
        expect(written).toBe(
          [...SOUND.slice(0, 60), lineOf('Was?', text).toString(), ...SOUND.slice(60)].join(''),
        );
        expect(corrections).toEqual(['encoding_inside 61']);
      }
      expect((await corrected(file)).why).toMatch(/^Line 61 is no UTF-8.*UTF-8 stay as they are/);
    },
  );

  test.each([
    ['windows-1252', latin('café'), 'café'],
    ['gbk', GBK, GBK_TEXT],
  ] as const)('keeps the texts of a line that are UTF-8: %s', async (encoding, bytes, text) => {
    const question = 'Où est-ce qu’on va? 今天天气很好，我们一起去公园。';
    const { text: written } = await corrected(lineOf(question, bytes), { encoding });
    expect(written).toBe(lineOf(question, text).toString());
  });

  test('keeps them in an array on one line, too', async () => {
    const rows = [lineOf('Qué?', 'Don’t', ','), lineOf('Qué?', latin('café'), ']')];
    const { text } = await corrected(Buffer.concat([Buffer.from('['), ...rows]), {
      encoding: 'windows-1252',
    });
    expect(text).toBe(`${lineOf('Qué?', 'Don’t')}${lineOf('Qué?', 'café')}`);
  });

  test('is read so where the encoding shows, and UTF-8 begins behind what it shows by', async () => {
    const first = Array.from({ length: 4000 }, (_, index) =>
      lineOf(`${index}`, latin(`café ${'o'.repeat(60)}`)),
    );
    const { text, corrections } = await corrected(Buffer.concat([...first, lineOf('Qué?', 'Don’t')]));
    expect(text?.endsWith(lineOf('Qué?', 'Don’t').toString())).toBe(true);
    expect(corrections).toHaveLength(4000);
  });
});

test('a byte order mark before them is taken out', async () => {
  const file = Buffer.concat([Buffer.from('\ufeff'), lineOf('Qué?', latin('café'))]);
  const { text } = await corrected(file, { encoding: 'windows-1252' });
  expect(text).toBe(lineOf('Qué?', 'café').toString());
});

test('a file of GBK with a word that is UTF-8 by chance is GBK throughout', async () => {
  const chance = Buffer.from('c3a9cca8', 'hex');
  expect(chance.toString()).not.toContain('\ufffd');
  const file = Buffer.concat([lineOf('a', GBK), lineOf('b', chance), lineOf('c', GBK)]);
  const { text, corrections } = await corrected(file, { encoding: 'gbk' });
  expect(text).toBe(`${lineOf('a', GBK_TEXT)}${lineOf('b', '茅台')}${lineOf('c', GBK_TEXT)}`);
  expect(corrections).toEqual(['encoding']);
});
