import { describe, expect, test } from 'vitest';
import { corrected } from './fix-samples.ts';
import { followRemedy } from './follow-remedy.ts';
import { rowsOf, toldOf } from './told.ts';

const PAIRS = Array.from({ length: 120 }, (_, index) => [`Is tea ${index} hot?`, `Yes, ${index}.`]);

describe('texts without names', () => {
  test.each([
    ['in lists on lines', PAIRS.map((pair) => `${JSON.stringify(pair)}\n`).join('')],
    ['in a list of lists', JSON.stringify(PAIRS)],
    ['in a list of lists that is laid out', JSON.stringify(PAIRS, null, 2)],
    ['under each other', JSON.stringify(Object.fromEntries(PAIRS))],
    ['under each other, laid out', JSON.stringify(Object.fromEntries(PAIRS), null, 2)],
    [
      'in a table of pandas',
      JSON.stringify({ columns: ['question', 'answer'], index: PAIRS.map((_, at) => at), data: PAIRS }),
    ],
    [
      'in a table of pandas that is laid out',
      JSON.stringify({ columns: ['question', 'answer'], index: [], data: PAIRS }, null, 4),
    ],
  ])('%s are told once, and sound once the remedy was carried out', async (_name, text) => {
    const long = text.replaceAll('Yes, ', `${'Yes, '.repeat(800)}`);
    for (const file of [text, long]) {
      const { issues } = await toldOf(file);
      expect(issues).toMatchObject([{ code: 'dataset_not_lines' }]);
      const [{ remedy } = { remedy: '' }] = issues;
      const followed = await toldOf(followRemedy(remedy, file));
      expect(followed.codes).toEqual(['dataset_converted']);
      expect(followed.statistics.dataset_uri?.examples).toBe(120);
    }
  });

  test.each([
    ['rounds on each line', '[["Hot?", "Yes"], ["Tea?", "No"]]\n'.repeat(20)],
    ['texts by turns, of any number', `${'["Hot?", "Yes"]\n["Tea?", "No", "Why?", "Well."]\n'.repeat(10)}`],
    ['one example with other names', '{"left": "Hot?", "right": "Yes", "note": "a b"}'],
    ['lists of numbers', '[[1, 2], [3, 4]]'],
  ])('are none in %s', async (_name, text) => {
    expect((await toldOf(text)).codes).not.toContain('dataset_not_lines');
  });
});

describe('a list in code', () => {
  const rows = PAIRS.map(([question, answer]) => JSON.stringify({ question, answer })).join(',\n');
  test.each([
    ['JavaScript', `export default [\n${rows}\n];\n`],
    ['a variable on one line', `var faq = [${rows.replaceAll('\n', ' ')}];`],
    ['Python', `FAQ = [\n${rows}\n]\n`],
  ])('of %s is told once, and is read once the remedy was carried out', async (_name, text) => {
    const { issues } = await toldOf(text);
    expect(issues).toMatchObject([{ code: 'dataset_not_lines', found: expect.stringContaining('code') }]);
    const [{ remedy } = { remedy: '' }] = issues;
    const followed = await toldOf(followRemedy(remedy, text));
    expect(followed.codes).toEqual(['dataset_converted']);
    expect(followed.statistics.dataset_uri?.examples).toBe(120);
  });
});

test('examples that were made JSON three times are no table, and are lines once the remedy was carried out', async () => {
  const thrice = (value: object) => JSON.stringify(JSON.stringify(JSON.stringify(value)));
  const text = PAIRS.map(([question, answer]) => `${thrice({ question, answer })}\n`).join('');
  const { issues } = await toldOf(text);
  expect(issues).toMatchObject([{ code: 'dataset_not_lines', found: expect.stringContaining('JSON twice') }]);
  const [{ remedy } = { remedy: '' }] = issues;
  expect((await toldOf(followRemedy(remedy, text))).codes).toEqual(['dataset_converted']);
  expect((await corrected(text)).why).toBeUndefined();
});

describe('lists of messages in one list', () => {
  const talks = PAIRS.map(([question, answer]) => [
    { role: 'user', content: question },
    { role: 'assistant', content: answer },
  ]);
  test.each([undefined, 1, 4])('laid out by %s are told once, and the remedy leads out', async (space) => {
    const text = JSON.stringify(talks, null, space);
    const long = text.replaceAll('Yes, ', `${'Yes, '.repeat(800)}`);
    for (const file of [text, long]) {
      const { issues } = await toldOf(file);
      expect(issues).toMatchObject([{ code: 'dataset_not_lines' }]);
      const [{ remedy } = { remedy: '' }] = issues;
      const followed = await toldOf(followRemedy(remedy, file));
      expect(followed.codes).toEqual(['dataset_converted']);
      expect(followed.statistics.dataset_uri?.examples).toBe(120);
    }
  });
});

describe('a text and its label', () => {
  test.each([
    [{ text: 'Tea is hot.', label: 'good' }, '."label"'],
    [{ text: 'Tea is hot.', label: 1 }, '(."label" | tostring)'],
    [{ id: 'a', sentence: 'x', input: 'Tea is hot.', sentiment: 'good' }, '."sentiment"'],
  ])('are told once with the command that a person may take: %j', async (row, answer) => {
    const text = rowsOf(120, (index) => JSON.parse(JSON.stringify(row).replace('Tea', `Tea ${index}`)));
    const { issues } = await toldOf(text);
    expect(issues).toMatchObject([{ code: 'dataset_unknown_form' }]);
    const [{ remedy } = { remedy: '' }] = issues;
    expect(remedy).toContain('is what is asked, and "');
    expect(remedy).toContain(`answer: ${answer}}`);
    const followed = await toldOf(followRemedy(remedy, text));
    expect(followed.issues.filter(({ severity }) => severity === 'error')).toEqual([]);
    expect(followed.conversions.dataset_uri).toMatchObject({ from: 'question_answer', losses: [] });
  });
});
