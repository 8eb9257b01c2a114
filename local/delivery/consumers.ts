import type { Delivery } from './message.ts';

/** Somebody who takes deliveries: a push endpoint, an open pull stream, a waiting pull. */
export interface Consumer {
  /** How many more deliveries it takes right now. */
  room(): number;
  /** How long it has to answer before the delivery counts as failed. */
  readonly leaseMs: number;
  /** Whether it takes several messages of one ordering key before it has answered the first. */
  readonly inRuns: boolean;
  take(deliveries: Delivery[]): void;
  /** One that it took is out no more: it was answered, or its time is over. */
  ended?(): void;
}

/** Who takes part in which subscription, and who has which delivery. */
export interface Consumers {
  of(subscription: string): readonly Consumer[];
  /** Returns how to leave. */
  add(subscription: string, consumer: Consumer): () => void;
  give(consumer: Consumer, deliveries: Delivery[]): void;
  /** Calls `ended` of whoever had them. */
  end(subscription: string, seqs: readonly number[]): void;
  endAll(subscription: string): void;
}

export function createConsumers(): Consumers {
  const taking = new Map<string, readonly Consumer[]>();
  const holders = new Map<string, Map<number, Consumer>>();
  const of = (subscription: string) => taking.get(subscription) ?? [];

  return {
    of,
    add(subscription, consumer) {
      taking.set(subscription, [...of(subscription), consumer]);
      return () => {
        const others = of(subscription).filter((other) => other !== consumer);
        if (others.length > 0) taking.set(subscription, others);
        else taking.delete(subscription);
      };
    },
    give(consumer, deliveries) {
      for (const { subscription, seq } of deliveries) {
        const held = holders.get(subscription) ?? new Map<number, Consumer>();
        holders.set(subscription, held.set(seq, consumer));
      }
      consumer.take(deliveries);
    },
    end(subscription, seqs) {
      const held = holders.get(subscription);
      for (const seq of seqs) {
        held?.get(seq)?.ended?.();
        held?.delete(seq);
      }
      if (held?.size === 0) holders.delete(subscription);
    },
    endAll(subscription) {
      for (const consumer of holders.get(subscription)?.values() ?? []) consumer.ended?.();
      holders.delete(subscription);
    },
  };
}
