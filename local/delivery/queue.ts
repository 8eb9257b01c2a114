import type { DatabaseSync } from 'node:sqlite';
import type { Clock } from '../clock.ts';
import { inTransaction } from '../sqlite.ts';
import type { Attempt, Delivery, PendingDelivery } from './message.ts';
import { createKeyOrder, type KeyOrder } from './order.ts';
import { createRecorder, type Recorder } from './recorder.ts';
import { type DeliveryRow, SELECT_DELIVERY, toDelivery } from './rows.ts';
import { makeTables } from './tables.ts';

/** What is wanted at once. */
export interface Wanted {
  messages: number;
  /** Of so many ordering keys, where messages without a key count as one each. */
  keys: number;
  /** Whether several messages of one key may be among them, in their order. */
  inRuns: boolean;
}

/** Deliveries that outlive the process: each waits, is out on a lease, or is gone. */
export interface DeliveryQueue extends Recorder {
  /** What may be handed out now, oldest first. */
  due(subscription: string, wanted: Wanted): Delivery[];
  /** When there is something to do again: a lease ends, or, where somebody has room, something becomes due. */
  nextDueMs(subscription: string, hasRoom: boolean): number | undefined;
  /** The delivery, while this attempt is its newest and out on its lease. */
  find(attempt: Attempt): Delivery | undefined;
  /** Counts an attempt of each, whose lease ends at `dueMs`. */
  lease(deliveries: readonly Delivery[], dueMs: (delivery: Delivery) => number): Delivery[];
  /** Moves the end of an open lease. */
  extend(attempt: Attempt, dueMs: number): void;
  /** Ends the lease of this attempt, which is tried again from `dueMs` on; returns all that is out no more by it. */
  release(attempt: Attempt, dueMs: number): number[];
  /** Ends the leases that have run out; returns all that is out no more by it. */
  endLeases(subscription: string): number[];
  /** It is taken. With `keepMs`, a seek can bring it back until so long after its publication. */
  acknowledge(subscription: string, seq: number, keepMs?: number): void;
  /** It is given up, whatever comes before it. */
  drop(subscription: string, seq: number): void;
  removeAll(subscription: string): void;
  pending(): PendingDelivery[];
}

/** A batch ends after so much data: one gRPC message has to hold it. */
const MAX_BATCH_BYTES = 2_000_000;
/** So many leases end in one step; those of the next are over too, and found at once. */
const LEASES_AT_ONCE = 500;

/**
 * Opens the queue in `database`. Leases that were open when the last process died are due at once, attempts kept.
 * `rememberMs`: how long a delivered message is remembered for `dedupeId`.
 */
export function createDeliveryQueue(database: DatabaseSync, clock: Clock, rememberMs: number): DeliveryQueue {
  makeTables(database);
  database.prepare('UPDATE deliveries SET state = 0, due_ms = ? WHERE state <> 0').run(clock.now());
  const order = createKeyOrder(database);
  return {
    ...createRecorder(database, clock, rememberMs),
    ...createHandingOut(database, clock, order),
    ...createEndings(database, clock, order),
    pending: () =>
      database
        .prepare(
          `SELECT d.subscription, m.id AS messageId, d.attempt, d.due_ms AS nextAttemptAt
           FROM deliveries AS d JOIN messages AS m USING (seq) ORDER BY d.seq, d.subscription`,
        )
        .all() as unknown as PendingDelivery[],
  };
}

type HandingOut = Pick<DeliveryQueue, 'due' | 'nextDueMs' | 'find' | 'lease' | 'extend'>;

function createHandingOut(database: DatabaseSync, clock: Clock, order: KeyOrder): HandingOut {
  const due = database.prepare(
    `${SELECT_DELIVERY} WHERE d.subscription = ? AND d.state = 0 AND d.first = 1 AND d.due_ms <= ?
     ORDER BY d.due_ms, d.seq LIMIT ?`,
  );
  const nextWaiting = database.prepare(
    `SELECT due_ms FROM deliveries WHERE subscription = ? AND state = 0 AND first = 1 ORDER BY due_ms LIMIT 1`,
  );
  const nextLeaseEnd = database.prepare(
    'SELECT due_ms FROM deliveries WHERE subscription = ? AND state = 1 ORDER BY due_ms LIMIT 1',
  );
  const find = database.prepare(
    `${SELECT_DELIVERY} WHERE d.subscription = ? AND d.seq = ? AND d.attempt = ? AND d.state = 1`,
  );
  const lease = database.prepare(
    'UPDATE deliveries SET state = 1, attempt = attempt + 1, due_ms = ? WHERE subscription = ? AND seq = ?',
  );
  const extend = database.prepare(
    'UPDATE deliveries SET due_ms = ? WHERE subscription = ? AND seq = ? AND attempt = ? AND state = 1',
  );

  function* dueRows(subscription: string, { keys, inRuns }: Wanted): Iterable<DeliveryRow> {
    const nowMs = clock.now();
    for (const row of due.iterate(subscription, nowMs, keys)) {
      const first = row as unknown as DeliveryRow;
      yield first;
      const { seq, turn: orderingKey } = first;
      if (inRuns && orderingKey !== '') yield* order.followers({ subscription, orderingKey, seq }, nowMs);
    }
  }

  return {
    due: (subscription, wanted) => batchOf(dueRows(subscription, wanted), wanted.messages),
    nextDueMs(subscription, hasRoom) {
      const statements = hasRoom ? [nextWaiting, nextLeaseEnd] : [nextLeaseEnd];
      const times = statements.flatMap((one) => (one.get(subscription)?.due_ms as number | undefined) ?? []);
      return times.length > 0 ? Math.min(...times) : undefined;
    },
    find({ subscription, seq, attempt }) {
      const row = find.get(subscription, seq, attempt) as unknown as DeliveryRow | undefined;
      return row && toDelivery(row);
    },
    lease: (deliveries, dueMs) =>
      inTransaction(database, () =>
        deliveries.map((delivery) => {
          lease.run(dueMs(delivery), delivery.subscription, delivery.seq);
          return { ...delivery, attempt: delivery.attempt + 1 };
        }),
      ),
    extend({ subscription, seq, attempt }, dueMs) {
      extend.run(dueMs, subscription, seq, attempt);
    },
  };
}

/** As many as are wanted; fewer when they are large. */
function batchOf(rows: Iterable<DeliveryRow>, count: number): Delivery[] {
  const batch: Delivery[] = [];
  let bytes = 0;
  for (const row of rows) {
    batch.push(toDelivery(row));
    bytes += row.data.length;
    if (batch.length >= count || bytes >= MAX_BATCH_BYTES) break;
  }
  return batch;
}

type Endings = Pick<DeliveryQueue, 'release' | 'endLeases' | 'acknowledge' | 'drop' | 'removeAll'>;

function createEndings(database: DatabaseSync, clock: Clock, order: KeyOrder): Endings {
  const sql = prepareEndings(database);

  /** Out no more, and behind it nothing either. */
  function putBack(subscription: string, { seq, dueMs }: { seq: number; dueMs: number }): number[] {
    const row = sql.wait.get(dueMs, subscription, seq);
    const orderingKey = String(row?.ordering_key ?? '');
    return [seq, ...(orderingKey === '' ? [] : order.callBack({ subscription, orderingKey, seq }, dueMs))];
  }

  function remove(subscription: string, seq: number, keepMs: number): void {
    const keep = (one: number) => keepMs > 0 && sql.keep.run(subscription, keepMs, one);
    keep(seq);
    const row = sql.remove.get(subscription, seq);
    const orderingKey = String(row?.ordering_key ?? '');
    if (orderingKey !== '' && row?.first === 1) order.moveUp({ subscription, orderingKey, seq }, keep);
  }

  return {
    release({ subscription, seq, attempt }, dueMs) {
      return sql.holds.get(subscription, seq, attempt) ? putBack(subscription, { seq, dueMs }) : [];
    },
    endLeases(subscription) {
      const over = sql.over.all(subscription, clock.now(), LEASES_AT_ONCE) as {
        seq: number;
        due_ms: number;
      }[];
      return over.flatMap(({ seq, due_ms: dueMs }) => putBack(subscription, { seq, dueMs }));
    },
    acknowledge(subscription, seq, keepMs = 0) {
      const row = sql.placeOf.get(subscription, seq);
      if (row?.first === 1) remove(subscription, seq, keepMs);
      else if (row?.state === 1) sql.acknowledgeEarly.run(subscription, seq);
    },
    drop: (subscription, seq) => remove(subscription, seq, 0),
    removeAll(subscription) {
      sql.removeAll.run(subscription);
    },
  };
}

function prepareEndings(database: DatabaseSync) {
  const one = 'WHERE subscription = ? AND seq = ?';
  return {
    wait: database.prepare(`UPDATE deliveries SET state = 0, due_ms = ? ${one} RETURNING ordering_key`),
    holds: database.prepare(`SELECT 1 FROM deliveries ${one} AND attempt = ? AND state = 1`),
    over: database.prepare(
      `SELECT seq, due_ms FROM deliveries WHERE subscription = ? AND state = 1 AND due_ms <= ?
       ORDER BY due_ms LIMIT ?`,
    ),
    placeOf: database.prepare(`SELECT first, state FROM deliveries ${one}`),
    acknowledgeEarly: database.prepare(`UPDATE deliveries SET state = 2 ${one}`),
    keep: database.prepare(
      'INSERT OR REPLACE INTO kept SELECT ?, seq, publish_ms + ? FROM messages WHERE seq = ?',
    ),
    remove: database.prepare(`DELETE FROM deliveries ${one} RETURNING ordering_key, first`),
    removeAll: database.prepare('DELETE FROM deliveries WHERE subscription = ?'),
  };
}
