import { at, type Kernel, type Matrix } from '../math/kernel.ts';
import { createTensor, type Pass, type Tensor, transpose } from '../math/tensor.ts';

/**
 * Causal self-attention, head by head. Shapes: R rows of all sequences, T rows of one of them, C columns of the model,
 * H = C / heads columns of one head.
 *
 * Half of the heads are ordinary ones with rotary positions (Su et al., arXiv:2104.09864). The other half compare the query
 * with the key of the token *before* the one whose value they read: "what followed this the last time it was written?".
 * Copying out of the prompt, which deep models discover by composing two layers (induction heads, arXiv:2209.11895), is
 * thereby within reach of a few thousand steps.
 */
const readsWhatFollowed = (head: number) => head % 2 === 1;

/** Where one sequence lies among the rows of a batch: sequences follow each other without padding. */
export interface Span {
  from: number;
  length: number;
}

interface Head {
  index: number;
  /** H */
  width: number;
  span: Span;
  /** (R, 3C): query | key | value. */
  qkv: Tensor;
  /** (R, C) */
  out: Tensor;
  /** 1 / sqrt(H) */
  scale: number;
}

/** What the way back needs of the way forward. */
interface HeadActivations {
  /** (T, H), positions put in. */
  queries: Matrix;
  keys: Matrix;
  /** (T, T): how much each row reads of each row before it. */
  shares: Matrix;
}

/** qkv (R, 3C) -> out (R, C); a row sees only rows before it in its own span. */
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
      const activations = headForward(pass.kernel, head);
      if (pass.isTraining) pass.tape.push(() => headBackward(pass.kernel, head, activations));
    }
  }
  return out;
}

/** shares (T, T) = softmax(queries (T, H) keys' (H, T)); out (T, H) = shares values (T, H). */
function headForward(kernel: Kernel, head: Head): HeadActivations {
  const { qkv, out, span } = head;
  const queries = positionForward(kernel, head, QUERY);
  const keys = positionForward(kernel, head, KEY);
  const shares = square(kernel, span.length);
  kernel.multiply(shares, { left: queries, right: transpose(keys) });
  for (let row = 0; row < span.length; row++) softmaxForward(shares, row, head.scale);
  const values = partOf(head, qkv, { part: VALUE, data: qkv.value });
  kernel.multiply(partOf(head, out, { part: 0, data: out.value }), { left: shares, right: values });
  return { queries, keys, shares };
}

/** d values += shares' d out; d shares = d out values'; d queries = d scores keys; d keys = d scores' queries. */
function headBackward(kernel: Kernel, head: Head, { queries, keys, shares }: HeadActivations): void {
  const { qkv, out, span } = head;
  if (!qkv.gradient || !out.gradient) return;
  const mark = kernel.mark();
  const dOut = partOf(head, out, { part: 0, data: out.gradient });
  const values = partOf(head, qkv, { part: VALUE, data: qkv.value });
  const dValues = partOf(head, qkv, { part: VALUE, data: qkv.gradient });
  kernel.multiply(dValues, { left: transpose(shares), right: dOut, accumulate: true });

  const dScores = square(kernel, span.length);
  kernel.multiply(dScores, { left: dOut, right: transpose(values) });
  for (let row = 0; row < span.length; row++) softmaxBackward({ dScores, shares, row, scale: head.scale });

  const dQueries = block(kernel, head);
  kernel.multiply(dQueries, { left: dScores, right: keys });
  positionBackward(head, { part: QUERY, gradient: dQueries });
  const dKeys = block(kernel, head);
  kernel.multiply(dKeys, { left: transpose(dScores), right: queries });
  positionBackward(head, { part: KEY, gradient: dKeys });
  kernel.release(mark);
}

/** One row of scores becomes shares of one, over itself and what is before it; the rest of the row is zero. */
function softmaxForward({ data, columns, rowStride }: Matrix, row: number, scale: number): void {
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

/** In place: what the loss owes to the shares becomes what it owes to the scores. */
function softmaxBackward(step: { dScores: Matrix; shares: Matrix; row: number; scale: number }): void {
  const { row, scale } = step;
  const gradient = step.dScores.data;
  const shares = step.shares.data;
  const from = row * step.shares.rowStride;
  let mean = 0;
  for (let index = from; index <= from + row; index++) mean += at(gradient, index) * at(shares, index);
  for (let index = from; index <= from + row; index++) {
    gradient[index] = at(shares, index) * (at(gradient, index) - mean) * scale;
  }
  gradient.fill(0, from + row + 1, from + step.shares.columns);
}

/** (T, H) queries or keys of the head, copied out: rotated by their position, or keys moved one row down. */
function positionForward(kernel: Kernel, head: Head, part: number): Matrix {
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

/** Turns the gradient back, or moves it one row up, and adds it to the columns that it belongs to. */
function positionBackward(head: Head, { part, gradient }: { part: number; gradient: Matrix }): void {
  if (!head.qkv.gradient) return;
  if (!readsWhatFollowed(head.index)) rotate(gradient, -1);
  const target = partOf(head, head.qkv, { part, data: head.qkv.gradient });
  const shift = readsWhatFollowed(head.index) && part === KEY ? 1 : 0;
  for (let row = shift; row < gradient.rows; row++) {
    const to = (row - shift) * target.rowStride;
    for (let column = 0; column < gradient.columns; column++) {
      target.data[to + column] =
        at(target.data, to + column) + at(gradient.data, row * gradient.columns + column);
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

const QUERY = 0;
const KEY = 1;
const VALUE = 2;

/** (T, H): the head's columns of one of the three parts (or of the output), seen in place. */
function partOf(head: Head, tensor: Tensor, options: { part: number; data: Float32Array }): Matrix {
  const { span, width } = head;
  const column = (options.part * tensor.columns) / (tensor === head.qkv ? 3 : 1) + head.index * width;
  const data = options.data.subarray(span.from * tensor.columns + column);
  return { data, rows: span.length, columns: width, rowStride: tensor.columns, columnStride: 1 };
}

const EIGHT = 8;

/** (T, T), its rows with room for whole vectors. */
function square(kernel: Kernel, size: number): Matrix {
  const rowStride = Math.ceil(size / EIGHT) * EIGHT;
  const data = kernel.allocate(size * rowStride);
  return { data, rows: size, columns: size, rowStride, columnStride: 1 };
}

/** (T, H) */
function block(kernel: Kernel, head: Head): Matrix {
  const { width, span } = head;
  const data = kernel.allocate(span.length * width);
  return { data, rows: span.length, columns: width, rowStride: width, columnStride: 1 };
}
