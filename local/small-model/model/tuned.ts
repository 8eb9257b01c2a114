/** What a tuning leaves behind as bytes: an adapter of the base, or a whole base of its own. */
import { adapterOf } from './adapter.ts';
import { type Base, baseOf, encodeBase } from './base.ts';
import { decodeWeights, type NamedMatrix } from './weights.ts';

export interface TunedModel {
  base: Base;
  /** Absent where the base itself was tuned. */
  adapter?: readonly NamedMatrix[] | undefined;
}

/** Throws for bytes that are neither, or that do not fit this base. */
export function decodeTuned(bytes: Uint8Array, base: Base): TunedModel {
  const file = decodeWeights(bytes);
  if ('rank' in file.about) return { base, adapter: adapterOf(file, base) };
  return { base: baseOf(file) };
}

export const encodeTunedBase = (base: Base): Uint8Array => encodeBase(base, { tuned: true });

/** The base with these matrices in place of its own; throws where one is missing or of another shape. */
export function baseWith(base: Base, matrices: readonly NamedMatrix[]): Base {
  const named = new Map(matrices.map((matrix) => [matrix.name, matrix]));
  return {
    ...base,
    matrices: base.matrices.map(({ name, rows, columns }) => {
      const found = named.get(name);
      if (found?.rows !== rows || found.columns !== columns) throw new Error(`the weights lack ${name}`);
      return found;
    }),
  };
}
