import { setImmediate as nextTurn } from 'node:timers/promises';
import { createAdapter, encodeAdapter } from './adapter.ts';
import { type Base, loadBase } from './base.ts';
import { createBatches } from './batches.ts';
import { createEarlyStop, createKeeper } from './evaluations.ts';
import { createLearner, type Learner } from './learner.ts';
import type { Score } from './model.ts';
import { createOptimizer, rateAt } from './optimizer.ts';
import { createRandom } from './rng.ts';
import { encodeExample, type Sequence, type TuningExample } from './sequence.ts';
import { createTokenizer } from './tokenizer.ts';
import type { NamedMatrix } from './weights.ts';

export type { TuningExample };

export interface TuningJob {
  examples: TuningExample[];
  evaluation?: TuningExample[];
  steps: number;
  batchSize: number;
  learningRateMultiplier: number;
  /** Steps between two passes over the whole evaluation set; the guide: floor(steps / interval) of them. */
  evaluationInterval: number;
  earlyStopping: boolean;
  /** Whether the best checkpoint is the result instead of the last. */
  checkpointSelection: boolean;
  /** Same seed and data: same result, bit for bit. */
  seed: string;
  /** After this many ms of wall time the tuner stops and says so (timeCapped in finished). */
  timeCapMs?: number;
  signal?: AbortSignal;
}

export interface StepMetrics {
  /** Mean cross-entropy in nats per target token. */
  loss: number;
  /** Share of target tokens that were the likeliest ones, each given the true ones before it. */
  accuracy: number;
  /** Target tokens, the end of each target among them. */
  predictions: number;
}

export type TunerEvent =
  | ({ kind: 'train'; step: number } & StepMetrics)
  | ({ kind: 'evaluation'; step: number } & StepMetrics)
  | {
      kind: 'finished';
      stepsRun: number;
      stoppedEarly?: { step: number; why: string };
      timeCapped: boolean;
      checkpointStep: number;
      truncatedExamples: number;
      adapter: Uint8Array;
    };

/** Chosen on the data sets of bench/tuner.ts for this model; the service's own recommended rate is not published. */
const RECOMMENDED_RATE = 1e-2;
const WARM_UP_STEPS = 20;
/** Examples of one forward pass: bounds the memory whatever the batch size. */
const CHUNK = 4;

/**
 * Tunes a low-rank adapter on the examples: one `train` event per step, from the pass whose gradients are applied, an
 * `evaluation` at every interval, and `finished` last. Between chunks of examples the event loop gets its turn; an aborted
 * signal makes it throw the signal's reason there.
 */
export async function* tune(job: TuningJob, base: Base = loadBase()): AsyncGenerator<TunerEvent> {
  const deadlineMs = performance.now() + (job.timeCapMs ?? Number.POSITIVE_INFINITY);
  const tokenizer = createTokenizer(base.merges);
  const encode = (example: TuningExample) => encodeExample(tokenizer, example, base.shape.window);
  const sequences = job.examples.map(encode);
  if (sequences.every(({ answers }) => answers.length === 0)) throw new RangeError('no example has a target');
  const evaluation = (job.evaluation ?? []).map(encode);

  const adapter = createAdapter(createRandom(`${job.seed}/adapter`), base);
  const learner = createLearner({ base, adapter, train: 'adapter' });
  const optimizer = createOptimizer(learner.trainable);
  const batches = createBatches(sequences, job.batchSize, createRandom(`${job.seed}/batches`));
  const earlyStop = createEarlyStop();
  const keeper = createKeeper(() => currentAdapter(learner, adapter));
  const peak = RECOMMENDED_RATE * job.learningRateMultiplier;

  let stepsRun = 0;
  let timeCapped = false;
  let stoppedEarly: { step: number; why: string } | undefined;
  while (stepsRun < job.steps && !stoppedEarly && !timeCapped) {
    const step = stepsRun + 1;
    const batch = batches.next();
    const scale = 1 / Math.max(1, countAnswers(batch));
    const score = await inChunks(batch, (chunk) => learner.learn(chunk, scale), job.signal);
    optimizer.step(rateAt(step, { peak, warmUpSteps: WARM_UP_STEPS, steps: job.steps }));
    stepsRun = step;
    yield { kind: 'train', step, ...metricsOf(score, batch) };
    if (evaluation.length > 0 && step % job.evaluationInterval === 0) {
      const metrics = metricsOf(await inChunks(evaluation, learner.score, job.signal), evaluation);
      yield { kind: 'evaluation', step, ...metrics };
      if (job.checkpointSelection) keeper.offer(step, metrics);
      const why = earlyStop.observe(metrics);
      if (job.earlyStopping && why && step < job.steps) stoppedEarly = { step, why };
    }
    timeCapped = stepsRun < job.steps && !stoppedEarly && performance.now() >= deadlineMs;
  }
  const kept = keeper.best ?? { step: stepsRun, adapter: currentAdapter(learner, adapter) };
  yield {
    kind: 'finished',
    stepsRun,
    ...(stoppedEarly ? { stoppedEarly } : {}),
    timeCapped,
    checkpointStep: kept.step,
    truncatedExamples: [...sequences, ...evaluation].filter((sequence) => sequence.isTruncated).length,
    adapter: encodeAdapter(kept.adapter),
  };
}

/** The adapter's matrices as they are now; the learner keeps them in the order in which it got them. */
function currentAdapter(learner: Learner, adapter: readonly NamedMatrix[]): NamedMatrix[] {
  return adapter.map((matrix, index) => ({
    ...matrix,
    values: learner.trainable[index]?.value.slice() ?? matrix.values,
  }));
}

async function inChunks(
  sequences: readonly Sequence[],
  work: (chunk: readonly Sequence[]) => Score,
  signal: AbortSignal | undefined,
): Promise<Score> {
  const sum: Score = { loss: 0, correct: 0 };
  for (let from = 0; from < sequences.length; from += CHUNK) {
    await nextTurn();
    signal?.throwIfAborted();
    const { loss, correct } = work(sequences.slice(from, from + CHUNK));
    sum.loss += loss;
    sum.correct += correct;
  }
  return sum;
}

const countAnswers = (sequences: readonly Sequence[]) =>
  sequences.reduce((sum, { answers }) => sum + answers.length, 0);

export function metricsOf(score: Score, sequences: readonly Sequence[]): StepMetrics {
  const predictions = countAnswers(sequences);
  const divisor = Math.max(1, predictions);
  return { loss: score.loss / divisor, accuracy: score.correct / divisor, predictions };
}
