import { describe, expect, test } from 'vitest';
import { createModelAsker } from '../../shared/adapters/vertex/ask.ts';
import type { VertexCall } from '../../shared/adapters/vertex/client.ts';

const ENDPOINT = 'projects/p/locations/us/endpoints/7';
const BASE = 'projects/p/locations/us-central1/publishers/google/models/text-bison@002';

async function ask(answer: unknown, verb: 'generateContent' | 'predict' = 'generateContent') {
  const calls: VertexCall[] = [];
  const asker = createModelAsker(async (call) => {
    calls.push(call);
    return answer;
  });
  const model = verb === 'predict' ? BASE : ENDPOINT;
  return { said: await asker.ask({ model, verb, body: { contents: [] } }), calls };
}

describe('a model that is asked', () => {
  test('answers at the host of its location', async () => {
    const { calls } = await ask({});
    expect(calls).toEqual([
      {
        ...{ method: 'POST', body: { contents: [] }, doing: 'asking a model' },
        url: `https://aiplatform.us.rep.googleapis.com/v1/${ENDPOINT}:generateContent`,
      },
    ]);
  });

  test('has its parts as one text, without what it only thought, and all of its tokens counted', async () => {
    const parts = [{ text: 'hm', thought: true }, { text: 'Sur' }, { text: 'gery' }];
    const usageMetadata = { promptTokenCount: 7, candidatesTokenCount: 2, thoughtsTokenCount: 3 };
    const { said } = await ask({ candidates: [{ content: { parts } }], usageMetadata });
    expect(said).toEqual({ text: 'Surgery', tokens: { input: 7, output: 5 } });
  });

  test('says where it was cut off', async () => {
    const content = { parts: [{ text: 'Sur' }] };
    expect((await ask({ candidates: [{ content, finishReason: 'MAX_TOKENS' }] })).said).toMatchObject({
      ...{ text: 'Sur', isCut: true },
    });
    expect((await ask({ candidates: [{ content, finishReason: 'STOP' }] })).said.isCut).toBeUndefined();
  });

  test.each([
    ['a prompt that was blocked', { promptFeedback: { blockReason: 'SAFETY' } }],
    ['an answer that was withheld', { candidates: [{ finishReason: 'SAFETY' }] }],
    ['an answer without parts', { candidates: [{ content: { role: 'model' }, finishReason: 'MAX_TOKENS' }] }],
  ])('answers nothing: %s', async (_name, answer) => {
    expect((await ask(answer)).said.text).toBe('');
  });

  test.each([
    ['text', { predictions: [{ content: 'yes' }] }],
    ['chat', { predictions: [{ candidates: [{ author: 'bot', content: 'yes' }] }] }],
  ])('of the guide says its prediction: %s', async (_name, answer) => {
    const { said, calls } = await ask(answer, 'predict');
    expect(said).toEqual({ text: 'yes' });
    expect(calls[0]?.url).toBe(`https://us-central1-aiplatform.googleapis.com/v1/${BASE}:predict`);
  });

  test('in a shape that nobody knows is an error that says so', async () => {
    await expect(ask({ candidates: 'none' })).rejects.toMatchObject({ kind: 'unknownAnswer' });
  });
});
