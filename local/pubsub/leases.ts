import type { Attempt } from '../delivery/message.ts';
import type { Pump } from '../delivery/pump.ts';
import { parseAckId } from './ack-id.ts';

/** What clients say about messages that they were given. Long lists are gone through in steps, so that others have their turn. */
export interface Leases {
  acknowledge(subscription: string, ackIds: readonly string[]): Promise<void>;
  /** 0 seconds gives the messages back at once. */
  modifyDeadline(subscription: string, ackIds: readonly string[], seconds: number): Promise<void>;
}

const AT_ONCE = 200;

export function createLeases(pump: Pump): Leases {
  async function inSteps(
    subscription: string,
    ackIds: readonly string[],
    step: (attempts: readonly Attempt[]) => void,
  ): Promise<void> {
    for (let from = 0; from < ackIds.length; from += AT_ONCE) {
      if (from > 0) await new Promise((resolve) => setImmediate(resolve));
      step(ackIds.slice(from, from + AT_ONCE).flatMap((ackId) => parseAckId(subscription, ackId) ?? []));
    }
  }

  return {
    acknowledge: (subscription, ackIds) =>
      inSteps(subscription, ackIds, (attempts) => pump.finish(attempts, true)),
    modifyDeadline: (subscription, ackIds, seconds) =>
      inSteps(subscription, ackIds, (attempts) =>
        seconds === 0 ? pump.finish(attempts, false) : pump.extend(attempts, seconds * 1000),
      ),
  };
}
