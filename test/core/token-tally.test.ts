import { describe, expect, it } from 'vitest';
import { japaneseTexts } from '../../scripts/tokens/generated-texts.ts';
import { counterOfNode, estimateOf } from '../../scripts/tokens/judge.ts';
import { createDatasetCheck } from '../../shared/core/dataset/check.ts';
import { createTokenTally } from '../../shared/core/dataset/tallies/token-tally.ts';

const truthOf = (texts: readonly string[]) =>
  texts.reduce((sum, text) => sum + counterOfNode().count(text), 0);

describe('a tally of tokens', () => {
  const texts = japaneseTexts(2_000);

  it('is exact for a small file', () => {
    const truth = truthOf(texts);
    expect(estimateOf(texts)).toEqual({ low: truth, estimate: truth, high: truth, isExact: true });
  });

  it('is exact for a long text as well', () => {
    const text = texts.join('');
    const truth = truthOf([text]);
    expect(estimateOf([text])).toEqual({ low: truth, estimate: truth, high: truth, isExact: true });
  });

  it('gives the same numbers for the same file', () => {
    const budget = { exact: 10_000, sampled: 10_000 };
    const first = estimateOf(texts, { budget });
    expect(first.isExact).toBe(false);
    expect(estimateOf(texts, { budget })).toEqual(first);
  });

  it('widens the interval where it cut a stretch', () => {
    const tally = createTokenTally(counterOfNode());
    const text = 'a'.repeat(3_000);
    tally.add('output', text, text.length);
    const { output } = tally.summary();
    expect(output.estimate).toBe(375);
    expect(output.low).toBeLessThan(375);
    expect(output.high).toBeGreaterThan(375);
  });
});

describe('the check of a data set', () => {
  const counted = (
    format: 'contents' | 'chat_messages' | 'prompt_completion' | 'messages',
    line: unknown,
    defaultContext?: string,
  ) => {
    const check = createDatasetCheck({
      ...{ uri: 'gs://inbox/train.jsonl', format, role: 'training', defaultContext },
      ...{ onIssue: () => {}, counter: counterOfNode() },
    });
    check.push(new TextEncoder().encode(`${JSON.stringify(line)}\n`));
    const { counted: tokens } = check.finish().statistics.tokens;
    return [tokens?.input.estimate, tokens?.output.estimate, tokens?.texts];
  };
  const count = (text: string) => counterOfNode().count(text);

  it('counts instruction, turns and answers of contents', () => {
    const turn = (role: string, text: string) => ({ role, parts: [{ text }] });
    const line = {
      systemInstruction: turn('system', 'Be brief.'),
      contents: [turn('user', 'What is the capital of France?'), turn('model', 'Paris')],
    };
    const asked = count('Be brief.') + count('What is the capital of France?');
    expect(counted('contents', line)).toEqual([asked, count('Paris'), 3]);
  });

  it.each([
    [
      'contents',
      'contents',
      {
        contents: [
          { role: 'user', parts: [{ text: 'Is it warm?' }] },
          { role: 'model', parts: [{ text: 'Yes' }] },
        ],
      },
    ],
    [
      'a chat for an open model',
      'chat_messages',
      {
        messages: [
          { role: 'user', content: 'Is it warm?' },
          { role: 'assistant', content: 'Yes' },
        ],
      },
    ],
  ] as const)('counts the functions that %s declare, once for each example', (_name, format, line) => {
    const tools = [{ functionDeclarations: [{ name: 'get_weather', description: 'Returns the weather.' }] }];
    const [without = 0] = counted(format, line);
    expect(counted(format, { ...line, tools: [] })[0]).toBe(without);
    expect(counted(format, { ...line, tools })[0]).toBe(without + count(JSON.stringify(tools)));
  });

  it('says how many tokens an example may have beyond its limit', () => {
    const line = (content: string) =>
      `${JSON.stringify({
        messages: [
          { role: 'user', content },
          { role: 'assistant', content: 'x' },
        ],
      })}\n`;
    const beyond = (content: string) => {
      const check = createDatasetCheck({
        ...{ uri: 'gs://inbox/train.jsonl', format: 'chat_messages', role: 'training' },
        ...{ onIssue: () => {}, limits: { maxInputTokens: 1_000 } },
      });
      check.push(new TextEncoder().encode(line(content)));
      return check.finish().statistics.tokens.beyondLimits;
    };
    expect(beyond('word '.repeat(100))).toBeUndefined();
    expect(beyond('word '.repeat(3_000))).toBeGreaterThanOrEqual(2_000);
  });

  it('counts the context that a converted row gets', () => {
    const line = { prompt: 'What is it?', completion: 'A cat' };
    const asked = count('What is it?') + count('Be brief.');
    expect(counted('prompt_completion', line, 'Be brief.')).toEqual([asked, count('A cat'), 3]);
  });

  it('counts messages of chat data by their author', () => {
    const messages = [
      { author: 'user', content: 'One more coffee, please' },
      { author: 'assistant', content: 'Of course' },
    ];
    const line = { context: 'You sell coffee.', messages: [...messages, ...messages] };
    const asked = count('You sell coffee.') + 2 * count('One more coffee, please');
    expect(counted('messages', line)).toEqual([asked, 2 * count('Of course'), 5]);
  });
});
