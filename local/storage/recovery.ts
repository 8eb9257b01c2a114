/** After a process died in the middle of writes. */

import { existsSync, readdirSync, rmSync } from 'node:fs';
import { dirname, join } from 'node:path';
import type { Catalog } from './catalog.ts';
import type { Outbox } from './outbox.ts';
import { fileAt, sameFile, signatureOf } from './signature.ts';
import type { Store } from './store.ts';

interface RecoveryOptions {
  catalog: Catalog;
  store: Store;
  outbox: Outbox;
}

/** A staged file that reached its place becomes its object; other staged files go, but for those of open upload sessions. */
export function recoverWrites({ catalog, store, outbox }: RecoveryOptions): void {
  const buckets = new Set(store.bucketNames());
  for (const { staged, object } of catalog.intents()) {
    const didMove = buckets.has(object.bucket) && !existsSync(staged);
    const stats = didMove ? fileAt(store.fileOf(object)) : undefined;
    const signature = stats && signatureOf(stats);
    if (signature && sameFile(signature, object.signature)) outbox.finalize({ ...object, signature }, staged);
    else catalog.dropIntent(staged);
  }
  const kept = new Set(catalog.sessionIds());
  for (const bucket of buckets) {
    const staging = dirname(store.stagingFile(bucket));
    for (const name of readdirSync(staging)) if (!kept.has(name)) rmSync(join(staging, name));
  }
}
