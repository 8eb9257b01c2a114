/** Finalized events: written with the object in one transaction, handed over after it, forgotten only then. */

import { randomUUID } from 'node:crypto';
import type { Catalog } from './catalog.ts';
import { type ObjectResource, type StoredObject, toResource } from './resource.ts';

interface OutboxOptions {
  catalog: Catalog;
  log: (line: string) => void;
  baseUrl: () => string;
  onFinalized: (resource: ObjectResource, eventId: string) => void;
}

export type Outbox = ReturnType<typeof createOutbox>;

export function createOutbox({ catalog, log, baseUrl, onFinalized }: OutboxOptions) {
  /** Hands over what waits, in order; stops at an event that is not taken, for later. */
  const handOver = () => {
    for (const { seq, eventId, resource } of catalog.outbox()) {
      try {
        onFinalized(JSON.parse(resource) as ObjectResource, eventId);
      } catch (error) {
        log(`finalized event ${eventId} was not taken, kept for later: ${String(error)}`);
        return;
      }
      catalog.markHandedOver(seq);
    }
  };

  return {
    handOver,

    /** Makes this the live object of its name and tells of it. `staged` is the file that the bytes came from. */
    finalize(object: StoredObject, staged?: string) {
      const resource = JSON.stringify(toResource(object, baseUrl()));
      catalog.putFinalized(object, { eventId: randomUUID(), resource }, staged);
      handOver();
    },
  };
}
