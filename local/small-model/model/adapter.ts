import type { Random } from '../math/random.ts';
import type { Base } from './base.ts';
import { encodeWeights, type NamedMatrix, type WeightFile } from './weights.ts';

/**
 * Low-rank adaptation (Hu et al., arXiv:2106.09685): beside every matrix of the base stand two thin ones, whose product is
 * added to it. One of them starts at zero, so an untrained adapter changes nothing.
 */
const DEFAULT_RANK = 8;

const DOWN = '.down';
const UP = '.up';

const tunedMatrices = (base: Base) => base.matrices.filter((matrix) => matrix.rows > 1);

/** Fresh matrices: `NAME.down` (rows x rank) and `NAME.up` (rank x columns) for every matrix of the base. */
export function createAdapter(random: Random, base: Base, rank = DEFAULT_RANK): NamedMatrix[] {
  return tunedMatrices(base).flatMap(({ name, rows, columns }) => {
    const noise = (length: number, spread: number) =>
      Float32Array.from({ length }, () => random.normal() * spread);
    // A row of the embedding is a word, and few words come often: each starts from nothing, not from noise of its own.
    const [down, up] =
      name === 'embedding'
        ? [new Float32Array(rows * rank), noise(rank * columns, 1 / Math.sqrt(rank))]
        : [noise(rows * rank, 1 / Math.sqrt(rows)), new Float32Array(rank * columns)];
    return [
      { name: name + DOWN, rows, columns: rank, values: down },
      { name: name + UP, rows: rank, columns, values: up },
    ];
  });
}

export const adapterNames = (name: string): { down: string; up: string } => ({
  down: name + DOWN,
  up: name + UP,
});

const rankOf = (adapter: readonly NamedMatrix[]) =>
  adapter.find(({ name }) => name.endsWith(DOWN))?.columns ?? 0;

/**
 * A tuned adapter to go on from, in the rank of the fresh one: what the fresh one has beyond it is added, which changes no answer
 * because a fresh product is zero. One of a higher rank stays as it is.
 */
export function continueAdapter(
  tuned: readonly NamedMatrix[],
  fresh: readonly NamedMatrix[],
): readonly NamedMatrix[] {
  if (rankOf(tuned) >= rankOf(fresh)) return tuned;
  const tunedNamed = new Map(tuned.map((matrix) => [matrix.name, matrix]));
  return fresh.map((matrix) => laidOver(tunedNamed.get(matrix.name), matrix));
}

/** The upper left corner of `matrix` becomes `corner`. */
function laidOver(corner: NamedMatrix | undefined, matrix: NamedMatrix): NamedMatrix {
  if (!corner) return matrix;
  const values = matrix.values.slice();
  for (let row = 0; row < corner.rows; row++) {
    const from = row * corner.columns;
    values.set(corner.values.subarray(from, from + corner.columns), row * matrix.columns);
  }
  return { ...matrix, values };
}

export function encodeAdapter(matrices: readonly NamedMatrix[]): Uint8Array {
  return encodeWeights({ about: { rank: rankOf(matrices) }, matrices }, 'f32');
}

/** The matrices of an adapter's file; throws where they are not an adapter of this base. */
export function adapterOf({ matrices }: WeightFile, base: Base): readonly NamedMatrix[] {
  const named = new Map(matrices.map((matrix) => [matrix.name, matrix]));
  for (const { name, rows, columns } of tunedMatrices(base)) {
    const { down, up } = adapterNames(name);
    const [first, second] = [named.get(down), named.get(up)];
    const fits = first?.rows === rows && second?.columns === columns && first.columns === second.rows;
    if (!fits) throw new Error(`the adapter does not fit the base: ${name}`);
  }
  return matrices;
}
