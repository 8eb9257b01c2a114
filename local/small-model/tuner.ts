import { setImmediate as nextTurn } from 'node:timers/promises';
import { createRandom } from './math/random.ts';
import { createAdapter, encodeAdapter } from './model/adapter.ts';
import { type Base, loadBase } from './model/base.ts';
import { createLearner, type Learner } from './model/learner.ts';
import type { Score } from './model/transformer.ts';
import type { NamedMatrix } from './model/weights.ts';
import { countAnswers, encodeExample, type Sequence, type TuningExample } from './text/sequence.ts';
import { createTokenizer } from './text/tokenizer.ts';
import { createBatches } from './training/batches.ts';
import { createCheckpointKeeper, createEarlyStop } from './training/evaluations.ts';
import { metricsOf, type StepMetrics } from './training/metrics.ts';
import { createOptimizer, rateAt } from './training/optimizer.ts';

/** A training to be done. */
export interface Training {
  examples: TuningExample[];
  evaluation?: TuningExample[] | undefined;
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
  timeCapMs?: number | undefined;
  signal?: AbortSignal | undefined;
}

export type TunerEvent =
  | ({ kind: 'train'; step: number } & StepMetrics)
  | ({ kind: 'evaluation'; step: number } & StepMetrics)
  | TrainingEnd;

export interface TrainingEnd {
  kind: 'finished';
  stepsRun: number;
  stoppedEarly?: { step: number; why: string } | undefined;
  timeCapped: boolean;
  checkpointStep: number;
  truncatedExamples: number;
  adapter: Uint8Array;
}

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
export async function* tune(training: Training, base: Base = loadBase()): AsyncGenerator<TunerEvent> {
  const deadlineMs = performance.now() + (training.timeCapMs ?? Number.POSITIVE_INFINITY);
  const { sequences, evaluation } = encodeData(training, base);
  const { learner, adapterNow, learnBatch } = prepare(training, { base, sequences });
  const earlyStop = createEarlyStop();
  const keeper = createCheckpointKeeper(adapterNow);

  let stepsRun = 0;
  let timeCapped = false;
  let stoppedEarly: TrainingEnd['stoppedEarly'];
  while (stepsRun < training.steps && !stoppedEarly && !timeCapped) {
    const step = stepsRun + 1;
    const metrics = await learnBatch(step);
    stepsRun = step;
    yield { kind: 'train', step, ...metrics };
    if (evaluation.length > 0 && step % training.evaluationInterval === 0) {
      const score = await inChunks(evaluation, learner.score, training.signal);
      const evaluated = metricsOf(score, evaluation);
      yield { kind: 'evaluation', step, ...evaluated };
      if (training.checkpointSelection) keeper.offer(step, evaluated);
      const why = earlyStop.observe(evaluated);
      if (training.earlyStopping && why && step < training.steps) stoppedEarly = { step, why };
    }
    timeCapped = stepsRun < training.steps && !stoppedEarly && performance.now() >= deadlineMs;
  }
  const kept = keeper.best ?? { step: stepsRun, adapter: adapterNow() };
  yield {
    kind: 'finished',
    ...{ stepsRun, stoppedEarly, timeCapped },
    checkpointStep: kept.step,
    truncatedExamples: [...sequences, ...evaluation].filter((sequence) => sequence.isTruncated).length,
    adapter: encodeAdapter(kept.adapter),
  };
}

function encodeData({ examples, evaluation = [] }: Training, base: Base) {
  const tokenizer = createTokenizer(base.merges);
  const encode = (example: TuningExample) => encodeExample(tokenizer, example, base.shape.window);
  const sequences = examples.map(encode);
  if (countAnswers(sequences) === 0) throw new RangeError('no example has a target');
  return { sequences, evaluation: evaluation.map(encode) };
}

/** The model in memory with a fresh adapter, and a step of its training. */
function prepare(training: Training, { base, sequences }: { base: Base; sequences: Sequence[] }) {
  const { seed, batchSize, steps, learningRateMultiplier, signal } = training;
  const adapter = createAdapter(createRandom(`${seed}/adapter`), base);
  const learner = createLearner({ base, adapter, train: 'adapter' });
  const optimizer = createOptimizer(learner.trainable);
  const batches = createBatches(sequences, batchSize, createRandom(`${seed}/batches`));
  const schedule = { peak: RECOMMENDED_RATE * learningRateMultiplier, warmUpSteps: WARM_UP_STEPS, steps };
  return {
    learner,
    adapterNow: () => currentAdapter(learner, adapter),
    learnBatch: async (step: number): Promise<StepMetrics> => {
      const batch = batches.next();
      const scale = 1 / Math.max(1, countAnswers(batch));
      const score = await inChunks(batch, (chunk) => learner.learn(chunk, scale), signal);
      optimizer.step(rateAt(step, schedule));
      return metricsOf(score, batch);
    },
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
