import { afterAll, beforeAll, describe, expect, test, vi } from 'vitest';
import { answersOf } from '../../cli/start/evaluation.ts';
import { type Stack, startStack } from '../../cli/start/stack.ts';
import { createPredictor } from '../../local/small-model/predictor.ts';
import type { TunerEvent } from '../../local/small-model/tuner.ts';
import { createTunerThreads } from '../../local/vertex/training/tuner-threads.ts';
import { isWhollyOver } from '../../shared/core/run/evaluation-events.ts';
import type { Run } from '../../shared/core/run/run.ts';
import { pointsOfEvents } from '../local/vertex-points.ts';
import { temporaryFolder } from '../support/service-options.ts';
import { changedExample, pointsInFirestore, resultText } from './example-folders.ts';
import { type Recording, recording } from './recording-tuner.ts';

/** One example of every family that is really tuned, and whether its template evaluates. */
const FAMILIES: [family: string, example: string, evaluates: boolean][] = [
  ['text', 'text-bison-32k', true],
  ['code', 'code-bison-32k', true],
  ['chat', 'chat-bison-32k', false],
  ['code chat', 'codechat-bison', false],
];
const STEPS = 4;
/** A training gives way to everything else on the machine: where much else runs, it takes its time. */
vi.setConfig({ testTimeout: 240_000 });

const tuner = recording(createTunerThreads());
let stack: Stack;
const ends = new Map<string, Promise<Run>>();

beforeAll(async () => {
  stack = await startStack({ dataDir: temporaryFolder(), scheduleMs: 200, taskMs: 20, tuner });
  for (const [, example, evaluates] of FAMILIES) {
    const values = { train_steps: STEPS, ...(evaluates && { evaluation_interval: 2 }) };
    ends.set(example, drop(changedExample(example, values), example));
  }
});
afterAll(() => stack.close());

const drop = async (folder: string, as: string) =>
  stack.follow(await stack.drop(folder, as), { isOver: isWhollyOver });
const endOf = (example: string) =>
  ends.get(example) ?? Promise.reject(new Error(`${example} was not dropped`));

function weightsOf({ events }: Recording): Uint8Array {
  const last = events.at(-1);
  if (last?.kind !== 'finished') throw new Error('the tuner did not finish');
  return last.weights;
}

describe.each(FAMILIES)('the %s family, by %s', (_family, example, evaluates) => {
  test('is tuned, and its curves in Firestore are what was measured', async () => {
    const run = await endOf(example);
    expect(run.status.state).toBe('SUCCEEDED');
    const { events } = tuner.recordingOf(run.status.job?.name);
    expect(events.map(({ kind }) => kind).filter((kind) => kind === 'train')).toHaveLength(STEPS);
    expect(events.some(({ kind }) => kind === 'evaluation')).toBe(evaluates);
    expect(await pointsInFirestore(stack, run)).toEqual(pointsOfEvents(events));
  });

  test.runIf(evaluates)(
    'answers the evaluation file over the wire as tuned and as base, each as the weights themselves do',
    async () => {
      const run = await endOf(example);
      expect(run.status.evaluation).toMatchObject({ state: 'DONE', isBaseAsked: true });
      const recorded = tuner.recordingOf(run.status.job?.name);
      const answers = await answersOf(run, stack.cloud.clientEnvironment.STORAGE_EMULATOR_HOST ?? '');
      expect(answers).toHaveLength(recorded.job.evaluation?.length ?? 0);
      const [answer] = answers;
      // What the tuner read in the example, the answer is to have read too.
      const segments = recorded.job.evaluation?.[(answer?.line ?? 1) - 1]?.segments ?? [];
      const [expected, asked] = [true, false].map((isTarget) =>
        segments.filter((one) => one.isTarget === isTarget),
      );
      expect(expected?.map(({ text }) => text)).toEqual([answer?.expected]);
      const { maxOutputTokens } = run.status.evaluation ?? {};
      const written = (predictor: ReturnType<typeof createPredictor>) =>
        predictor.generate(asked ?? [], { maxOutputTokens });
      expect(answer?.tuned).toBe(written(createPredictor({ weights: weightsOf(recorded) })));
      expect(answer?.base).toBe(written(createPredictor({})));
    },
  );

  test('can be called as its document says', async () => {
    const { howToCall } = (await endOf(example)).status;
    // A shell reads '\'' within single quotes as one of them.
    const body = /-d '(.*)'/.exec(howToCall?.curl ?? '')?.[1]?.replaceAll("'\\''", "'") ?? '';
    const [, url = ''] = /"(http.*:predict)"/.exec(howToCall?.curl ?? '') ?? [];
    const headers = { authorization: 'Bearer local', 'content-type': 'application/json' };
    const response = await fetch(url, { method: 'POST', headers, body });
    expect({ status: response.status, body: await response.json() }).toMatchObject({
      status: 200,
      body: { predictions: [expect.anything()] },
    });
  });
});

describe('a job that stops gaining', () => {
  const evaluationsOf = (events: TunerEvent[]) =>
    events.flatMap((event) => (event.kind === 'evaluation' ? [event] : []));

  test('stops early with its best checkpoint, and document and report say where', async () => {
    const folder = changedExample('text-bison-32k', {
      ...{ train_steps: 30, evaluation_interval: 1 },
      // So small that no evaluation can be better than the first by as much as early stopping asks for.
      learning_rate_multiplier: 1e-9,
      ...{ enable_early_stopping: true, enable_checkpoint_selection: true },
    });
    const run = await drop(folder, 'stops-early');
    expect(run.status.state).toBe('SUCCEEDED');
    const { events } = tuner.recordingOf(run.status.job?.name);
    const evaluations = evaluationsOf(events);
    expect(evaluations.map(({ step }) => step)).toEqual([1, 2, 3, 4, 5, 6]);
    const [best] = [...evaluations].sort(
      (a, b) => b.accuracy - a.accuracy || a.loss - b.loss || a.step - b.step,
    );
    expect(run.status.result).toMatchObject({
      stoppedAtStep: 6,
      checkpointStep: best?.step,
      evaluation: { step: best?.step, loss: best?.loss, tokenAccuracy: best?.accuracy },
    });
    const report = await resultText(stack, run.status.report);
    expect(report).toMatch(/Stopped early at step[^0-9]*6\b/);
    expect(report).toMatch(new RegExp(`Step of its checkpoint[^0-9]*${best?.step}\\b`));
  });
});
