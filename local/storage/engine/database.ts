/** The engine's memory: one SQLite file with buckets, objects, finalized events not yet handed over, and uploads in progress. */

import { join } from 'node:path';
import type { DatabaseSync, SQLOutputValue } from 'node:sqlite';
import { inTransaction, openSqlite } from '../../sqlite.ts';
import type { Bucket, ObjectAttributes, StoredObject } from './object.ts';
import type { Preconditions } from './preconditions.ts';

const VERSION = 2;

const SCHEMA = `
  CREATE TABLE IF NOT EXISTS buckets (name TEXT PRIMARY KEY, record TEXT NOT NULL) WITHOUT ROWID;
  CREATE TABLE IF NOT EXISTS objects (
    bucket TEXT NOT NULL, name TEXT NOT NULL, blob TEXT NOT NULL, record TEXT NOT NULL,
    PRIMARY KEY (bucket, name)
  ) WITHOUT ROWID;
  CREATE TABLE IF NOT EXISTS outbox (seq INTEGER PRIMARY KEY, event_id TEXT NOT NULL, record TEXT NOT NULL);
  CREATE TABLE IF NOT EXISTS last_generation (id INTEGER PRIMARY KEY CHECK (id = 0), value INTEGER NOT NULL);
  CREATE TABLE IF NOT EXISTS sessions (id TEXT PRIMARY KEY, created_ms INTEGER NOT NULL, record TEXT NOT NULL, result TEXT);
  PRAGMA user_version = ${VERSION};
`;

export interface OutboxEntry {
  seq: number;
  eventId: string;
  /** The object as it was, whatever came later. */
  object: StoredObject;
}

/** A resumable upload. Its bytes so far are the blob named by its id; that file's size is how far it got. */
export interface UploadSession {
  id: string;
  createdMs: number;
  bucket: string;
  name: string;
  attributes: ObjectAttributes;
  preconditions: Preconditions;
  /** `crc32c=…,md5=…` that the client promised, if it did. */
  expectedHash: string;
  /** The size that the client promised, if it did. */
  expectedSize: number | undefined;
}

export type StorageDatabase = ReturnType<typeof openStorageDatabase>;

/** Opens `<dataDir>/storage.db`, making it when it is not there. */
export function openStorageDatabase(dataDir: string) {
  const file = join(dataDir, 'storage.db');
  const database = openSqlite(file);
  checkVersion(database, file);
  database.exec(SCHEMA);
  return {
    ...bucketTable(database),
    ...objectTable(database),
    ...eventTables(database),
    ...sessionTable(database),

    /** All of it or nothing. */
    inTransaction: <T>(work: () => T): T => inTransaction(database, work),

    close: () => database.close(),
  };
}

/** Another version's tables would be read wrong; an empty file has no version yet. */
function checkVersion(database: DatabaseSync, file: string): void {
  const { user_version: version } = database.prepare('PRAGMA user_version').get() ?? {};
  const isEmpty = database.prepare('SELECT 1 FROM sqlite_schema').get() === undefined;
  if (isEmpty || version === VERSION) return;
  database.close();
  throw new Error(
    `${file} was written by another version of this program. To begin anew, delete the data folder (.local, or what --data-dir names).`,
  );
}

const text = (value: SQLOutputValue | undefined): string => String(value);
const recordOf = <T>(row: Record<string, SQLOutputValue> | undefined): T | undefined =>
  row && (JSON.parse(text(row.record)) as T);

function bucketTable(database: DatabaseSync) {
  const one = database.prepare('SELECT record FROM buckets WHERE name = ?');
  const all = database.prepare('SELECT record FROM buckets ORDER BY name');
  const put = database.prepare('INSERT OR REPLACE INTO buckets VALUES (?, ?)');
  const remove = database.prepare('DELETE FROM buckets WHERE name = ?');
  return {
    bucket: (name: string) => recordOf<Bucket>(one.get(name)),
    /** In the order of their names. */
    buckets: () => all.all().map((row) => recordOf<Bucket>(row) as Bucket),
    putBucket: (bucket: Bucket) => void put.run(bucket.name, JSON.stringify(bucket)),
    removeBucket: (name: string) => void remove.run(name),
  };
}

function objectTable(database: DatabaseSync) {
  const byName = database.prepare('SELECT record FROM objects WHERE bucket = ? AND name = ?');
  const from = database.prepare(
    'SELECT record FROM objects WHERE bucket = ? AND name >= ? ORDER BY name LIMIT ?',
  );
  const blobs = database.prepare(
    'SELECT blob FROM objects UNION SELECT id FROM sessions WHERE result IS NULL',
  );
  const put = database.prepare('INSERT OR REPLACE INTO objects VALUES (?, ?, ?, ?)');
  const remove = database.prepare('DELETE FROM objects WHERE bucket = ? AND name = ?');
  return {
    object: (bucket: string, name: string) => recordOf<StoredObject>(byName.get(bucket, name)),
    /** At most `limit` objects from this name on, in UTF-8 order, as the cloud lists. */
    objectsFrom: (bucket: string, name: string, limit: number) =>
      from.all(bucket, name, limit).map((row) => recordOf<StoredObject>(row) as StoredObject),
    putObject: (object: StoredObject) =>
      void put.run(object.bucket, object.name, object.blob, JSON.stringify(object)),
    removeObject: (bucket: string, name: string) => void remove.run(bucket, name),
    /** The blobs of all objects and of all uploads that are under way. */
    blobIds: () => new Set(blobs.all().map(({ blob }) => text(blob))),
  };
}

function eventTables(database: DatabaseSync) {
  const lastGeneration = database.prepare('SELECT value FROM last_generation');
  const setGeneration = database.prepare('INSERT OR REPLACE INTO last_generation VALUES (0, ?)');
  const addEvent = database.prepare('INSERT INTO outbox (event_id, record) VALUES (?, ?)');
  const events = database.prepare('SELECT seq, event_id, record FROM outbox ORDER BY seq');
  const removeEvent = database.prepare('DELETE FROM outbox WHERE seq = ?');
  return {
    /** Microseconds of the clock, pushed on where two would be equal. */
    nextGeneration: (nowMs: number): number => {
      const next = Math.max(nowMs * 1000, Number(lastGeneration.get()?.value ?? 0) + 1);
      setGeneration.run(next);
      return next;
    },
    addEvent: (eventId: string, object: StoredObject) => void addEvent.run(eventId, JSON.stringify(object)),
    outbox: (): OutboxEntry[] =>
      events.all().map((row) => ({
        seq: Number(row.seq),
        eventId: text(row.event_id),
        object: recordOf<StoredObject>(row) as StoredObject,
      })),
    removeEvent: (seq: number) => void removeEvent.run(seq),
  };
}

function sessionTable(database: DatabaseSync) {
  const get = database.prepare('SELECT record, result FROM sessions WHERE id = ?');
  const add = database.prepare('INSERT INTO sessions (id, created_ms, record) VALUES (?, ?, ?)');
  const end = database.prepare('UPDATE sessions SET result = ? WHERE id = ?');
  const remove = database.prepare('DELETE FROM sessions WHERE id = ?');
  const expire = database.prepare('DELETE FROM sessions WHERE created_ms < ?');
  return {
    /** An upload session, with the object that it ended in, once it has. */
    session: (id: string): { session: UploadSession; result: StoredObject | undefined } | undefined => {
      const row = get.get(id);
      const session = recordOf<UploadSession>(row);
      if (!session) return undefined;
      return { session, result: row?.result == null ? undefined : JSON.parse(text(row.result)) };
    },
    addSession: (session: UploadSession) =>
      void add.run(session.id, session.createdMs, JSON.stringify(session)),
    /** Ends the session of this id, where there is one. */
    endSession: (id: string, object: StoredObject) => void end.run(JSON.stringify(object), id),
    removeSession: (id: string) => void remove.run(id),
    expireSessions: (beforeMs: number) => void expire.run(beforeMs),
  };
}
