/**
 * The layers of the model, each a function that computes its result and, beside it, leaves the way back on the pass's tape.
 * Shapes: R rows of all sequences, C columns. `dX` is what the loss owes to X; it is always added to.
 */
import { at } from '../math/kernel.ts';
import { asMatrix, createTensor, type Pass, type Tensor, transpose } from '../math/tensor.ts';

/** A matrix of the frozen base, and beside it the two thin ones that tuning learns: base + down x up. */
export interface Weight {
  base: Tensor;
  adapter?: { down: Tensor; up: Tensor };
}

/** x (R, C) W (C, D) -> (R, D), or x (R, D) W' for a weight that is read the other way round (the embedding, as it scores the next token). */
export function linear(pass: Pass, x: Tensor, weight: Weight, isTransposed = false): Tensor {
  const { base, adapter } = weight;
  const out = createTensor(pass, x.rows, isTransposed ? base.rows : base.columns);
  addProduct(pass, out, { x, matrix: base, isTransposed, accumulate: false });
  if (!adapter) return out;
  const [first, second] = isTransposed ? [adapter.up, adapter.down] : [adapter.down, adapter.up];
  const narrow = createTensor(pass, x.rows, isTransposed ? first.rows : first.columns);
  addProduct(pass, narrow, { x, matrix: first, isTransposed, accumulate: false });
  addProduct(pass, out, { x: narrow, matrix: second, isTransposed, accumulate: true });
  return out;
}

/** indices (R) -> (R, C): the weight's rows of these indices. */
export function lookUp(pass: Pass, weight: Weight, indices: Int32Array): Tensor {
  const out = gather(pass, weight.base, indices);
  if (!weight.adapter) return out;
  const narrow = gather(pass, weight.adapter.down, indices);
  addProduct(pass, out, { x: narrow, matrix: weight.adapter.up, isTransposed: false, accumulate: true });
  return out;
}

interface Product {
  x: Tensor;
  matrix: Tensor;
  isTransposed: boolean;
  accumulate: boolean;
}

/** out (R, D) = or += x (R, C) M (C, D). Back: dX += dOut M', dM += x' dOut. */
function addProduct(pass: Pass, out: Tensor, { x, matrix, isTransposed, accumulate }: Product): void {
  const { multiply } = pass.kernel;
  const weights = isTransposed ? transpose(asMatrix(matrix)) : asMatrix(matrix);
  multiply(asMatrix(out), { left: asMatrix(x), right: weights, accumulate });
  if (!pass.isTraining) return;
  pass.tape.push(() => {
    const dOut = asMatrix(out, out.gradient);
    if (x.gradient) {
      multiply(asMatrix(x, x.gradient), { left: dOut, right: transpose(weights), accumulate: true });
    }
    if (!matrix.gradient) return;
    const [left, right] = isTransposed ? [dOut, asMatrix(x)] : [asMatrix(x), dOut];
    multiply(asMatrix(matrix, matrix.gradient), { left: transpose(left), right, accumulate: true });
  });
}

/** table (V, C), indices (R) -> (R, C). Back: each row's gradient goes to the row that it came from. */
export function gather(pass: Pass, table: Tensor, indices: Int32Array): Tensor {
  const { columns } = table;
  const out = createTensor(pass, indices.length, columns);
  indices.forEach((index, row) => {
    out.value.set(table.value.subarray(index * columns, (index + 1) * columns), row * columns);
  });
  if (!pass.isTraining) return out;
  pass.tape.push(() => {
    const { gradient } = table;
    if (!gradient || !out.gradient) return;
    for (let row = 0; row < indices.length; row++) {
      addRow(gradient, at(indices, row) * columns, out.gradient.subarray(row * columns, (row + 1) * columns));
    }
  });
  return out;
}

function addRow(to: Float32Array, offset: number, from: Float32Array): void {
  for (let column = 0; column < from.length; column++) {
    to[offset + column] = at(to, offset + column) + at(from, column);
  }
}

/** The residual stream: x + change, both (R, C). Back: both get all of the gradient. */
export function addResidual(pass: Pass, x: Tensor, change: Tensor): Tensor {
  const out = createTensor(pass, x.rows, x.columns);
  out.value.set(x.value);
  addRow(out.value, 0, change.value);
  pass.tape.push(() => {
    for (const input of [x, change]) {
      if (input.gradient && out.gradient) addRow(input.gradient, 0, out.gradient);
    }
  });
  return out;
}

/** max(x, 0) squared, element by element. Back: twice max(x, 0). */
export function squaredRelu(pass: Pass, x: Tensor): Tensor {
  const out = createTensor(pass, x.rows, x.columns);
  for (let index = 0; index < x.value.length; index++) {
    const positive = Math.max(at(x.value, index), 0);
    out.value[index] = positive * positive;
  }
  pass.tape.push(() => {
    const { gradient } = x;
    if (!gradient || !out.gradient) return;
    for (let index = 0; index < gradient.length; index++) {
      gradient[index] = at(gradient, index) + 2 * Math.max(at(x.value, index), 0) * at(out.gradient, index);
    }
  });
  return out;
}

const square = (value: number) => value * value;

/** Added to the mean square, so that a row of zeros stays one. */
const NORM_FLOOR = 1e-5;

/** x (R, C), gain (1, C) -> (R, C): every row divided by its root mean square, times a gain per column. */
export function rmsNorm(pass: Pass, x: Tensor, gain: Tensor): Tensor {
  const { rows, columns } = x;
  const out = createTensor(pass, rows, columns);
  const scales = new Float32Array(rows);
  for (let row = 0; row < rows; row++) {
    const from = row * columns;
    let squares = 0;
    for (let column = 0; column < columns; column++) squares += square(at(x.value, from + column));
    const scale = 1 / Math.sqrt(squares / columns + NORM_FLOOR);
    scales[row] = scale;
    for (let column = 0; column < columns; column++) {
      out.value[from + column] = at(x.value, from + column) * scale * at(gain.value, column);
    }
  }
  pass.tape.push(() => {
    for (let row = 0; row < rows; row++) rmsNormBackward({ x, gain, out, row, scale: at(scales, row) });
  });
  return out;
}

/** With unit = x / rms: d gain += dOut unit; d x += (dOut gain - unit mean(dOut gain unit)) / rms. */
function rmsNormBackward(norm: { x: Tensor; gain: Tensor; out: Tensor; row: number; scale: number }): void {
  const { x, gain, out, row, scale } = norm;
  if (!out.gradient) return;
  const from = row * x.columns;
  let along = 0;
  for (let column = 0; column < x.columns; column++) {
    const dOut = at(out.gradient, from + column);
    const unit = at(x.value, from + column) * scale;
    along += dOut * at(gain.value, column) * unit;
    if (gain.gradient) gain.gradient[column] = at(gain.gradient, column) + dOut * unit;
  }
  if (!x.gradient) return;
  for (let column = 0; column < x.columns; column++) {
    const index = from + column;
    const dOut = at(out.gradient, index) * at(gain.value, column);
    const unit = at(x.value, index) * scale;
    x.gradient[index] = at(x.gradient, index) + scale * (dOut - (unit * along) / x.columns);
  }
}
