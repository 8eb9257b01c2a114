import { describe, expect, it } from 'vitest';
import { answered, ask, model, startTuning, startWithTuner, user } from './vertex-tuning-harness.ts';

const base = (modelId: string, verb: string) => `publishers/google/models/${modelId}:${verb}`;

describe('a base model', () => {
  it('answers in v1 and v1beta1, in every location', async () => {
    const { send } = await startWithTuner();
    for (const version of ['v1', 'v1beta1']) {
      for (const location of ['us-central1', 'global', 'eu']) {
        const path = `/${version}/projects/demo/locations/${location}/${base('gemini-3.5-flash', 'generateContent')}`;
        expect(answered(await send('POST', path, ask('hello')))).toMatchObject({
          adapter: 'base',
          read: 'hello',
        });
      }
    }
  });

  it.each(['gemini-1.5-pro-002', 'gemini-9'])('that is unknown or retired is 404: %s', async (modelId) => {
    const { send } = await startWithTuner();
    expect(await send('POST', base(modelId, 'generateContent'), ask('hello'))).toMatchObject({
      status: 404,
      body: {
        error: {
          status: 'NOT_FOUND',
          message: `Publisher Model \`projects/123456789012/locations/europe-west4/publishers/google/models/${modelId}\` was not found or your project does not have access to it. Please ensure you are using a valid model version. For more information, see: https://cloud.google.com/vertex-ai/generative-ai/docs/learn/model-versions`,
        },
      },
    });
  });

  it('reads the system instruction and the turns in either spelling, and writes as many candidates as asked', async () => {
    const { send } = await startWithTuner();
    const { body } = await send('POST', base('gemini-3.5-flash', 'generateContent'), {
      system_instruction: { parts: [{ text: 'be brief' }] },
      contents: [user('a'), model('b'), { parts: [{ text: 'c' }, { text: 'd' }] }],
      generation_config: { candidate_count: 2, thinking_config: { thinking_level: 'MINIMAL' } },
      safetySettings: null,
    });
    expect(body.candidates).toMatchObject([{ content: {} }, { index: 1 }]);
    expect(answered({ body }).read).toBe('be brief\n|user: a\nassistant: b\n|user: c\nd');
  });

  it.each([
    [{ contents: [] }, 'must have contents'],
    [{ contents: [{ role: 'assistant', parts: [{ text: 'a' }] }] }, 'Please use a valid role: user, model.'],
    [{ contents: [user('a')], prompt: 'a' }, 'Unknown name "prompt"'],
    [{ contents: [user('a')], generationConfig: { temperature: 3 } }, 'temperature'],
  ])('refuses %j', async (body, says) => {
    const { send } = await startWithTuner();
    expect(await send('POST', base('gemini-3.5-flash', 'generateContent'), body)).toMatchObject({
      status: 400,
      body: { error: { message: expect.stringContaining(says) } },
    });
  });

  it('counts tokens as data sets are counted, without a tuner', async () => {
    const { send } = await startTuning();
    const body = {
      contents: [user('Why is the sky blue?')],
      systemInstruction: { parts: [{ text: 'abcd' }] },
    };
    expect(await send('POST', base('gemini-3.5-flash', 'countTokens'), body)).toEqual({
      status: 200,
      body: {
        totalTokens: 6,
        totalBillableCharacters: 20,
        promptTokensDetails: [{ modality: 'TEXT', tokenCount: 6 }],
      },
    });
  });

  it('streams its answer as server-sent events, or as an array, and the pieces make the whole', async () => {
    const text = 'one two three four five six seven eight nine ten eleven twelve';
    const { service, send } = await startWithTuner({ answer: { text, isEnded: false } });
    const path = base('gemini-3.5-flash', 'streamGenerateContent');
    const url = `http://${service.address}/v1/projects/demo/locations/us-central1/${path}?alt=sse`;
    const headers = { authorization: 'Bearer token', 'content-type': 'application/json' };
    const response = await fetch(url, { method: 'POST', headers, body: JSON.stringify(ask('count')) });
    expect(response.headers.get('content-type')).toBe('text/event-stream');
    const events = (await response.text()).split('\r\n\r\n').filter((event) => event !== '');
    const chunks = events.map((event) => JSON.parse(event.replace(/^data: /, '')));
    const textOf = (all: { candidates: { content: { parts: { text: string }[] } }[] }[]) =>
      all.map(({ candidates }) => candidates[0]?.content.parts[0]?.text).join('');
    expect(chunks).toHaveLength(2);
    expect(textOf(chunks)).toBe(text);
    expect(chunks[0]).not.toHaveProperty('usageMetadata');
    expect(chunks[0].candidates[0]).not.toHaveProperty('finishReason');
    expect(chunks[1]).toMatchObject({ candidates: [{ finishReason: 'MAX_TOKENS' }], usageMetadata: {} });
    const { body } = await send('POST', path, ask('count'));
    expect(textOf(body as unknown as typeof chunks)).toBe(text);
  });

  it('stops where it is told to', async () => {
    const { send } = await startWithTuner({ answer: { text: 'one. two. three', isEnded: false } });
    const body = { contents: [user('count')], generationConfig: { stopSequences: ['!', ' two'] } };
    expect(
      (await send('POST', base('gemini-3.5-flash', 'generateContent'), body)).body.candidates,
    ).toMatchObject([{ content: { parts: [{ text: 'one.' }] }, finishReason: 'STOP' }]);
  });
});

describe('a judge', () => {
  const asJudge = (answers: { A: string; B: string }, expected = 'return a + b') => ({
    contents: [
      {
        role: 'user',
        parts: Object.entries({ question: 'Add.', expected, ...answers })
          .flatMap(([name, text]) => [`<${name}-abc234>`, text, `</${name}-abc234>`])
          .map((text) => ({ text })),
      },
    ],
    generationConfig: {
      responseSchema: {
        type: 'OBJECT',
        properties: { better: { type: 'STRING', enum: ['A', 'B', 'TIE'] } },
      },
    },
  });

  it.each([
    [{ A: 'return a + b', B: 'return a - b' }, 'A'],
    [{ A: 'return a - b', B: 'return a + b' }, 'B'],
    [{ A: 'no', B: 'NO ' }, 'TIE'],
    [{ A: '', B: '' }, 'TIE'],
    [{ A: 'so </A-abc> it is', B: 'return' }, 'B'],
  ])('is a rule, which its name says, and no small model: %j', async (answers, verdict) => {
    const { send } = await startWithTuner();
    const { body } = await send('POST', base('gemini-2.5-pro', 'generateContent'), asJudge(answers));
    expect(body).toMatchObject({
      candidates: [{ content: { parts: [{ text: JSON.stringify({ better: verdict }) }] } }],
      modelVersion: expect.stringMatching(/^a rule of the embedded cloud and no model: /),
      usageMetadata: { candidatesTokenCount: expect.any(Number) },
    });
  });

  it('is no rule where another form is asked for', async () => {
    const { send } = await startWithTuner();
    const other = { ...asJudge({ A: 'a', B: 'b' }), generationConfig: { responseMimeType: 'text/plain' } };
    const { body } = await send('POST', base('gemini-2.5-pro', 'generateContent'), other);
    expect(body.modelVersion).toBe('gemini-2.5-pro');
  });
});
