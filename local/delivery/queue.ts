import type { DatabaseSync } from 'node:sqlite';
import type { Clock } from '../clock.ts';
import { inTransaction } from '../sqlite.ts';
import type { Attempt, Delivery, Message, NewMessage, PendingDelivery, Target } from './message.ts';

/**
 * Deliveries that outlive the process: one row for each message and subscription until somebody takes it.
 * A row is out on lease (`leased`) or waiting; either way `due_ms` says when it may be handed out (again).
 */
export interface DeliveryQueue {
  /** Records the message and one delivery for each target; returns its id, or undefined if `dedupeId` is known. */
  publish(message: NewMessage, targets: Target[]): string | undefined;
  /** What may be handed out now, oldest first. */
  due(subscription: string, limit: number): Delivery[];
  /** When something may next be handed out; with `afterMs`, only what becomes due later than that. */
  nextDueMs(subscription: string, afterMs?: number): number | undefined;
  /** The delivery, while this attempt is its newest and nobody has ended it. */
  find(attempt: Attempt): Delivery | undefined;
  /** True while this attempt has its lease. */
  holds(attempt: Attempt): boolean;
  /** Counts an attempt and keeps the delivery from being handed out until `dueMs`. */
  lease(delivery: Delivery, dueMs: number): Delivery;
  /** Moves the end of an open lease; false if this attempt no longer holds it. */
  extend(attempt: Attempt, dueMs: number): boolean;
  /** Ends the lease of this attempt: to be tried again at `dueMs`. */
  release(attempt: Attempt, dueMs: number): void;
  /** Delivered, given up or expired: it is gone. */
  remove(subscription: string, seq: number): void;
  removeAll(subscription: string): void;
  pending(): PendingDelivery[];
}

const SCHEMA = `
  CREATE TABLE IF NOT EXISTS messages (
    seq INTEGER PRIMARY KEY, id TEXT NOT NULL, dedupe_id TEXT UNIQUE, topic TEXT NOT NULL, data BLOB NOT NULL,
    attributes TEXT NOT NULL, ordering_key TEXT NOT NULL, publish_ms INTEGER NOT NULL
  );
  CREATE TABLE IF NOT EXISTS deliveries (
    subscription TEXT NOT NULL, seq INTEGER NOT NULL REFERENCES messages(seq), ordering_key TEXT NOT NULL,
    attempt INTEGER NOT NULL DEFAULT 0, due_ms REAL NOT NULL, leased INTEGER NOT NULL DEFAULT 0,
    expires_ms REAL NOT NULL, PRIMARY KEY (subscription, seq)
  );
  CREATE INDEX IF NOT EXISTS deliveries_due ON deliveries (subscription, due_ms);
  CREATE INDEX IF NOT EXISTS deliveries_order ON deliveries (subscription, ordering_key, seq);
  CREATE INDEX IF NOT EXISTS deliveries_message ON deliveries (seq);
`;

/** An ordered delivery waits until every earlier one of its key is gone. */
const NOT_BLOCKED = `(d.ordering_key = '' OR NOT EXISTS (SELECT 1 FROM deliveries AS earlier
  WHERE earlier.subscription = d.subscription AND earlier.ordering_key = d.ordering_key AND earlier.seq < d.seq))`;

const SELECT_DELIVERY = `SELECT d.subscription, d.seq, d.attempt, d.expires_ms, m.id, m.topic, m.data, m.attributes,
  m.ordering_key, m.publish_ms FROM deliveries AS d JOIN messages AS m USING (seq)`;

interface Row {
  subscription: string;
  seq: number;
  attempt: number;
  expires_ms: number;
  id: string;
  topic: string;
  data: Uint8Array;
  attributes: string;
  ordering_key: string;
  publish_ms: number;
}

/**
 * Opens the queue in `database`. Leases that were open when the last process died are due at once, attempts kept.
 * `rememberMs`: how long a delivered message is remembered for `dedupeId`.
 */
export function createDeliveryQueue(database: DatabaseSync, clock: Clock, rememberMs: number): DeliveryQueue {
  database.exec(SCHEMA);
  database.prepare('UPDATE deliveries SET leased = 0, due_ms = ? WHERE leased = 1').run(clock.now());
  const sql = prepareStatements(database);
  let nextForgetMs = 0;

  const forgetOld = () => {
    if (clock.now() < nextForgetMs) return;
    nextForgetMs = clock.now() + rememberMs / 24;
    sql.forget.run(clock.now() - rememberMs);
  };
  const insert = (message: NewMessage, targets: Target[]): string => {
    // Clock-based like Google's, so that ids do not come back after someone deletes the state folder.
    const { seq } = sql.nextSeq.get(clock.now() * 1000) as { seq: number };
    const id = message.id ?? String(seq);
    const { topic, data, orderingKey } = message;
    const attributes = JSON.stringify(message.attributes);
    sql.addMessage.run(seq, id, message.dedupeId ?? null, topic, data, attributes, orderingKey, clock.now());
    for (const { subscription, ordered, retentionMs, delayMs = 0 } of targets) {
      const nowMs = clock.now();
      sql.addDelivery.run(
        subscription,
        seq,
        ordered ? orderingKey : '',
        nowMs + delayMs,
        nowMs + retentionMs,
      );
    }
    return id;
  };

  return {
    publish(message, targets) {
      forgetOld();
      if (message.dedupeId !== undefined && sql.known.get(message.dedupeId)) return undefined;
      return inTransaction(database, () => insert(message, targets));
    },
    due: (subscription, limit) =>
      (sql.due.all(subscription, clock.now(), limit) as unknown as Row[]).map(toDelivery),
    nextDueMs: (subscription, afterMs = -1) => {
      const { due_ms } = sql.nextDue.get(subscription, afterMs) as { due_ms: number | null };
      return due_ms ?? undefined;
    },
    find({ subscription, seq, attempt }) {
      const row = sql.find.get(subscription, seq, attempt) as unknown as Row | undefined;
      return row && toDelivery(row);
    },
    holds: ({ subscription, seq, attempt }) =>
      sql.holds.get(subscription, seq, attempt, clock.now()) !== undefined,
    lease(delivery, dueMs) {
      sql.lease.run(dueMs, delivery.subscription, delivery.seq);
      return { ...delivery, attempt: delivery.attempt + 1 };
    },
    extend: ({ subscription, seq, attempt }, dueMs) =>
      sql.move.run(1, dueMs, subscription, seq, attempt).changes === 1,
    release({ subscription, seq, attempt }, dueMs) {
      sql.move.run(0, dueMs, subscription, seq, attempt);
    },
    remove(subscription, seq) {
      sql.remove.run(subscription, seq);
    },
    removeAll(subscription) {
      sql.removeAll.run(subscription);
    },
    pending: () => sql.pending.all() as unknown as PendingDelivery[],
  };
}

function prepareStatements(database: DatabaseSync) {
  return {
    nextSeq: database.prepare('SELECT max(?, (SELECT coalesce(max(seq), 0) + 1 FROM messages)) AS seq'),
    known: database.prepare('SELECT 1 FROM messages WHERE dedupe_id = ?'),
    addMessage: database.prepare('INSERT INTO messages VALUES (?, ?, ?, ?, ?, ?, ?, ?)'),
    addDelivery: database.prepare(
      'INSERT INTO deliveries (subscription, seq, ordering_key, due_ms, expires_ms) VALUES (?, ?, ?, ?, ?)',
    ),
    due: database.prepare(
      `${SELECT_DELIVERY} WHERE d.subscription = ? AND d.due_ms <= ? AND ${NOT_BLOCKED} ORDER BY d.seq LIMIT ?`,
    ),
    nextDue: database.prepare(
      `SELECT min(d.due_ms) AS due_ms FROM deliveries AS d
       WHERE d.subscription = ? AND d.due_ms > ? AND ${NOT_BLOCKED}`,
    ),
    find: database.prepare(
      `${SELECT_DELIVERY} WHERE d.subscription = ? AND d.seq = ? AND d.attempt = ? AND d.leased = 1`,
    ),
    holds: database.prepare(
      'SELECT 1 FROM deliveries WHERE subscription = ? AND seq = ? AND attempt = ? AND leased = 1 AND due_ms > ?',
    ),
    lease: database.prepare(
      'UPDATE deliveries SET leased = 1, attempt = attempt + 1, due_ms = ? WHERE subscription = ? AND seq = ?',
    ),
    move: database.prepare(
      'UPDATE deliveries SET leased = ?, due_ms = ? WHERE subscription = ? AND seq = ? AND attempt = ? AND leased = 1',
    ),
    remove: database.prepare('DELETE FROM deliveries WHERE subscription = ? AND seq = ?'),
    removeAll: database.prepare('DELETE FROM deliveries WHERE subscription = ?'),
    forget: database.prepare(
      'DELETE FROM messages WHERE publish_ms < ? AND NOT EXISTS (SELECT 1 FROM deliveries WHERE deliveries.seq = messages.seq)',
    ),
    pending: database.prepare(
      `SELECT d.subscription, m.id AS messageId, d.attempt, d.due_ms AS nextAttemptAt
       FROM deliveries AS d JOIN messages AS m USING (seq) ORDER BY d.seq, d.subscription`,
    ),
  };
}

function toDelivery(row: Row): Delivery {
  const message: Message = {
    id: row.id,
    topic: row.topic,
    data: row.data,
    attributes: JSON.parse(row.attributes),
    orderingKey: row.ordering_key,
    publishMs: row.publish_ms,
  };
  const { subscription, seq, attempt, expires_ms: expiresMs } = row;
  return { subscription, seq, message, attempt, expiresMs };
}
