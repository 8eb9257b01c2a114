import type { Pump } from '../delivery/pump.ts';
import { parseAckId } from './ack-id.ts';

/** What clients say about messages that they were given, and who needs to hear of it for flow control. */
export interface Leases {
  acknowledge(subscription: string, ackIds: string[]): void;
  /** 0 seconds gives the message back at once. */
  modifyDeadline(subscription: string, ackIds: string[], seconds: number): void;
  /** `forget` is told of every message of the subscription that came to an end. */
  listen(subscription: string, forget: (ackId: string) => void): () => void;
}

export function createLeases(pump: Pump): Leases {
  const listeners = new Map<string, Set<(ackId: string) => void>>();

  function end(subscription: string, ackId: string, succeeded: boolean): void {
    const delivery = parseAckId(subscription, ackId);
    if (!delivery) return;
    for (const forget of listeners.get(subscription) ?? []) forget(ackId);
    pump.finish(delivery, succeeded);
  }

  return {
    acknowledge(subscription, ackIds) {
      for (const ackId of ackIds) end(subscription, ackId, true);
    },
    modifyDeadline(subscription, ackIds, seconds) {
      for (const ackId of ackIds) {
        const delivery = parseAckId(subscription, ackId);
        if (!delivery) continue;
        if (seconds === 0) end(subscription, ackId, false);
        else pump.extend(delivery, seconds * 1000);
      }
    },
    listen(subscription, forget) {
      const heard = listeners.get(subscription) ?? new Set();
      listeners.set(subscription, heard.add(forget));
      return () => heard.delete(forget);
    },
  };
}
