import { describe, expect, it, onTestFinished } from 'vitest';
import type { TunerEvent } from '../../local/small-model/tuner.ts';
import { createTunerThreads, type ThreadTraining } from '../../local/vertex/training/tuner-threads.ts';

const JOB: ThreadTraining = {
  examples: [{ segments: [{ text: 'a', isTarget: false }] }],
  ...{ steps: 3, batchSize: 8, learningRateMultiplier: 1, evaluationInterval: 20 },
  ...{ earlyStopping: true, checkpointSelection: false, seed: 'job' },
};

const moduleOf = (source: string) => new URL(`data:text/javascript,${encodeURIComponent(source)}`);

const TRAIN = "{ kind: 'train', step: 1, loss: job.examples.length, accuracy: 0, predictions: 1 }";

function threads(tuner: string, predictor = '') {
  const made = createTunerThreads({ tuner: moduleOf(tuner), predictor: moduleOf(predictor) });
  onTestFinished(() => made.close());
  return made;
}

async function collect(events: AsyncIterable<TunerEvent>) {
  const all: TunerEvent[] = [];
  for await (const event of events) all.push(event);
  return all;
}

describe('a tuning in a thread', () => {
  it('tells its events in order, weights included', async () => {
    const { tune } = threads(
      `export async function* tune(job) { yield ${TRAIN}; yield { kind: 'finished', stepsRun: job.steps, adapter: Uint8Array.of(1, 2) }; }`,
    );
    expect(await collect(tune(JOB, new AbortController().signal))).toEqual([
      { kind: 'train', step: 1, loss: 1, accuracy: 0, predictions: 1 },
      { kind: 'finished', stepsRun: 3, adapter: Uint8Array.of(1, 2) },
    ]);
  });

  it('ends in the midst of a step that never ends', async () => {
    const { tune } = threads(`export async function* tune(job) { yield ${TRAIN}; for (;;); }`);
    const abort = new AbortController();
    const events = tune(JOB, abort.signal)[Symbol.asyncIterator]();
    expect((await events.next()).value).toMatchObject({ kind: 'train' });
    abort.abort();
    await expect(events.next()).rejects.toThrow('aborted');
  });

  it('does not begin once it is cancelled', async () => {
    const { tune } = threads('throw new Error("was loaded")');
    await expect(collect(tune(JOB, AbortSignal.abort()))).rejects.toThrow('aborted');
  });

  it('fails with what the tuner threw', async () => {
    const { tune } = threads(
      'export async function* tune() { throw new RangeError("no example has a target"); }',
    );
    await expect(collect(tune(JOB, new AbortController().signal))).rejects.toThrow('no example has a target');
  });

  it.runIf(process.platform === 'linux')('has the lowest priority, and only it', async () => {
    const { tune } = threads(
      `import { getPriority } from 'node:os';
       export async function* tune() { yield { kind: 'train', step: getPriority(0) }; }`,
    );
    const { getPriority } = await import('node:os');
    const before = getPriority(0);
    expect(await collect(tune(JOB, new AbortController().signal))).toEqual([{ kind: 'train', step: 19 }]);
    expect(getPriority(0)).toBe(before);
  });
});

describe('predictions in a thread', () => {
  const ECHO = `
    let made = 0;
    export function createPredictor({ weights }) {
      made += 1;
      return { write: (segments, options) => {
        if (segments.length === 0) throw new Error('nothing to read');
        const text = [made, weights?.length ?? 'base', segments[0].text, options.maxOutputTokens].join(' ');
        return { text, isEnded: true };
      } };
    }`;
  const segments = [{ text: 'hi', isTarget: false }];

  it('are answered by the weights of their model, which are loaded once', async () => {
    const { generate } = threads('', ECHO);
    const options = { maxOutputTokens: 9 };
    const tuned = { model: 'a', weights: Uint8Array.of(1, 2, 3), segments, options };
    expect(await generate(tuned)).toEqual({ text: '1 3 hi 9', isEnded: true });
    expect(await generate({ model: 'base', segments, options })).toMatchObject({ text: '2 base hi 9' });
    expect(await generate(tuned)).toMatchObject({ text: '2 3 hi 9' });
  });

  it('fail one by one', async () => {
    const { generate } = threads('', ECHO);
    const answers = await Promise.allSettled([
      generate({ model: 'a', segments: [], options: {} }),
      generate({ model: 'a', segments, options: {} }),
    ]);
    expect(answers.map(({ status }) => status)).toEqual(['rejected', 'fulfilled']);
  });

  it('fail, and do not hang, when the thread cannot start or is closed', async () => {
    const broken = threads('', 'throw new Error("no weights here")');
    await expect(broken.generate({ model: 'a', segments, options: {} })).rejects.toThrow('no weights here');
    const closed = threads('', 'export function createPredictor() { return { write() { for (;;); } } }');
    const answer = closed.generate({ model: 'a', segments, options: {} });
    const failure = expect(answer).rejects.toThrow('was ended');
    await closed.close();
    await failure;
  });
});
