import { describe, expect, it } from 'vitest';
import { checkExamples as check } from './dataset-turn-samples.ts';

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
