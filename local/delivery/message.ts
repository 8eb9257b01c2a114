/** A message before it has an identity. */
export interface NewMessage {
  topic: string;
  data: Uint8Array;
  attributes: Record<string, string>;
  /** Empty when the message has no order. */
  orderingKey: string;
  /** The identity that receivers see; made here when absent. */
  id?: string;
  /** A second message with the same value is not enqueued, for as long as the first one is remembered. */
  dedupeId?: string;
}

export interface Message extends NewMessage {
  id: string;
  publishMs: number;
}

/** One attempt to deliver, by name. */
export interface Attempt {
  subscription: string;
  seq: number;
  /** Attempts begun so far, this one included. */
  attempt: number;
}

/** One message on its way to one subscription. */
export interface Delivery extends Attempt {
  message: Message;
  expiresMs: number;
}

/** Where a message goes, and how long it may wait there. */
export interface Target {
  subscription: string;
  /** Messages of one ordering key are handed out one at a time, in order of publication. */
  ordered: boolean;
  retentionMs: number;
  /** Handed out no earlier than this after publication. */
  delayMs?: number;
}

/** Who can bring a message back when it is taken everywhere: `kept` in tables.ts says who that is. */
export interface Keeper {
  holder: string;
  keepMs: number;
}

export interface Recipients {
  targets: readonly Target[];
  keepers?: readonly Keeper[];
}

/** What an operator or a test wants to know about a delivery that nobody has taken yet. */
export interface PendingDelivery {
  subscription: string;
  messageId: string;
  /** Attempts begun so far. */
  attempt: number;
  /** Milliseconds since the epoch; for an attempt in flight, when it would be tried again if it never ends. */
  nextAttemptAt: number;
}
