import { writeFileSync } from 'node:fs';
import { fileURLToPath } from 'node:url';
import { parseArgs } from 'node:util';
import { createRandom, type Random } from '../math/random.ts';
import { type Base, createRandomBase, encodeBase } from '../model/base.ts';
import { createLearner, type Learner } from '../model/learner.ts';
import type { ModelShape } from '../model/transformer.ts';
import { countAnswers, encodeExample, type Sequence } from '../text/sequence.ts';
import { createTokenizer, FIRST_MERGE, type Tokenizer } from '../text/tokenizer.ts';
import { createOptimizer, rateAt } from '../training/optimizer.ts';
import { type Corpus, createCorpus } from './corpus.ts';
import { learnMerges } from './merges.ts';
import { readMeanings } from './wordnet.ts';

/**
 * `npm run pretrain`: makes local/small-model/base.bin, the same bytes every time with the same arguments.
 * Its origin (seed, steps, tokens, held-out figures) is written into the file's header.
 */

const SHAPE: ModelShape = { vocabulary: 2048, width: 128, heads: 4, layers: 2, hidden: 512, window: 320 };
const PEAK_RATE = 3e-3;
const WARM_UP_STEPS = 200;
const MERGE_SAMPLE = 6_000;
const HELD_OUT_EXAMPLES = 200;
const HELD_OUT_SHARE = 50;
const REPORT_EVERY = 250;

const { values: options } = parseArgs({
  options: {
    seed: { type: 'string', default: 'tunedrop-base' },
    /** The length of the schedule. */
    steps: { type: 'string', default: '5000' },
    /** Where to end within it: the checked-in base is this early checkpoint. */
    'stop-at': { type: 'string', default: '1000' },
    'tokens-per-step': { type: 'string', default: '1000' },
    out: {
      type: 'string',
      default: fileURLToPath(new URL('../base.bin', import.meta.url)),
    },
  },
});
const steps = Number(options.steps);
const stopAt = Math.min(steps, Number(options['stop-at']));
const tokensPerStep = Number(options['tokens-per-step']);

const meanings = readMeanings();
const isHeldOut = (index: number) => index % HELD_OUT_SHARE === 0;
const corpus = createCorpus(meanings.filter((_, index) => !isHeldOut(index)));
const unseen = createCorpus(meanings.filter((_, index) => isHeldOut(index)));

const sampling = createRandom(`${options.seed}/merges`);
const sample = Array.from({ length: MERGE_SAMPLE }, () => corpus.draw(sampling));
const texts = sample.flatMap(({ segments }) => segments.map(({ text }) => text));
const merges = learnMerges(texts, SHAPE.vocabulary - FIRST_MERGE);
const tokenizer = createTokenizer(merges);
const start = createRandomBase(createRandom(`${options.seed}/weights`), SHAPE, merges);
const learner = createLearner({ base: start, train: 'base' });
const heldOut = drawSequences(unseen, createRandom(`${options.seed}/held-out`), HELD_OUT_EXAMPLES);

function drawSequences(from: Corpus, random: Random, count: number): Sequence[] {
  return Array.from({ length: count }, () => draw(from, random, tokenizer));
}

function draw(from: Corpus, random: Random, by: Tokenizer): Sequence {
  return encodeExample(by, from.draw(random), SHAPE.window);
}

function drawBatch(random: Random): Sequence[] {
  const batch: Sequence[] = [];
  for (let size = 0; size < tokensPerStep; size += batch.at(-1)?.tokens.length ?? 0) {
    batch.push(draw(corpus, random, tokenizer));
  }
  return batch;
}

/** Mean loss in nats and share of right tokens, over the tokens of answers. */
function scoreHeldOut(by: Learner): { loss: number; accuracy: number } {
  const scores = heldOut.map((sequence) => by.score([sequence]));
  const predictions = countAnswers(heldOut);
  return {
    loss: scores.reduce((sum, { loss }) => sum + loss, 0) / predictions,
    accuracy: scores.reduce((sum, { correct }) => sum + correct, 0) / predictions,
  };
}

function write(origin: Record<string, unknown>): void {
  const matrices = start.matrices.map((matrix, index) => ({
    ...matrix,
    values: learner.trainable[index]?.value ?? matrix.values,
  }));
  const base: Base = { ...start, matrices };
  writeFileSync(options.out, encodeBase(base, origin));
}

const drawing = createRandom(`${options.seed}/batches`);
const optimizer = createOptimizer(learner.trainable);
const started = performance.now();
let tokensRead = 0;
for (let step = 1; step <= stopAt; step++) {
  const batch = drawBatch(drawing);
  tokensRead += batch.reduce((sum, { tokens }) => sum + tokens.length, 0);
  learner.learn(batch, 1 / countAnswers(batch));
  optimizer.step(rateAt(step, { peak: PEAK_RATE, warmUpSteps: WARM_UP_STEPS, steps }));
  if (step % REPORT_EVERY !== 0 && step !== stopAt) continue;
  const { loss, accuracy } = scoreHeldOut(learner);
  write({
    script: 'npm run pretrain',
    seed: options.seed,
    step,
    steps,
    tokensRead,
    heldOut: { loss, accuracy },
  });
  const minutes = ((performance.now() - started) / 60_000).toFixed(1);
  process.stdout.write(
    `${step}/${steps} ${minutes} min, held-out loss ${loss.toFixed(3)}, accuracy ${accuracy.toFixed(3)}\n`,
  );
}
