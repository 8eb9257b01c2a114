import { expect, test } from 'vitest';
import { inForm } from '../../shared/core/dataset/fix/mixed-forms.ts';
import { targetOf } from '../../shared/core/dataset/forms/target.ts';

const GEMINI = targetOf('gemini-3.1-flash-lite', undefined);
const written = (example: object) => GEMINI && inForm(JSON.stringify(example), GEMINI);
const said = (role: string, text: string) => ({ role, parts: [{ text }] });
const PAIR = { contents: [said('user', 'Is tea hot?'), said('model', 'Yes')] };

test.each([
  { prompt: 'Is tea hot?', completion: 'Yes' },
  { question: 'Is tea hot?', answer: 'Yes' },
  {
    messages: [
      { role: 'user', content: 'Is tea hot?' },
      { role: 'assistant', content: 'Yes' },
    ],
  },
  { instruction: 'Is tea hot?', input: '', output: 'Yes' },
])('an example of a file with several forms is written in the form of the model: %j', (example) => {
  expect(JSON.parse(written(example) ?? 'null')).toEqual(PAIR);
});

test.each([
  ['is in it', PAIR],
  ['is in no form', { left: 'a', right: 'b' }],
  ['has a fault', { prompt: 'Is tea hot?', completion: '' }],
  ['has more than the form has a place for', { prompt: 'Is tea hot?', completion: 'Yes', mood: 'glad' }],
  ['has two answers', { prompt: 'Is tea hot?', chosen: 'Yes', rejected: 'No' }],
])('an example stays as it is that %s', (_name, example) => {
  expect(written(example)).toBeUndefined();
});
