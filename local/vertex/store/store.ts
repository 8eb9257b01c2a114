import { join } from 'node:path';
import { inTransaction, openSqlite } from '../../sqlite.ts';
import type { Documents } from './documents.ts';
import { openScalars, type ScalarStore } from './scalars.ts';

export interface VertexStore {
  get<K extends keyof Documents>(kind: K, name: string): Documents[K] | undefined;
  /** In the order in which they were first written. */
  list<K extends keyof Documents>(kind: K): Documents[K][];
  put<K extends keyof Documents>(kind: K, document: Documents[K]): void;
  remove(kind: keyof Documents, name: string): void;
  /** All of the writes inside happen, or none: what a job did and that it did it are one write. */
  atomically<T>(work: () => T): T;
  /** The points of TensorBoard's time series; their writes take part in `atomically`. */
  scalars: ScalarStore;
  close(): void;
}

/** Keeps every resource as one JSON row of `<dataDir>/vertex.db`; a killed process loses nothing that was answered. */
export function openVertexStore(dataDir: string): VertexStore {
  const database = openSqlite(join(dataDir, 'vertex.db'));
  database.exec(
    'CREATE TABLE IF NOT EXISTS resource (seq INTEGER PRIMARY KEY AUTOINCREMENT, kind TEXT NOT NULL, name TEXT NOT NULL, document TEXT NOT NULL, UNIQUE (kind, name))',
  );
  const select = database.prepare('SELECT document FROM resource WHERE kind = ? AND name = ?');
  const selectAll = database.prepare('SELECT document FROM resource WHERE kind = ? ORDER BY seq');
  const upsert = database.prepare(
    'INSERT INTO resource (kind, name, document) VALUES (?, ?, ?) ON CONFLICT (kind, name) DO UPDATE SET document = excluded.document',
  );
  const erase = database.prepare('DELETE FROM resource WHERE kind = ? AND name = ?');

  return {
    scalars: openScalars(database),
    get: (kind, name) => {
      const row = select.get(kind, name);
      return row && JSON.parse(String(row.document));
    },
    list: (kind) => selectAll.all(kind).map((row) => JSON.parse(String(row.document))),
    put: (kind, document) => {
      upsert.run(kind, document.name, JSON.stringify(document));
    },
    remove: (kind, name) => {
      erase.run(kind, name);
    },
    atomically: (work) => inTransaction(database, work),
    close: () => database.close(),
  };
}
