/** Random writes and queries for comparing two Firestore servers. The same seed gives the same sequence. */

import {
  AggregateField,
  type CollectionReference,
  type DocumentData,
  FieldValue,
  Filter,
  GeoPoint,
  type Query,
  Timestamp,
} from '@google-cloud/firestore';
import type { AnyQuery } from './firestore-raw.ts';

/** Uniform in [0, 1). The generator is mulberry32. */
export type Random = () => number;

export function createRandom(seed: number): Random {
  let state = seed >>> 0;
  return () => {
    state = (state + 0x6d2b79f5) >>> 0;
    let mixed = Math.imul(state ^ (state >>> 15), state | 1);
    mixed ^= mixed + Math.imul(mixed ^ (mixed >>> 7), mixed | 61);
    return ((mixed ^ (mixed >>> 14)) >>> 0) / 2 ** 32;
  };
}

/** One step to take on a server: a write to make or a query to ask. */
export type Step = { text: string } & (
  | { write(collection: CollectionReference): Promise<unknown> }
  | { query(collection: CollectionReference): AnyQuery }
);

const SCALARS: readonly unknown[] = [
  null,
  true,
  false,
  Number.NaN,
  Number.POSITIVE_INFINITY,
  Number.NEGATIVE_INFINITY,
  -0,
  0,
  1,
  1.5,
  2,
  -3,
  Number.MAX_SAFE_INTEGER,
  2 ** 53,
  1e300,
  '',
  'a',
  'b',
  'é',
  '\u{1f600}',
  '\uffee',
  new Timestamp(0, 0),
  // Whole microseconds: how a finer operand compares is not known of production.
  new Timestamp(1_700_000_000, 123_456_000),
  new Timestamp(-5, 1000),
  Buffer.from([]),
  Buffer.from([0, 255]),
  new GeoPoint(0, 0),
  new GeoPoint(-10.5, 20),
];
const VALUES: readonly unknown[] = [
  ...SCALARS,
  [],
  [1],
  [1, 'a', null],
  [Number.NaN, 2],
  ['a', 'b'],
  {},
  { x: 1 },
  { x: null, y: 'a' },
  { x: { y: 2 } },
];
const FIELDS = ['a', 'b', 'c', 'm', 'm.x', 'm.y'] as const;
const IDS = ['d1', 'd2', 'd3', 'd4', 'd5', 'd6', 'd7', 'd8'] as const;
const COMPARISONS = ['==', '!=', '<', '<=', '>', '>='] as const;
const LISTS = ['in', 'not-in', 'array-contains-any'] as const;

function pick<T>(random: Random, choices: readonly [T, ...T[]] | readonly T[]): T {
  return choices[Math.floor(random() * choices.length)] as T;
}

function times<T>(count: number, make: () => T): T[] {
  return Array.from({ length: count }, make);
}

function show(value: unknown): string {
  return JSON.stringify(value, (_key, inner) =>
    typeof inner === 'number' && (!Number.isFinite(inner) || Object.is(inner, -0))
      ? `#${Object.is(inner, -0) ? '-0' : inner}`
      : inner,
  );
}

export function randomStep(random: Random): Step {
  const kind = random();
  if (kind < 0.3) return randomWrite(random);
  return kind < 0.9 ? randomQuery(random) : randomAggregation(random);
}

function randomDocument(random: Random): DocumentData {
  return {
    a: pick(random, VALUES),
    ...(random() < 0.8 && { b: pick(random, VALUES) }),
    ...(random() < 0.5 && { c: pick(random, SCALARS) }),
    ...(random() < 0.5 && { m: { x: pick(random, VALUES), y: pick(random, SCALARS) } }),
  };
}

function randomTransform(random: Random): FieldValue {
  const amount = pick(random, [1, 2, -1, 0.5, 0, -0, 1e300]);
  const list = times(2, () => pick(random, SCALARS));
  return pick(random, [
    FieldValue.increment(amount),
    FieldValue.maximum(amount),
    FieldValue.minimum(amount),
    FieldValue.arrayUnion(...list),
    FieldValue.arrayRemove(...list),
    FieldValue.delete(),
  ]);
}

function randomWrite(random: Random): Step {
  const id = pick(random, IDS);
  const data = randomDocument(random);
  const field = pick(random, FIELDS);
  const transform = randomTransform(random);
  const value = pick(random, VALUES);
  return pick<Step>(random, [
    { text: `set ${id} ${show(data)}`, write: (all) => all.doc(id).set(data) },
    { text: `set ${id} ${show(data)}`, write: (all) => all.doc(id).set(data) },
    { text: `merge ${id} ${show(data)}`, write: (all) => all.doc(id).set(data, { merge: true }) },
    { text: `create ${id} ${show(data)}`, write: (all) => all.doc(id).create(data) },
    { text: `update ${id} ${field} ${show(value)}`, write: (all) => all.doc(id).update({ [field]: value }) },
    {
      text: `transform ${id} ${field} ${show(transform)}`,
      write: (all) => all.doc(id).update({ [field]: transform }),
    },
    { text: `delete ${id}`, write: (all) => all.doc(id).delete() },
  ]);
}

function randomFilter(random: Random, depth = 0): { text: string; filter: Filter } {
  if (depth < 2 && random() < 0.3) {
    const parts = times(2, () => randomFilter(random, depth + 1));
    const isAnd = random() < 0.5;
    const filters = parts.map(({ filter }) => filter);
    return {
      text: `${isAnd ? 'and' : 'or'}(${parts.map(({ text }) => text).join(', ')})`,
      filter: isAnd ? Filter.and(...filters) : Filter.or(...filters),
    };
  }
  const field = pick(random, FIELDS);
  const shape = random();
  const op = shape < 0.7 ? pick(random, COMPARISONS) : shape < 0.85 ? pick(random, LISTS) : 'array-contains';
  const isList = (LISTS as readonly string[]).includes(op);
  const value = isList
    ? times(1 + Math.floor(random() * 3), () => pick(random, SCALARS))
    : comparable(pick(random, VALUES), op);
  return { text: `${field} ${op} ${show(value)}`, filter: Filter.where(field, op, value) };
}

/** The client itself refuses other operators on null and NaN. */
function comparable(value: unknown, op: string): unknown {
  const special = value === null || Number.isNaN(value);
  return special && op !== '==' && op !== '!=' ? 1 : value;
}

function randomQuery(random: Random): Step {
  const parts: { text: string; apply: (query: Query) => Query }[] = [];
  if (random() < 0.8) {
    const { text, filter } = randomFilter(random);
    parts.push({ text: `where ${text}`, apply: (query) => query.where(filter) });
  }
  const orders = random() < 0.5 ? times(1 + Math.floor(random() * 2), () => pick(random, FIELDS)) : [];
  for (const field of new Set(orders)) {
    const direction = random() < 0.5 ? 'asc' : 'desc';
    parts.push({ text: `order ${field} ${direction}`, apply: (query) => query.orderBy(field, direction) });
  }
  if (orders.length > 0 && random() < 0.4) {
    const value = pick(random, SCALARS);
    const cursor = pick(random, ['startAt', 'startAfter', 'endAt', 'endBefore'] as const);
    parts.push({ text: `${cursor} ${show(value)}`, apply: (query) => query[cursor](value) });
  }
  if (random() < 0.3) {
    const count = 1 + Math.floor(random() * 4);
    parts.push({ text: `limit ${count}`, apply: (query) => query.limit(count) });
  }
  if (random() < 0.15) parts.push({ text: 'offset 1', apply: (query) => query.offset(1) });
  if (random() < 0.15) {
    parts.push({ text: 'select a, m.x', apply: (query) => query.select('a', 'm.x') });
  }
  return {
    text: parts.map(({ text }) => text).join('; ') || 'all',
    query: (collection) => parts.reduce<Query>((built, { apply }) => apply(built), collection),
  };
}

function randomAggregation(random: Random): Step {
  const { text, filter } = randomFilter(random);
  const field = pick(random, FIELDS);
  return {
    text: `aggregate ${field} where ${text}`,
    query(collection) {
      const aggregates = {
        count: AggregateField.count(),
        sum: AggregateField.sum(field),
        average: AggregateField.average(field),
      };
      return collection.where(filter).aggregate(aggregates);
    },
  };
}
