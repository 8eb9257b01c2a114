import { expect, test } from 'vitest';
import { toldOf } from './told-of-data.ts';

const ANSWERS = {
  preferred_output: [{ role: 'assistant', content: 'Yes.' }],
  non_preferred_output: [{ role: 'assistant', content: 'Perhaps.' }],
};

test.each([
  ['preferred_output', 'non_preferred_output'],
  ['non_preferred_output', 'preferred_output'],
] as const)('a preference with %s alone is told to be without %s', async (there, missing) => {
  const lines = Array.from({ length: 20 }, (_, at) =>
    JSON.stringify({
      input: { messages: [{ role: 'user', content: `Is tea number ${at} hot?` }] },
      [there]: ANSWERS[there],
    }),
  );
  const { errors, issues } = await toldOf(lines.join('\n'), {
    base_model: 'gemini-2.5-flash',
    tuning_method: 'preference',
  });
  expect(errors).toEqual(lines.map((_, at) => `field_missing ${at + 1}`));
  expect(issues.find(({ code }) => code === 'field_missing')?.path).toBe(missing);
});
