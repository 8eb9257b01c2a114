import type { DatabaseSync } from 'node:sqlite';
import type { Clock } from '../clock.ts';
import { inTransaction } from '../sqlite.ts';
import { MARK_FIRST } from './tables.ts';

/** Whose deliveries a seek changes. */
export interface Seeker {
  subscription: string;
  ordered: boolean;
  /** What it acknowledges by the seek can be brought back until so long after its publication; 0 for not at all. */
  keepMs: number;
  accepts(attributes: Record<string, string>): boolean;
}

/** What is kept of messages that are taken, and what a seek makes of it; the table `kept` says who keeps. */
export interface History {
  /** Keeps for `holder` what the subscription has not acknowledged. */
  keepPending(subscription: string, holder: string, untilMs: number): void;
  /** When the oldest message that the subscription has not acknowledged was published. */
  oldestPendingMs(subscription: string): number | undefined;
  /** What was published before `timeMs` is acknowledged; what the holders have of later ones is delivered again. */
  seekToTime(seeker: Seeker, timeMs: number, holders: readonly string[]): void;
  /** Exactly what `holder` has is delivered. */
  seekToHolder(seeker: Seeker, holder: string): void;
  forget(holder: string): void;
}

interface KeptRow {
  seq: number;
  expires_ms: number;
  ordering_key: string;
  attributes: string;
}

export function createHistory(database: DatabaseSync, clock: Clock): History {
  const sql = prepareStatements(database);

  function acknowledgeBefore({ subscription, keepMs }: Seeker, timeMs: number): void {
    if (keepMs > 0) sql.keepBefore.run(keepMs, subscription, timeMs);
    sql.removeBefore.run(subscription, timeMs);
  }

  function bringBack({ subscription, ordered, accepts }: Seeker, rows: readonly KeptRow[]): void {
    for (const { seq, expires_ms, ordering_key, attributes } of rows) {
      if (!accepts(JSON.parse(attributes))) continue;
      sql.addDelivery.run(subscription, seq, ordered ? ordering_key : '', clock.now(), expires_ms);
    }
  }

  function seek(seeker: Seeker, rows: readonly KeptRow[], ackBeforeMs: number): void {
    inTransaction(database, () => {
      acknowledgeBefore(seeker, ackBeforeMs);
      bringBack(seeker, rows);
      sql.beginAgain.run(clock.now(), seeker.subscription);
      sql.markFirst.run(seeker.subscription);
    });
  }

  return {
    keepPending(subscription, holder, untilMs) {
      sql.keepPending.run(holder, untilMs, subscription);
    },
    oldestPendingMs(subscription) {
      return sql.oldest.get(subscription)?.publish_ms as number | undefined;
    },
    seekToTime(seeker, timeMs, holders) {
      const rows = holders.flatMap((holder) => sql.keptSince.all(holder, timeMs, clock.now()));
      seek(seeker, rows as unknown as KeptRow[], timeMs);
    },
    seekToHolder(seeker, holder) {
      const rows = sql.keptSince.all(holder, 0, clock.now());
      seek(seeker, rows as unknown as KeptRow[], Number.POSITIVE_INFINITY);
    },
    forget(holder) {
      sql.forget.run(holder);
    },
  };
}

function prepareStatements(database: DatabaseSync) {
  const publishedBefore = 'd.subscription = ? AND m.publish_ms < ?';
  return {
    keepPending: database.prepare('INSERT INTO kept SELECT ?, seq, ? FROM deliveries WHERE subscription = ?'),
    oldest: database.prepare(
      `SELECT m.publish_ms FROM deliveries AS d CROSS JOIN messages AS m ON m.seq = d.seq
       WHERE d.subscription = ? ORDER BY d.seq LIMIT 1`,
    ),
    keptSince: database.prepare(
      `SELECT k.seq, k.expires_ms, m.ordering_key, m.attributes
       FROM kept AS k CROSS JOIN messages AS m ON m.seq = k.seq
       WHERE k.holder = ? AND m.publish_ms >= ? AND k.expires_ms > ? ORDER BY k.seq`,
    ),
    keepBefore: database.prepare(
      `INSERT OR REPLACE INTO kept SELECT d.subscription, d.seq, m.publish_ms + ?
       FROM deliveries AS d CROSS JOIN messages AS m ON m.seq = d.seq WHERE ${publishedBefore}`,
    ),
    removeBefore: database.prepare(
      `DELETE FROM deliveries WHERE (subscription, seq) IN (SELECT d.subscription, d.seq
       FROM deliveries AS d CROSS JOIN messages AS m ON m.seq = d.seq WHERE ${publishedBefore})`,
    ),
    addDelivery: database.prepare(
      `INSERT OR IGNORE INTO deliveries (subscription, seq, ordering_key, due_ms, expires_ms)
       VALUES (?, ?, ?, ?, ?)`,
    ),
    beginAgain: database.prepare(
      'UPDATE deliveries SET state = 0, attempt = 0, due_ms = ? WHERE subscription = ?',
    ),
    markFirst: database.prepare(`${MARK_FIRST} WHERE subscription = ?`),
    forget: database.prepare('DELETE FROM kept WHERE holder = ?'),
  };
}
