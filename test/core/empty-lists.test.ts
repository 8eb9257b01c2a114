import { expect, test } from 'vitest';
import { toldOf } from './told-of-data.ts';

const ASKED = { role: 'user', content: 'Is tea hot?' };
const SHAPES = {
  'OpenAI’s messages': { messages: [ASKED, { role: 'assistant', content: 'Yes.' }] },
  'messages with other words': {
    messages: [
      { speaker: 'user', text: 'Is tea hot?' },
      { speaker: 'bot', text: 'Yes.' },
    ],
  },
  conversations: {
    conversations: [
      { from: 'human', value: 'Is tea hot?' },
      { from: 'gpt', value: 'Yes.' },
    ],
  },
  dialogues: {
    dialogue: [
      { from: 'human', value: 'Is tea hot?' },
      { from: 'gpt', value: 'Yes.' },
    ],
  },
};

test.each(
  Object.entries(SHAPES).flatMap(([name, shape]) =>
    [0, 5].map((place) => ({ name, shape: shape as object, place })),
  ),
)('an empty list among $name, at place $place, is an example of the same form', async ({ shape, place }) => {
  const [list = ''] = Object.keys(shape);
  const lines = Array.from({ length: 8 }, (_, at) => JSON.stringify(shape).replace('tea', `tea ${at}`));
  lines.splice(place, 0, JSON.stringify({ [list]: [] }));
  const { errors } = await toldOf(lines.join('\n'));
  expect(errors).toEqual([`messages_empty ${place + 1}`]);
});

test('an empty list among examples of another form is one without its fields, and no other form', async () => {
  const line = (n: number) => JSON.stringify({ question: `How hot is tea ${n}?`, answer: 'Very.' });
  const { errors } = await toldOf([line(1), '{"messages": []}', line(2), line(3)].join('\n'));
  expect(new Set(errors)).toEqual(new Set(['field_missing 2']));
});
