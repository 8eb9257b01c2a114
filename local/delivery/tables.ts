import type { DatabaseSync } from 'node:sqlite';
import { inTransaction } from '../sqlite.ts';

/**
 * `deliveries`: one row for each message and subscription until somebody takes it.
 *
 * - `state`: 0 it waits, and may be handed out from `due_ms` on; 1 it is out on a lease, which ends at `due_ms`; 2 it was
 *   acknowledged before an earlier one of its ordering key, and goes with that.
 * - `first`: 1 where no earlier one of its ordering key is here, and always without a key. The others wait for their turn.
 *
 * `kept`: what a seek can bring back. The holder is a subscription (what it acknowledged), a snapshot (what its subscription had
 * not acknowledged, and all that was published since) or a topic (what was published to it).
 *
 * Whatever is done once a message must find its rows by an index, and look at no others: a backlog must not make it slower.
 */
const TABLES = `
  CREATE TABLE IF NOT EXISTS messages (
    seq INTEGER PRIMARY KEY, id TEXT NOT NULL, dedupe_id TEXT UNIQUE, topic TEXT NOT NULL, data BLOB NOT NULL,
    attributes TEXT NOT NULL, ordering_key TEXT NOT NULL, publish_ms INTEGER NOT NULL
  );
  CREATE TABLE IF NOT EXISTS deliveries (
    subscription TEXT NOT NULL, seq INTEGER NOT NULL REFERENCES messages(seq), ordering_key TEXT NOT NULL,
    attempt INTEGER NOT NULL DEFAULT 0, due_ms REAL NOT NULL, state INTEGER NOT NULL DEFAULT 0,
    expires_ms REAL NOT NULL, first INTEGER NOT NULL DEFAULT 1, PRIMARY KEY (subscription, seq)
  );
  CREATE TABLE IF NOT EXISTS kept (
    holder TEXT NOT NULL, seq INTEGER NOT NULL REFERENCES messages(seq), expires_ms REAL NOT NULL,
    PRIMARY KEY (holder, seq)
  ) WITHOUT ROWID;
`;

const INDEXES = `
  CREATE INDEX IF NOT EXISTS deliveries_waiting ON deliveries (subscription, state, first, due_ms, seq);
  CREATE INDEX IF NOT EXISTS deliveries_leased ON deliveries (subscription, due_ms) WHERE state = 1;
  CREATE INDEX IF NOT EXISTS deliveries_order ON deliveries (subscription, ordering_key, seq);
  CREATE INDEX IF NOT EXISTS deliveries_message ON deliveries (seq);
  CREATE INDEX IF NOT EXISTS kept_message ON kept (seq);
  CREATE INDEX IF NOT EXISTS kept_expiry ON kept (expires_ms);
`;

/** Says of deliveries whether they are the first of their key. */
export const MARK_FIRST = `UPDATE deliveries SET first = (ordering_key = '' OR NOT EXISTS (
  SELECT 1 FROM deliveries AS earlier WHERE earlier.subscription = deliveries.subscription
    AND earlier.ordering_key = deliveries.ordering_key AND earlier.seq < deliveries.seq))`;

/** Makes the tables, also from those of an earlier version, which had neither `first` nor an order of what is due. */
export function makeTables(database: DatabaseSync): void {
  inTransaction(database, () => {
    database.exec(TABLES);
    const columns = database.prepare('PRAGMA table_info(deliveries)').all() as { name: string }[];
    const isOld = columns.some(({ name }) => name === 'leased');
    if (isOld) {
      database.exec('ALTER TABLE deliveries RENAME COLUMN leased TO state; DROP INDEX deliveries_due');
      database.exec('ALTER TABLE deliveries ADD COLUMN first INTEGER NOT NULL DEFAULT 1');
    }
    database.exec(INDEXES);
    if (isOld) database.exec(MARK_FIRST);
  });
}
