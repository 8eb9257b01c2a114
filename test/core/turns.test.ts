import { describe, expect, test } from 'vitest';
import { inTurn, LOOKS_PER_TICK } from '../../shared/core/run/turns.ts';

const items = (count: number) => Array.from({ length: count }, (_, index) => index);

describe('whose turn it is', () => {
  test.each([
    [1, 1],
    [20, 1],
    [21, 2],
    [100, 5],
    [101, 6],
  ])('of %d runs each is looked at once in %d ticks, never more than twenty in one', (count, ticks) => {
    const looked = items(ticks).map((tick) => inTurn(items(count), 1_000 + tick));
    expect(looked.flat().sort((a, b) => a - b)).toEqual(items(count));
    expect(Math.max(...looked.map(({ length }) => length))).toBeLessThanOrEqual(LOOKS_PER_TICK);
  });

  test('of no run is nobody’s', () => {
    expect(inTurn([], 7)).toEqual([]);
  });
});
