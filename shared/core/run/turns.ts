/**
 * Runs whose job is looked at closely in one tick: one read of Firestore each, and mostly one call of Vertex AI. With 100 running
 * jobs each has its turn every fifth minute.
 */
export const LOOKS_PER_TICK = 20;

/**
 * Those whose look is the longest ago, without anybody having noted it: the runs are gone through in their order, so many a tick,
 * by the number of the tick. A run that ends moves those behind it up, which may cost one of them a round.
 */
export function inTurn<Item>(items: readonly Item[], tick: number): Item[] {
  const rounds = Math.ceil(items.length / LOOKS_PER_TICK);
  return items.filter((_, index) => index % rounds === tick % rounds);
}
