import { createKernel, type Kernel } from '../math/kernel.ts';
import { createPass, propagate, type Tensor } from '../math/tensor.ts';
import { layOut, type Sequence } from '../text/sequence.ts';
import { adapterNames } from './adapter.ts';
import type { Base } from './base.ts';
import type { Weight } from './layers.ts';
import { type Batch, forward, type ModelShape, type Score, scoreAnswers } from './transformer.ts';
import type { NamedMatrix } from './weights.ts';

/** A model placed in a kernel's memory. */
export interface Learner {
  shape: ModelShape;
  /** What a step changes: the adapter if there is one, else (asked for) the base. */
  trainable: Tensor[];
  /** Forward alone. */
  score(sequences: readonly Sequence[]): Score;
  /** Forward and backward; adds `gradientScale` times the gradient of the summed loss. */
  learn(sequences: readonly Sequence[], gradientScale: number): Score;
  /** Scores of every token as the one after these. */
  scoresOfNext(tokens: readonly number[]): Float32Array;
}

export interface LearnerOptions {
  base: Base;
  adapter?: readonly NamedMatrix[] | undefined;
  /** Whose gradients are kept. */
  train?: 'base' | 'adapter' | undefined;
}

export function createLearner({ base, adapter, train }: LearnerOptions): Learner {
  const kernel = createKernel();
  const { shape } = base;
  const trainable: Tensor[] = [];
  const place = (matrix: NamedMatrix, isTrained: boolean) => {
    const tensor = placeTensor(kernel, matrix, isTrained);
    if (isTrained) trainable.push(tensor);
    return tensor;
  };
  const thin = new Map(adapter?.map((matrix) => [matrix.name, place(matrix, train === 'adapter')]));
  const weights = new Map<string, Weight>();
  for (const matrix of base.matrices) {
    const tensor = place(matrix, train === 'base');
    const names = adapterNames(matrix.name);
    const [down, up] = [thin.get(names.down), thin.get(names.up)];
    weights.set(matrix.name, down && up ? { base: tensor, adapter: { down, up } } : { base: tensor });
  }

  const run = (batch: Batch, gradientScale?: number) => {
    const pass = createPass(kernel, { isTraining: gradientScale !== undefined });
    const logits = forward(pass, { shape, weights }, batch);
    const score = scoreAnswers(logits, batch.labels, gradientScale);
    propagate(pass);
    return score;
  };
  const scoresOfNext = (tokens: readonly number[]) => {
    const batch: Batch = {
      tokens: Int32Array.from(tokens),
      spans: [{ from: 0, length: tokens.length }],
      answerRows: Int32Array.of(tokens.length - 1),
      labels: Int32Array.of(0),
    };
    const pass = createPass(kernel, { isTraining: false });
    return forward(pass, { shape, weights }, batch).value.slice();
  };
  return {
    shape,
    trainable,
    score: (sequences) => released(kernel, () => run(layOut(sequences))),
    learn: (sequences, gradientScale) => released(kernel, () => run(layOut(sequences), gradientScale)),
    scoresOfNext: (tokens) => released(kernel, () => scoresOfNext(tokens)),
  };
}

function placeTensor(kernel: Kernel, matrix: NamedMatrix, isTrained: boolean): Tensor {
  const { rows, columns } = matrix;
  const value = kernel.allocate(rows * columns);
  value.set(matrix.values);
  if (!isTrained) return { rows, columns, value };
  return { rows, columns, value, gradient: kernel.allocate(rows * columns).fill(0) };
}

function released<T>(kernel: Kernel, work: () => T): T {
  const mark = kernel.mark();
  try {
    return work();
  } finally {
    kernel.release(mark);
  }
}
