import { describe, expect, test } from 'vitest';
import type { DatasetCheckOptions } from '../../shared/core/dataset/check.ts';
import { containerOf } from '../../shared/core/dataset/containers/recognise.ts';
import { formOfRecord } from '../../shared/core/dataset/forms/recognise.ts';
import { reportIssue } from '../../shared/core/issues/catalog.ts';
import { checkBytes, issuesOf } from './dataset-samples.ts';
import { followRemedy } from './follow-remedy.ts';

const remedyOf = (file: string, options?: Partial<DatasetCheckOptions>) => {
  const [issue] = checkBytes(file, options).issues.listed;
  if (!issue) throw new Error('nothing was found');
  return reportIssue(issue);
};

const containerIn = (text: string) =>
  containerOf(Buffer.from(text), (record) => formOfRecord(record) !== undefined);

describe('a file in a form that nobody knows', () => {
  const GEMINI: Partial<DatasetCheckOptions> = { format: 'contents' };
  const file = (record: (index: number) => object) =>
    Array.from({ length: 30 }, (_, index) => `${JSON.stringify(record(index))}\n`).join('');

  test.each([
    ['two fields', (index: number) => ({ left: `a ${index}`, right: 'b' }), '"left", "right"'],
    ['one field', (index: number) => ({ text: `Tea ${index} is hot.` }), '"text"'],
    ['texts inside', (index: number) => ({ inputs: { q: `Tea ${index}?` }, a: ['b'] }), '"inputs", "a"'],
    [
      'lists',
      (index: number) => ({ query: `q ${index}`, positive_passages: [{ docid: 1 }], negative_passages: [] }),
      '"query", "positive_passages", "negative_passages"',
    ],
    ['fields that not all have', (index: number) => ({ left: 'a', [`field ${index}`]: 'b' }), '"left"'],
  ])('%s is told once, with its fields', (_name, record, fields) => {
    for (const options of [GEMINI, {}]) {
      const checked = checkBytes(file(record), options);
      expect(issuesOf(checked)).toEqual(['error dataset_unknown_form']);
      expect(remedyOf(file(record), options).found).toBe(`records with ${fields}`);
    }
  });

  test.each([
    ['an array', (all: object[]) => JSON.stringify(all)],
    ['an array laid out', (all: object[]) => JSON.stringify(all, null, 2)],
    ['objects laid out', (all: object[]) => all.map((one) => JSON.stringify(one, null, 2)).join('\n')],
  ])('in %s is told once, and its remedy leads out', (_name, write) => {
    const rows = Array.from({ length: 30 }, (_, index) => ({ user_message: `Tea ${index}?`, reply: 'Hot.' }));
    const options = (text: string) => ({ ...GEMINI, container: containerIn(text) });
    const text = write(rows.map(({ user_message, reply }) => ({ prompt: user_message, reply })));
    const checked = checkBytes(text, options(text));
    expect(issuesOf(checked)).toEqual(['error dataset_unknown_form']);
    const report = remedyOf(text, options(text));
    expect(report.remedy).toContain('If "prompt" is what is asked, and "reply" what is answered: ');
    const rewritten = followRemedy(report.remedy, text).toString();
    expect(rewritten.split('\n')[3]).toBe('{"question":"Tea 3?","answer":"Hot."}');
    expect(rewritten.trimEnd().split('\n')).toHaveLength(30);

    const strange = write(rows);
    expect(remedyOf(strange, options(strange)).remedy).toContain('in place of ASKED and ANSWERED');
  });

  test('with names that are spelt otherwise is told them in an array, too', () => {
    const text = JSON.stringify(
      Array.from({ length: 30 }, (_, index) => ({ Prompt: `${index}`, Response: 'a' })),
    );
    const report = remedyOf(text, { ...GEMINI, container: containerIn(text) });
    expect([report.code, report.expected]).toEqual(['dataset_field_names', '"prompt" and "response"']);
    expect(followRemedy(report.remedy, text).toString()).toMatch(/^{"prompt":"0","response":"a"}\n/);
  });

  test.each([
    ['a prompt and another word', { prompt: 'Hot?', reference: 'Yes' }, '"prompt", "reference"'],
    ['a slip', { promt: 'Hot?', completion: 'Yes' }, '"promt", "completion"'],
    ['an object in place of the list', { messages: { user: 'Hot?', assistant: 'Yes' } }, '"messages"'],
  ])('with %s is told once, with its fields', (_name, row, fields) => {
    const checked = checkBytes(
      file((index) => ({ ...row, id: index })),
      GEMINI,
    );
    expect(issuesOf(checked)).toEqual(['error dataset_unknown_form']);
    expect(
      remedyOf(
        file(() => row),
        GEMINI,
      ).found,
    ).toBe(`records with ${fields}`);
  });

  test.each([
    ['examples that lack a field', (index: number) => ({ input_text: `a ${index}` })],
    ['conversations that lack a role', (index: number) => ({ messages: [{ content: `a ${index}` }] })],
  ])('%s are examples with a fault', (_name, record) => {
    expect(issuesOf(checkBytes(file(record)))).not.toContain('error dataset_unknown_form');
  });

  test.each([
    [{ Question: 'a', Answer: 'b' }, 'question" and "answer'],
    [{ Prompt: 'a', Response: 'b', id: 1 }, 'prompt" and "response'],
    [{ Instruction: 'a', Output: 'b' }, 'instruction" and "output'],
  ])('%j is told which names are meant', (record, names) => {
    for (const options of [GEMINI, {}]) {
      const report = remedyOf(
        file(() => record),
        options,
      );
      expect([report.code, report.expected]).toEqual(['dataset_field_names', `"${names}"`]);
    }
  });
});
