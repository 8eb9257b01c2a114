import type { Random } from '../math/random.ts';
import type { Base } from './base.ts';
import { decodeWeights, encodeWeights, type NamedMatrix } from './weights.ts';

/**
 * Low-rank adaptation (Hu et al., arXiv:2106.09685): beside every matrix of the base stand two thin ones, whose product is
 * added to it. One of them starts at zero, so an untrained adapter changes nothing.
 */
const RANK = 8;

const DOWN = '.down';
const UP = '.up';

/** Fresh matrices: `NAME.down` (rows x RANK) and `NAME.up` (RANK x columns) for every matrix of the base. */
export function createAdapter(random: Random, base: Base): NamedMatrix[] {
  return base.matrices
    .filter((matrix) => matrix.rows > 1)
    .flatMap(({ name, rows, columns }) => {
      const noise = (length: number, spread: number) =>
        Float32Array.from({ length }, () => random.normal() * spread);
      // A row of the embedding is a word, and few words come often: each starts from nothing, not from noise of its own.
      const [down, up] =
        name === 'embedding'
          ? [new Float32Array(rows * RANK), noise(RANK * columns, 1 / Math.sqrt(RANK))]
          : [noise(rows * RANK, 1 / Math.sqrt(rows)), new Float32Array(RANK * columns)];
      return [
        { name: name + DOWN, rows, columns: RANK, values: down },
        { name: name + UP, rows: RANK, columns, values: up },
      ];
    });
}

export const adapterNames = (name: string): { down: string; up: string } => ({
  down: name + DOWN,
  up: name + UP,
});

export function encodeAdapter(matrices: NamedMatrix[]): Uint8Array {
  return encodeWeights({ about: { rank: RANK }, matrices }, 'f32');
}

/** Throws for bytes that are no adapter of this base. */
export function decodeAdapter(bytes: Uint8Array, base: Base): NamedMatrix[] {
  const { matrices } = decodeWeights(bytes);
  for (const { name, rows, columns } of base.matrices.filter((matrix) => matrix.rows > 1)) {
    const { down, up } = adapterNames(name);
    const fits =
      matrices.some((one) => one.name === down && one.rows === rows) &&
      matrices.some((one) => one.name === up && one.columns === columns);
    if (!fits) throw new Error(`the adapter does not fit the base: ${name}`);
  }
  return matrices;
}
