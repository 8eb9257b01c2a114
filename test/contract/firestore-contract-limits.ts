/**
 * The limits and the form that Firestore asks of a message, over bare gRPC: the client checks many of them itself.
 * https://firebase.google.com/docs/firestore/quotas
 */

import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { READS } from './firestore-limits-of-reads.ts';
import { WRITES } from './firestore-limits-of-writes.ts';
import { connectRaw, type RawFirestore } from './firestore-raw.ts';
import type { Suite } from './firestore-suite.ts';

const INVALID_ARGUMENT = 3;
const database = 'projects/limits/databases/(default)';

export function limitContract({ address, deviations }: Suite): void {
  describe('limits and malformed messages', () => {
    let raw: RawFirestore;
    beforeAll(() => {
      raw = connectRaw(address());
    });
    afterAll(() => raw.close());

    const rows = [...WRITES, ...READS].filter(({ lenient }) => !(lenient && deviations.lenient));
    it.each(rows.filter(({ refused }) => !refused))('takes $name', async ({ method, request }) => {
      expect(await raw.call(method, request(database))).toHaveProperty('answer');
    });

    it.each(rows.filter(({ refused }) => refused))('refuses $name', async ({ method, request }) => {
      expect(await raw.call(method, request(database))).toMatchObject({ code: INVALID_ARGUMENT });
    });
  });
}
