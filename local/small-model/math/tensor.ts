import type { Kernel, Matrix } from './kernel.ts';

/** Row-major floats in the kernel's memory. Without a gradient it is frozen. */
export interface Tensor {
  rows: number;
  columns: number;
  value: Float32Array;
  gradient?: Float32Array;
}

/** One forward pass: what it allocates lives until the memory is released, what it pushes is run backwards for gradients. */
export interface Pass {
  kernel: Kernel;
  isTraining: boolean;
  tape: (() => void)[];
}

export function createPass(kernel: Kernel, options: { isTraining: boolean }): Pass {
  return { kernel, isTraining: options.isTraining, tape: [] };
}

/** A result of the pass: its value is for the caller to fill. */
export function createTensor(pass: Pass, rows: number, columns: number): Tensor {
  const value = pass.kernel.allocate(rows * columns);
  if (!pass.isTraining) return { rows, columns, value };
  return { rows, columns, value, gradient: pass.kernel.allocate(rows * columns).fill(0) };
}

/** Adds to every gradient what the loss (whose own gradient is in place) owes to it. */
export function propagate(pass: Pass): void {
  for (const step of pass.tape.reverse()) step();
  pass.tape = [];
}

export function asMatrix(tensor: Tensor, data = tensor.value): Matrix {
  return { data, rows: tensor.rows, columns: tensor.columns, rowStride: tensor.columns, columnStride: 1 };
}

export function transpose(matrix: Matrix): Matrix {
  return {
    data: matrix.data,
    rows: matrix.columns,
    columns: matrix.rows,
    rowStride: matrix.columnStride,
    columnStride: matrix.rowStride,
  };
}
