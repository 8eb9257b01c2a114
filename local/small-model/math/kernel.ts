import { KERNEL_MODULE, PANEL } from './kernel-code.ts';

/** Typed arrays are read inside their length only; this says so to the type checker. */
export const at = (values: Float32Array | Int32Array, index: number): number => values[index] as number;

/** A matrix of floats inside the kernel's memory; the strides count floats, so a transpose is a swap of them. */
export interface Matrix {
  data: Float32Array;
  rows: number;
  columns: number;
  rowStride: number;
  columnStride: number;
}

/** Floats that a matrix product reads and writes in place, and the product itself. */
export interface Kernel {
  /** Uncleared floats, valid until the memory is released below them. */
  allocate(length: number): Float32Array;
  mark(): number;
  /** Gives back all that was allocated after the mark. */
  release(mark: number): void;
  /** out = (or +=) left x right. Columns of `out` are written in eights: leave room after a last odd one. */
  multiply(out: Matrix, factors: { left: Matrix; right: Matrix; accumulate?: boolean }): void;
}

/** WebAssembly as used here: the lib of the language alone does not declare it. */
interface WebAssemblyHost {
  Memory: new (size: { initial: number; maximum: number }) => { buffer: ArrayBuffer };
  Module: new (bytes: Uint8Array<ArrayBuffer>) => object;
  Instance: new (module: object, imports: object) => { exports: { run(...parameters: number[]): void } };
}

const host: WebAssemblyHost = Reflect.get(globalThis, 'WebAssembly');
const compiled = new host.Module(KERNEL_MODULE);

const FLOAT_BYTES = 4;
const PAGE_BYTES = 65_536;
const ALIGNMENT_FLOATS = 16;

/** Reserves address space only: the system hands out a page when it is first written. */
export function createKernel(megabytes = 192): Kernel {
  const pages = (megabytes * 2 ** 20) / PAGE_BYTES;
  const memory = new host.Memory({ initial: pages, maximum: pages });
  const { run } = new host.Instance(compiled, { env: { memory } }).exports;
  const capacity = memory.buffer.byteLength / FLOAT_BYTES;
  let top = 0;

  const allocate = (length: number) => {
    const from = top;
    top += Math.ceil(length / ALIGNMENT_FLOATS) * ALIGNMENT_FLOATS;
    if (top > capacity) throw new RangeError(`the tuner's ${megabytes} MB are full`);
    return new Float32Array(memory.buffer, from * FLOAT_BYTES, length);
  };
  return {
    allocate,
    mark: () => top,
    release: (mark) => {
      top = mark;
    },
    multiply(out, { left, right, accumulate = false }) {
      const before = top;
      const packed = pack(right, allocate);
      const columns = Math.ceil(right.columns / PANEL) * PANEL;
      run(
        ...[left.rows, columns, left.columns],
        ...[left.data.byteOffset, left.rowStride * FLOAT_BYTES, left.columnStride * FLOAT_BYTES],
        ...[packed.byteOffset, out.data.byteOffset, out.rowStride * FLOAT_BYTES, accumulate ? 1 : 0],
      );
      top = before;
    },
  };
}

/** Panels of eight neighbouring columns, row after row: what the inner loop reads in order. A last narrow one ends in zeros. */
function pack(matrix: Matrix, allocate: (length: number) => Float32Array): Float32Array {
  const { rows, columns } = matrix;
  const packed = allocate(Math.ceil(columns / PANEL) * rows * PANEL);
  const whole = columns - (columns % PANEL);
  for (let first = 0; first < whole; first += PANEL) packPanel(packed, matrix, { first, width: PANEL });
  if (whole < columns) {
    packed.fill(0, whole * rows);
    packPanel(packed, matrix, { first: whole, width: columns - whole });
  }
  return packed;
}

function packPanel(packed: Float32Array, matrix: Matrix, panel: { first: number; width: number }): void {
  const { data, rows, rowStride, columnStride } = matrix;
  const { first, width } = panel;
  let to = first * rows;
  for (let row = 0; row < rows; row++, to += PANEL) {
    let from = row * rowStride + first * columnStride;
    for (let column = 0; column < width; column++, from += columnStride) packed[to + column] = at(data, from);
  }
}
