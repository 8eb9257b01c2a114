/** Finalized events: written with the object in one transaction, handed over after it, forgotten only then. */

import type { StorageDatabase } from './database.ts';
import type { StoredObject } from './object.ts';

interface OutboxOptions {
  database: StorageDatabase;
  log: (line: string) => void;
  /** Called once for every new generation, with the object as it was then; again after a crash that may have lost the call. */
  onFinalized: (object: StoredObject, eventId: string) => void;
}

/** Gives what hands over everything that waits, in order; it stops at an event that is not taken, for later. */
export function createEventOutbox({ database, log, onFinalized }: OutboxOptions): () => void {
  return () => {
    for (const { seq, eventId, object } of database.outbox()) {
      try {
        onFinalized(object, eventId);
      } catch (error) {
        log(`finalized event ${eventId} was not taken, kept for later: ${String(error)}`);
        return;
      }
      database.removeEvent(seq);
    }
  };
}
