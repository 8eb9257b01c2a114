import { at, type Kernel, type Matrix } from './kernel.ts';
import { createTensor, type Pass, type Tensor, transpose } from './tensor.ts';

/** Where one sequence lies among the rows of a batch: sequences follow each other without padding. */
export interface Span {
  from: number;
  length: number;
}

/**
 * Half of the heads are ordinary ones with rotary positions (Su et al., arXiv:2104.09864). The other half compare the query
 * with the key of the token *before* the one whose value they read: "what followed this the last time it was written?".
 * Copying out of the prompt, which deep models discover by composing two layers (induction heads, arXiv:2209.11895), is
 * thereby within reach of a few thousand steps.
 */
const readsWhatFollowed = (head: number) => head % 2 === 1;

const EIGHT = 8;

interface Head {
  index: number;
  width: number;
  span: Span;
  /** query | key | value, each as wide as the model. */
  qkv: Tensor;
  out: Tensor;
  scale: number;
}

interface Held {
  queries: Matrix;
  keys: Matrix;
  shares: Matrix;
}

/** Causal self-attention within every span. */
export function attention(
  pass: Pass,
  qkv: Tensor,
  options: { spans: readonly Span[]; heads: number },
): Tensor {
  const modelWidth = qkv.columns / 3;
  const width = modelWidth / options.heads;
  const out = createTensor(pass, qkv.rows, modelWidth);
  for (const span of options.spans) {
    for (let index = 0; index < options.heads; index++) {
      const head: Head = { index, width, span, qkv, out, scale: 1 / Math.sqrt(width) };
      const held = attend(pass.kernel, head);
      if (pass.isTraining) pass.tape.push(() => undoAttend(pass.kernel, head, held));
    }
  }
  return out;
}

const QUERY = 0;
const KEY = 1;
const VALUE = 2;

/** The head's columns of one of the three parts (or of the output), seen in place. */
function partOf(head: Head, tensor: Tensor, options: { part: number; data: Float32Array }): Matrix {
  const { span, width } = head;
  const column = (options.part * tensor.columns) / (tensor === head.qkv ? 3 : 1) + head.index * width;
  const data = options.data.subarray(span.from * tensor.columns + column);
  return { data, rows: span.length, columns: width, rowStride: tensor.columns, columnStride: 1 };
}

function attend(kernel: Kernel, head: Head): Held {
  const { qkv, out, span } = head;
  const queries = positioned(kernel, head, QUERY);
  const keys = positioned(kernel, head, KEY);
  const shares = square(kernel, span.length);
  kernel.multiply(shares, { left: queries, right: transpose(keys) });
  for (let row = 0; row < span.length; row++) softmaxCausally(shares, row, head.scale);
  const values = partOf(head, qkv, { part: VALUE, data: qkv.value });
  kernel.multiply(partOf(head, out, { part: 0, data: out.value }), { left: shares, right: values });
  return { queries, keys, shares };
}

/** A square of scores whose rows have room for whole vectors. */
function square(kernel: Kernel, size: number): Matrix {
  const rowStride = Math.ceil(size / EIGHT) * EIGHT;
  const data = kernel.allocate(size * rowStride);
  return { data, rows: size, columns: size, rowStride, columnStride: 1 };
}

function softmaxCausally({ data, columns, rowStride }: Matrix, row: number, scale: number): void {
  const from = row * rowStride;
  let greatest = Number.NEGATIVE_INFINITY;
  for (let column = 0; column <= row; column++) greatest = Math.max(greatest, at(data, from + column));
  let total = 0;
  for (let column = 0; column <= row; column++) {
    const share = Math.exp((at(data, from + column) - greatest) * scale);
    data[from + column] = share;
    total += share;
  }
  for (let column = 0; column <= row; column++) data[from + column] = at(data, from + column) / total;
  data.fill(0, from + row + 1, from + columns);
}

function undoAttend(kernel: Kernel, head: Head, { queries, keys, shares }: Held): void {
  const { qkv, out, span } = head;
  if (!qkv.gradient || !out.gradient) return;
  const mark = kernel.mark();
  const errors = partOf(head, out, { part: 0, data: out.gradient });
  const values = partOf(head, qkv, { part: VALUE, data: qkv.value });
  const valueErrors = partOf(head, qkv, { part: VALUE, data: qkv.gradient });
  kernel.multiply(valueErrors, { left: transpose(shares), right: errors, accumulate: true });

  const scoreErrors = square(kernel, span.length);
  kernel.multiply(scoreErrors, { left: errors, right: transpose(values) });
  for (let row = 0; row < span.length; row++) undoSoftmax({ scoreErrors, shares, row, scale: head.scale });

  const queryErrors = block(kernel, head);
  kernel.multiply(queryErrors, { left: scoreErrors, right: keys });
  returnPositioned(head, { part: QUERY, errors: queryErrors });
  const keyErrors = block(kernel, head);
  kernel.multiply(keyErrors, { left: transpose(scoreErrors), right: queries });
  returnPositioned(head, { part: KEY, errors: keyErrors });
  kernel.release(mark);
}

function undoSoftmax(step: { scoreErrors: Matrix; shares: Matrix; row: number; scale: number }): void {
  const { row, scale } = step;
  const errors = step.scoreErrors.data;
  const shares = step.shares.data;
  const from = row * step.shares.rowStride;
  let mean = 0;
  for (let index = from; index <= from + row; index++) mean += at(errors, index) * at(shares, index);
  for (let index = from; index <= from + row; index++) {
    errors[index] = at(shares, index) * (at(errors, index) - mean) * scale;
  }
  errors.fill(0, from + row + 1, from + step.shares.columns);
}

function block(kernel: Kernel, head: Head): Matrix {
  const { width, span } = head;
  const data = kernel.allocate(span.length * width);
  return { data, rows: span.length, columns: width, rowStride: width, columnStride: 1 };
}

/** Queries or keys of the head, copied out: rotated by their position, or keys moved one row down. */
function positioned(kernel: Kernel, head: Head, part: number): Matrix {
  const source = partOf(head, head.qkv, { part, data: head.qkv.value });
  const copy = block(kernel, head);
  const shift = readsWhatFollowed(head.index) && part === KEY ? 1 : 0;
  copy.data.fill(0, 0, shift * copy.columns);
  for (let row = shift; row < copy.rows; row++) {
    const from = (row - shift) * source.rowStride;
    copy.data.set(source.data.subarray(from, from + copy.columns), row * copy.columns);
  }
  if (!readsWhatFollowed(head.index)) rotate(copy, 1);
  return copy;
}

/** The way back of `positioned`, for gradients. */
function returnPositioned(head: Head, { part, errors }: { part: number; errors: Matrix }): void {
  if (!head.qkv.gradient) return;
  if (!readsWhatFollowed(head.index)) rotate(errors, -1);
  const target = partOf(head, head.qkv, { part, data: head.qkv.gradient });
  const shift = readsWhatFollowed(head.index) && part === KEY ? 1 : 0;
  for (let row = shift; row < errors.rows; row++) {
    const to = (row - shift) * target.rowStride;
    for (let column = 0; column < errors.columns; column++) {
      target.data[to + column] =
        at(target.data, to + column) + at(errors.data, row * errors.columns + column);
    }
  }
}

const ROTARY_BASE = 10_000;

/** Turns each pair (column, column + half) by an angle that grows with the row; -1 turns back. */
function rotate({ data, rows, columns }: Matrix, direction: 1 | -1): void {
  const half = columns / 2;
  const { cosines, sines } = rotaryTable(rows, half);
  for (let row = 0; row < rows; row++) {
    for (let column = 0; column < half; column++) {
      const one = row * columns + column;
      const cosine = at(cosines, row * half + column);
      const sine = direction * at(sines, row * half + column);
      const [x, y] = [at(data, one), at(data, one + half)];
      data[one] = x * cosine - y * sine;
      data[one + half] = x * sine + y * cosine;
    }
  }
}

const tables = new Map<number, { cosines: Float32Array; sines: Float32Array }>();

function rotaryTable(rows: number, half: number): { cosines: Float32Array; sines: Float32Array } {
  const known = tables.get(half);
  if (known && known.cosines.length >= rows * half) return known;
  const angle = (_: unknown, index: number) =>
    Math.floor(index / half) * ROTARY_BASE ** -((index % half) / half);
  const angles = Array.from({ length: rows * half }, angle);
  const table = { cosines: Float32Array.from(angles, Math.cos), sines: Float32Array.from(angles, Math.sin) };
  tables.set(half, table);
  return table;
}
