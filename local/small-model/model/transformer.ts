import { at } from '../math/kernel.ts';
import type { Pass, Tensor } from '../math/tensor.ts';
import { attention, type Span } from './attention.ts';
import { addResidual, gather, linear, lookUp, rmsNorm, squaredRelu, type Weight } from './layers.ts';
import { sumSoFar } from './sums.ts';

/** A causal transformer: blocks of attention, running sums and a two-layer perceptron, normed before, the embedding scoring the output. */
export interface ModelShape {
  vocabulary: number;
  width: number;
  heads: number;
  layers: number;
  /** Width of the perceptron's inside. */
  hidden: number;
  /** Tokens of the longest sequence. */
  window: number;
}

/** Several sequences one after the other, and where the loss looks. */
export interface Batch {
  tokens: Int32Array;
  spans: Span[];
  /** Rows whose next token is a target. */
  answerRows: Int32Array;
  /** That next token. */
  labels: Int32Array;
}

/** The weights by name, as `weightSizes` lists them. */
export type Weights = ReadonlyMap<string, Weight>;

export interface WeightSize {
  name: string;
  rows: number;
  columns: number;
}

/** Every matrix of the base; those of one row are gains of a norm. */
export function weightSizes({ vocabulary, width, layers, hidden }: ModelShape): WeightSize[] {
  const blocks = Array.from({ length: layers }, (_, layer) => [
    { name: `block${layer}.attentionNorm`, rows: 1, columns: width },
    { name: `block${layer}.attentionIn`, rows: width, columns: 3 * width },
    { name: `block${layer}.attentionOut`, rows: width, columns: width },
    { name: `block${layer}.sumOut`, rows: width, columns: width },
    { name: `block${layer}.hiddenNorm`, rows: 1, columns: width },
    { name: `block${layer}.hiddenIn`, rows: width, columns: hidden },
    { name: `block${layer}.hiddenOut`, rows: hidden, columns: width },
  ]);
  return [
    { name: 'embedding', rows: vocabulary, columns: width },
    ...blocks.flat(),
    { name: 'outputNorm', rows: 1, columns: width },
  ];
}

/**
 * tokens (R) -> scores (logits) (A, V) of every token as the next one, for the batch's A answer rows. Within: x (R, C) is the
 * residual stream, qkv (R, 3C), the perceptron's inside (R, hidden). The way back is what each layer left on the tape.
 */
export function forward(pass: Pass, model: { shape: ModelShape; weights: Weights }, batch: Batch): Tensor {
  const { shape, weights } = model;
  const weight = (name: string) => {
    const found = weights.get(name);
    if (!found) throw new Error(`the model has no weight ${name}`);
    return found;
  };
  let x = lookUp(pass, weight('embedding'), batch.tokens);
  for (let layer = 0; layer < shape.layers; layer++) {
    const ofBlock = (name: string) => weight(`block${layer}.${name}`);
    const normed = rmsNorm(pass, x, ofBlock('attentionNorm').base);
    const qkv = linear(pass, normed, ofBlock('attentionIn'));
    const mixed = attention(pass, qkv, { spans: batch.spans, heads: shape.heads });
    x = addResidual(pass, x, linear(pass, mixed, ofBlock('attentionOut')));
    x = addResidual(pass, x, linear(pass, sumSoFar(pass, normed, batch.spans), ofBlock('sumOut')));
    // Nothing after the last attention looks at other rows, so only those that are asked for go on.
    if (layer === shape.layers - 1) x = gather(pass, x, batch.answerRows);
    const inside = linear(pass, rmsNorm(pass, x, ofBlock('hiddenNorm').base), ofBlock('hiddenIn'));
    x = addResidual(pass, x, linear(pass, squaredRelu(pass, inside), ofBlock('hiddenOut')));
  }
  return linear(pass, rmsNorm(pass, x, weight('outputNorm').base), weight('embedding'), true);
}

/** Summed over the answer rows. */
export interface Score {
  /** Cross-entropy in nats. */
  loss: number;
  correct: number;
}

/** Scores the logits against the labels and, in training, leaves `gradientScale` times the loss's gradient in them. */
export function scoreAnswers(logits: Tensor, labels: Int32Array, gradientScale = 1): Score {
  const { columns, value, gradient } = logits;
  const score: Score = { loss: 0, correct: 0 };
  for (let row = 0; row < logits.rows; row++) {
    const from = row * columns;
    const label = at(labels, row);
    const best = argMax(value.subarray(from, from + columns));
    const greatest = at(value, from + best);
    let total = 0;
    for (let column = 0; column < columns; column++) total += Math.exp(at(value, from + column) - greatest);
    score.loss += Math.log(total) - (at(value, from + label) - greatest);
    if (best === label) score.correct++;
    if (!gradient) continue;
    for (let column = 0; column < columns; column++) {
      const share = Math.exp(at(value, from + column) - greatest) / total;
      gradient[from + column] = gradientScale * (share - (column === label ? 1 : 0));
    }
  }
  return score;
}

/** The first of the greatest. */
export function argMax(values: Float32Array): number {
  let best = 0;
  for (let index = 1; index < values.length; index++) {
    if (at(values, index) > at(values, best)) best = index;
  }
  return best;
}
