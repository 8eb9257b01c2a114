import { describe, expect, test } from 'vitest';
import { corrected } from './fix-samples.ts';
import { followRemedy } from './follow-remedy.ts';
import { toldOf } from './told.ts';

const blocks = (count: number, block: (index: number) => string, between = '\n\n') =>
  Array.from({ length: count }, (_, index) => block(index)).join(between);
const qa = (index: number) => `Q: Is tea ${index} hot?\nA: Yes, ${index}.`;
const talk = (index: number) =>
  `Human: Tea ${index}?\nAssistant: Which?\nHuman: Green.\nAssistant: Here, ${index}.`;

describe('dialogues in plain text with a blank line between', () => {
  test.each([
    ['text_q_a', blocks(120, qa)],
    ['text_q_a', `\n\n${blocks(120, qa, '\n \t\n\n')}\n\n\n`],
    ['text_human_assistant', blocks(120, talk)],
    ['text_user_bot', blocks(120, (index) => `User: Tea ${index}?\nBot: Green,\nor black, ${index}?`)],
    ['text_q_a', blocks(120, qa).replaceAll('\n', '\r\n')],
    ['text_guanaco', blocks(120, (index) => `### Human: Tea ${index}?\n### Assistant: Yes ${index}`)],
  ])('are read and converted: %s', async (form, text) => {
    const { codes, conversions, statistics } = await toldOf(text);
    expect(codes).toEqual(['dataset_converted']);
    expect(conversions.dataset_uri).toMatchObject({ from: form, losses: [] });
    expect(statistics.dataset_uri).toMatchObject({ examples: 120, unusableExamples: 0 });
  });

  test('are written on lines by the command, however the file is cut', async () => {
    const text = blocks(20, talk).replaceAll('\n', '\r\n');
    for (const cut of [1, 7, 1000]) {
      const { text: written, corrections, sources } = await corrected(text, { cut });
      const lines = written.trimEnd().split('\n');
      expect(lines.map((line) => JSON.parse(line).text)).toEqual(
        Array.from({ length: 20 }, (_, index) => talk(index)),
      );
      expect(corrections).toEqual(['container']);
      expect(sources.slice(0, 3)).toEqual([1, 6, 11]);
    }
  });

  test('are told once where some go otherwise, with the lines where they begin', async () => {
    const odd = (index: number) => (index % 50 === 7 ? 'More of it.' : qa(index));
    const { issues } = await toldOf(blocks(120, odd));
    expect(issues.filter(({ severity }) => severity === 'error')).toMatchObject([
      { code: 'text_off_template', count: 3, lines: [22, 171, 320] },
    ]);
  });
});

describe('plain prose', () => {
  const prose = (mark: string) =>
    Array.from({ length: 60 }, (_, index) => `Well${mark} tea ${index} is hot.\n`).join('');
  test.each([',', ';', '.', ':'])(
    'with a %j in each sentence is told as what it is, and the remedy leads out',
    async (mark) => {
      const { issues } = await toldOf(prose(mark));
      expect(issues).toMatchObject([
        { code: 'dataset_not_lines', found: expect.stringContaining('plain text, in which nothing') },
      ]);
      expect((await corrected(prose(mark))).why).toContain('plain text');
      const asked = prose(mark).replaceAll(/(.*) (\d+) (.*)\n/g, 'Q: $1 $2?\nA: $2 $3\n\n');
      expect((await toldOf(asked)).codes).toEqual(['dataset_converted']);
    },
  );

  test.each([
    ['question, answer', 'Is it hot?, Yes'],
    ['What people ask,What we say', 'Is it hot?,Yes'],
    ['Is it hot?,Yes', 'Is it cold?, No'],
    ['"Is it hot, or not?", "Yes"', '"Is it cold?", "No"'],
  ])('is no table: %j', async (first, other) => {
    const { codes } = await toldOf([first, ...Array.from({ length: 20 }, () => other)].join('\n'));
    expect(codes).not.toContain('dataset_not_lines');
  });
});

describe('dialogues in plain text of which nobody can say where one ends', () => {
  test.each([
    ['a question and its answer are parted', blocks(120, (index) => qa(index).replace('\n', '\n\n'))],
    ['nothing is parted', blocks(120, qa, '\n')],
    ['dashes part them', blocks(120, qa, '\n---\n')],
    [
      'there is a blank line inside of the answers',
      blocks(120, (index) => `${qa(index)}\n\nReally, ${index}.`),
    ],
  ])('are told once, and the remedy leads out: %s', async (_name, text) => {
    const { issues } = await toldOf(text);
    expect(issues).toMatchObject([
      { code: 'dataset_not_lines', remedy: expect.stringContaining('of its own') },
    ]);
    expect((await corrected(text)).why).toContain('blank line');
    const [{ remedy } = { remedy: '' }] = issues;
    const followed = await toldOf(followRemedy(remedy, text));
    expect(followed.codes).toEqual(['dataset_converted']);
    expect(followed.statistics.dataset_uri?.examples).toBe(120);
  });
});
