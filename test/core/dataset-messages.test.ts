import { describe, expect, it, test } from 'vitest';
import { checkExamples as check, file, model, user } from './dataset-turn-samples.ts';

describe('examples that are written in another form', () => {
  const codes = (format: 'contents' | 'chat_messages', example: object, isConverted = true) =>
    check([example], { format, isConverted }).issues.map(({ code }) => code);
  const call = { role: 'model', parts: [{ functionCall: { name: 'f', args: {} } }] };
  const image = { type: 'image_url', image_url: { url: 'data:image/png;base64,xx' } };
  const messages = [
    { role: 'user', content: [{ type: 'text', text: 'What?' }, image] },
    { role: 'assistant', content: 'A cat.' },
  ];

  test.each([
    [
      'the role that open models have',
      'contents',
      { contents: [user('a'), { ...model('b'), role: 'assistant' }] },
      [],
    ],
    [
      'a file',
      'contents',
      { contents: [{ role: 'user', parts: [file()] }, model('b')] },
      ['example_not_text'],
    ],
    [
      'a call of a function',
      'contents',
      { contents: [user('a'), call, user('c'), model('b')] },
      ['example_not_text'],
    ],
    ['an image', 'chat_messages', { messages }, ['example_not_text']],
    [
      'a developer',
      'chat_messages',
      {
        messages: [
          { role: 'developer', content: 's' },
          { role: 'user', content: 'a' },
          { role: 'assistant', content: 'b' },
        ],
      },
      [],
    ],
  ] as const)('may have texts alone: %s in %s', (_name, format, example, expected) => {
    expect(codes(format, example)).toEqual(expected);
  });

  it('may have more where they stay as they are', () => {
    expect(codes('chat_messages', { messages }, false)).toEqual([]);
  });
});

describe('conversations with roles', () => {
  const say = (role: string, content: unknown) => ({ role, content });
  const issuesOf = (...messages: object[]) => check([{ messages }], { format: 'chat_messages' }).issues;

  it('begin with the system or the user, and end with the assistant', () => {
    expect(issuesOf(say('system', 's'), say('user', 'a'), say('assistant', 'b'))).toEqual([]);
    expect(issuesOf(say('user', 'a'))).toMatchObject([{ code: 'last_author_not_assistant' }]);
    expect(issuesOf(say('assistant', 'a'))).toMatchObject([{ code: 'turns_without_user' }]);
    expect(issuesOf(say('robot', 'a'), say('assistant', 'b'))).toMatchObject([
      { code: 'role_unknown', at: { path: 'messages[0].role' } },
    ]);
    expect(issuesOf(say('user', 1), say('assistant', 'b'))).toMatchObject([{ code: 'field_wrong_type' }]);
  });

  it('may have texts and images in a list', () => {
    const image = (url: string) => ({ type: 'image_url', image_url: { url, detail: 'low' } });
    const asking = (...content: object[]) => issuesOf(say('user', content), say('assistant', 'b'));
    const text = { type: 'text', text: 'What is it?' };
    expect(asking(text, image('gs://inbox/a.png'), image('data:image/png;base64,xx'))).toEqual([]);
    const path = 'messages[0].content[1]';
    expect(asking(text, image('a.png'))).toMatchObject([{ code: 'file_not_allowed', at: { path } }]);
    expect(asking(text, { type: 'audio' })).toMatchObject([{ code: 'content_part_unknown', at: { path } }]);
    expect(asking(text, { type: 'image_url' })).toMatchObject([
      { code: 'field_wrong_type', at: { path: `${path}.image_url.url` } },
    ]);
    expect(issuesOf(say('user', []), say('assistant', 'b'))).toMatchObject([{ code: 'field_wrong_type' }]);
  });

  it('name the fields that are not used, those of messages, too', () => {
    const messages = [say('user', 'a'), { ...say('assistant', 'b'), weight: 0 }];
    const { issues } = check([{ messages, tools: [] }], { format: 'chat_messages' });
    expect(issues).toMatchObject([
      { code: 'dataset_extra_fields', fields: { fields: ['tools', 'messages[].weight'], count: 1 } },
    ]);
  });

  it('of OpenAI alone begin with a developer', () => {
    expect(issuesOf(say('developer', 's'), say('user', 'a'), say('assistant', 'b'))).toMatchObject([
      { code: 'role_unknown' },
    ]);
  });
});

describe('prompts and completions', () => {
  it('are held against each other under their own names', () => {
    const { issues } = check(
      [
        { prompt: 'a', completion: 'b' },
        { prompt: 'a', completion: '' },
        { prompt: 'c', completion: 'd', x: 1 },
      ],
      { format: 'prompt_completion' },
    );
    expect(issues.map(({ code, at }) => `${code} ${at.line} ${at.path}`)).toEqual([
      'field_empty 2 completion',
      'dataset_extra_fields 3 undefined',
    ]);
  });
});

test('what the guide advises of the number of pairs is for its models, and not for those that read the rows converted', () => {
  const onePair = {
    messages: [
      { author: 'user', content: 'a coffee' },
      { author: 'assistant', content: 'small or large?' },
    ],
  };
  const codes = (isConverted: boolean) =>
    check([onePair], { format: 'messages', isConverted }).issues.map(({ code }) => code);
  expect(codes(false)).toContain('pairs_not_recommended');
  expect(codes(true)).not.toContain('pairs_not_recommended');
});
