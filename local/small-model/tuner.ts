import { createRandom } from './math/random.ts';
import { continueAdapter, createAdapter, encodeAdapter } from './model/adapter.ts';
import { type Base, loadBase } from './model/base.ts';
import { createLearner, type Learner } from './model/learner.ts';
import { decodeTuned, encodeTunedBase } from './model/tuned.ts';
import type { NamedMatrix } from './model/weights.ts';
import { encodeExample, type Segment, type TuningExample } from './text/sequence.ts';
import { createTokenizer } from './text/tokenizer.ts';
import { createAnswersObjective } from './training/answers.ts';
import { createCheckpointKeeper, createEarlyStop } from './training/evaluations.ts';
import type { StepMetrics } from './training/metrics.ts';
import type { Objective } from './training/objective.ts';
import { createOptimizer, rateAt } from './training/optimizer.ts';
import { createPreferencesObjective } from './training/preferences.ts';

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
  /** Steps after which the weights are handed out, and evaluated on whatever the interval. */
  checkpointSteps?: readonly number[] | undefined;
  /** What learns: an adapter of this rank (8 by default) beside the base, or the base itself. */
  learns?: { rank: number } | 'base' | undefined;
  /** What an earlier training left behind, to go on from. */
  start?: Uint8Array | undefined;
  /** Learns from the examples' rejected answers too; `beta` says how far it may go from where it started. */
  preference?: { beta: number } | undefined;
  /** Same seed and data: same result, bit for bit. */
  seed: string;
  /** After this many ms of wall time the tuner stops and says so (timeCapped in finished). */
  timeCapMs?: number | undefined;
  signal?: AbortSignal | undefined;
}

export type TunerEvent =
  | ({ kind: 'train'; step: number } & StepMetrics)
  | ({ kind: 'evaluation'; step: number } & StepMetrics)
  | { kind: 'checkpoint'; step: number; weights: Uint8Array }
  | TrainingEnd;

export interface TrainingEnd {
  kind: 'finished';
  stepsRun: number;
  stoppedEarly?: { step: number; why: string } | undefined;
  timeCapped: boolean;
  checkpointStep: number;
  truncatedExamples: number;
  weights: Uint8Array;
}

/** Chosen on the data sets of bench/tuner.ts for this model; the service's own recommended rate is not published. */
const ADAPTER_RATE = 1e-2;
/** All of the weights at once move further at the same rate. */
const BASE_RATE = 1e-3;
/** A short training warms up in a part of its steps. */
const WARM_UP = { steps: 20, share: 0.2 };

/**
 * Tunes on the examples: one `train` event per step, from the pass whose gradients are applied, an `evaluation` at every
 * interval, a `checkpoint` where one is asked for, and `finished` last. Between chunks of examples the event loop gets its turn;
 * an aborted signal makes it throw the signal's reason there.
 */
export async function* tune(training: Training, base: Base = loadBase()): AsyncGenerator<TunerEvent> {
  const deadlineMs = performance.now() + (training.timeCapMs ?? Number.POSITIVE_INFINITY);
  const checkpointSteps = new Set(training.checkpointSteps);
  const { objective, applyStep, weightsNow } = prepare(training, base);
  const earlyStop = createEarlyStop();
  const keeper = createCheckpointKeeper(weightsNow);

  let stepsRun = 0;
  let timeCapped = false;
  let stoppedEarly: TrainingEnd['stoppedEarly'];
  while (stepsRun < training.steps && !stoppedEarly && !timeCapped) {
    const step = stepsRun + 1;
    const metrics = await objective.learn();
    applyStep(step);
    stepsRun = step;
    yield { kind: 'train', step, ...metrics };
    const isTimeToEvaluate = step % training.evaluationInterval === 0 || checkpointSteps.has(step);
    const evaluated = isTimeToEvaluate ? await objective.evaluate() : undefined;
    if (evaluated) {
      yield { kind: 'evaluation', step, ...evaluated };
      if (training.checkpointSelection) keeper.offer(step, evaluated);
      const why = earlyStop.observe(evaluated);
      if (training.earlyStopping && why && step < training.steps) stoppedEarly = { step, why };
    }
    if (checkpointSteps.has(step)) yield { kind: 'checkpoint', step, weights: weightsNow() };
    timeCapped = stepsRun < training.steps && !stoppedEarly && performance.now() >= deadlineMs;
  }
  const kept = keeper.best ?? { step: stepsRun, weights: weightsNow() };
  yield {
    kind: 'finished',
    ...{ stepsRun, stoppedEarly, timeCapped },
    checkpointStep: kept.step,
    truncatedExamples: objective.truncatedExamples,
    weights: kept.weights,
  };
}

/** The model in memory, what it is to learn, and a step of the optimizer. */
function prepare(training: Training, original: Base) {
  const { seed, steps, learningRateMultiplier } = training;
  const { base, learner, trained, encode } = load(training, original);
  const optimizer = createOptimizer(learner.trainable);
  const rate = training.learns === 'base' ? BASE_RATE : ADAPTER_RATE;
  const warmUpSteps = Math.min(WARM_UP.steps, Math.ceil(steps * WARM_UP.share));
  const schedule = { peak: rate * learningRateMultiplier, warmUpSteps, steps };
  return {
    objective: objectiveOf(training, { base, learner, batchesSeed: `${seed}/batches` }),
    applyStep: (step: number) => optimizer.step(rateAt(step, schedule)),
    weightsNow: () => encode(currentWeights(learner, trained)),
  };
}

/** What is trained, and how its weights become bytes. */
function load({ learns, start, seed }: Training, original: Base) {
  const tuned = start ? decodeTuned(start, original) : { base: original };
  if (learns === 'base') {
    if (tuned.adapter) throw new Error('an adapter cannot be gone on from by tuning the base');
    const { base } = tuned;
    const encode = (matrices: readonly NamedMatrix[]) => encodeTunedBase({ ...base, matrices });
    return { base, learner: createLearner({ base, train: 'base' }), trained: base.matrices, encode };
  }
  const { base } = tuned;
  const fresh = createAdapter(createRandom(`${seed}/adapter`), base, learns?.rank);
  const adapter = tuned.adapter ? continueAdapter(tuned.adapter, fresh) : fresh;
  const learner = createLearner({ base, adapter, train: 'adapter' });
  return { base, learner, trained: adapter, encode: encodeAdapter };
}

function objectiveOf(
  training: Training,
  { base, learner, batchesSeed }: { base: Base; learner: Learner; batchesSeed: string },
): Objective {
  const tokenizer = createTokenizer(base.merges);
  const sequenceOf = (segments: Segment[]) => encodeExample(tokenizer, { segments }, base.shape.window);
  const { examples, evaluation = [], batchSize, signal, preference } = training;
  const common = { learner, batchSize, random: createRandom(batchesSeed), signal };
  if (!preference) {
    const encode = ({ segments }: TuningExample) => sequenceOf(segments);
    return createAnswersObjective({
      ...common,
      sequences: examples.map(encode),
      evaluation: evaluation.map(encode),
    });
  }
  const encode = ({ segments, rejected = [] }: TuningExample) => ({
    chosen: sequenceOf(segments),
    rejected: sequenceOf(rejected),
  });
  return createPreferencesObjective({
    ...{ ...common, beta: preference.beta },
    pairs: examples.map(encode),
    evaluation: evaluation.map(encode),
  });
}

/** The weights as they are now; the learner keeps them in the order in which it got them. */
function currentWeights(learner: Learner, trained: readonly NamedMatrix[]): NamedMatrix[] {
  return trained.map((matrix, index) => ({
    ...matrix,
    values: learner.trainable[index]?.value.slice() ?? matrix.values,
  }));
}
