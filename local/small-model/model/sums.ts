import { at } from '../math/kernel.ts';
import { createTensor, type Pass, type Tensor } from '../math/tensor.ts';
import type { Span } from './attention.ts';

/**
 * x (R, C) -> (R, C). Row r of a span becomes the sum of its rows up to r, over the root of their number (which keeps the size of a sum of
 * unrelated rows). Whatever the frozen attention looks at, a word anywhere before the answer thereby has its say in it: with
 * the embedding's adapter this is a linear classifier over bags of words, as in fastText (Joulin et al., arXiv:1607.01759).
 */
export function sumSoFar(pass: Pass, x: Tensor, spans: readonly Span[]): Tensor {
  const out = createTensor(pass, x.rows, x.columns);
  for (const span of spans) sumForward({ from: x.value, to: out.value, columns: x.columns }, span);
  pass.tape.push(() => {
    if (!x.gradient || !out.gradient) return;
    for (const span of spans) sumBackward({ from: out.gradient, to: x.gradient, columns: x.columns }, span);
  });
  return out;
}

interface Rows {
  from: Float32Array;
  to: Float32Array;
  columns: number;
}

const shareOf = (row: number) => 1 / Math.sqrt(row + 1);

function sumForward({ from, to, columns }: Rows, span: Span): void {
  const sum = new Float32Array(columns);
  for (let row = 0; row < span.length; row++) {
    const start = (span.from + row) * columns;
    for (let column = 0; column < columns; column++) {
      sum[column] = at(sum, column) + at(from, start + column);
      to[start + column] = at(sum, column) * shareOf(row);
    }
  }
}

/** Every row was part of the sums of those after it. */
function sumBackward({ from, to, columns }: Rows, span: Span): void {
  const sum = new Float32Array(columns);
  for (let row = span.length - 1; row >= 0; row--) {
    const start = (span.from + row) * columns;
    for (let column = 0; column < columns; column++) {
      sum[column] = at(sum, column) + at(from, start + column) * shareOf(row);
      to[start + column] = at(to, start + column) + at(sum, column);
    }
  }
}
