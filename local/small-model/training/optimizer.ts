import { at } from '../math/kernel.ts';
import type { Tensor } from '../math/tensor.ts';

/** Adam (Kingma and Ba, arXiv:1412.6980) with the gradient's length clipped. */
export interface Optimizer {
  /** Moves every tensor against its gradient and clears the gradient. */
  step(rate: number): void;
}

const MEAN_DECAY = 0.9;
const SQUARE_DECAY = 0.98;
const FLOOR = 1e-8;
const GREATEST_LENGTH = 1;

export function createOptimizer(tensors: readonly Tensor[]): Optimizer {
  const moments = tensors.map((tensor) => ({
    tensor,
    means: new Float32Array(tensor.value.length),
    squares: new Float32Array(tensor.value.length),
  }));
  let steps = 0;
  return {
    step(rate) {
      steps++;
      const length = Math.sqrt(tensors.reduce((sum, { gradient }) => sum + sumOfSquares(gradient), 0));
      const scale = Math.min(1, GREATEST_LENGTH / (length + FLOOR));
      const sizes = { rate: rate / (1 - MEAN_DECAY ** steps), square: 1 / (1 - SQUARE_DECAY ** steps) };
      for (const moment of moments) move(moment, { ...sizes, scale });
    },
  };
}

function sumOfSquares(values: Float32Array | undefined): number {
  if (!values) return 0;
  let sum = 0;
  for (let index = 0; index < values.length; index++) sum += at(values, index) * at(values, index);
  return sum;
}

interface Moments {
  tensor: Tensor;
  means: Float32Array;
  squares: Float32Array;
}

function move(moments: Moments, by: { rate: number; square: number; scale: number }): void {
  const { means, squares } = moments;
  const { value, gradient } = moments.tensor;
  if (!gradient) return;
  for (let index = 0; index < value.length; index++) {
    const slope = at(gradient, index) * by.scale;
    const mean = MEAN_DECAY * at(means, index) + (1 - MEAN_DECAY) * slope;
    const square = SQUARE_DECAY * at(squares, index) + (1 - SQUARE_DECAY) * slope * slope;
    means[index] = mean;
    squares[index] = square;
    value[index] = at(value, index) - (by.rate * mean) / (Math.sqrt(square * by.square) + FLOOR);
  }
  gradient.fill(0);
}

/** Rises over the warm-up, then falls in a line to a tenth at the last step. Steps count from 1. */
export function rateAt(step: number, schedule: { peak: number; warmUpSteps: number; steps: number }): number {
  const { peak, warmUpSteps, steps } = schedule;
  const rising = Math.min(1, step / warmUpSteps);
  const left = Math.max(0, 1 - step / Math.max(1, steps));
  return peak * rising * (0.1 + 0.9 * left);
}
