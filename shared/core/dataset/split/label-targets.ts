/** How many rows of each label go to the evaluation. */

/** A label with so many rows is in the evaluation too, where there is room for it. */
const ROWS_TO_BE_IN_BOTH = 10;

interface Stratum {
  label: number;
  rows: number;
  /** Its exact share of the goal. */
  quota: number;
  target: number;
}

/**
 * Shares `goal` rows out to the labels by their numbers of rows: whole rows first, the rest by largest remainder. A label of ten rows
 * has at least one where the goal allows it, and each keeps a row for the training.
 */
export function labelTargets(rowsOf: ReadonlyMap<number, number>, goal: number): Map<number, number> {
  const total = [...rowsOf.values()].reduce((sum, rows) => sum + rows, 0);
  const strata = [...rowsOf]
    .sort(([a], [b]) => a - b)
    .map(([label, rows]): Stratum => {
      const quota = (goal * rows) / total;
      const least = rows >= ROWS_TO_BE_IN_BOTH ? 1 : 0;
      return { label, rows, quota, target: Math.min(rows - 1, Math.max(Math.floor(quota), least)) };
    });
  let left = goal - strata.reduce((sum, { target }) => sum + target, 0);
  while (left !== 0) {
    const next = left > 0 ? shortest(strata) : longest(strata);
    if (next === undefined) break;
    next.target += Math.sign(left);
    left -= Math.sign(left);
  }
  return new Map(strata.map(({ label, target }) => [label, target]));
}

/** Who has the largest remainder and a row to give. */
function shortest(strata: readonly Stratum[]): Stratum | undefined {
  return best(
    strata.filter(({ rows, target }) => target < rows - 1),
    ({ quota, target }) => quota - target,
  );
}

/** Who has the most beside its share; where nobody has more than one row, the rarest label. */
function longest(strata: readonly Stratum[]): Stratum | undefined {
  const several = strata.filter(({ target }) => target > 1);
  if (several.length > 0) return best(several, ({ target, quota }) => target / quota);
  return best(
    strata.filter(({ target }) => target > 0),
    ({ rows }) => -rows,
  );
}

function best(strata: readonly Stratum[], worth: (stratum: Stratum) => number): Stratum | undefined {
  return strata.reduce<Stratum | undefined>(
    (most, next) => (most === undefined || worth(next) > worth(most) ? next : most),
    undefined,
  );
}
