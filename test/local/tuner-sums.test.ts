import { expect, it } from 'vitest';
import { createKernel } from '../../local/small-model/math/kernel.ts';
import { createPass, createTensor, propagate } from '../../local/small-model/math/tensor.ts';
import { sumSoFar } from '../../local/small-model/model/sums.ts';

const ROWS = [
  [1, 10],
  [2, 20],
  [3, 30],
  [4, 40],
];
const SPANS = [
  { from: 0, length: 3 },
  { from: 3, length: 1 },
];

it('a row is the sum of the rows of its sequence so far, over the root of their number', () => {
  const pass = createPass(createKernel(1), { isTraining: false });
  const x = createTensor(pass, 4, 2);
  x.value.set(ROWS.flat());
  const sums = [...sumSoFar(pass, x, SPANS).value];
  const expected = [1, 10, 3 / Math.SQRT2, 30 / Math.SQRT2, 6 / Math.sqrt(3), 60 / Math.sqrt(3), 4, 40];
  for (const [index, sum] of sums.entries()) expect(sum).toBeCloseTo(expected[index] ?? Number.NaN, 5);
});

it('the gradient of a row is owed by its own sum and those after it in its sequence', () => {
  const pass = createPass(createKernel(1), { isTraining: true });
  const x = createTensor(pass, 4, 2);
  const out = sumSoFar(pass, x, SPANS);
  out.gradient?.set([0, 0, 0, 0, 3, 0, 0, 5]);
  propagate(pass);
  const third = 3 / Math.sqrt(3);
  const expected = [third, 0, third, 0, third, 0, 0, 5];
  for (const [index, owed] of [...(x.gradient ?? [])].entries()) {
    expect(owed).toBeCloseTo(expected[index] ?? Number.NaN, 5);
  }
});
