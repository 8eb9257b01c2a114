import fc from 'fast-check';
import { describe, expect, test } from 'vitest';
import { dialogueTemplateOf, readMarked, seemsMarked } from '../../shared/core/dataset/forms/templates.ts';
import { TEMPLATE_NAMES, type TemplateName } from '../../shared/core/issues/templates.ts';
import { MARKED } from './form-samples.ts';
import { rowsOf, toldOf } from './told.ts';

/** Words, of which none is a mark or announces one. */
const words = fc
  .array(fc.constantFrom('tea', 'Is', 'hot?', 'a: b', '[1]', '<b>', '#', 'été', '\n', '|'), {
    minLength: 1,
    maxLength: 6,
  })
  .map((all) => all.join(' ').trim())
  .filter((text) => text !== '');

const wordsIn = (text: string, template: TemplateName) =>
  readMarked(text, template)?.turns.map(({ role, parts }) => [
    role,
    ...parts.map((part) => (part.kind === 'text' ? part.text : '')),
  ]);

describe.each(TEMPLATE_NAMES)('a dialogue by %s', (template) => {
  test('is read as it was written, round after round', () => {
    const rounds = template.startsWith('text_alpaca') ? 1 : 3;
    fc.assert(
      fc.property(fc.array(fc.tuple(words, words), { minLength: 1, maxLength: rounds }), (said) => {
        const separator = /^\p{L}+: /u.test(MARKED[template]('', '')) ? '\n' : '';
        const text = said.map(([asked, answered]) => MARKED[template](asked, answered)).join(separator);
        expect(dialogueTemplateOf(text)).toBe(template);
        expect(wordsIn(text, template)).toEqual(
          said.flatMap(([asked, answered]) => [
            ['user', asked],
            ['model', answered],
          ]),
        );
      }),
      { numRuns: 60 },
    );
  });

  test('is read with line ends of Windows', () => {
    const text = MARKED[template]('Hot?', 'Yes').replaceAll('\n', '\r\n');
    expect(dialogueTemplateOf(text)).toBe(template);
    expect(wordsIn(text, template)).toEqual([
      ['user', 'Hot?'],
      ['model', 'Yes'],
    ]);
  });

  test('is not read where a turn is missing, empty, or not by turns', () => {
    const whole = MARKED[template]('Hot?', 'Yes');
    for (const text of [
      MARKED[template]('', 'Yes'),
      MARKED[template]('Hot?', ''),
      whole.replace(/^[\s\S]*?Hot\?/, '').trim(),
      `${whole}\n\n${MARKED[template]('', '')}`,
    ])
      expect(wordsIn(text, template), text).toBeUndefined();
  });

  test('is converted as a file, and one text that goes otherwise is told once with the template', async () => {
    const row = (index: number) => ({ text: MARKED[template](`Is tea ${index} hot?`, `Yes, ${index}.`) });
    const { codes, conversions } = await toldOf(rowsOf(120, row));
    expect(codes).toEqual(['dataset_converted']);
    expect(conversions.dataset_uri).toMatchObject({ from: template, losses: [] });
    const broken = await toldOf(
      rowsOf(120, (index) => (index % 40 === 7 ? { text: `Tea ${index}` } : row(index))),
    );
    expect(broken.issues.filter(({ severity }) => severity === 'error')).toMatchObject([
      { code: 'text_off_template', path: 'text', count: 3, lines: [8, 48, 88] },
    ]);
  });
});

describe('what a template has besides', () => {
  const cases: [TemplateName, string, string[], string[][]][] = [
    [
      'text_inst',
      '<s>[INST] <<SYS>>\nBe short.\n<</SYS>>\n\nHot? [/INST] Yes </s><s>[INST] Tea? [/INST] No </s>',
      ['Be short.'],
      [['Hot?'], ['Yes'], ['Tea?'], ['No']],
    ],
    [
      'text_chatml',
      '<|im_start|>system\nBe short.<|im_end|>\n<|im_start|>user\nHot?<|im_end|>\n<|im_start|>assistant\nYes',
      ['Be short.'],
      [['Hot?'], ['Yes']],
    ],
    [
      'text_alpaca',
      'Below is an instruction.\n\n### Instruction:\nName it.\n\n### Input:\nGreen\n\n### Response:\nTea',
      ['Below is an instruction.'],
      [['Name it.', 'Green'], ['Tea']],
    ],
    ['text_alpaca', '### Instruction:\nGo.\n\n### Input:\n\n### Response:\nTea</s>', [], [['Go.'], ['Tea']]],
    [
      'text_vicuna',
      'A chat. USER: Hot? ASSISTANT: Yes</s>USER: Tea? ASSISTANT: No</s>',
      ['A chat.'],
      [['Hot?'], ['Yes'], ['Tea?'], ['No']],
    ],
    ['text_q_a', 'System: Be short.\nQ: Hot?\nA: Yes', ['Be short.'], [['Hot?'], ['Yes']]],
  ];
  test.each(cases)('%s: %j', (template, text, system, turns) => {
    expect(dialogueTemplateOf(text)).toBe(template);
    const read = readMarked(text, template);
    expect(read?.system).toEqual(system);
    expect(wordsIn(text, template)?.map(([, ...parts]) => parts)).toEqual(turns);
  });

  test.each<[TemplateName, string]>([
    ['text_inst', '[INST] <<SYS>> a [/INST] b'],
    ['text_inst', '[INST] a [/INST] b [INST] <<SYS>>c<</SYS>> d [/INST] e'],
    ['text_inst', 'before [INST] a [/INST] b'],
    ['text_inst', '[SYSTEM_PROMPT]a[/SYSTEM_PROMPT][INST] a [/INST] [TOOL_CALLS] b'],
    ['text_chatml', '<|im_start|>user\na<|im_start|>assistant\nb<|im_end|>'],
    [
      'text_chatml',
      '<|im_start|>user\na<|im_end|><|im_start|>tool\nb<|im_end|><|im_start|>assistant\nc<|im_end|>',
    ],
    [
      'text_chatml',
      '<|im_start|>user\na<|im_end|><|im_start|>system\nb<|im_end|><|im_start|>assistant\nc<|im_end|>',
    ],
    ['text_guanaco', '### Human: a### Assistant: b</s>c'],
    ['text_paragraphs', '\n\nHuman: a\n\nAssistant: b\nHuman: c'],
    // An answer of several to choose from is no answer.
    ['text_q_a', 'Q: Which?\nA: tea\nB: milk'],
    ['text_q_a', 'Q: Which?\nA: tea\nAnswer: A'],
  ])('%s leaves nothing of it in a turn, and reads nothing else: %j', (template, text) => {
    expect(readMarked(text, template)).toBeUndefined();
  });

  test.each([
    'A note on Q: and A: marks',
    'Write [INST] first.',
    'Human: alone',
    'The USER: of it',
    '\n\nHuman: Hot?\n\nAssistant:',
  ])('is not seen in %j', (text) => {
    expect(TEMPLATE_NAMES.filter((name) => seemsMarked(text, name))).toEqual([]);
  });
});

describe('marks that somebody quotes', () => {
  const chat = 'User: hi\nAssistant: hello';
  const cases: [TemplateName, string][] = [
    ['text_user_assistant', `User: Show a chat.\nAssistant: Here is one:\n\n${chat}`],
    ['text_user_assistant', `User: Show a chat.\nAssistant:\n\`\`\`\n${chat}\n\`\`\``],
    ['text_user_assistant', `User: What is "this\n${chat}`],
    ['text_user_assistant', `User: Explain.\n\`\`\`\nAssistant: hello\n\`\`\``],
    ['text_vicuna', 'USER: Marks? ASSISTANT: In Vicuna, USER: begins a question and ASSISTANT: an answer.'],
    ['text_guanaco', '### Human: Marks?### Assistant: They are ### Human: and ### Assistant: in it.'],
    ['text_alpaca', '### Instruction:\nGo.\n\n### Response:\nSo.\n\n### Instruction:\nx\n\n### Response:\ny'],
    ['text_paragraphs', '\n\nHuman: Go\n\nAssistant: As here:\n\nHuman: x\n\nAssistant: y'],
  ];
  test.each(cases)('are neither turns nor words by %s: %j', (template, text) => {
    expect(readMarked(text, template)).toBeUndefined();
  });

  test('are told once, and in backquotes they are words', async () => {
    const row = (answer: string) => (index: number) => ({
      text: `User: Tea ${index}?\nAssistant: ${index % 20 === 3 ? answer : `Yes, ${index}.`}`,
    });
    const quoting = await toldOf(rowsOf(120, row(`Here is one:\n${chat}`)));
    expect(quoting.issues.filter(({ severity }) => severity === 'error')).toMatchObject([
      { code: 'text_off_template', count: 6, found: expect.stringContaining('quoted') },
    ]);
    const followed = await toldOf(rowsOf(120, row('Here is one:\n`User:` hi\n`Assistant:` hello')));
    expect(followed.codes).toEqual(['dataset_converted']);
  });

  test('are warned of where hardly any other dialogue has more than one round', async () => {
    const row = (several: number) => (index: number) => ({
      text: `User: Tea ${index}?\nAssistant: Sure.${index < several ? `\n${chat} ${index}` : ` ${index}`}`,
    });
    expect((await toldOf(rowsOf(120, row(6)))).issues[0]).toMatchObject({
      ...{ code: 'dialogue_rounds_rare', severity: 'warning', line: 1 },
      found: '6 of 120 dialogues with more than one round, first on line 1',
    });
    expect((await toldOf(rowsOf(120, row(7)))).codes).toEqual(['dataset_converted']);
  });

  test.each<[TemplateName, string]>([
    ['text_vicuna', 'USER: hot tea ASSISTANT: ok</s>USER: cold ASSISTANT: no'],
    ['text_vicuna', 'USER: hot tea ASSISTANT: It is. USER: cold ASSISTANT: No'],
    ['text_guanaco', '### Human: 6 by 7### Assistant: 42### Human: by 8### Assistant: 48'],
    [
      'text_user_assistant',
      'User: Send me this list:\nAssistant: Sure.\nUser: a 5" pear\nmore\nAssistant: ok',
    ],
    ['text_user_assistant', 'User: Code?\nAssistant:\n```\nx\n```\nUser: ok\nAssistant: bye'],
  ])('are not seen where turns begin, by %s: %j', (template, text) => {
    expect(readMarked(text, template)?.turns).toHaveLength(4);
  });
});

test('texts of which one alone looks marked are in no known form, and told once', async () => {
  const row = (index: number) => ({ text: index === 3 ? 'Q: Hot?\nA: Yes' : `Tea ${index} is hot.` });
  const { codes } = await toldOf(rowsOf(30, row));
  expect(codes).toEqual(['dataset_unknown_form']);
});

test('the field may have another name, and what else is in a record is told', async () => {
  const row = (index: number) => ({ conversation: MARKED.text_chatml(`Tea ${index}?`, 'Yes'), topic: 'tea' });
  const { issues } = await toldOf(rowsOf(30, row));
  expect(issues.filter(({ severity }) => severity === 'error')).toMatchObject([
    { code: 'conversion_loses', found: expect.stringContaining('topic') },
  ]);
});

test.each(['text', 'id,text'])('cells of a table may hold them: %s', async (header) => {
  const cell = (index: number) => `"${MARKED.text_inst(`Tea ""${index}""?`, `Yes,\n\nit is ${index}`)}"`;
  const row = (index: number) => (header === 'text' ? cell(index) : `${index},${cell(index)}`);
  const table = [header, ...Array.from({ length: 30 }, (_, index) => row(index))].join('\n');
  const { codes, statistics, conversions } = await toldOf(table);
  expect(codes).toEqual(
    header === 'text' ? ['dataset_converted'] : ['dataset_extra_fields', 'dataset_converted'],
  );
  expect(conversions.dataset_uri).toMatchObject({ from: 'text_inst', losses: [] });
  expect(statistics.dataset_uri?.examples).toBe(30);
});

describe('both sides of a preference with their question in them', () => {
  const manifest = { base_model: 'gemini-2.5-flash', tuning_method: 'preference' } as const;
  const told = (row: (index: number) => object) => toldOf(rowsOf(30, row), { manifest });
  const errors = async (row: (index: number) => object) =>
    (await told(row)).issues.filter(({ severity }) => severity === 'error');

  test.each(['text_paragraphs', 'text_chatml', 'text_inst'] as const)('are read by %s', async (template) => {
    const side = (index: number, answer: string) =>
      `${MARKED[template](`Tea ${index}?`, 'Which?')}${MARKED[template]('Green.', answer)}`;
    const { codes, conversions } = await told((index) => ({
      chosen: side(index, 'Yes'),
      rejected: side(index, 'No'),
    }));
    expect(codes.toSorted()).toEqual(['dataset_converted']);
    expect(conversions.dataset_uri).toMatchObject({ from: 'chosen_rejected', losses: [] });
  });

  const marked = MARKED.text_paragraphs;
  const listed = (asked: string, answered: string) => [
    { role: 'user', content: asked },
    { role: 'assistant', content: answered },
  ];
  test.each([
    ['texts', { chosen: marked('Hot?', 'Yes'), rejected: marked('Cold?', 'No') }],
    ['lists', { chosen: listed('Hot?', 'Yes'), rejected: listed('Cold?', 'No') }],
    ['lengths', { chosen: marked('Hot?', 'Yes') + marked('Tea?', 'No'), rejected: marked('Hot?', 'No') }],
  ])('are told where they part before the last turn: %s', async (_name, row) => {
    const other = (index: number) =>
      JSON.parse(
        JSON.stringify(
          index < 5 ? row : { chosen: marked(`${index}`, 'Yes'), rejected: marked(`${index}`, 'No') },
        ),
      );
    expect(await errors(other)).toMatchObject([
      { code: 'preference_prompts_differ', count: 5, path: 'rejected' },
    ]);
  });

  test('are told where one ends with the user, or goes by no template', async () => {
    const open = `${marked('Hot?', 'Yes')}\n\nHuman: Sure?`;
    expect(await errors(() => ({ chosen: open, rejected: marked('Hot?', 'No') }))).toMatchObject([
      { code: 'last_turn_not_model', path: 'chosen', count: 30 },
    ]);
    expect(
      await errors(() => ({ chosen: marked('Hot?', 'Yes'), rejected: marked('Hot?', '') })),
    ).toMatchObject([{ code: 'text_off_template', path: 'rejected', count: 30 }]);
  });
});
