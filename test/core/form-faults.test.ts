import { describe, expect, test } from 'vitest';
import { FORM_NAMES } from '../../shared/core/dataset/forms/names.ts';
import { remedyOfForeign } from '../../shared/core/issues/foreign-formats.ts';
import type { Manifest } from '../../shared/core/manifest/manifest.ts';
import { followRemedy } from './follow-remedy.ts';
import { FORM_SAMPLES } from './form-samples.ts';
import { rowsOf, toldOf } from './told.ts';

describe('an answer with nothing to read', () => {
  test.each([
    ['a question and its answer', { question: 'Hot?', answer: ' ' }, 'answer'],
    ['Alpaca', { instruction: 'Name it.', input: 'Tea', output: '\n' }, 'output'],
    [
      'OpenAI',
      {
        messages: [
          { role: 'user', content: 'Hot?' },
          { role: 'assistant', content: ' ' },
        ],
      },
      'messages[].content',
    ],
    [
      'ShareGPT',
      {
        conversations: [
          { from: 'human', value: 'Hot?' },
          { from: 'gpt', value: '\t' },
        ],
      },
      'conversations[].value',
    ],
    ['a question without anything too', { question: ' ', answer: '  ' }, 'answer'],
  ])('is an error of its own field: %s', async (_name, row, path) => {
    const { issues } = await toldOf(rowsOf(20, () => row));
    const errors = issues.filter(({ severity }) => severity === 'error');
    expect(errors).toMatchObject([{ code: 'field_blank', path, count: 20 }]);
    expect(issues.filter((issue) => issue.path === path)).toHaveLength(1);
  });
});

describe('rows in a form that people have', () => {
  const saidIn = (role: string, content: unknown) => ({ role, content });
  const said = (role: string, content: string) => saidIn(role, content);
  const spoken = ([who = '', what = '']: [who: string, what: string], user: string, model: string) => [
    { [who]: user, [what]: 'Hot?' },
    { [who]: model, [what]: 'Yes' },
  ];
  const noted = { additional_kwargs: {}, response_metadata: {}, name: null, id: 'run-1', example: false };
  const langChain = (type: string, content: string) => ({ type, data: { content, type, ...noted } });
  const ofClass = (name: string, content: string) => ({
    ...{ lc: 1, type: 'constructor', id: ['langchain', 'schema', 'messages', name] },
    kwargs: { content },
  });
  test.each([
    ['query_response', { query: 'Hot?', response: 'Yes' }],
    ['user_assistant', { system: 'You sell tea.', user: 'Hot?', assistant: 'Yes' }],
    ['source_target', { source: 'Tee', target: 'tea' }],
    ['text_summary', { text: 'Tea is hot.', summary: 'Hot' }],
    ['question_response', { id: 1, question: 'Hot?', response: 'Yes' }],
    ['inputs_targets', { inputs: 'Hot?', targets: 'Yes' }],
    ['instruction_response', { instruction: 'Answer.', context: 'Tea', response: 'Hot' }],
    ['instruction_response', { instruction: 'Answer.', input: 'Tea', response: 'Hot' }],
    ['alpaca', { instruction: 'Answer.', context: 'Tea', output: 'Hot' }],
    ['conversation', { conversation: [said('user', 'Hot?'), said('assistant', 'Yes')] }],
    ['conversation', { dialog: [said('user', 'Hot?'), said('assistant', 'Yes')] }],
    [
      'conversation',
      {
        turns: [
          { from: 'human', value: 'Hot?' },
          { from: 'gpt', value: 'Yes' },
        ],
      },
    ],
    ['chat_messages', { system: 'Be short.', messages: spoken(['role', 'content'], 'user', 'assistant') }],
    ['chat_messages', { messages: [said('system', ''), said('user', 'Hot?'), said('assistant', 'Yes')] }],
    ['chat_messages', { messages: [saidIn('user', [{ text: 'Hot?' }]), said('assistant', 'Yes')] }],
    ['prompt_completion', { prompt: [said('user', 'Hot?')], completion: [said('assistant', 'Yes')] }],
    ['plain_pair', { input: [said('user', 'Hot?')], output: 'Yes' }],
    [
      'plain_pair',
      {
        input: [said('user', 'Hot?')],
        output: [saidIn('assistant', [{ type: 'output_text', text: 'Yes' }])],
      },
    ],
    ['conversation', { messages: spoken(['from', 'value'], 'human', 'gpt') }],
    ['conversation', { messages: spoken(['type', 'content'], 'human', 'ai') }],
    ['conversation', { messages: spoken(['sender', 'message'], 'user', 'bot') }],
    ['conversation', { messages: spoken(['role', 'text'], 'user', 'assistant') }],
    ['conversation', { chat_history: spoken(['speaker', 'utterance'], 'user', 'model') }],
    ['conversation', { dialog: ['Hot?', 'Yes', 'Tea?', 'No'] }],
    ['conversation', { messages: spoken(['Role', 'Content'], 'user', 'assistant') }],
    ['conversation', { messages: spoken(['ROLE', 'content'], 'user', 'assistant') }],
    ['sharegpt', { conversations: spoken(['From', 'Value'], 'human', 'gpt') }],
    ['conversation', { messages: [{ user: 'Hot?' }, { assistant: 'Yes' }] }],
    ['conversation', { dialog: [{ System: 'Be short.' }, { Human: 'Hot?' }, { AI: 'Yes' }] }],
    ['conversation', { messages: [langChain('human', 'Hot?'), langChain('ai', 'Yes')] }],
    ['conversation', { history: [ofClass('HumanMessage', 'Hot?'), ofClass('AIMessage', 'Yes')] }],
    ['sharegpt', { conversations: ['Hot?', 'Yes'] }],
    ['sharegpt', { conversations: spoken(['role', 'text'], 'user', 'assistant') }],
  ])('are converted: %s %j', async (form, row) => {
    const { issues, conversions } = await toldOf(rowsOf(120, (index) => spread(row, index)));
    expect(issues.filter(({ severity }) => severity === 'error')).toEqual([]);
    expect(conversions.dataset_uri).toMatchObject({ from: form, losses: [] });
  });

  const both = spoken(['role', 'content'], 'user', 'assistant');
  const chosen = { chosen: 'Yes', rejected: 'No' };
  test.each([
    ['the text of Anthropic', { system: 'Be short.', messages: both }, 'gemini-3.1-flash-lite'],
    ['the parts of Amazon', { system: [{ text: 'Be short.' }], messages: both }, 'gemini-3.1-flash-lite'],
    ['of an open model', { system: 'Be short.', messages: both }, 'qwen/qwen3@qwen3-4b'],
    ['of a conversation', { system_prompt: 'Be short.', dialog: both }, 'gemini-3.1-flash-lite'],
    ['of a preference', { system: 'Be short.', question: 'Hot?', ...chosen }, 'gemini-2.5-flash'],
  ])('keep the system instruction beside them: %s', async (_name, row, base_model) => {
    const tuning_method = 'chosen' in row ? 'preference' : undefined;
    const manifest = { base_model, tuning_method } as Partial<Manifest>;
    const told = await toldOf(
      rowsOf(30, (index) => spread(row, index)),
      { manifest },
    );
    expect(told.issues.filter(({ severity }) => severity === 'error')).toEqual([]);
    expect(told.conversions.dataset_uri).toMatchObject({ losses: [] });
    expect(told.statistics.dataset_uri?.sharedInstruction).toMatchObject({ systemInstruction: 'Be short.' });
  });

  test('name a system instruction that is no text', async () => {
    const { issues } = await toldOf(
      rowsOf(30, (index) => spread({ system: { rules: 5 }, messages: both }, index)),
    );
    expect(issues.filter(({ severity }) => severity === 'error')).toMatchObject([
      { code: 'conversion_loses', found: expect.stringContaining('system (30 examples') },
    ]);
  });

  /** The row with its number in every text. */
  const spread = (row: object, index: number) =>
    JSON.parse(JSON.stringify(row).replaceAll(/(Hot\?|Tea|Tee|tea)/g, `$1 ${index}`));
});

describe('fields of a known form that are spelt otherwise', () => {
  test.each([
    [{ Question: 'Hot?', Answer: 'Yes' }, '"Question" to "question" and "Answer" to "answer"'],
    [
      { INSTRUCTION: 'Answer.', input: 'Tea', Output: 'Hot' },
      '"INSTRUCTION" to "instruction" and "Output" to "output"',
    ],
    [{ id: 1, User: 'Hot?', assistant: 'Yes' }, '"User" to "user"'],
    [{ 'text input': 'Hot?', output: 'Yes' }, '"text input" to "text_input"'],
  ])('are renamed: %j', async (row, names) => {
    const { issues } = await toldOf(rowsOf(30, () => row));
    expect(issues).toMatchObject([
      { code: 'dataset_field_names', remedy: expect.stringContaining(`Rename ${names}:`) },
    ]);
  });

  test('are left alone in a row that is in another form by its other fields', async () => {
    const row = (index: number) => ({ input: `Tea ${index}?`, output: 'Yes', Question: 'a', Answer: 'b' });
    const { codes } = await toldOf(rowsOf(30, row));
    expect(codes).toContain('conversion_loses');
    expect(codes).not.toContain('dataset_field_names');
  });
});

describe('a table whose columns make up no form', () => {
  const table = (separator: string, ...header: string[]) =>
    [header, ...Array.from({ length: 30 }, (_, index) => header.map((name) => `${name} ${index}`))]
      .map((cells) => `${cells.join(separator)}\n`)
      .join('');
  const call = (wanted: string) => expect.stringMatching(new RegExp(`^Call the column.*${wanted}`));

  test.each([
    [',', ['text', 'label'], 'a table with the columns text, label'],
    [';', ['Kunde', 'Antwort', 'Datum'], 'a table with the columns number 1, Antwort, number 3'],
    ['\t', ['post', 'What is it about'], 'a table with the columns number 1, number 2'],
    ['|', ['post', 'topic'], 'a table with the columns number 1, topic'],
  ])('names them and those that would be taken: %j %j', async (separator, header, found) => {
    const { issues } = await toldOf(table(separator, ...header));
    expect(issues).toMatchObject([
      { code: 'table_columns_unknown', line: 1, found, remedy: call('that answers answer') },
    ]);
    const followed = await toldOf(table(separator, 'question', 'answer'));
    expect(followed.codes).toEqual(['dataset_converted']);
  });

  test('is told the columns of a preference, where those are wanted', async () => {
    const manifest = { base_model: 'gemini-2.5-flash', tuning_method: 'preference' } as const;
    const { issues } = await toldOf(table(',', 'ask', 'good', 'bad'), { manifest });
    expect(issues).toMatchObject([{ code: 'table_columns_unknown', remedy: call('rejected') }]);
    const followed = await toldOf(table(',', 'prompt', 'chosen', 'rejected'), { manifest });
    expect(followed.codes).toEqual(['dataset_converted']);
  });
});

describe('a row in another form than the first', () => {
  const asOpenAI = {
    messages: [
      { role: 'user', content: 'a' },
      { role: 'assistant', content: 'b' },
    ],
  };
  test.each([
    [{ input_text: 'a', output_text: 'b' }, '"input_text", and "output_text"'],
    [asOpenAI, 'what the role "user" says, and what "assistant" says'],
    [{ instruction: 'a', output: 'b' }, '"instruction" and below it "input", and "output"'],
  ])('is told to be written in that of the others: %j', async (other, parts) => {
    const row = (index: number) => ({ question: `Tea ${index}?`, answer: `Yes ${index}` });
    const { issues } = await toldOf(rowsOf(30, (index) => (index < 20 ? row(index) : other)));
    expect(issues.filter(({ severity }) => severity === 'error')).toMatchObject([
      {
        ...{ code: 'example_mixed_format', count: 10 },
        remedy: expect.stringContaining(`Write each example as {"question", "answer"}: ${parts}.`),
      },
    ]);
    const { codes } = await toldOf(rowsOf(30, row));
    expect(codes).toEqual(['dataset_converted']);
  });

  test('is never told to name an embedding model, and always in which fields to write it', () => {
    for (const format of FORM_NAMES) {
      for (const expected of FORM_NAMES) {
        const remedy = remedyOfForeign(format, expected);
        expect(remedy).not.toContain('embedding');
        const [field = ''] = Object.keys(FORM_SAMPLES[expected](1)).slice(-1);
        if (!expected.includes('batch') && expected !== 'chat_messages')
          expect(remedy).toContain(`"${field}"`);
      }
    }
  });
});

describe('a word for who speaks that the form does not have', () => {
  const messages = (field: string, user: string, model: string) => ({
    messages: [
      { [field]: user, content: 'Hot?' },
      { [field]: model, content: 'Yes' },
    ],
  });
  const contents = (user: string, model: string) => ({
    contents: [
      { role: user, parts: [{ text: 'Hot?' }] },
      { role: model, parts: [{ text: 'Yes' }] },
    ],
  });
  const shareGpt = {
    conversations: [
      { from: 'customer', value: 'Hot?' },
      { from: 'agent', value: 'Yes' },
    ],
  };
  test.each([
    [
      messages('role', 'User', 'Assistant'),
      [
        ['"User"', 'user'],
        ['"Assistant"', 'assistant'],
      ],
    ],
    [
      messages('role', 'human', 'ai'),
      [
        ['"human"', 'user'],
        ['"ai"', 'assistant'],
      ],
    ],
    [messages('author', 'user', 'bot'), [['"bot"', 'assistant']]],
    [messages('author', 'User', 'assistant'), [['"User"', 'user']]],
    [contents('user', 'assistant'), [['"assistant"', 'model']]],
    [
      contents('human', 'AI'),
      [
        ['"human"', 'user'],
        ['"AI"', 'model'],
      ],
    ],
    [
      shareGpt,
      [
        ['"customer"', 'human'],
        ['"agent"', 'gpt'],
      ],
    ],
  ])('is named with the word that it has: %j', async (row, told) => {
    const { issues } = await toldOf(rowsOf(30, () => row));
    const errors = issues.filter(({ severity }) => severity === 'error');
    expect(errors).toMatchObject(
      told.map(([found, write]) => ({
        found,
        count: 30,
        remedy: expect.stringContaining(`rite "${write}"`),
      })),
    );
  });

  test('is told once behind the beginning of a file, too, which shows its form', async () => {
    const said = (index: number) => messages('role', index < 2000 ? 'user' : 'Human', 'assistant').messages;
    const rows = rowsOf(2100, (index) => ({ id: 'a'.repeat(150), messages: said(index) }));
    expect(rows.length).toBeGreaterThan(400_000);
    const { issues } = await toldOf(rows);
    const errors = issues.filter(({ severity }) => severity === 'error');
    expect(errors).toMatchObject([{ code: 'role_unknown', found: '"Human"', lineCount: 100 }]);
  });

  test('of the system leads out of the turns of Gemini', async () => {
    const { issues } = await toldOf(rowsOf(30, () => contents('system', 'model')));
    const [unknown] = issues.filter(({ code }) => code === 'role_unknown');
    expect(unknown).toMatchObject({
      found: '"system"',
      remedy: expect.stringContaining('"systemInstruction"'),
    });
  });

  test('is not shown where it may be a name, and told apart from none', async () => {
    const found = async (row: object) =>
      (await toldOf(rowsOf(30, () => row))).issues.map((issue) => issue.found);
    expect(await found(messages('role', 'Alice', 'assistant'))).toEqual(['another role']);
    expect(await found(messages('role', '', 'assistant'))).toEqual(['no role']);
  });
});

describe('a row of a table', () => {
  const table = (row: string, separator = ',') =>
    ['question', 'answer'].join(separator) +
    Array.from({ length: 30 }, (_, index) => `\nTea ${index}?${separator}Yes ${index}`).join('') +
    `\n${row}\n`;
  test.each([
    ['"Cut the pear." she said,Yes', ',', 'table_quote_misplaced', 'whole cell'],
    ['"Cut the pear." she said\tYes', '\t', 'table_quote_misplaced', 'whole cell'],
    ['"a", "b, c"', ',', 'table_quote_misplaced', 'white space'],
    ['a; "b"', ';', 'table_quote_misplaced', 'white space'],
    ['lonely', ',', 'table_row_cells', 'every cell of the row'],
    ['a,b,c', ',', 'table_row_cells', 'Put quotes around texts'],
  ])('%j (%j) is told %s', async (row, separator, code, remedy) => {
    const { issues } = await toldOf(table(row, separator));
    expect(issues.filter(({ severity }) => severity === 'error')).toMatchObject([
      { code, line: 32, remedy: expect.stringContaining(remedy) },
    ]);
  });

  test('with white space before all of its quotes is read when the remedy was followed', async () => {
    const rows = Array.from({ length: 30 }, (_, index) => `"Tea, ${index}?", "Yes, ${index}"\n`);
    const spaced = `question, answer\n${rows.join('')}`;
    const { issues } = await toldOf(spaced);
    const [issue] = issues.filter(({ severity }) => severity === 'error');
    const fixed = followRemedy(issue?.remedy ?? '', spaced).toString();
    expect(fixed.split('\n')[0]).toBe('{"question": "Tea, 0?", "answer": "Yes, 0"}');
    expect((await toldOf(fixed)).codes).toEqual(['dataset_converted']);
  });

  test.each([
    ['"Cut the ""pear"", she said",Yes', ','],
    ['A 5" pear,Yes', ','],
    ['"Cut it" ,Yes', ','],
    ['He said "no",Yes', ','],
  ])('%j is sound', async (row, separator) => {
    expect((await toldOf(table(row, separator))).codes).toEqual(['dataset_converted']);
  });
});

describe('a split that is not as asked', () => {
  const rows = rowsOf(200, (index) => ({ question: `Tea ${index}?`, answer: `Yes ${index}` }));
  const splitOf = async (text: string, evaluation_split: number, more: object = {}) => {
    const { issues } = await toldOf(text, { manifest: { evaluation_split, ...more } });
    return issues.find(({ code }) => code === 'dataset_split');
  };

  test.each([199, 200, 150])('for %i of 200 examples is warned of, with the reason', async (asked) => {
    expect(await splitOf(rows, asked)).toMatchObject({
      severity: 'warning',
      expected: `${asked} examples for the evaluation, as evaluation_split asks; at most half of the examples are kept`,
      remedy: expect.stringContaining('Write "evaluation_split": 100'),
    });
    expect(await splitOf(rows, 100)).toMatchObject({ severity: 'advice' });
  });

  test('by groups says how many were asked for', async () => {
    const threes = rowsOf(200, (index) => ({
      question: `Tea ${Math.floor(index / 3)}?`,
      answer: `Yes ${index}`,
    }));
    expect(await splitOf(threes, 25)).toMatchObject({
      severity: 'advice',
      expected: expect.stringMatching(/^25 examples, as far as examples with one input/),
    });
  });
});
