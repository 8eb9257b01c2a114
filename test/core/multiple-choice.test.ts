import { describe, expect, test } from 'vitest';
import { formOfRecord } from '../../shared/core/dataset/forms/recognise.ts';
import { FORMS } from '../../shared/core/dataset/forms/table.ts';
import { rowsOf, toldOf } from './told.ts';

const texts = ['green', 'black', 'white'];

/** What a record asks and answers, and what is told on the way. */
function read(record: Record<string, unknown>) {
  const told: unknown[] = [];
  const onUnused = (field: string) => void told.push(field);
  const report = (code: string) => void told.push(code);
  const example = FORMS.multiple_choice.read(record, { report, onUnused });
  const said = example?.turns.map(({ parts }) =>
    parts.map((part) => (part.kind === 'text' ? part.text : '')).join('\n\n'),
  );
  return { said, told };
}

const listed = 'Which tea?\n\nA. green\nB. black\nC. white';

describe('a question with choices', () => {
  const question = 'Which tea?';
  const three = { text: texts, label: ['A', 'B', 'C'] };
  test.each([
    ['MMLU', { question, choices: texts, answer: 2 }, 'C'],
    ['with its letter', { question, choices: texts, answer: 'C' }, 'C'],
    ['with its text', { question, options: texts, answer: 'white' }, 'C'],
    ['ARC', { question, choices: three, answerKey: 'C' }, 'C'],
    ['OpenBookQA', { question_stem: question, choices: three, answerKey: 'A' }, 'A'],
    [
      'MedQA',
      { question, options: { A: 'green', B: 'black', C: 'white' }, answer_idx: 'C', answer: 'white' },
      'C',
    ],
    ['a table', { prompt: question, a: 'green', b: 'black', c: 'white', answer: 'B' }, 'B'],
    [
      'columns',
      { question, option_a: 'green', option_b: 'black', option_c: 'white', correct_option: 'B' },
      'B',
    ],
    ['AQuA', { question, options: ['A)green', 'B)black'], correct: 'B' }, 'B'],
    [
      'a list of objects',
      {
        question,
        choices: [
          { label: 'A', text: 'x' },
          { label: 'B', text: 'y' },
        ],
        answer: 'B',
      },
      'B',
    ],
  ])('is read as in %s', (_name, record, answer) => {
    expect(formOfRecord(record)).toBe('multiple_choice');
    const { said, told } = read(record);
    expect(told).toEqual([]);
    expect(said?.[1]).toBe(answer);
    if (JSON.stringify(record).includes('white')) expect(said?.[0]).toBe(listed);
  });

  test('keeps labels that are numbers, letters that are written already, and what it is about', () => {
    const numbered = { text: texts, label: ['1', '2', '3'] };
    expect(read({ question, choices: numbered, answerKey: '2' }).said).toEqual([
      'Which tea?\n\n1. green\n2. black\n3. white',
      '2',
    ]);
    expect(read({ question, options: ['A) x', 'B) y'], answer: 'A', article: 'On tea.' }).said).toEqual([
      'On tea.\n\nWhich tea?\n\nA) x\nB) y',
      'A',
    ]);
  });

  test.each([
    ['a place behind the last', { choices: texts, answer: 3 }],
    ['another letter', { choices: texts, answer: 'D' }],
    ['a number that is a place and another’s text', { choices: ['1', '0', '2'], answer: '0' }],
    ['the text of two', { choices: ['a', 'a', 'b'], answer: 'a' }],
    ['nothing', { choices: texts, answer: null }],
    ['half a place', { choices: texts, answer: 1.5 }],
  ])('is never guessed of: %s', (_name, record) => {
    expect(formOfRecord({ question, ...record })).toBe('multiple_choice');
    expect(read({ question, ...record })).toEqual({ said: undefined, told: ['answer_not_a_choice'] });
  });

  test('whose answer is in words is a question and its answer', () => {
    const inWords = { question, choices: texts, answer: 'White tea, since it is pale.' };
    expect(formOfRecord(inWords)).toBe('question_answer');
    const response = { question, choices: [{ message: { content: 'a' } }], answer: 'a' };
    expect(formOfRecord(response)).toBe('question_answer');
  });
});

test('a file that counts from 1 is refused once, with the way out', async () => {
  const row = (from: number) => (index: number) => ({
    question: `Which tea is number ${index}?`,
    choices: texts,
    answer: (index % 3) + from,
  });
  const told = await toldOf(rowsOf(120, row(1)));
  expect(told.issues.filter(({ severity }) => severity === 'error')).toMatchObject([
    { code: 'answer_not_a_choice', count: 40, remedy: expect.stringContaining('take 1 from every answer') },
  ]);
  const followed = await toldOf(rowsOf(120, row(0)));
  expect(followed.issues.filter(({ severity }) => severity === 'error')).toEqual([]);
  expect(followed.conversions.dataset_uri).toMatchObject({ from: 'multiple_choice', losses: [] });
});

test('a table of questions with a column for each choice is read', async () => {
  const rows = Array.from({ length: 120 }, (_, at) => `${at},Tea ${at}?,green,black,${'AB'[at % 2]}`);
  const { issues, conversions } = await toldOf(['id,prompt,A,B,answer', ...rows].join('\n'));
  expect(issues.filter(({ severity }) => severity === 'error')).toEqual([]);
  expect(conversions.dataset_uri).toMatchObject({ from: 'multiple_choice' });
});
