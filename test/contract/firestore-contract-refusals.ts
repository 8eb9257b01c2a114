import { type CollectionReference, Filter, type Query } from '@google-cloud/firestore';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { connectRaw, type RawFirestore } from './firestore-raw.ts';
import type { Suite } from './firestore-suite.ts';

const INVALID_ARGUMENT = 3;
const numbers = (count: number) => Array.from({ length: count }, (_, index) => index);

const REFUSED: { name: string; ask: (all: CollectionReference) => Query }[] = [
  { name: 'two !=', ask: (all) => all.where('a', '!=', 1).where('b', '!=', 2) },
  { name: 'not-in beside in', ask: (all) => all.where('a', 'in', [1]).where('b', 'not-in', [2]) },
  {
    name: 'not-in within OR',
    ask: (all) => all.where(Filter.or(Filter.where('a', '==', 1), Filter.where('b', 'not-in', [2]))),
  },
  { name: 'an in of 31 values', ask: (all) => all.where('a', 'in', numbers(31)) },
  { name: 'a not-in of 11 values', ask: (all) => all.where('a', 'not-in', numbers(11)) },
  { name: 'an empty in', ask: (all) => all.where('a', 'in', []) },
  {
    name: 'two array-contains',
    ask: (all) => all.where('a', 'array-contains', 1).where('b', 'array-contains', 2),
  },
  {
    name: 'more than 30 alternatives',
    ask: (all) => all.where('a', 'in', numbers(6)).where('b', 'in', numbers(6)),
  },
];

export function refusalContract({ address, connect }: Suite): void {
  describe('queries that Firestore never serves', () => {
    let raw: RawFirestore;
    beforeAll(() => {
      raw = connectRaw(address());
    });
    afterAll(() => raw.close());

    it.each(REFUSED)('refuses $name', async ({ ask }) => {
      const answer = await raw.run(ask(connect().collection('some')));
      expect(answer).toMatchObject({ code: INVALID_ARGUMENT });
    });
  });
}
