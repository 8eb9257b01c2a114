import { describe, expect, test } from 'vitest';
import { followRemedy } from './follow-remedy.ts';
import { rowsOf, toldOf } from './told.ts';

const pair = (at: number) => ({ prompt: `Is tea ${at} hot?`, completion: `Yes, cup ${at}.` });
const ACCEPTED = { manifest: { convert: true } } as const;
const errorsOf = async (file: string | Buffer, more: Parameters<typeof toldOf>[1] = {}) =>
  (await toldOf(file, more)).issues.filter(({ severity }) => severity === 'error');

describe('rows of which a number or a word says whether the answer is good', () => {
  test.each([
    ['1 and 0', 'label', [1, 0]],
    ['1 and -1', 'feedback', [1, -1]],
    ['words', 'label', ['desirable', 'undesirable']],
    ['words with spaces and capitals', 'rating', ['Thumbs Up', 'Thumbs Down']],
    ['signs', 'vote', ['👍', '👎']],
    ['words of a table', 'kto_tag', ['True', 'False']],
    ['yes and no', 'is_correct', ['yes', 'no']],
    ['words of a review', 'status', ['approved', 'rejected']],
    ['such words under any name', 'hallucination_check', ['PASS', 'FAIL']],
  ])(
    '%s: told once as unpaired preferences, also where losses are accepted, and the command keeps the good',
    async (_name, field, [good, bad]) => {
      for (const row of [
        (at: number) => ({ ...pair(at), [field as string]: at < 70 ? good : bad }),
        (at: number) => ({
          messages: [
            { role: 'user', content: pair(at).prompt },
            { role: 'assistant', content: pair(at).completion },
          ],
          [field as string]: at < 70 ? good : bad,
        }),
      ]) {
        const file = rowsOf(120, row);
        for (const more of [{}, ACCEPTED]) {
          const told = await errorsOf(file, more);
          expect(told).toMatchObject([{ code: 'answers_judged' }]);
          expect(told[0]?.found).toContain(
            `"${field}" is ${JSON.stringify(good)} in 70 examples and ${JSON.stringify(bad)} in 50 examples`,
          );
          expect((await toldOf(file, more)).codes).toEqual(['answers_judged']);
          const after = await toldOf(followRemedy(told[0]?.remedy ?? '', file));
          expect(after.codes.filter((code) => code !== 'dataset_few_examples')).toEqual([
            'dataset_converted',
          ]);
          expect(after.statistics.dataset_uri?.examples).toBe(70);
        }
      }
    },
  );

  test('of an open model, whose form has no place for it, too', async () => {
    const file = rowsOf(120, (at) => ({ ...pair(at), label: at % 2 }));
    expect(await errorsOf(file, { manifest: { base_model: 'qwen/qwen3@qwen3-4b' } })).toMatchObject([
      { code: 'answers_judged' },
    ]);
  });

  test.each([
    ['answer', ['accept', 'reject', 'ignore'], { _task_hash: 1, _input_hash: 2 }],
    ['review', ['accepted', 'rejected', 'pending'], {}],
    ['feedback', ['up', 'down', ''], {}],
  ])('%s with those that nobody decided, which the command leaves out, too', async (field, words, more) => {
    const file = rowsOf(120, (at) => ({ ...pair(at), [field]: words[at % 3], ...more }));
    const [told, ...others] = await errorsOf(file, ACCEPTED);
    expect(told).toMatchObject({ code: 'answers_judged' });
    expect(others).toEqual([]);
    const after = await toldOf(followRemedy(told?.remedy ?? '', file), ACCEPTED);
    expect(after.statistics.dataset_uri?.examples).toBe(40);
    expect(after.codes).not.toContain('answers_judged');
  });

  test('in a table, too', async () => {
    const rows = Array.from({ length: 120 }, (_, at) => `Is tea ${at} hot?,Yes ${at}.,${at % 2}\n`);
    expect(await errorsOf(`prompt,completion,label\n${rows.join('')}`)).toMatchObject([
      { code: 'answers_judged', found: expect.stringContaining('"label" is "1" in 60 examples') },
    ]);
  });

  test.each([
    [
      'the number of a class beside its name',
      (at: number) => ({ completion: ['no', 'yes'][at % 2], label: at % 2 }),
    ],
    ['numbers of three classes', (at: number) => ({ label: at % 3 })],
    ['stars', (at: number) => ({ rating: 1 + (at % 5) })],
    [
      'a class that is called like a judgement',
      (at: number) => ({
        completion: ['approved', 'rejected'][at % 2],
        status: ['approved', 'rejected'][at % 2],
      }),
    ],
    ['one word throughout', () => ({ status: 'approved' })],
    ['one number throughout', () => ({ label: 1 })],
  ])('not where it is %s', async (_name, more) => {
    const file = rowsOf(120, (at) => ({ ...pair(at), ...more(at) }));
    expect(await errorsOf(file)).toMatchObject([
      { code: 'conversion_loses', found: expect.stringContaining('fields that no example of this form has') },
    ]);
  });
});

test.each(['is_correct', 'liked', 'thumbs_up', 'accepted'])(
  'false under %s marks a bad answer in every form',
  async (field) => {
    const file = rowsOf(120, (at) => ({ question: `Hot ${at}?`, answer: `Yes ${at}`, [field]: at % 3 > 0 }));
    const [told] = await errorsOf(file);
    expect(told?.found).toContain(`(unpaired preferences): ${field} (40 examples`);
    expect(told?.remedy).toContain('Without the field alone the bad answers would be learnt');
    const { conversions } = await toldOf(file, ACCEPTED);
    expect(conversions.dataset_uri).toMatchObject({ losses: [{ loss: 'unwanted', examples: 40 }] });
  },
);

test.each(['deleted', 'is_rejected', 'thumbs_down'])(
  'true under %s marks an answer that nobody wants',
  async (field) => {
    const file = rowsOf(120, (at) => ({
      question: `Hot ${at}?`,
      answer: `Yes ${at}`,
      [field]: at % 3 === 0,
    }));
    expect((await errorsOf(file))[0]?.found).toContain(`(unpaired preferences): ${field} (40 examples`);
    const { conversions } = await toldOf(file, ACCEPTED);
    expect(conversions.dataset_uri).toMatchObject({ losses: [{ loss: 'unwanted', examples: 40 }] });
  },
);

test('the words of a judgement as what is asked are a question', async () => {
  const file = rowsOf(120, (at) => ({ input: ['good', 'bad'][at % 2], output: `a word ${at}` }));
  expect((await toldOf(file)).codes).not.toContain('answers_judged');
});
