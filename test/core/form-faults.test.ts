import { describe, expect, test } from 'vitest';
import { rowsOf, toldOf } from './told.ts';

describe('an answer with nothing to read', () => {
  test.each([
    ['a question and its answer', { question: 'Hot?', answer: ' ' }, 'answer'],
    ['Alpaca', { instruction: 'Name it.', input: 'Tea', output: '\n' }, 'output'],
    [
      'OpenAI',
      {
        messages: [
          { role: 'user', content: 'Hot?' },
          { role: 'assistant', content: ' ' },
        ],
      },
      'messages[].content',
    ],
    [
      'ShareGPT',
      {
        conversations: [
          { from: 'human', value: 'Hot?' },
          { from: 'gpt', value: '\t' },
        ],
      },
      'conversations[].value',
    ],
    ['a question without anything too', { question: ' ', answer: '  ' }, 'answer'],
  ])('is an error of its own field: %s', async (_name, row, path) => {
    const { issues } = await toldOf(rowsOf(20, () => row));
    const errors = issues.filter(({ severity }) => severity === 'error');
    expect(errors).toMatchObject([{ code: 'field_blank', path, count: 20 }]);
    expect(issues.filter((issue) => issue.path === path)).toHaveLength(1);
  });
});
