import { expect, test } from 'vitest';
import { followRemedy } from './follow-remedy.ts';
import { toldOf } from './told-of-data.ts';

const MANY = Array.from({ length: 5000 }, (_, at) =>
  JSON.stringify({ question: `How much is ${at} and one?`, answer: `It is ${at + 1}, as everybody knows.` }),
);

const withAt = (place: number, ...lines: string[]) => MANY.toSpliced(place, 0, ...lines).join('\n');

test.each([
  {
    what: 'a merge conflict',
    text: MANY.toSpliced(4000, 0, '<<<<<<< HEAD')
      .toSpliced(4010, 0, '=======')
      .toSpliced(4020, 0, '>>>>>>> b'),
    left: 5000,
  },
  { what: 'a code fence', text: MANY.toSpliced(4000, 0, '```').toSpliced(4500, 0, '```json'), left: 5000 },
  { what: 'a web page', text: MANY.toSpliced(4000, 0, '<!DOCTYPE html>', '<body>', 'Sorry {'), left: 4000 },
])(
  '$what far from the beginning of a file is told once, at its line, and gone by its remedy',
  async (sample) => {
    const text = sample.text.join('\n');
    const { errors, issues } = await toldOf(text);
    expect(errors).toEqual(['line_of_another 4001']);
    const [issue] = issues.filter(({ severity }) => severity === 'error');
    const fixed = followRemedy(issue?.remedy ?? '', text);
    const after = await toldOf(fixed.toString());
    expect(after.errors).toEqual([]);
    expect(after.statistics.dataset_uri?.examples).toBe(sample.left);
  },
);

test.each(['<b>bold</b>', '======', '=======>', '`code`', '<<<<<<<<'])(
  '%s is a line that is no JSON, and nothing else is said of it',
  async (line) => {
    const { errors } = await toldOf(withAt(100, line));
    expect(errors).toEqual(['line_not_json 101']);
  },
);
