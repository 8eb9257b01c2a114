import type { DatabaseSync } from 'node:sqlite';

/** Which events a function wants. */
export interface TriggerFilter {
  name: string;
  bucket: string;
  eventType: string;
}

/** The triggers that exist: they outlive the process, so that what happens before functions are up again waits for them. */
export interface TriggerTable {
  put(trigger: TriggerFilter): void;
  has(name: string): boolean;
  /** Names of the triggers for an event. */
  matching(bucket: string, eventType: string): string[];
}

export function createTriggerTable(database: DatabaseSync): TriggerTable {
  database.exec(
    'CREATE TABLE IF NOT EXISTS triggers (name TEXT PRIMARY KEY, bucket TEXT NOT NULL, event_type TEXT NOT NULL)',
  );
  const put = database.prepare('INSERT OR REPLACE INTO triggers VALUES (?, ?, ?)');
  const has = database.prepare('SELECT 1 FROM triggers WHERE name = ?');
  const matching = database.prepare(
    'SELECT name FROM triggers WHERE bucket = ? AND event_type = ? ORDER BY name',
  );
  return {
    put({ name, bucket, eventType }) {
      put.run(name, bucket, eventType);
    },
    has: (name) => has.get(name) !== undefined,
    matching: (bucket, eventType) =>
      (matching.all(bucket, eventType) as { name: string }[]).map(({ name }) => name),
  };
}
