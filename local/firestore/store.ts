import { mkdirSync } from 'node:fs';
import { join } from 'node:path';
import { DatabaseSync } from 'node:sqlite';
import type { Clock } from '../clock.ts';
import type { FieldsCodec } from './rpc/protos.ts';
import type { Fields } from './values/messages.ts';
import { collectionOf } from './values/names.ts';
import { cutFields } from './values/timestamps.ts';

/** One version of a document; never changed in place. Times are microseconds since the epoch. */
export interface StoredDocument {
  readonly name: string;
  readonly fields: Fields;
  readonly createMicros: number;
  readonly updateMicros: number;
}

/** Documents by name, by the full name of their collection. No collection is empty. */
export type Collections = ReadonlyMap<string, ReadonlyMap<string, StoredDocument>>;

/** New versions by document name; undefined deletes. */
export type Changes = ReadonlyMap<string, StoredDocument | undefined>;

export interface DocumentStore {
  get(name: string): StoredDocument | undefined;
  collections(): Collections;
  /** The state as of now, unmoved by later commits. */
  snapshot(): Collections;
  /** A commit time later than every one before it. */
  nextCommitMicros(): number;
  /** Time of the newest state, for reads. */
  readMicros(): number;
  /** Writes all changes or none; on disk before it returns. */
  commit(changes: Changes): void;
  /** Calls `listener` after each commit that changed something; returns how to stop. */
  onCommit(listener: (changes: Changes) => void): () => void;
  close(): void;
}

interface Row {
  name: string;
  body: Uint8Array;
  create_us: number;
  update_us: number;
}

const SCHEMA = `
  PRAGMA journal_mode = WAL;
  PRAGMA synchronous = NORMAL;
  CREATE TABLE IF NOT EXISTS documents (
    name TEXT PRIMARY KEY, body BLOB NOT NULL, create_us INTEGER NOT NULL, update_us INTEGER NOT NULL
  ) STRICT, WITHOUT ROWID;
`;

/** Documents in memory, every commit written through to `<dataDir>/firestore.db`: a killed process loses nothing. */
export function openStore(dataDir: string, clock: Clock, codec: FieldsCodec): DocumentStore {
  mkdirSync(dataDir, { recursive: true });
  const db = new DatabaseSync(join(dataDir, 'firestore.db'));
  db.exec(SCHEMA);
  const upsert = db.prepare('INSERT OR REPLACE INTO documents VALUES (?, ?, ?, ?)');
  const remove = db.prepare('DELETE FROM documents WHERE name = ?');
  const index = createIndex();
  const listeners = new Set<(changes: Changes) => void>();
  let lastMicros = 0;

  for (const row of db.prepare('SELECT * FROM documents').iterate() as Iterable<unknown>) {
    const { name, body, create_us, update_us } = row as Row;
    index.put(name, {
      name,
      fields: cutFields(codec.decode(Buffer.from(body))),
      createMicros: create_us,
      updateMicros: update_us,
    });
    lastMicros = Math.max(lastMicros, update_us);
  }

  const persist = (changes: Changes) => {
    db.exec('BEGIN IMMEDIATE');
    try {
      for (const [name, document] of changes) {
        if (!document) remove.run(name);
        else upsert.run(name, codec.encode(document.fields), document.createMicros, document.updateMicros);
      }
      db.exec('COMMIT');
    } catch (error) {
      db.exec('ROLLBACK');
      throw error;
    }
  };

  return {
    get: (name) => index.collections.get(collectionOf(name))?.get(name),
    collections: () => index.collections,
    snapshot: () => index.share(),
    nextCommitMicros() {
      lastMicros = Math.max(clock.now() * 1000, lastMicros + 1);
      return lastMicros;
    },
    readMicros() {
      lastMicros = Math.max(clock.now() * 1000, lastMicros);
      return lastMicros;
    },
    commit(changes) {
      if (changes.size === 0) return;
      persist(changes);
      for (const [name, document] of changes) index.put(name, document);
      for (const listener of listeners) listener(changes);
    },
    onCommit(listener) {
      listeners.add(listener);
      return () => listeners.delete(listener);
    },
    close: () => db.close(),
  };
}

/** The documents in memory. A shared collection is copied before its next change, so a snapshot costs no copy of documents. */
function createIndex() {
  const collections = new Map<string, Map<string, StoredDocument>>();
  const shared = new WeakSet<ReadonlyMap<string, StoredDocument>>();

  const writable = (name: string) => {
    const current = collections.get(name);
    if (current && !shared.has(current)) return current;
    const own = new Map(current);
    collections.set(name, own);
    return own;
  };

  return {
    collections: collections as Collections,
    put(name: string, document: StoredDocument | undefined) {
      const collection = writable(collectionOf(name));
      if (document) collection.set(name, document);
      else collection.delete(name);
      if (collection.size === 0) collections.delete(collectionOf(name));
    },
    share(): Collections {
      for (const collection of collections.values()) shared.add(collection);
      return new Map(collections);
    },
  };
}
