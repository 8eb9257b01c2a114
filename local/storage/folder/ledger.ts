/** What file was which generation of which object when both were last the same: one SQLite file for all buckets. */

import { join } from 'node:path';
import { openSqlite } from '../../sqlite.ts';
import type { Synced } from './decide.ts';

const SCHEMA = `
  CREATE TABLE IF NOT EXISTS files (
    bucket TEXT NOT NULL, path TEXT NOT NULL, signature TEXT NOT NULL, generation TEXT NOT NULL,
    PRIMARY KEY (bucket, path)
  ) WITHOUT ROWID;
`;

/** The rows of one bucket. */
export interface Ledger {
  get(path: string): Synced | undefined;
  put(path: string, synced: Synced): void;
  remove(path: string): void;
  /** All paths in this folder (`''`: the whole bucket) and below it. */
  pathsBelow(folder: string): string[];
}

/** Opens `<dataDir>/folders.db`, making it when it is not there. */
export function openLedgers(dataDir: string) {
  const database = openSqlite(join(dataDir, 'folders.db'));
  database.exec(SCHEMA);
  const get = database.prepare('SELECT signature, generation FROM files WHERE bucket = ? AND path = ?');
  const put = database.prepare('INSERT OR REPLACE INTO files VALUES (?, ?, ?, ?)');
  const remove = database.prepare('DELETE FROM files WHERE bucket = ? AND path = ?');
  const below = database.prepare('SELECT path FROM files WHERE bucket = ? AND path >= ? AND path < ?');
  return {
    of: (bucket: string): Ledger => ({
      get: (path) => get.get(bucket, path) as unknown as Synced | undefined,
      put: (path, { signature, generation }) => void put.run(bucket, path, signature, generation),
      remove: (path) => void remove.run(bucket, path),
      pathsBelow: (folder) =>
        below
          .all(bucket, folder && `${folder}/`, folder === '' ? '\u{10FFFF}' : `${folder}0`)
          .map(({ path }) => String(path)),
    }),
    close: () => database.close(),
  };
}
