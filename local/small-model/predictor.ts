import { createRandom, type Random } from './math/random.ts';
import { type Base, loadBase } from './model/base.ts';
import { createLearner } from './model/learner.ts';
import { argMax, type Score } from './model/transformer.ts';
import { decodeTuned } from './model/tuned.ts';
import {
  decodeTarget,
  encodeExample,
  encodePrompt,
  type Segment,
  type TuningExample,
} from './text/sequence.ts';
import { createTokenizer, END } from './text/tokenizer.ts';
import { metricsOf, type StepMetrics } from './training/metrics.ts';

export interface GenerateOptions {
  /** At most half of the window (160 tokens) is left to the answer; 64 by default. */
  maxOutputTokens?: number | undefined;
  /** 0, the default, always takes the likeliest token. */
  temperature?: number | undefined;
  /** Of the draws at a temperature above 0. */
  seed?: string | undefined;
}

export interface Predictor {
  /** What the model writes after these segments, until it ends its answer or the tokens are used up. */
  generate(segments: Segment[], options?: GenerateOptions): string;
  /** The same, and whether the model itself ended the answer. */
  write(segments: Segment[], options?: GenerateOptions): WrittenAnswer;
  /** The metrics of an evaluation over these examples. */
  evaluate(examples: TuningExample[]): StepMetrics;
}

/** What a model wrote, and whether it ended its answer itself or ran out of tokens. */
export interface WrittenAnswer {
  text: string;
  isEnded: boolean;
}

const DEFAULT_OUTPUT_TOKENS = 64;

/** The base, or what `tune` left behind. Throws for bytes that do not fit the base. */
export function createPredictor(options: { weights?: Uint8Array | undefined; base?: Base }): Predictor {
  const original = options.base ?? loadBase();
  const { base, adapter } = options.weights ? decodeTuned(options.weights, original) : { base: original };
  const { window } = base.shape;
  const tokenizer = createTokenizer(base.merges);
  const learner = createLearner({ base, adapter });
  const write: Predictor['write'] = (segments, asked = {}) => {
    const { maxOutputTokens = DEFAULT_OUTPUT_TOKENS, temperature = 0, seed = '' } = asked;
    const reserve = Math.min(maxOutputTokens, Math.floor(window / 2));
    const tokens = encodePrompt(tokenizer, { segments }, { window, reserve });
    const random = createRandom(seed);
    const written: number[] = [];
    let isEnded = false;
    while (written.length < reserve && !isEnded) {
      const scores = learner.scoresOfNext([...tokens, ...written]);
      const token = temperature > 0 ? draw(scores, temperature, random) : argMax(scores);
      isEnded = token === END;
      if (!isEnded) written.push(token);
    }
    return { text: decodeTarget(tokenizer, written), isEnded };
  };
  return {
    write,
    generate: (segments, asked) => write(segments, asked).text,
    evaluate(examples) {
      const sequences = examples.map((example) => encodeExample(tokenizer, example, window));
      const sum: Score = { loss: 0, correct: 0 };
      for (const sequence of sequences) {
        const { loss, correct } = learner.score([sequence]);
        sum.loss += loss;
        sum.correct += correct;
      }
      return metricsOf(sum, sequences);
    },
  };
}

/** A token with the probability that the scores, divided by the temperature, give to it. */
function draw(scores: Float32Array, temperature: number, random: Random): number {
  const greatest = scores[argMax(scores)] ?? 0;
  const weights = Array.from(scores, (score) => Math.exp((score - greatest) / temperature));
  let left = random.uniform() * weights.reduce((sum, weight) => sum + weight, 0);
  const drawn = weights.findIndex((weight) => {
    left -= weight;
    return left < 0;
  });
  return drawn < 0 ? argMax(scores) : drawn;
}
