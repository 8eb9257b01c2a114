import { describe, expect, test } from 'vitest';
import { questionOf } from '../../cli/start/question.ts';
import type { Run } from '../../shared/core/run/run.ts';

type Manifest = NonNullable<Run['spec']['manifest']>;

/** A run whose files have these lines. */
function aRun(
  base_model: string,
  files: { train?: object[]; evaluation?: object[] },
  manifest: Partial<Manifest> = {},
) {
  const source = (name: string) => ({
    ...{ uri: `gs://inbox/folder/${name}.jsonl`, generation: '1', sizeBytes: 1, crc32c: '' },
    stagedUri: `gs://results/staging/${name}.jsonl`,
  });
  const datasets = {
    ...(files.train && { dataset_uri: source('train') }),
    ...(files.evaluation && { evaluation_data_uri: source('evaluation') }),
  };
  const run = { spec: { manifest: { base_model, ...manifest }, datasets } } as Run;
  const lines: Record<string, object[] | undefined> = {
    'gs://results/staging/train.jsonl': files.train,
    'gs://results/staging/evaluation.jsonl': files.evaluation,
  };
  const read = async (uri: string) => {
    const records = lines[uri];
    return records && ofLines(['', ...records.map((record) => JSON.stringify(record)), ' ']);
  };
  return questionOf(run, read);
}

async function* ofLines(lines: string[]) {
  yield* lines;
}

const pair = (text: string) => ({ input_text: text, output_text: `answer to ${text}` });
const turns = (...contents: string[]) =>
  contents.map((content, index) => ({ author: index % 2 === 0 ? 'user' : 'assistant', content }));

describe('the question to both models', () => {
  test('is the first of the evaluation file', async () => {
    const question = await aRun('text-bison@002', {
      train: [pair('a')],
      evaluation: [pair('b'), pair('c')],
    });
    expect(question).toEqual({
      from: 'the first example of folder/evaluation.jsonl, which the model was not trained on',
      asked: 'b',
      expected: 'answer to b',
      request: { instance: { content: 'b' } },
    });
  });

  test('says so where the same example stands in the training file too', async () => {
    const question = await aRun('text-bison@002', { train: [pair('a'), pair('b')], evaluation: [pair('b')] });
    expect(question).toMatchObject({
      asked: 'b',
      from: expect.stringContaining('stands in the training file too'),
    });
  });

  test('is the last of the training file where there is no other, and says that it was trained on', async () => {
    expect(await aRun('code-bison@002', { train: [pair('a'), pair('b')] })).toEqual({
      from: expect.stringMatching(
        /^the last example of folder\/train.jsonl\. .* from the file that the model was trained on$/,
      ),
      asked: 'b',
      expected: 'answer to b',
      request: { instance: { prefix: 'b' } },
    });
  });

  test('of a chat is its last turn that was answered, with all that was said before', async () => {
    const messages = turns('hi', 'ahoy', 'one tea', 'here it is', 'thanks');
    const question = await aRun(
      'chat-bison@002',
      { train: [{ messages }] },
      { default_context: 'Be brief.' },
    );
    expect(question).toMatchObject({
      asked: 'one tea',
      expected: 'here it is',
      request: {
        instance: {
          context: 'Be brief.',
          messages: [
            { author: 'user', content: 'hi' },
            { author: 'bot', content: 'ahoy' },
            { author: 'user', content: 'one tea' },
          ],
        },
      },
    });
  });

  test('of a Gemini model is the last turn of its converted copy, with what was said before', async () => {
    const content = (role: string, text: string) => ({ role, parts: [{ text }] });
    const record = {
      systemInstruction: content('system', 'Be brief.'),
      contents: [content('user', 'hi'), content('model', 'ahoy')],
    };
    expect(await aRun('gemini-3.1-flash-lite', { train: [record] })).toMatchObject({
      asked: 'hi',
      expected: 'ahoy',
      request: {
        generate: { systemInstruction: record.systemInstruction, contents: [content('user', 'hi')] },
      },
    });
  });

  test('of a chat has the context of its own record', async () => {
    const record = { context: 'A pirate.', messages: turns('hi', 'ahoy') };
    const question = await aRun('codechat-bison@002', { train: [record] }, { default_context: 'Be brief.' });
    expect(question).toMatchObject({
      request: { instance: { context: 'A pirate.', messages: [{ content: 'hi' }] } },
    });
  });

  test.each([
    ['an embedding model', aRun('textembedding-gecko@001', {}), /with numbers, not with words/],
    ['a base model that is not in the table', aRun('text-unknown@001', {}), /not known/],
    ['files that are gone', aRun('text-bison@002', {}), /gone/],
  ])('is none for %s, and why is said', async (_name, question, why) => {
    expect(await question).toMatch(why);
  });
});
