/** From what two texts share to one number between 0 and 1. */

/** The harmonic mean of precision and recall, recall weighing `beta` times as much; 0 where nothing is shared. */
export function fMeasure(precision: number, recall: number, beta = 1): number {
  const factor = beta * beta;
  const sum = factor * precision + recall;
  return sum === 0 ? 0 : ((1 + factor) * precision * recall) / sum;
}

/** How often each entry is there. */
export function countsOf(entries: Iterable<string>): Map<string, number> {
  const counts = new Map<string, number>();
  for (const entry of entries) counts.set(entry, (counts.get(entry) ?? 0) + 1);
  return counts;
}

/** How many entries two bags have in common, each as often as in the one that has it less often. */
export function sharedOf(one: ReadonlyMap<string, number>, other: ReadonlyMap<string, number>): number {
  let shared = 0;
  for (const [entry, count] of one) shared += Math.min(count, other.get(entry) ?? 0);
  return shared;
}
