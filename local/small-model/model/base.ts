import { readFileSync } from 'node:fs';
import type { Random } from '../math/random.ts';
import type { Merges } from '../text/tokenizer.ts';
import { type ModelShape, weightSizes } from './transformer.ts';
import { decodeWeights, encodeWeights, type NamedMatrix, type WeightFile } from './weights.ts';

/** The model that tuning starts from and never changes. */
export interface Base {
  shape: ModelShape;
  merges: Merges;
  matrices: readonly NamedMatrix[];
}

let shipped: Base | undefined;

/** The base beside this file, which `npm run pretrain` made; read once. */
export function loadBase(): Base {
  shipped ??= baseOf(decodeWeights(readFileSync(new URL('../base.bin', import.meta.url))));
  return shipped;
}

/** The base of a weight file that `encodeBase` made. */
export function baseOf({ about, matrices }: WeightFile): Base {
  const { shape, merges } = about as { shape: ModelShape; merges: Merges };
  return { shape, merges, matrices };
}

/** `origin` says how the base came about. */
export function encodeBase({ shape, merges, matrices }: Base, origin: Record<string, unknown>): Uint8Array {
  return encodeWeights({ about: { origin, shape, merges }, matrices }, 'bf16');
}

const EMBEDDING_SPREAD = 0.02;

/** Noise of the usual size (matrices that write to the residual stream the smaller, the deeper the model), gains of one. */
export function createRandomBase(random: Random, shape: ModelShape, merges: Merges): Base {
  const spreadOf = (name: string, rows: number) => {
    if (name === 'embedding') return EMBEDDING_SPREAD;
    const isOutput = name.endsWith('Out');
    return 1 / Math.sqrt(rows * (isOutput ? 2 * shape.layers : 1));
  };
  const matrices = weightSizes(shape).map(({ name, rows, columns }) => {
    const spread = spreadOf(name, rows);
    const value = rows === 1 ? () => 1 : () => random.normal() * spread;
    return { name, rows, columns, values: Float32Array.from({ length: rows * columns }, value) };
  });
  return { shape, merges, matrices };
}
