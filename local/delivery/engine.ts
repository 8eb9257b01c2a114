import type { DatabaseSync } from 'node:sqlite';
import type { Clock } from '../clock.ts';
import type { FaultScript } from '../faults.ts';
import { inTransaction, openSqlite } from '../sqlite.ts';
import type { DeliveryPolicy } from './hand-out.ts';
import { createHistory, type History } from './history.ts';
import type { NewMessage, PendingDelivery, Recipients } from './message.ts';
import { withMishaps } from './mishaps.ts';
import { createPump, type Pump } from './pump.ts';
import { createPusher, type PushTarget } from './push.ts';
import { createDeliveryQueue, type DeliveryQueue } from './queue.ts';

export interface EngineOptions {
  /** The SQLite file. */
  file: string;
  clock: Clock;
  faults: FaultScript;
  log: (line: string) => void;
  /** How long a message's dedupe id is remembered, milliseconds. */
  rememberMs: number;
  policyOf(subscription: string): DeliveryPolicy | undefined;
}

/** Durable at-least-once delivery, for Pub/Sub and for Eventarc (which is Pub/Sub underneath). */
export interface DeliveryEngine {
  database: DatabaseSync;
  queue: DeliveryQueue;
  pump: Pump;
  history: History;
  /** Records, then wakes the subscriptions; undefined if the dedupe id is known. */
  publish(message: NewMessage, recipients: Recipients): string | undefined;
  /** Records alone, for a caller inside a transaction: the subscriptions are to be woken after it. */
  record(message: NewMessage, recipients: Recipients): string | undefined;
  /** Sends a subscription's deliveries over HTTP from now on; replaces the earlier target, undefined stops. */
  setPushTarget(subscription: string, target: PushTarget | undefined): void;
  undelivered(): PendingDelivery[];
  /** Resolves once no push request is in flight. */
  idle(): Promise<void>;
  close(): void;
}

export function createDeliveryEngine(options: EngineOptions): DeliveryEngine {
  const { file, clock, faults, log, rememberMs, policyOf } = options;
  const database = openSqlite(file);
  const queue = createDeliveryQueue(database, clock, rememberMs);
  const publish = withMishaps(queue, faults);
  const atOnce = <T>(work: () => T) => inTransaction(database, work);
  const pump = createPump({ queue, clock, policyOf, atOnce, log });
  const pusher = createPusher({
    clock,
    faults,
    log,
    finish: (delivery, succeeded) => pump.finish([delivery], succeeded),
  });
  const detachers = new Map<string, () => void>();

  return {
    database,
    queue,
    pump,
    history: createHistory(database, clock),
    publish(message, recipients) {
      const id = publish(message, recipients);
      for (const { subscription } of recipients.targets) pump.wake(subscription);
      return id;
    },
    record: publish,
    setPushTarget(subscription, target) {
      detachers.get(subscription)?.();
      detachers.delete(subscription);
      if (target) detachers.set(subscription, pump.attach(subscription, pusher.consumer(target)));
    },
    undelivered: queue.pending,
    idle: pusher.idle,
    close() {
      if (!database.isOpen) return;
      pump.close();
      pusher.close();
      database.close();
    },
  };
}
