import { join } from 'node:path';
import { scaleBackoff } from '../delivery/backoff.ts';
import { createDeliveryEngine } from '../delivery/engine.ts';
import type { PendingDelivery } from '../delivery/message.ts';
import type { ServiceOptions } from '../service.ts';
import { encodeCloudEvent, type StorageEvent, toMessage } from './cloud-event.ts';
import { createTriggerTable, type TriggerFilter } from './triggers.ts';

export type { StorageEvent } from './cloud-event.ts';

export interface Trigger extends TriggerFilter {
  /** Where the function listens; absent, events wait until a later declaration says it. */
  url?: string;
  /** An attempt without an answer within this time has failed; 600 s if absent. */
  attemptDeadlineMs?: number;
}

/** Eventarc for storage events: at least once, durable, until a function answers or 24 hours are over. */
export interface Eventarc {
  /**
   * Makes the trigger, or changes its function's address; pending events stay and go to the new address.
   * After a restart the trigger exists and collects events, but nothing is sent before this call: the old port may
   * belong to another function now.
   */
  declareTrigger(trigger: Trigger): void;
  /** Enqueues the event for every trigger that asks for it, if any. A second call with the same id does nothing. */
  deliver(event: StorageEvent): void;
  /** What no function has taken yet, oldest first; `subscription` is the trigger, `messageId` the event. */
  undelivered(): PendingDelivery[];
  /** Resolves once no request is in flight. */
  idle(): Promise<void>;
  close(): Promise<void>;
}

export type EventarcOptions = Omit<ServiceOptions, 'port'> & {
  /** Multiplies the back-off of 10 s to 600 s. Default 1. */
  backoffScale?: number;
};

/** What Eventarc Standard does unless told otherwise (docs.cloud.google.com/eventarc/docs/retry-events). */
const BACKOFF = { minimumMs: 10_000, maximumMs: 600_000 };
const RETENTION_MS = 86_400_000;
const ATTEMPT_DEADLINE_MS = 600_000;
const MAX_OUTSTANDING = 50;

/** Opens `<dataDir>/eventarc.db`. A trigger is a Pub/Sub subscription underneath, as it is at Google. Faults: `Push` for each attempt, `Message` for what befalls an event. */
export function createEventarc(options: EventarcOptions): Eventarc {
  const backoff = scaleBackoff(BACKOFF, options.backoffScale ?? 1);
  const engine = createDeliveryEngine({
    ...options,
    file: join(options.dataDir, 'eventarc.db'),
    rememberMs: RETENTION_MS,
    policyOf: (name) => (triggers.has(name) ? { backoff } : undefined),
  });
  const triggers = createTriggerTable(engine.database);
  const toTarget = (subscription: string) => ({ subscription, ordered: false, retentionMs: RETENTION_MS });

  return {
    declareTrigger({ url, attemptDeadlineMs = ATTEMPT_DEADLINE_MS, ...filter }) {
      triggers.put(filter);
      engine.setPushTarget(
        filter.name,
        url === undefined
          ? undefined
          : {
              leaseMs: attemptDeadlineMs,
              maxOutstanding: MAX_OUTSTANDING,
              encode: (delivery) => encodeCloudEvent(url, delivery),
            },
      );
    },
    deliver(event) {
      const targets = triggers.matching(event.bucket, event.type).map(toTarget);
      // Not remembered if nobody asks: a replay after the first declaration must still find its way.
      if (targets.length > 0) engine.publish(toMessage(event), { targets });
    },
    undelivered: engine.undelivered,
    idle: engine.idle,
    close: async () => engine.close(),
  };
}
