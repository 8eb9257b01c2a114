import { mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { describe, expect, test } from 'vitest';
import { followRemedy } from './follow-remedy.ts';
import { rowsOf, toldOf } from './told.ts';

test.each([
  [
    'in objects',
    (at: number) => ({ inputs: { q: `Tea ${at}?` }, outputs: { a: 'Hot.' } }),
    '.inputs.q',
    '.outputs.a',
  ],
  [
    'in lists',
    (at: number) => ({ ask: `Tea ${at}?`, answers: { text: ['Hot.'] } }),
    '.ask',
    '.answers.text[0]',
  ],
  [
    'by names that jq wants quoted',
    (at: number) => ({ a: { 'the-q': `Tea ${at}?` }, b: ['Hot.'] }),
    '.a."the-q"',
    '.b[0]',
  ],
])('texts %s are told where they are, and the remedy leads out', async (_name, row, asked, answered) => {
  const { issues } = await toldOf(rowsOf(120, row));
  expect(issues).toMatchObject([{ code: 'dataset_unknown_form' }]);
  const [{ remedy } = { remedy: '' }] = issues;
  expect(remedy).toContain(`Put two of ${asked}, ${answered} in place of ASKED and ANSWERED: jq `);
  const chosen = remedy.replace(
    '{question: ASKED, answer: ANSWERED}',
    `{question: ${asked}, answer: ${answered}}`,
  );
  const followed = await toldOf(followRemedy(chosen, rowsOf(120, row)));
  expect(followed.issues.filter(({ severity }) => severity === 'error')).toEqual([]);
  expect(followed.conversions.dataset_uri).toMatchObject({ from: 'question_answer', losses: [] });
});

test('texts inside are told beside those in fields', async () => {
  const row = { question: 'Hot?', title: 'Tea', answers: { text: ['Yes'] }, count: 5 };
  const { issues } = await toldOf(rowsOf(120, () => row));
  expect(issues[0]?.remedy).toContain('two of .question, .title, .answers.text[0] in place');
});

test.each([
  ['one text', { text: 'Tea' }],
  ['a text and a list of others', { query: 'Tea', passages: [{ id: 5 }] }],
  ['one text whose name may be shown', { translation: { en: 'Tea', 'a secret': 'Thé' } }],
  [
    'lists of which one element is not all',
    {
      rounds: [
        { ask: 'Tea?', say: 'Hot.' },
        { ask: 'b', say: 'c' },
      ],
    },
  ],
  ['texts that not all have', { left: { a: 'Tea' } }],
])('of %s nobody is told to choose two', async (_name, row) => {
  const other = JSON.stringify({ ...row, left: { b: 'Tea' } });
  const { issues } = await toldOf(`${rowsOf(5, () => row)}${other}\n`);
  expect(issues).toMatchObject([{ code: 'dataset_unknown_form' }]);
  expect(issues[0]?.remedy).toContain('fields of their own: {"question": "…", "answer": "…"}');
  expect(issues[0]?.remedy).not.toContain('secret');
});

test.each([1, 2])('%d records in an unknown form are told as many are', async (count) => {
  const { issues } = await toldOf(rowsOf(count, (at) => ({ left: `Tea ${at}?`, right: 'Hot.' })));
  expect(issues).toMatchObject([
    { code: 'dataset_unknown_form', remedy: expect.stringContaining('in place of ASKED and ANSWERED') },
  ]);
});

test('one record with a field of an example has a fault of its own', async () => {
  const { codes } = await toldOf(rowsOf(1, () => ({ contents: 'Hot?' })));
  expect(codes).toEqual(['field_wrong_type']);
});

describe('answers that are no texts', () => {
  test.each([
    ['true or false', (at: number) => at % 2 === 0, ['yes', 'no']],
    ['numbers', (at: number) => at, ['0', '1']],
  ])('such as %s are told once, and the command makes texts of them', async (_name, answer, texts) => {
    const rows = Array.from({ length: 120 }, (_, at) => ({
      question: `Is tea ${at} hot?`,
      answer: answer(at),
    }));
    for (const file of [rows.map((row) => `${JSON.stringify(row)}\n`).join(''), JSON.stringify(rows)]) {
      const errors = (await toldOf(file)).issues.filter(({ severity }) => severity === 'error');
      expect(errors).toMatchObject([{ code: 'field_wrong_type', count: 120 }]);
      const [told] = errors;
      const fixed = followRemedy(told?.remedy ?? '', file).toString();
      expect(
        fixed
          .split('\n')
          .slice(0, 2)
          .map((line) => JSON.parse(line).answer),
      ).toEqual(texts);
      const after = await toldOf(fixed);
      expect(after.issues.filter(({ severity }) => severity === 'error')).toEqual([]);
    }
  });
});

describe('records that are no examples', () => {
  test('answers of a batch are joined with their requests by the command', async () => {
    const ids = Array.from({ length: 30 }, (_, at) => `r${at}`);
    const asked = ids.map((id) => ({
      ...{ custom_id: id, method: 'POST', url: '/v1/chat/completions' },
      body: { model: 'gpt-4o', messages: [{ role: 'user', content: `What is ${id}?` }] },
    }));
    const answered = ids.map((id) => ({
      ...{ id: `batch_${id}`, custom_id: id, error: null },
      response: {
        status_code: 200,
        body: { choices: [{ message: { role: 'assistant', content: `It is ${id}.`, refusal: null } }] },
      },
    }));
    const file = rowsOf(ids.length, (at) => answered[ids.length - 1 - at]);
    const [told] = (await toldOf(file)).issues;
    expect(told).toMatchObject({ code: 'dataset_unknown_form' });
    const dir = mkdtempSync(join(tmpdir(), 'requests-'));
    const requests = join(dir, 'requests.jsonl');
    writeFileSync(
      requests,
      rowsOf(ids.length, (at) => asked[at]),
    );
    const remedy = (told?.remedy ?? '').replace(
      '--slurpfile requests REQUESTS',
      `--slurpfile requests ${requests}`,
    );
    const joined = followRemedy(remedy, file).toString();
    rmSync(dir, { recursive: true });
    expect(JSON.parse(joined.split('\n')[0] ?? '')).toEqual({
      messages: [
        { role: 'user', content: 'What is r29?' },
        { role: 'assistant', content: 'It is r29.' },
      ],
    });
    expect((await toldOf(joined)).issues.filter(({ severity }) => severity === 'error')).toEqual([]);
  });

  test('queries with texts that answer them are for an embedding model', async () => {
    const file = rowsOf(30, (at) => ({ query: `q ${at}`, pos: [`yes ${at}`], neg: [`no ${at}`] }));
    expect((await toldOf(file)).issues[0]?.remedy).toContain('"queries_path"');
  });
});
