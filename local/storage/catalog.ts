/** The service's memory: one SQLite file with buckets, objects, finalized events not yet handed over, and writes in progress. */

import { mkdirSync } from 'node:fs';
import { basename, join } from 'node:path';
import { DatabaseSync, type SQLOutputValue } from 'node:sqlite';
import type { Preconditions } from './preconditions.ts';
import type { ObjectAttributes, StoredObject } from './resource.ts';

const SCHEMA = `
  PRAGMA journal_mode = WAL;
  PRAGMA synchronous = NORMAL;
  CREATE TABLE IF NOT EXISTS buckets (name TEXT PRIMARY KEY, folder TEXT NOT NULL, created_ms INTEGER NOT NULL);
  CREATE TABLE IF NOT EXISTS objects (
    bucket TEXT NOT NULL, name TEXT NOT NULL, path TEXT NOT NULL, record TEXT NOT NULL,
    PRIMARY KEY (bucket, name)
  ) WITHOUT ROWID;
  CREATE UNIQUE INDEX IF NOT EXISTS objects_by_path ON objects (bucket, path);
  CREATE TABLE IF NOT EXISTS outbox (seq INTEGER PRIMARY KEY, event_id TEXT NOT NULL, resource TEXT NOT NULL);
  CREATE TABLE IF NOT EXISTS intents (staged TEXT PRIMARY KEY, record TEXT NOT NULL);
  CREATE TABLE IF NOT EXISTS last_generation (id INTEGER PRIMARY KEY CHECK (id = 0), value INTEGER NOT NULL);
  CREATE TABLE IF NOT EXISTS sessions (id TEXT PRIMARY KEY, created_ms INTEGER NOT NULL, record TEXT NOT NULL, result TEXT);
`;

export interface BucketRecord {
  name: string;
  folder: string;
  createdMs: number;
}

export interface OutboxEntry {
  seq: number;
  eventId: string;
  /** The object resource as JSON text: the event shows the object as it was, whatever came later. */
  resource: string;
}

export interface NewEvent {
  eventId: string;
  resource: string;
}

/** A resumable upload. Its bytes so far are the staged file named by its id; that file's size is how far it got. */
export interface UploadSession {
  id: string;
  createdMs: number;
  bucket: string;
  name: string;
  attributes: ObjectAttributes;
  preconditions: Preconditions;
  /** `crc32c=…,md5=…` that the client promised, if it did. */
  expectedHash?: string;
  result?: string;
}

export type Catalog = ReturnType<typeof openCatalog>;

/** Opens `<dataDir>/storage.db`, making it when it is not there. All calls are synchronous: one call is one moment. */
export function openCatalog(dataDir: string) {
  mkdirSync(dataDir, { recursive: true });
  const database = new DatabaseSync(join(dataDir, 'storage.db'));
  database.exec(SCHEMA);
  return {
    ...bucketTable(database),
    ...objectTable(database),
    ...eventTables(database),
    ...sessionTable(database),
    close: () => database.close(),
  };
}

const text = (value: SQLOutputValue | undefined): string => String(value);
const recordOf = <T>(row: Record<string, SQLOutputValue> | undefined): T | undefined =>
  row && (JSON.parse(text(row.record)) as T);

function bucketTable(database: DatabaseSync) {
  const put = database.prepare(
    'INSERT INTO buckets VALUES (?, ?, ?) ON CONFLICT (name) DO UPDATE SET folder = excluded.folder',
  );
  const all = database.prepare('SELECT name, folder, created_ms AS createdMs FROM buckets ORDER BY name');
  const remove = database.prepare('DELETE FROM buckets WHERE name = ?');
  return {
    /** Keeps the first creation time of a bucket that is known already. */
    putBucket: (bucket: BucketRecord) => void put.run(bucket.name, bucket.folder, bucket.createdMs),
    buckets: () => all.all() as unknown as BucketRecord[],
    removeBucket: (name: string) => void remove.run(name),
  };
}

function objectTable(database: DatabaseSync) {
  const byName = database.prepare('SELECT record FROM objects WHERE bucket = ? AND name = ?');
  const byPath = database.prepare('SELECT record FROM objects WHERE bucket = ? AND path = ?');
  const below = database.prepare(
    'SELECT record FROM objects WHERE bucket = ? AND path >= ? AND path < ? ORDER BY path',
  );
  const from = database.prepare(
    'SELECT record FROM objects WHERE bucket = ? AND name >= ? ORDER BY name LIMIT ?',
  );
  const put = database.prepare('INSERT OR REPLACE INTO objects VALUES (?, ?, ?, ?)');
  const remove = database.prepare('DELETE FROM objects WHERE bucket = ? AND name = ?');
  return {
    object: (bucket: string, name: string) => recordOf<StoredObject>(byName.get(bucket, name)),
    objectAt: (bucket: string, path: string) => recordOf<StoredObject>(byPath.get(bucket, path)),
    /** Objects whose file lies in this folder (`''`: the whole bucket). */
    objectsBelow: (bucket: string, folder: string) =>
      below
        .all(bucket, folder === '' ? '' : `${folder}/`, folder === '' ? '\u{10FFFF}' : `${folder}0`)
        .map((row) => recordOf<StoredObject>(row) as StoredObject),
    /** At most `limit` objects from this name on, in UTF-8 order, as the cloud lists. */
    objectsFrom: (bucket: string, name: string, limit: number) =>
      from.all(bucket, name, limit).map((row) => recordOf<StoredObject>(row) as StoredObject),
    putObject: (object: StoredObject) =>
      void put.run(object.bucket, object.name, object.path, JSON.stringify(object)),
    removeObject: (bucket: string, name: string) => void remove.run(bucket, name),
  };
}

function eventTables(database: DatabaseSync) {
  const { putObject } = objectTable(database);
  const lastGeneration = database.prepare('SELECT value FROM last_generation');
  const setGeneration = database.prepare('INSERT OR REPLACE INTO last_generation VALUES (0, ?)');
  const addEvent = database.prepare('INSERT INTO outbox (event_id, resource) VALUES (?, ?)');
  const events = database.prepare('SELECT seq, event_id AS eventId, resource FROM outbox ORDER BY seq');
  const removeEvent = database.prepare('DELETE FROM outbox WHERE seq = ?');
  const addIntent = database.prepare('INSERT OR REPLACE INTO intents VALUES (?, ?)');
  const intents = database.prepare('SELECT staged, record FROM intents');
  const removeIntent = database.prepare('DELETE FROM intents WHERE staged = ?');
  const endSession = database.prepare('UPDATE sessions SET result = ? WHERE id = ?');
  return {
    /** Microseconds of the clock, pushed on where two would be equal. */
    nextGeneration: (nowMs: number): number => {
      const next = Math.max(nowMs * 1000, Number(lastGeneration.get()?.value ?? 0) + 1);
      setGeneration.run(next);
      return next;
    },
    /** Notes that the staged file is about to become this object. */
    intend: (staged: string, object: StoredObject) => void addIntent.run(staged, JSON.stringify(object)),
    intents: () =>
      intents.all().map((row) => ({
        staged: text(row.staged),
        object: recordOf<StoredObject>(row) as StoredObject,
      })),
    dropIntent: (staged: string) => void removeIntent.run(staged),
    /** The object and its finalized event, both or neither; the write's intent, and the upload session whose file was staged, end with it. */
    putFinalized: (object: StoredObject, event: NewEvent, staged?: string) => {
      database.exec('BEGIN IMMEDIATE');
      try {
        putObject(object);
        addEvent.run(event.eventId, event.resource);
        if (staged !== undefined) {
          removeIntent.run(staged);
          endSession.run(event.resource, basename(staged));
        }
        database.exec('COMMIT');
      } catch (error) {
        database.exec('ROLLBACK');
        throw error;
      }
    },
    outbox: () => events.all() as unknown as OutboxEntry[],
    markHandedOver: (seq: number) => void removeEvent.run(seq),
  };
}

function sessionTable(database: DatabaseSync) {
  const get = database.prepare('SELECT record, result FROM sessions WHERE id = ?');
  const all = database.prepare('SELECT id FROM sessions');
  const add = database.prepare('INSERT INTO sessions (id, created_ms, record) VALUES (?, ?, ?)');
  const remove = database.prepare('DELETE FROM sessions WHERE id = ?');
  const expire = database.prepare('DELETE FROM sessions WHERE created_ms < ?');
  return {
    /** The upload session, with the resource (JSON text) that it ended in, once it has. */
    session: (id: string): UploadSession | undefined => {
      const row = get.get(id);
      const session = recordOf<UploadSession>(row);
      return session && (row?.result == null ? session : { ...session, result: text(row.result) });
    },
    sessionIds: () => all.all().map((row) => text(row.id)),
    addSession: (session: UploadSession) =>
      void add.run(session.id, session.createdMs, JSON.stringify(session)),
    removeSession: (id: string) => void remove.run(id),
    expireSessions: (beforeMs: number) => void expire.run(beforeMs),
  };
}
