import fc from 'fast-check';
import { expect, test } from 'vitest';
import { isSameJson } from '../../shared/core/json/same-json.ts';

test.each([
  ['the order of keys', { a: 1, b: 2 }, { b: 2, a: 1 }],
  ['a key that is undefined', { a: 1, b: undefined }, { a: 1 }],
  ['the same one level down', [{ a: { b: 1 } }], [{ a: { b: 1, c: undefined } }]],
])('%s makes no difference', (_name, a, b) => {
  expect(isSameJson(a, b)).toBe(true);
  expect(isSameJson(b, a)).toBe(true);
});

test.each([
  ['another value', { a: 1 }, { a: 2 }],
  ['another key', { a: 1 }, { b: 1 }],
  ['a key more', { a: 1 }, { a: 1, b: null }],
  ['the order of a list', [1, 2], [2, 1]],
  ['a list that is longer', [1], [1, 2]],
  ['a list for a record', [], {}],
  ['null for a record', null, {}],
  ['text for a number', '1', 1],
])('%s makes a difference', (_name, a, b) => {
  expect(isSameJson(a, b)).toBe(false);
  expect(isSameJson(b, a)).toBe(false);
});

test('what was written and read again is the same, and what differs in text after sorting is not', () => {
  const value = fc.jsonValue({ maxDepth: 3 });
  fc.assert(
    fc.property(value, value, (a, b) => {
      expect(isSameJson(a, JSON.parse(JSON.stringify(a)))).toBe(true);
      expect(isSameJson(a, b)).toBe(JSON.stringify(sorted(a)) === JSON.stringify(sorted(b)));
    }),
  );
});

function sorted(value: unknown): unknown {
  if (Array.isArray(value)) return value.map(sorted);
  if (typeof value !== 'object' || value === null) return value;
  return Object.fromEntries(
    Object.entries(value)
      .sort(([a], [b]) => (a < b ? -1 : 1))
      .map(([key, item]) => [key, sorted(item)]),
  );
}
