import type { Attempt } from '../delivery/message.ts';

/** Names one attempt of one delivery. */
export function toAckId({ seq, attempt }: Attempt): string {
  return `${seq}:${attempt}`;
}

/** Undefined for what was never an ack id of ours; Google ignores those too. */
export function parseAckId(subscription: string, ackId: string): Attempt | undefined {
  const [seq, attempt] = ackId.split(':').map(Number);
  if (!Number.isSafeInteger(seq) || !Number.isSafeInteger(attempt)) return undefined;
  return { subscription, seq: seq as number, attempt: attempt as number };
}
