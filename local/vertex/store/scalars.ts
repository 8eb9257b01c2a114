import type { DatabaseSync } from 'node:sqlite';

export interface ScalarPoint {
  step: number;
  wallMs: number;
  value: number;
}

export interface ScalarStore {
  /** One point of a series, by the series' name; a second one at the same step takes the place of the first. */
  add(series: string, point: ScalarPoint): void;
  /** In the order of steps. */
  read(series: string): ScalarPoint[];
  /** The last step and the last time of a series; undefined while it has no points. */
  extent(series: string): { maxStep: number; maxWallMs: number } | undefined;
  /** Forgets every series below a resource: an experiment, a run. */
  clearBelow(resource: string): void;
}

/** Points are rows of their own: a series grows by one row, whatever its length. */
export function openScalars(database: DatabaseSync): ScalarStore {
  database.exec(
    'CREATE TABLE IF NOT EXISTS scalar (series TEXT NOT NULL, step INTEGER NOT NULL, wall_ms INTEGER NOT NULL, value REAL, PRIMARY KEY (series, step)) WITHOUT ROWID',
  );
  const upsert = database.prepare(
    'INSERT INTO scalar (series, step, wall_ms, value) VALUES (?, ?, ?, ?) ON CONFLICT (series, step) DO UPDATE SET wall_ms = excluded.wall_ms, value = excluded.value',
  );
  const select = database.prepare('SELECT step, wall_ms, value FROM scalar WHERE series = ? ORDER BY step');
  const last = database.prepare(
    'SELECT max(step) AS step, max(wall_ms) AS wall_ms FROM scalar WHERE series = ?',
  );
  const erase = database.prepare('DELETE FROM scalar WHERE series >= ? AND series < ?');
  return {
    add: (series, { step, wallMs, value }) => {
      upsert.run(series, step, wallMs, value);
    },
    read: (series) =>
      select.all(series).map((row) => ({
        step: Number(row.step),
        wallMs: Number(row.wall_ms),
        // SQLite keeps NaN, which a diverged training measures, as NULL.
        value: row.value === null ? Number.NaN : Number(row.value),
      })),
    extent: (series) => {
      const row = last.get(series);
      if (!row || row.step === null) return undefined;
      return { maxStep: Number(row.step), maxWallMs: Number(row.wall_ms) };
    },
    clearBelow: (resource) => {
      // '0' is the character after '/': the range holds exactly the names that begin with `resource/`.
      erase.run(`${resource}/`, `${resource}0`);
    },
  };
}
