import { describe, expect, test } from 'vitest';
import type { FormName } from '../../shared/core/dataset/forms/names.ts';
import { formOfRecord } from '../../shared/core/dataset/forms/recognise.ts';
import { FORMS } from '../../shared/core/dataset/forms/table.ts';
import { followRemedy } from './follow-remedy.ts';
import { rowsOf, toldOf } from './told.ts';

/** What is read of a record, and what is told on the way. */
function read(record: Record<string, unknown>) {
  const told: unknown[] = [];
  const onUnused = (field: string, place: string) => void told.push(place + field);
  const form: FormName = formOfRecord(record) ?? 'contents';
  const example = FORMS[form].read(record, { report: (code) => void told.push(code), onUnused });
  const wordsOf = (turn: { parts: readonly object[] } | undefined) =>
    turn?.parts.map((part) => ('text' in part ? part.text : part));
  return {
    ...{ form, told, system: example?.system, hasThoughts: example?.hasThoughts },
    said: example?.turns.map((turn) => [turn.role, ...(wordsOf(turn) ?? [])]),
    weights: example?.turns.map(({ weight }) => weight),
    pair: example?.pair && [wordsOf(example.pair.better)?.[0], wordsOf(example.pair.worse)?.[0]],
  };
}

const user = (content: string) => ({ role: 'user', content });
const assistant = (content: string, more: object = {}) => ({ role: 'assistant', content, ...more });
const PREFERENCE = { tuning_method: 'preference', base_model: 'gemini-2.5-flash' } as const;

describe('a preference', () => {
  const talk = [user('Hot?'), assistant('Yes')];
  const sides = [user('Hot?'), assistant('No')];
  const shp = { history: 'Hot?', human_ref_A: 'Yes', human_ref_B: 'No', score_A: 5, score_B: 1 };
  const webgpt = { question: { full_text: 'Hot?' }, answer_0: 'No', answer_1: 'Yes' };
  test.each<[string, FormName, Record<string, unknown>]>([
    ['ms-swift', 'messages_rejected', { messages: talk, rejected_response: 'No' }],
    ['ms-swift', 'messages_rejected', { messages: talk, rejected_messages: sides }],
    [
      'UltraFeedback',
      'chosen_rejected',
      {
        ...{ prompt: 'Hot?', chosen: talk, rejected: sides, messages: talk },
        ...{ score_chosen: 8, score_rejected: 5 },
      },
    ],
    ['SHP', 'compared', { ...shp, labels: 1 }],
    ['SHP', 'compared', { ...shp, human_ref_A: 'No', human_ref_B: 'Yes', labels: 0 }],
    ['WebGPT', 'compared', { ...webgpt, score_0: -0.5, score_1: 0.5 }],
  ])('of %s is read, and nothing of it is lost', (_name, form, record) => {
    expect(read(record)).toMatchObject({ form, said: [['user', 'Hot?']], pair: ['Yes', 'No'], told: [] });
  });

  test('that has another conversation beside it names that as lost', () => {
    const other = [user('Cold?'), assistant('No')];
    expect(read({ prompt: 'Hot?', chosen: talk, rejected: sides, messages: other }).told).toEqual([
      'messages',
    ]);
  });

  test.each([
    [{ messages: talk, rejected_messages: [user('Cold?'), assistant('No')] }, 'preference_prompts_differ'],
    [{ messages: talk, rejected_messages: [user('Hot?')] }, 'last_turn_not_model'],
    [{ messages: [user('Hot?')], rejected_response: 'No' }, 'last_turn_not_model'],
    [{ messages: talk, rejected_response: '' }, 'field_empty'],
    [{ ...shp, labels: 2 }, 'preference_undecided'],
    [{ ...webgpt, score_0: 0, score_1: 0 }, 'preference_undecided'],
  ])('that is none is told: %#', (record, code) => {
    expect(read(record).told).toEqual([code]);
  });

  test.each([
    ['SHP', (at: number) => ({ ...shp, history: `Tea ${at}?`, labels: at % 3 })],
    ['WebGPT', (at: number) => ({ ...webgpt, question: `Tea ${at}?`, score_0: 0, score_1: at % 3 })],
  ])('of %s that nothing decides is removed by the command', async (_name, row) => {
    const file = rowsOf(30, row);
    const { issues } = await toldOf(file, { manifest: PREFERENCE });
    const errors = issues.filter(({ severity }) => severity === 'error');
    expect(errors).toMatchObject([{ code: 'preference_undecided' }]);
    const [told] = errors;
    const followed = await toldOf(followRemedy(told?.remedy ?? '', file), { manifest: PREFERENCE });
    expect(followed.issues.filter(({ severity }) => severity === 'error')).toEqual([]);
    expect(followed.statistics.dataset_uri?.examples).toBe(20);
  });
});

describe('a message', () => {
  test.each([['reasoning_content'], ['thinking'], ['reasoning']])('has thoughts in %s', (field) => {
    const messages = [user('Hot?'), assistant('Yes', { [field]: 'Hm.' })];
    expect(read({ messages })).toMatchObject({ told: [], hasThoughts: true });
    const conversations = [
      { from: 'human', value: 'Hot?' },
      { from: 'gpt', value: 'Yes', [field]: 'Hm.' },
    ];
    expect(read({ conversations })).toMatchObject({ told: [], hasThoughts: true });
  });

  test.each([['train'], ['training']])('is not learnt where it says so in %s', (field) => {
    const messages = [user('Hot?'), assistant('Hm', { [field]: false }), user('Hot?'), assistant('Yes')];
    expect(read({ messages })).toMatchObject({ told: [], weights: [undefined, 0, undefined, undefined] });
    const conversations = [
      { from: 'human', value: 'Hot?', [field]: false },
      { from: 'gpt', value: 'Yes', [field]: true },
    ];
    expect(read({ conversations })).toMatchObject({ told: [], weights: [0, undefined] });
  });

  test('with thoughts between marks in its text gets advice, once', async () => {
    const rows = rowsOf(120, (at) => ({
      messages: [user(`Hot ${at}?`), assistant('<think>\nHm.\n</think>\n\nYes')],
    }));
    const { issues } = await toldOf(rows);
    expect(issues.filter(({ code }) => code === 'text_looks_spoilt')).toMatchObject([
      { severity: 'advice', count: 120, found: expect.stringContaining('<think>') },
    ]);
  });
});

describe('pieces of a text', () => {
  const piece = (label: boolean, text: string) => ({ label, text });
  test('are asked and answered by what is learnt of them', () => {
    const segments = [piece(false, '<s>Is tea '), piece(false, 'hot?\n'), piece(true, 'Yes.</s>')];
    expect(read({ segments })).toMatchObject({
      said: [
        ['user', 'Is tea hot?'],
        ['model', 'Yes.'],
      ],
      told: [],
    });
  });

  test('that make up a dialogue by a template are read by that', () => {
    const segments = [piece(false, '<s>[INST] Hot? [/INST]'), piece(true, ' Yes.</s>')];
    expect(read({ segments }).said).toEqual([
      ['user', 'Hot?'],
      ['model', 'Yes.'],
    ]);
  });

  test.each([
    [[piece(false, 'Hot?'), { text: 'Yes' }], 'field_wrong_type'],
    [[piece(false, 'Hot?'), piece(true, '')], 'field_empty'],
  ])('are told where one is none: %#', (segments, code) => {
    expect(read({ segments }).told).toEqual([code]);
  });
});

describe('places of right choices', () => {
  const choices = ['a', 'b', 'c', 'd'];
  const rows = (count: number, place: (at: number) => unknown) =>
    rowsOf(count, (at) => ({ question: `Which is ${at}?`, choices, answer: place(at) }));
  const codes = async (file: string) => (await toldOf(file)).codes;

  test('of which none is 0 are told, and the command counts from 0', async () => {
    const file = rows(30, (at) => 1 + (at % 3));
    const { issues } = await toldOf(file);
    const told = issues.find(({ code }) => code === 'choices_from_one');
    expect(told).toMatchObject({
      severity: 'warning',
      found: '30 answers that are numbers, and none of them 0',
    });
    expect(await codes(followRemedy(told?.remedy ?? '', file).toString())).not.toContain('choices_from_one');
  });

  test.each<[string, string]>([
    ['with a 0 among them', rows(30, (at) => at % 4)],
    ['that are few', rows(15, (at) => 1 + (at % 3))],
    ['that are letters', rows(30, (at) => 'BCD'[at % 3])],
  ])('%s are taken as they are', async (_name, file) => {
    expect(await codes(file)).not.toContain('choices_from_one');
  });
});
