import { describe, expect, it } from 'vitest';
import { readTuningExamples } from '../../local/vertex/pipeline-jobs/examples.ts';
import { readerOf } from './vertex-harness.ts';

const URI = 'gs://data/train.jsonl';

/** Each example as what is read, pieces joined by `|`, and what is to be written. */
async function read(family: 'text' | 'code' | 'chat', records: (object | string)[], defaultContext?: string) {
  const text = records
    .map((record) => (typeof record === 'string' ? record : JSON.stringify(record)))
    .join('\n');
  const examples = await readTuningExamples(URI, {
    family,
    parameters: defaultContext === undefined ? {} : { default_context: defaultContext },
    readObject: readerOf(new Map([[URI, text]])),
  });
  return examples.map(({ segments }) => [
    segments.filter((segment) => !segment.isTarget).map((segment) => segment.text),
    ...segments.filter((segment) => segment.isTarget).map((segment) => segment.text),
  ]);
}

const user = (content: string) => ({ author: 'user', content });
const assistant = (content: string) => ({ author: 'assistant', content });

describe('the examples of a data set', () => {
  it.each(['text', 'code'] as const)('are the records of a %s data set', async (family) => {
    const records = [
      { input_text: 'two and two', output_text: 'four', id: 1 },
      '',
      { input_text: 'a', output_text: 'b' },
    ];
    expect(await read(family, records)).toEqual([
      [['two and two'], 'four'],
      [['a'], 'b'],
    ]);
  });

  it('are the assistant’s turns of a chat, each with what was said before it', async () => {
    const messages = [user('hello'), assistant('ahoy'), user('how are you'), assistant('fine')];
    expect(await read('chat', [{ context: 'a pirate', messages }])).toEqual([
      [['a pirate\n', 'user: hello'], 'ahoy'],
      [['a pirate\n', 'user: hello\nassistant: ahoy\n', 'user: how are you'], 'fine'],
    ]);
  });

  it.each([
    ['the default one where a record has none', undefined, [['a dog\n', 'user: hi'], 'woof']],
    ['the default one where a record’s is empty', '', [['a dog\n', 'user: hi'], 'woof']],
    ['a record’s own where it has one', 'a cat', [['a cat\n', 'user: hi'], 'woof']],
  ])('have as context %s', async (_name, context, wanted) => {
    const messages = [user('hi'), assistant('woof')];
    expect(await read('chat', [{ ...(context !== undefined && { context }), messages }], 'a dog')).toEqual([
      wanted,
    ]);
  });

  it('lose the middle of what no window of the small model could hold', async () => {
    const [example] = await read('text', [{ input_text: `begin${'x'.repeat(50_000)}end`, output_text: 'y' }]);
    const [[text = ''] = []] = example as [string[], string];
    expect(text).toHaveLength(8_000);
    expect(text).toMatch(/^beginx+end$/);
  });

  it.each([
    ['an object that is gone', undefined, 'can no longer be read'],
    ['an object that is no data set any more', 'oops', 'was changed after its validation'],
    ['an object that became empty', '\n', 'has no examples'],
  ])('cannot be read from %s', async (_name, text, message) => {
    const objects = new Map(text === undefined ? [] : [[URI, text]]);
    const reading = readTuningExamples(URI, {
      family: 'text',
      parameters: {},
      readObject: readerOf(objects),
    });
    await expect(reading).rejects.toThrow(message);
  });
});
