import { describe, expect, it, test } from 'vitest';
import { tuningDatasetLimits } from '../../shared/core/dataset/limits.ts';
import { findModel } from '../../shared/core/models/models.ts';
import { checkExamples as check, checkLines, file, model, user } from './dataset-turn-samples.ts';

describe('examples of Gemini models', () => {
  test.each([
    ['a question and its answer', { contents: [user('Hi'), model('Hello')] }],
    ['several turns', { contents: [user('a'), model('b'), user('c'), model('d')] }],
    [
      'a system instruction',
      { systemInstruction: user('Be brief.'), contents: [user('Hi'), model('Hello')] },
    ],
    [
      'names in snake_case',
      {
        system_instruction: { parts: [{ text: 'x' }] },
        contents: [
          {
            ...user('x'),
            parts: [{ file_data: { mime_type: 'application/pdf', file_uri: 'gs://inbox/a.pdf' } }],
          },
          model('y'),
        ],
      },
    ],
    [
      'a call of a function and its answer, which has no role',
      {
        contents: [
          user('Weather?'),
          { role: 'model', parts: [{ functionCall: { name: 'weather', args: {} } }] },
          { parts: [{ functionResponse: { name: 'weather', response: {} } }] },
          model('Sunny.'),
        ],
        tools: [{ functionDeclarations: [] }],
      },
    ],
    ['an image', { contents: [{ role: 'user', parts: [{ text: 'What is it?' }, file()] }, model('A cat.')] }],
    [
      'an answer of a function with the role of others',
      {
        contents: [
          user('Weather?'),
          { role: 'model', parts: [{ functionCall: { name: 'weather', args: {} } }] },
          { role: 'function', parts: [{ functionResponse: { name: 'weather', response: {} } }] },
          model('Sunny.'),
        ],
      },
    ],
  ])('%s are right', (_name, example) => {
    expect(check([example]).issues).toEqual([]);
  });

  test.each([
    [
      'another role',
      { contents: [{ ...user('a'), role: 'human' }, model('b')] },
      'role_unknown',
      'contents[0].role',
    ],
    [
      'what open models call the model',
      { contents: [user('a'), { ...model('b'), role: 'assistant' }] },
      'role_unknown',
      'contents[1].role',
    ],
    ['no answer', { contents: [user('a')] }, 'last_turn_not_model', 'contents[0].role'],
    ['nobody who asks', { contents: [model('b')] }, 'turns_without_user', 'contents'],
    ['an empty answer', { contents: [user('a'), model(' ')] }, 'field_empty', 'contents[1].parts'],
    ['no contents at all', { contents: [] }, 'messages_empty', 'contents'],
    ['contents that are no list', { contents: 'Hi' }, 'field_wrong_type', 'contents'],
    ['a content that is a text', { contents: ['Hi', model('b')] }, 'field_wrong_type', 'contents[0]'],
    [
      'a content without parts',
      { contents: [{ role: 'user' }, model('b')] },
      'field_missing',
      'contents[0].parts',
    ],
    [
      'a text that is a number',
      { contents: [{ role: 'user', parts: [{ text: 1 }] }, model('b')] },
      'field_wrong_type',
      'contents[0].parts[0].text',
    ],
    [
      'a file inside of it',
      { contents: [{ role: 'user', parts: [{ inlineData: { data: 'x' } }] }, model('b')] },
      'part_inline_data',
      'contents[0].parts[0]',
    ],
    [
      'a part that is nothing',
      { contents: [{ role: 'user', parts: [{ txt: 'x' }] }, model('b')] },
      'part_unknown',
      'contents[0].parts[0]',
    ],
    [
      'a file of an unknown kind',
      { contents: [{ role: 'user', parts: [file({ mimeType: 'text/csv' })] }, model('b')] },
      'file_kind_unknown',
      'contents[0].parts[0]',
    ],
    [
      'too many files',
      { contents: [{ role: 'user', parts: Array(31).fill(file()) }, model('b')] },
      'files_too_many',
      'contents',
    ],
    [
      'a system instruction with a file',
      { systemInstruction: { parts: [file()] }, contents: [user('a'), model('b')] },
      'system_not_text',
      'systemInstruction',
    ],
    [
      'a system instruction that is a text',
      { systemInstruction: 'Be brief.', contents: [user('a'), model('b')] },
      'field_wrong_type',
      'systemInstruction',
    ],
  ])('with %s is told where it is wrong', (_name, example, code, path) => {
    expect(check([example]).issues).toMatchObject([{ code, at: { line: 1, path } }]);
  });

  it('name files only where the job may read', () => {
    const mayRead = (uri: string) => uri.startsWith('gs://inbox/');
    const naming = (fileUri: string) => ({
      contents: [{ role: 'user', parts: [file({ fileUri })] }, model('b')],
    });
    const uris = ['gs://inbox/a.png', 'gs://secret/a.png', 'https://example.com/a.png', 'gs://inbox.evil/a'];
    const { issues } = check(uris.map(naming), { mayRead });
    expect(issues.map(({ code, at }) => [code, at.line])).toEqual([
      ['file_not_allowed', 2],
      ['file_not_allowed', 3],
      ['file_not_allowed', 4],
    ]);
  });

  it('are compared: the same question twice, with the same answer and with another', () => {
    const { issues, statistics } = check([
      { contents: [user('a'), model('b')] },
      { contents: [user('a'), model('b')] },
      { contents: [user('a'), model('c')] },
    ]);
    expect(issues.map(({ code }) => code)).toEqual(['duplicate_example', 'conflicting_outputs']);
    expect(statistics.duplicates).toEqual({ exact: 1, conflicting: 1 });
  });

  it('over the limit of one example are found, input and output together', () => {
    const words = 'word '.repeat(300_000);
    const { issues } = check([{ contents: [user(words), model(words)] }]);
    expect(issues).toMatchObject([{ code: 'token_limit_exceeded', at: { path: 'contents' } }]);
  });

  it('in a file of preferences are told to be of another form, once', () => {
    const pair = { contents: [user('a')], completions: [] };
    expect(check([pair, pair, pair]).issues).toMatchObject([
      { code: 'dataset_foreign_format', fields: { format: 'preference', expected: 'contents' } },
    ]);
  });
});

describe('what not every Gemini model is tuned on', () => {
  const clip = (resolution?: string, over: object = {}) => ({
    contents: [
      { role: 'user', parts: [{ ...file({ mimeType: 'video/mp4' }), ...over }, { text: `${resolution}` }] },
      model('b'),
    ],
    generationConfig: resolution === undefined ? undefined : { mediaResolution: resolution },
  });
  const call = {
    contents: [
      user('Weather?'),
      { role: 'model', parts: [{ text: 'I look.' }, { functionCall: { name: 'weather', args: {} } }] },
      { role: 'function', parts: [{ functionResponse: { name: 'weather', response: {} } }] },
      model('Sunny.'),
    ],
  };
  const [LOW, HIGH] = ['MEDIA_RESOLUTION_LOW', 'MEDIA_RESOLUTION_HIGH'];
  const told = (reference: string, ...examples: object[]) => {
    const row = findModel(reference);
    const traits = row?.backend === 'tuningJobs' ? row.traits : undefined;
    return check(examples, { traits })
      .issues.filter(({ code }) => !['conflicting_outputs', 'duplicate_example'].includes(code))
      .map(({ code, at }) => `${code} ${at.line} ${at.path}`);
  };
  const [OLD, NEW] = ['gemini-2.5-flash', 'gemini-3.1-flash-lite'];
  const AT = 'generationConfig.mediaResolution';

  test.each([
    ['videos in one resolution', OLD, [clip(LOW), clip(LOW)], []],
    ['videos in two resolutions', OLD, [clip(LOW), clip(HIGH)], [`media_resolution_differs 2 ${AT}`]],
    ['a video without a resolution', OLD, [clip(LOW), clip()], [`media_resolution_differs 2 ${AT}`]],
    ['videos in two resolutions', NEW, [clip(LOW), clip(HIGH)], []],
    [
      'a resolution in a part',
      OLD,
      [clip(LOW, { mediaResolution: {} })],
      ['media_resolution_in_part 1 contents[0].parts[0]'],
    ],
    ['a resolution in a part', NEW, [clip(LOW, { mediaResolution: {} })], []],
    ['a call of a function', OLD, [call], ['function_call_refused 1 contents[1].parts[1]']],
    ['a call of a function', NEW, [call], []],
  ])('%s for %s', (_name, reference, examples, expected) => {
    expect(told(reference, ...examples)).toEqual(expected);
  });

  it('are more than 300,000 examples where any names a file', () => {
    const row = findModel(NEW);
    if (row?.backend !== 'tuningJobs') throw new Error('no row');
    const limits = { ...tuningDatasetLimits(row, 'training'), maxMultimodalExamples: 2 };
    expect(tuningDatasetLimits(row, 'training').maxMultimodalExamples).toBe(300_000);
    const texts = ['a', 'b', 'c'].map((text) => ({ contents: [user(text), model('x')] }));
    const codes = (examples: object[]) => check(examples, { limits }).issues.map(({ code }) => code);
    expect(codes(texts)).toEqual([]);
    expect(codes([...texts, clip(LOW)])).toEqual(['dataset_too_many_examples']);
  });
});

describe('examples of preference tuning', () => {
  const pair = (over: object = {}) => ({
    contents: [user('Which?')],
    completions: [
      { score: 1, completion: model('This.') },
      { score: 0, completion: model('That.') },
    ],
    ...over,
  });
  const issuesOf = (example: object) => check([example], { format: 'preference' }).issues;

  it('are a question and two answers', () => {
    expect(issuesOf(pair())).toEqual([]);
    expect(issuesOf(pair({ completions: [...pair().completions].reverse() }))).toEqual([]);
  });

  test.each([
    [
      'three completions',
      { completions: [...pair().completions, ...pair().completions].slice(0, 3) },
      'completions_not_a_pair',
    ],
    [
      'equal scores',
      { completions: pair().completions.map((one) => ({ ...one, score: 1 })) },
      'completions_not_a_pair',
    ],
    ['no completions', { completions: undefined }, 'dataset_foreign_format'],
    [
      'a user’s completion',
      { completions: [{ score: 1, completion: user('x') }, pair().completions[1]] },
      'role_unknown',
    ],
    [
      'the same answer twice',
      {
        completions: [
          { score: 1, completion: model('x') },
          { score: 0, completion: model('x') },
        ],
      },
      'completions_alike',
    ],
    ['a last turn of the model', { contents: [user('a'), model('b')] }, 'last_turn_not_user'],
    ['a file', { contents: [{ role: 'user', parts: [file()] }] }, 'preference_not_text'],
  ])('with %s are told so', (_name, over, code) => {
    expect(issuesOf(pair(over)).map((issue) => issue.code)).toContain(code);
  });
});

describe('a key that is there twice', () => {
  const line = (part: string) =>
    `{"contents":[{"role":"user","parts":[${part}]},{"role":"model","parts":[{"text":"b"}]}]}`;
  const codes = (text: string) => checkLines([text], { format: 'contents' }).map(({ code }) => code);

  test.each([
    ['in a part', line('{"text":"a","text":"b"}'), ['duplicate_key']],
    ['escaped', line('{"text":"a","te\\u0078t":"b"}'), ['duplicate_key']],
    ['in the example', line('{"text":"a"}').replace('{', '{"contents":[],'), ['duplicate_key']],
    ['never, where a text looks like one', line('{"text":"\\"text\\": 1, \\"text\\": 2"}'), []],
  ])('is found: %s', (_name, text, expected) => {
    expect(codes(text)).toEqual(expected);
  });

  it('is found below any depth, and too much depth is', () => {
    const nested = (depth: number) =>
      line(`{"functionCall":{"name":"f","args":${'{"a":'.repeat(depth)}{"b":1,"b":2}${'}'.repeat(depth)}}}`);
    expect(codes(nested(20))).toEqual(['duplicate_key']);
    expect(codes(nested(600))).toEqual(['line_too_deep']);
  });
});
