import { expect, it } from 'vitest';
import { at, createKernel, type Kernel, type Matrix } from '../../local/small-model/math/kernel.ts';
import { createRandom, type Random } from '../../local/small-model/math/random.ts';
import { createAdapter } from '../../local/small-model/model/adapter.ts';
import { createRandomBase } from '../../local/small-model/model/base.ts';
import { createLearner } from '../../local/small-model/model/learner.ts';
import { encodeExample } from '../../local/small-model/text/sequence.ts';
import { createTokenizer } from '../../local/small-model/text/tokenizer.ts';
import { aTinyBase, TINY_SHAPE } from './tuner-builders.ts';

const tokenizer = createTokenizer([]);
const SEQUENCES = [
  ['abcabd', 'xy', 'mid', 'zz'],
  ['hello w', 'orl', '', 'd'],
].map((texts) => {
  const segments = texts.map((text, index) => ({ text, isTarget: index % 2 === 1 }));
  return encodeExample(tokenizer, { segments }, TINY_SHAPE.window);
});

const STRIDE = 3e-3;

it.each([
  { name: 'every weight of the base', train: 'base' as const },
  { name: 'every matrix of the adapter', train: 'adapter' as const },
])('the gradient of $name is the slope that finite differences measure', ({ train }) => {
  const random = createRandom('gradients');
  const base = createRandomBase(random, TINY_SHAPE, []);
  // Away from the start, where half of the adapter is zero and the other half has no slope.
  const adapter = createAdapter(random, base).map((matrix) => ({
    ...matrix,
    values: matrix.values.map((value) => value + 0.1 * random.normal()),
  }));
  const learner = createLearner(train === 'base' ? { base, train } : { base, adapter, train });
  learner.learn(SEQUENCES, 1);

  const slopes = learner.trainable.map(({ value, gradient = new Float32Array() }) => {
    const length = Math.hypot(...gradient);
    const start = value.slice();
    const lossAt = (distance: number) => {
      value.set(start.map((one, index) => one + (distance * at(gradient, index)) / length));
      return learner.score(SEQUENCES).loss;
    };
    const measured = (lossAt(STRIDE) - lossAt(-STRIDE)) / (2 * STRIDE);
    value.set(start);
    return { length, relativeError: Math.abs(measured / length - 1) };
  });

  expect(slopes).toHaveLength(train === 'base' ? base.matrices.length : adapter.length);
  for (const { length, relativeError } of slopes) {
    expect(length).toBeGreaterThan(0.01);
    expect(relativeError).toBeLessThan(0.02);
  }
});

it('a token sees nothing of what comes after it', () => {
  const learner = createLearner({ base: aTinyBase() });
  const scoreOf = (answer: string) => {
    const segments = [
      { text: 'given', isTarget: false },
      { text: answer, isTarget: true },
    ];
    const sequence = encodeExample(tokenizer, { segments }, TINY_SHAPE.window);
    return learner.score([{ ...sequence, answers: sequence.answers.slice(0, 2) }]).loss;
  };
  expect(scoreOf('a')).toBe(scoreOf('alter'));
});

it('sequences of one batch do not see each other', () => {
  const learner = createLearner({ base: aTinyBase() });
  const [first, second] = SEQUENCES.map((sequence) => learner.score([sequence]).loss);
  expect(learner.score(SEQUENCES).loss).toBeCloseTo((first ?? 0) + (second ?? 0), 10);
});

it('an adapter that has not been trained changes nothing', () => {
  const base = aTinyBase();
  const adapter = createAdapter(createRandom('fresh'), base);
  const alone = createLearner({ base }).score(SEQUENCES);
  expect(createLearner({ base, adapter }).score(SEQUENCES)).toEqual(alone);
});

it.each([
  { name: 'plain', rows: 7, inner: 5, columns: 16, turned: [false, false] },
  { name: 'left transposed', rows: 13, inner: 37, columns: 24, turned: [true, false] },
  { name: 'right transposed', rows: 4, inner: 9, columns: 8, turned: [false, true] },
  { name: 'both transposed', rows: 33, inner: 20, columns: 40, turned: [true, true] },
])('the WebAssembly product equals the plain loop bit for bit: $name', ({ rows, inner, columns, turned }) => {
  const kernel = createKernel(4);
  const random = createRandom('product');
  const left = aMatrix({ kernel, random, rows, columns: inner, isTurned: turned[0] ?? false });
  const right = aMatrix({ kernel, random, rows: inner, columns, isTurned: turned[1] ?? false });
  const out = aMatrix({ kernel, random, rows, columns, isTurned: false });
  const expected = plainProduct(left, right, new Float32Array(rows * columns));
  kernel.multiply(out, { left, right });
  expect(out.data).toEqual(expected);

  kernel.multiply(out, { left, right, accumulate: true });
  expect(out.data).toEqual(plainProduct(left, right, expected));
});

function aMatrix(of: {
  kernel: Kernel;
  random: Random;
  rows: number;
  columns: number;
  isTurned: boolean;
}): Matrix {
  const { kernel, random, rows, columns, isTurned } = of;
  const data = kernel.allocate(rows * columns).map(() => random.normal());
  const placed = kernel.allocate(rows * columns);
  placed.set(data);
  const strides = isTurned ? { rowStride: 1, columnStride: rows } : { rowStride: columns, columnStride: 1 };
  return { data: placed, rows, columns, ...strides };
}

/** start + left x right, rounded to a float after every product and every sum. */
function plainProduct(left: Matrix, right: Matrix, start: Float32Array): Float32Array {
  const out = start.slice();
  for (let row = 0; row < left.rows; row++) {
    for (let column = 0; column < right.columns; column++) {
      const index = row * right.columns + column;
      for (let inner = 0; inner < left.columns; inner++) {
        const factor = at(left.data, row * left.rowStride + inner * left.columnStride);
        const other = at(right.data, inner * right.rowStride + column * right.columnStride);
        out[index] = Math.fround(at(out, index) + Math.fround(factor * other));
      }
    }
  }
  return out;
}
