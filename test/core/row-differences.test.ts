import fc from 'fast-check';
import { describe, expect, test } from 'vitest';
import { compareRows } from '../../shared/core/comparison/rows.ts';

const row = (input: string, output: string) => JSON.stringify({ input_text: input, output_text: output });

describe('two versions of a data set', () => {
  test('name the lines that were added, removed and changed', async () => {
    const before = [row('a', '1'), row('b', '2'), '', row('c', '3'), row('d', '4')];
    const after = [row('new', '0'), row('a', '1'), row('c', 'three'), row('d', '4')];
    expect(await compareRows(before, after)).toEqual({
      same: 2,
      added: [1],
      removed: [2],
      changed: [{ before: 4, after: 3 }],
    });
  });

  test('of chats, preferences and contents a change of the answer is a change, of the question another example', async () => {
    const contents = (question: string, answer: string) =>
      JSON.stringify({
        contents: [
          { role: 'user', parts: [{ text: question }] },
          { role: 'model', parts: [{ text: answer }] },
        ],
      });
    const chat = (question: string, answer: string) =>
      JSON.stringify({
        messages: [
          { role: 'user', content: question },
          { role: 'assistant', content: answer },
        ],
      });
    const before = [contents('q', 'a'), chat('p', 'a')];
    const after = [contents('q', 'other'), chat('other', 'a')];
    expect(await compareRows(before, after)).toEqual({
      same: 0,
      added: [2],
      removed: [2],
      changed: [{ before: 1, after: 1 }],
    });
  });

  test('do not differ by spaces between JSON, escapes or the order of lines', async () => {
    const before = ['{"input_text": "caf\\u00e9", "output_text": "x"}', row('b', '2')];
    expect(await compareRows(before, [row('b', '2'), row('café', 'x')])).toEqual({
      same: 2,
      ...{ added: [], removed: [], changed: [] },
    });
  });

  test('have each line held against one other, however often it is there', async () => {
    const one = row('a', '1');
    expect(await compareRows([one, one, one], [one])).toMatchObject({ same: 1, removed: [2, 3] });
    expect(await compareRows([one], [one, one])).toMatchObject({ same: 1, added: [2] });
  });

  test('add up: every line is the same, added, removed or changed', async () => {
    const rows = fc.array(fc.tuple(fc.constantFrom('a', 'b', 'c'), fc.constantFrom('1', '2')), {
      maxLength: 12,
    });
    await fc.assert(
      fc.asyncProperty(rows, rows, async (one, other) => {
        const [before, after] = [one, other].map((pairs) =>
          pairs.map(([input, output]) => row(input, output)),
        );
        const { same, added, removed, changed } = await compareRows(before ?? [], after ?? []);
        expect(same + removed.length + changed.length).toBe(one.length);
        expect(same + added.length + changed.length).toBe(other.length);
      }),
    );
  });

  test('holds the first of several same lines, so that the last are told', async () => {
    expect(await compareRows(Array(3).fill(row('a', '1')), [row('a', '1'), row('a', '2')])).toEqual({
      ...{ same: 1, added: [], removed: [3], changed: [{ before: 2, after: 2 }] },
    });
  });

  test('takes a line that nests deeper than any stack for its text', async () => {
    const deep = `${'['.repeat(200_000)}${']'.repeat(200_000)}`;
    const deepObject = `{"messages":${deep}}`;
    expect(await compareRows([deep, deepObject], [deep, `${deepObject} `])).toEqual({
      ...{ same: 1, added: [2], removed: [2], changed: [] },
    });
  });
});
