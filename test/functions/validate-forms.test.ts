import { describe, expect, it, test } from 'vitest';
import type { FormName } from '../../shared/core/dataset/forms/names.ts';
import type { DeploymentLimits } from '../../shared/core/manifest/deployment-limits.ts';
import { FORM_SAMPLES, formFile } from '../core/form-samples.ts';
import { createWorld } from '../support/world.ts';

interface Drop {
  data: string;
  manifest?: object;
  name?: string;
  limits?: Partial<DeploymentLimits>;
}

/** What becomes of a file that is dropped beside a manifest of a Gemini model. */
async function drop({ data, manifest = {}, name = 'train.jsonl', limits }: Drop) {
  const world = createWorld({ ...(limits && { limits }) });
  world.upload(`tea/${name}`, data);
  const named = { base_model: 'gemini-3.1-flash-lite', dataset_uri: name, ...manifest };
  await world.finalized(world.upload('tea/tune.json', JSON.stringify(named)));
  const { status, spec } = world.theRun();
  const source = spec.datasets?.dataset_uri;
  const trained = (source?.convertedUri ?? source?.stagedUri ?? '').replace('gs://results/', '');
  const copy = world.objects.text({ bucket: 'results', name: trained })?.trim().split('\n') ?? [];
  const issues = (status.issues ?? []).filter(({ code }) => code !== 'dataset_few_examples');
  return {
    state: status.state,
    run: world.theRun(),
    issues,
    source,
    copy,
    codes: issues.map(({ code }) => code),
  };
}

const preferences = { base_model: 'gemini-2.5-flash', tuning_method: 'preference' };
const PAIRS: FormName[] = [
  ...(['preference', 'openai_preference', 'chosen_rejected', 'rlhf_preference'] as const),
  ...(['messages_rejected', 'compared'] as const),
];
const FORMS = Object.keys(FORM_SAMPLES) as FormName[];

test.each(FORMS.map((form) => ({ form })))(
  'a file of $form is trained on by a Gemini model',
  async ({ form }) => {
    const isPair = PAIRS.includes(form);
    const { state, copy, source } = await drop({ data: formFile(form), manifest: isPair ? preferences : {} });
    expect(state).toBe('VALIDATED');
    expect(copy).toHaveLength(12);
    const row = JSON.parse(copy[0] ?? '');
    expect(Object.keys(row)).toContain('contents');
    expect('completions' in row).toBe(isPair);
    const isNative = form === 'contents' || form === 'preference';
    expect(source?.convertedFrom).toBe(isNative ? undefined : form);
    expect(source?.convertedExamples).toBe(isNative ? undefined : 12);
  },
);

test('an OpenAI conversation keeps its functions, their calls and what they answered', async () => {
  const { copy } = await drop({ data: formFile('chat_messages') });
  expect(JSON.parse(copy[1] ?? '')).toEqual({
    systemInstruction: { role: 'system', parts: [{ text: 'You sell tea.' }] },
    contents: [
      { role: 'user', parts: [{ text: 'How warm is tea 2?' }] },
      { role: 'model', parts: [{ functionCall: { name: 'measure', args: { cup: 2 } } }] },
      { role: 'user', parts: [{ functionResponse: { name: 'measure', response: { celsius: 2 } } }] },
      { role: 'model', parts: [{ text: 'It is 2 degrees.' }] },
    ],
    tools: [
      {
        functionDeclarations: [
          { name: 'measure', parameters: { type: 'OBJECT', properties: { cup: { type: 'INTEGER' } } } },
        ],
      },
    ],
  });
});

test.each([
  ['chat-bison@002', 'sharegpt', 'messages'],
  ['text-bison@002', 'alpaca', 'input_output'],
  ['qwen/qwen3@qwen3-4b', 'question_answer', 'chat_messages'],
] as const)('%s is trained on a file of %s, too', async (base_model, form, into) => {
  const { state, source } = await drop({ data: formFile(form), manifest: { base_model } });
  expect(state).toBe('VALIDATED');
  expect(source).toMatchObject({ convertedFrom: form, convertedInto: into });
});

describe('an open model is trained on OpenAI’s conversations', () => {
  const OPEN = { base_model: 'qwen/qwen3@qwen3-4b' };
  const chat = (role: string, index: number) =>
    JSON.stringify({
      messages: [
        { role, content: 'Be brief.' },
        { role: 'user', content: `What is ${index}?` },
        { role: 'assistant', content: `It is ${index}.` },
      ],
    });
  const file = (role: string) => Array.from({ length: 12 }, (_, index) => chat(role, index)).join('\n');

  test('as they are, where it knows the roles', async () => {
    const { state, source, copy } = await drop({ data: file('system'), manifest: OPEN });
    expect([state, source?.convertedFrom, copy]).toEqual([
      'VALIDATED',
      undefined,
      file('system').split('\n'),
    ]);
  });

  test('with the developer as the system, which is said', async () => {
    const { state, codes, copy, issues } = await drop({ data: file('developer'), manifest: OPEN });
    expect([state, codes]).toEqual(['VALIDATED', ['dataset_converted']]);
    expect(copy).toEqual(file('system').split('\n'));
    expect(issues[0]?.found).toContain('with words or lists that the model does not have');
  });

  test('without their functions, where the manifest accepts it', async () => {
    const data = formFile('chat_messages');
    const refused = await drop({ data, manifest: OPEN });
    expect([refused.state, refused.codes]).toEqual(['REJECTED', ['conversion_loses']]);
    const { state, copy } = await drop({ data, manifest: { ...OPEN, convert: true } });
    expect([state, copy.length]).toEqual(['VALIDATED', 12]);
    expect(copy.join('')).not.toContain('tool');
  });

  test('as they are where nothing is to be converted, which is an error of each', async () => {
    const { codes } = await drop({ data: file('developer'), manifest: { ...OPEN, convert: false } });
    expect(codes).toEqual(['role_unknown', 'conversion_off']);
  });
});

/** The same twelve questions with their answers in everything that a file may have around them. */
const ROWS = Array.from({ length: 12 }, (_, index) => FORM_SAMPLES.question_answer(index + 1));
const cell = (value: unknown) => `"${String(value)}\n"`;
const CONTAINERS: [container: string, name: string, data: string][] = [
  ['array', 'train.json', JSON.stringify(ROWS)],
  ['list', 'train.json', JSON.stringify({ version: '1.0', data: ROWS }, null, 2)],
  ['values', 'train.jsonl', ROWS.map((row) => JSON.stringify(row, null, 2)).join('\n')],
  ['values', 'train.jsonl', ROWS.map((row) => JSON.stringify(row, null, 2)).join(',\n')],
  [
    'table',
    'train.csv',
    ['question,answer', ...ROWS.map((row) => Object.values(row).map(cell).join(','))].join('\r\n'),
  ],
  [
    'table',
    'train.tsv',
    ['Question\tAnswer', ...ROWS.map((row) => Object.values(row).join('\t'))].join('\n'),
  ],
];

test.each(CONTAINERS)('%s: %s is trained on by a Gemini model', async (container, name, data) => {
  const { state, copy, source } = await drop({ data, name });
  expect(state).toBe('VALIDATED');
  expect(source).toMatchObject({ convertedFrom: 'question_answer', convertedContainer: container });
  expect(copy).toHaveLength(12);
  expect(JSON.parse(copy[11] ?? '').contents[0].parts[0].text.trim()).toBe('Tea 12?');
});

test('an array in the form of the model is written one example a line', async () => {
  const rows = Array.from({ length: 12 }, (_, index) => FORM_SAMPLES.contents(index));
  const { state, copy, codes, source } = await drop({ data: JSON.stringify(rows) });
  expect([state, codes]).toEqual(['VALIDATED', ['dataset_converted']]);
  expect(copy.map((line) => JSON.parse(line))).toEqual(rows);
  expect(source).toMatchObject({ convertedFrom: 'contents', convertedInto: 'contents' });
});

describe('what a conversion would lose', () => {
  const weighted = Array.from({ length: 12 }, (_, index) =>
    JSON.stringify({
      messages: [
        { role: 'user', content: `One tea ${index}` },
        { role: 'assistant', content: `Cup ${index}?`, weight: index < 2 ? 1 : 0 },
      ],
      source: 'shop',
    }),
  ).join('\n');

  it('is refused once, with what it is, how often and from where', async () => {
    const { state, issues } = await drop({ data: weighted });
    expect(state).toBe('REJECTED');
    expect(issues).toMatchObject([{ code: 'conversion_loses', severity: 'error', line: 1 }]);
    expect(issues[0]?.found).toContain('weights of answers (10 examples, first on line 3)');
    expect(issues[0]?.found).toContain('source (12 examples, first on line 1)');
    expect(issues[0]?.remedy).toContain('"convert": true');
  });

  it('is lost where the manifest accepts it, and the document says what', async () => {
    const { state, codes, source, copy } = await drop({ data: weighted, manifest: { convert: true } });
    expect(state).toBe('VALIDATED');
    expect(codes).toEqual(['conversion_loses', 'dataset_converted']);
    expect(source?.lost).toEqual([
      { what: expect.stringContaining('source'), examples: 12, firstLine: 1 },
      { what: 'weights of answers', examples: 10, firstLine: 3 },
    ]);
    expect(copy).toHaveLength(12);
  });

  it('leaves out examples of which nothing is left, and no example is counted that is not there', async () => {
    const call = {
      messages: [
        { role: 'user', content: 'One tea' },
        { role: 'assistant', tool_calls: [{ function: { name: 'brew', arguments: '{}' } }] },
      ],
    };
    const data = `${JSON.stringify(call)}\n${formFile('chat_messages')}`;
    const manifest = { base_model: 'gemini-2.5-flash', convert: true };
    const { state, copy, issues, codes, run } = await drop({ data, manifest });
    expect(state).toBe('VALIDATED');
    expect(copy).toHaveLength(12);
    expect(codes).toEqual(['conversion_loses', 'dataset_converted']);
    const { cost, datasets } = run.status;
    expect(datasets?.dataset_uri).toMatchObject({ examples: 13, leftOutExamples: 1, unusableExamples: 0 });
    expect(run.spec.plan?.training).toMatchObject({ examples: 12 });
    const { trainingTokens } = cost ?? {};
    const { cost: without } = (await drop({ data: formFile('chat_messages'), manifest })).run.status;
    expect(trainingTokens).toEqual(without?.trainingTokens);
    expect(cost?.usd).toEqual(without?.usd);
    expect(cost?.usd?.high).toBeGreaterThan(0);
    expect(issues[0]?.found).toContain('calls of functions and their results (13 examples');
    expect(JSON.parse(copy[0] ?? '').contents).toEqual([
      { role: 'user', parts: [{ text: 'How warm is tea 1?' }] },
      { role: 'model', parts: [{ text: 'It is 1 degrees.' }] },
    ]);
  });

  it('of a preference is the worse answer, where a model is tuned on answers', async () => {
    const { issues } = await drop({ data: formFile('chosen_rejected') });
    expect(issues).toMatchObject([{ code: 'conversion_loses' }]);
    expect(issues[0]?.remedy).toContain('"tuning_method": "preference"');
    const { copy } = await drop({ data: formFile('chosen_rejected'), manifest: { convert: true } });
    expect(JSON.parse(copy[0] ?? '').contents[1]).toEqual({ role: 'model', parts: [{ text: 'Gladly 1' }] });
  });
});

describe('a file is kept as it was uploaded', () => {
  it('where the manifest wants it', async () => {
    const { state, codes } = await drop({ data: formFile('alpaca'), manifest: { convert: false } });
    expect([state, codes]).toEqual(['REJECTED', ['dataset_foreign_format', 'conversion_off']]);
  });

  it('where the deployment forbids anything else, whatever the manifest says', async () => {
    const limits = { isConversionForbidden: true };
    const { state, issues } = await drop({ data: formFile('alpaca'), manifest: { convert: true }, limits });
    expect(state).toBe('REJECTED');
    expect(issues[1]).toMatchObject({
      code: 'conversion_off',
      remedy: expect.stringContaining('CONVERT_DATA'),
    });
  });

  it('and is refused as what it is, where it is an array', async () => {
    const { codes } = await drop({ data: JSON.stringify(ROWS), manifest: { convert: false } });
    expect(codes).toEqual(['dataset_json_array', 'conversion_off']);
  });

  it('and a file in the form of the model is used by both', async () => {
    const limits = { isConversionForbidden: true };
    const { state, codes } = await drop({ data: formFile('contents'), manifest: { convert: false }, limits });
    expect([state, codes]).toEqual(['VALIDATED', []]);
  });
});

describe('judgements of TREC beside queries and documents', () => {
  const numbers = Array.from({ length: 30 }, (_, index) => index + 1);
  const records = (letter: string) =>
    numbers
      .map((index) => JSON.stringify({ _id: `${letter}${index}`, text: `tea ${letter} ${index}` }))
      .join('\n');
  const judgements = numbers.map((index) => `q${index} 0\td${index} ${index % 3}`);

  async function dropLabels(lines: string[], more: object = {}) {
    const world = createWorld();
    world.upload('tea/queries.jsonl', records('q'));
    world.upload('tea/corpus.jsonl', records('d'));
    world.upload('tea/qrels.txt', `${lines.join('\r\n')}\r\n`);
    const manifest = {
      base_model: 'textembedding-gecko@003',
      ...{
        queries_path: 'queries.jsonl',
        corpus_path: 'corpus.jsonl',
        train_label_path: 'qrels.txt',
        ...more,
      },
    };
    await world.finalized(world.upload('tea/tune.json', JSON.stringify(manifest)));
    const { status, spec } = world.theRun();
    const source = spec.datasets?.train_label_path;
    const name = (source?.convertedUri ?? '').replace('gs://results/', '');
    const told = status.issues?.filter(({ code }) => code !== 'model_retired');
    const issues = told?.map(({ code, line, lines = [line] }) => `${code} ${lines.join(' ')}`);
    return { state: status.state, issues, source, copy: world.objects.text({ bucket: 'results', name }) };
  }

  it('become labels with their header', async () => {
    const { state, issues, source, copy } = await dropLabels(judgements);
    expect([state, issues]).toEqual(['VALIDATED', ['dataset_converted 1']]);
    expect(source).toMatchObject({ convertedFrom: 'qrels', convertedInto: 'labels', convertedExamples: 30 });
    expect(copy?.split('\n').slice(0, 3)).toEqual(['query-id\tcorpus-id\tscore', 'q1\td1\t1', 'q2\td2\t2']);
    expect(copy?.trim().split('\n')).toHaveLength(31);
  });

  it('are told what is wrong with them on their own lines', async () => {
    const { state, issues } = await dropLabels([...judgements, 'q1 0 d2 -2', 'q1 0 d3']);
    expect(state).toBe('REJECTED');
    expect(issues).toEqual(expect.arrayContaining(['labels_score_invalid 31 32']));
  });

  it('stay as they are where the manifest wants it', async () => {
    const { state, issues } = await dropLabels(judgements, { convert: false });
    expect(state).toBe('REJECTED');
    expect(issues).toContain('conversion_off 1');
  });
});

describe('a file of queries with texts that answer them and texts that do not', () => {
  const rows = Array.from({ length: 30 }, (_, index) => ({
    ...{ query: `tea ${index}?`, pos: [`tea ${index}`, `leaf ${index}`], neg: [`coffee ${index}`] },
  }));

  async function dropTriples(lines: object[], more: object = {}) {
    const world = createWorld();
    world.upload('tea/all.jsonl', lines.map((line) => JSON.stringify(line)).join('\n'));
    const names = { queries_path: 'all.jsonl', corpus_path: 'all.jsonl', train_label_path: 'all.jsonl' };
    const manifest = { base_model: 'textembedding-gecko@003', ...names, ...more };
    await world.finalized(world.upload('tea/tune.json', JSON.stringify(manifest)));
    const { status, spec } = world.theRun();
    const copies = (['queries_path', 'corpus_path', 'train_label_path'] as const).map((key) => {
      const name = (spec.datasets?.[key]?.convertedUri ?? '').replace('gs://results/', '');
      return world.objects.text({ bucket: 'results', name })?.trim().split('\n') ?? [];
    });
    const told = status.issues?.filter(({ code }) => code !== 'model_retired');
    return { state: status.state, issues: told?.map(({ code, line }) => `${code} ${line}`), copies };
  }

  it('becomes the queries, the corpus and the labels, where the manifest names it as all three', async () => {
    const { state, issues, copies } = await dropTriples(rows);
    expect([state, issues]).toEqual(['VALIDATED', ['dataset_converted 1']]);
    const [queries = [], corpus = [], labels = []] = copies;
    expect([queries.length, corpus.length, labels.length]).toEqual([30, 90, 91]);
    expect(JSON.parse(queries[1] ?? '')).toEqual({ _id: 'q2', text: 'tea 1?' });
    expect(corpus.slice(3, 6).map((line) => JSON.parse(line))).toEqual([
      { _id: 'd2-1', text: 'tea 1' },
      { _id: 'd2-2', text: 'leaf 1' },
      { _id: 'd2-n1', text: 'coffee 1' },
    ]);
    expect(labels.slice(0, 4)).toEqual([
      ...['query-id\tcorpus-id\tscore', 'q1\td1-1\t1', 'q1\td1-2\t1', 'q1\td1-n1\t0'],
    ]);
  });

  it('is read by the names of sentence-transformers, too', async () => {
    const other = rows.map(({ query, pos, neg }) => ({ anchor: query, positive: pos[0], negative: neg[0] }));
    const { state, copies } = await dropTriples(other);
    expect([state, ...copies.map(({ length }) => length)]).toEqual(['VALIDATED', 30, 60, 61]);
    expect(JSON.parse(copies[0]?.[1] ?? '')).toEqual({ _id: 'q2', text: 'tea 1?' });
  });

  it('has its faults told once, and what would be lost of it', async () => {
    const broken = await dropTriples([...rows, { query: 'tea?', pos: [1] }]);
    expect(broken.issues).toContain('field_wrong_type 31');
    expect(broken.issues?.filter((issue) => issue.startsWith('field_'))).toHaveLength(1);
    const scored = rows.map((row) => ({ ...row, pos_scores: [1, 1] }));
    expect(await dropTriples(scored)).toMatchObject({ state: 'REJECTED' });
    expect(await dropTriples(scored, { convert: true })).toMatchObject({ state: 'VALIDATED' });
  });
});
