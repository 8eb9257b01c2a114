import { mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { describe, expect, test } from 'vitest';
import { FORMS } from '../../shared/core/dataset/forms/table.ts';
import { followRemedy } from './follow-remedy.ts';
import { rowsOf, toldOf } from './told.ts';

const PREFERENCES = { manifest: { base_model: 'gemini-2.5-flash', tuning_method: 'preference' } } as const;
const errorsOf = async (file: string | Buffer, more: Parameters<typeof toldOf>[1] = {}) =>
  (await toldOf(file, more)).issues.filter(({ severity }) => severity === 'error');
const read = (form: 'squad' | 'compared', row: object) =>
  FORMS[form].read(row as never, { report: () => {}, onUnused: () => {} });

describe('questions with a list of answers', () => {
  test.each([
    ['one answer', (at: number) => ({ question: `Who is ${at}?`, answer: [`Tea ${at}`] })],
    ['one answer to a query', (at: number) => ({ query: `Who is ${at}?`, answers: [`Tea ${at}`] })],
    [
      'an answer with its other names, as in TriviaQA',
      (at: number) => ({
        ...{ question: `Who is ${at}?`, question_id: `q${at}`, question_source: 'tea.com' },
        answer: { value: `Tea ${at}`, aliases: ['Chai', 'Cha'], type: 'FreeForm' },
      }),
    ],
    [
      'answers with their places',
      (at: number) => ({ question: `Who is ${at}?`, answers: [{ text: `Tea ${at}`, answer_start: 4 }] }),
    ],
  ])('%s: are converted', async (_name, row) => {
    const { codes, conversions } = await toldOf(rowsOf(120, row));
    expect(codes).toEqual(['dataset_converted']);
    expect(conversions.dataset_uri).toMatchObject({ from: 'squad', losses: [] });
    expect(read('squad', row(3))?.turns.map(({ parts }) => parts)).toEqual([
      [{ kind: 'text', text: 'Who is 3?' }],
      [{ kind: 'text', text: 'Tea 3' }],
    ]);
  });

  test('of several the first is learnt, where the manifest accepts that', async () => {
    const file = rowsOf(120, (at) => ({ question: `Who is ${at}?`, answer: [`Tea ${at}`, 'Chai'] }));
    expect(await errorsOf(file)).toMatchObject([
      {
        code: 'conversion_loses',
        found: expect.stringContaining('further answers to the same question (120'),
      },
    ]);
    expect(await errorsOf(file, { manifest: { convert: true } })).toEqual([]);
  });

  test('of a list without one it is said where it is', async () => {
    const file = rowsOf(120, (at) => ({ question: `Who is ${at}?`, answers: at === 7 ? [] : ['Tea'] }));
    expect(await errorsOf(file)).toMatchObject([{ code: 'field_empty', line: 8, path: 'answers' }]);
  });

  test.each([
    ['choices', { question: 'Who?', choices: ['Tea', 'Milk'], answer: ['A'] }],
    ['other objects', { question: 'Who?', answers: [{ name: 'tea' }] }],
    ['numbers', { question: 'Who?', answer: [1, 2] }],
  ])('are none where they are %s', (_name, row) => {
    expect(FORMS.squad.matches(row as never)).toBe(false);
  });
});

describe('two sides and which one won', () => {
  const talk = (at: number, said: string) => [
    { role: 'user', content: `Tea ${at}?` },
    { role: 'assistant', content: said },
  ];
  const ROWS = [
    [
      'Chatbot Arena',
      (at: number, isFirst: boolean) => ({
        ...{ question_id: `q${at}`, model_a: 'x', model_b: 'y', judge: 'j', turn: 1, language: 'English' },
        ...{ conversation_a: talk(at, 'one'), conversation_b: talk(at, 'two') },
        winner: isFirst ? 'model_a' : 'model_b',
      }),
      { winner: 'tie (bothbad)' },
    ],
    [
      'one number each',
      (at: number, isFirst: boolean) => ({
        ...{ prompt: `["Tea ${at}?"]`, response_a: '["one"]', response_b: '["two"]' },
        ...{ winner_model_a: Number(isFirst), winner_model_b: Number(!isFirst), winner_tie: 0 },
      }),
      { winner_model_a: 0, winner_model_b: 0, winner_tie: 1 },
    ],
    [
      'numbers of outputs',
      (at: number, isFirst: boolean) => ({
        ...{ instruction: `Tea ${at}?`, output_1: 'one', output_2: 'two', preference: isFirst ? 1 : 2 },
      }),
      { preference: 0 },
    ],
    [
      'letters',
      (at: number, isFirst: boolean) => ({
        ...{ question: `Tea ${at}?`, answerA: 'one', answerB: 'two', better: isFirst ? 'A' : 'b' },
      }),
      { better: 'both' },
    ],
  ] as const;

  test.each(ROWS)('as of %s are preferences', async (_name, row) => {
    const { codes, conversions } = await toldOf(
      rowsOf(120, (at) => row(at, at % 2 === 0)),
      PREFERENCES,
    );
    expect(codes).toEqual(['dataset_converted']);
    expect(conversions.dataset_uri).toMatchObject({ from: 'compared', losses: [] });
    const [first, second] = [read('compared', row(1, true)), read('compared', row(1, false))];
    expect(first?.turns).toEqual([{ role: 'user', parts: [{ kind: 'text', text: 'Tea 1?' }] }]);
    expect(first?.pair?.better.parts).toEqual([{ kind: 'text', text: 'one' }]);
    expect(second?.pair?.better.parts).toEqual([{ kind: 'text', text: 'two' }]);
  });

  test.each(ROWS)(
    'as of %s that nobody won are told, and the command removes them',
    async (_name, row, tie) => {
      const file = rowsOf(120, (at) => ({ ...row(at, at % 2 === 0), ...(at % 3 === 0 ? tie : {}) }));
      const told = await errorsOf(file, PREFERENCES);
      expect(told).toMatchObject([{ code: 'preference_undecided', count: 40 }]);
      const fixed = await toldOf(followRemedy(told[0]?.remedy ?? '', file), PREFERENCES);
      expect([fixed.codes, fixed.statistics.dataset_uri?.examples]).toEqual([['dataset_converted'], 80]);
    },
  );

  test('whose better one alone is learnt lose the other', async () => {
    const [[, row]] = ROWS;
    const file = rowsOf(120, (at) => row(at, true));
    expect(await errorsOf(file)).toMatchObject([
      { code: 'conversion_loses', found: expect.stringContaining('a second, worse answer (120') },
    ]);
  });
});

describe('records of tests and corpora that are no examples', () => {
  const sound = async (file: Buffer, count: number) => {
    const { issues, statistics } = await toldOf(file);
    expect(issues.filter(({ severity }) => severity === 'error')).toEqual([]);
    expect(statistics.dataset_uri?.examples).toBe(count);
  };
  const inArray = (file: string) => `[${file.trimEnd().split('\n').join(',')}]`;

  test.each([
    ['numbers', (at: number) => ({ premise: `Tea ${at}.`, hypothesis: 'Hot.', label: (at % 4) - 1 })],
    [
      'words',
      (at: number) => ({
        pairID: `${at}`,
        sentence1: `Tea ${at}.`,
        sentence2: 'Hot.',
        gold_label: ['-', 'neutral'][at % 2],
      }),
    ],
  ])(
    'sentences with labels that are %s are told as that, and the command asks for the label',
    async (_name, row) => {
      const count = rowsOf(120, row).match(/"(?:gold_)?label":(?:[012]|"neutral")/g)?.length ?? 0;
      for (const file of [rowsOf(120, row), inArray(rowsOf(120, row))]) {
        const [told] = await errorsOf(file);
        expect(told?.remedy).toContain('These are pairs of sentences');
        const fixed = followRemedy(told?.remedy ?? '', file);
        expect(fixed.toString()).toContain('"answer":"neutral"');
        await sound(fixed, count);
      }
    },
  );

  test.each([
    ['titles', (at: number) => ({ title: 'T', paragraphs: [paragraph(at)] }), 'titles of SQuAD'],
    ['paragraphs', (at: number) => paragraph(at), 'paragraphs of SQuAD'],
  ])(
    '%s of SQuAD on lines are told as that, and the command makes questions of them',
    async (_name, row, words) => {
      for (const file of [rowsOf(120, row), inArray(rowsOf(120, row))]) {
        const [told] = await errorsOf(file);
        expect(told?.remedy).toContain(words);
        await sound(followRemedy(told?.remedy ?? '', file), 120);
      }
    },
  );

  test.each([
    ['messages', (at: number) => [[{ role: 'user', content: `Brew tea ${at}` }]]],
    ['a text', (at: number) => `Brew tea ${at}`],
  ])('questions of BFCL in %s are joined with their answers by the command', async (_name, question) => {
    const file = rowsOf(30, (at) => ({
      ...{ id: `simple_${at}`, question: question(at) },
      function: [
        {
          name: 'brew',
          description: 'Brews',
          parameters: { type: 'dict', properties: { cups: { type: 'integer' } } },
        },
      ],
    }));
    const [told] = await errorsOf(file);
    expect(told?.remedy).toContain('a test of function calls');
    const dir = mkdtempSync(join(tmpdir(), 'answers-'));
    const answers = join(dir, 'answers.jsonl');
    writeFileSync(
      answers,
      rowsOf(30, (at) => ({
        id: `simple_${at}`,
        ground_truth: [{ brew: { cups: [at, 5], sugar: ['', 'no'] } }],
      })),
    );
    const fixed = followRemedy((told?.remedy ?? '').replace("ANSWERS '", `${answers} '`), file);
    rmSync(dir, { recursive: true });
    expect(JSON.parse(fixed.toString().split('\n')[3] ?? '')).toMatchObject({
      query: 'Brew tea 3',
      answers: [{ name: 'brew', arguments: { cups: 3 } }],
    });
    await sound(fixed, 30);
  });
});

function paragraph(at: number) {
  const answers = [{ text: 'hot', answer_start: 9 }];
  return {
    context: `Tea ${at} is hot.`,
    qas: [
      { id: `${at}`, question: 'How?', answers },
      { question: 'Why?', answers: [] },
    ],
  };
}
