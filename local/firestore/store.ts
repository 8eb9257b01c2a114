import type { Clock } from '../clock.ts';
import { openDocumentDatabase } from './database.ts';
import type { FieldsCodec } from './rpc/protos.ts';
import { collectionOf } from './values/names.ts';
import type { Changes, Collections, StoredDocument } from './values/stored-document.ts';

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

/** Documents in memory, every commit written through to the database. */
export function openStore(dataDir: string, clock: Clock, codec: FieldsCodec): DocumentStore {
  const database = openDocumentDatabase(dataDir, codec);
  const index = createIndex();
  const listeners = new Set<(changes: Changes) => void>();
  let lastMicros = 0;

  for (const document of database.all()) {
    index.put(document.name, document);
    lastMicros = Math.max(lastMicros, document.updateMicros);
  }

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
      database.write(changes);
      for (const [name, document] of changes) index.put(name, document);
      for (const listener of listeners) listener(changes);
    },
    onCommit(listener) {
      listeners.add(listener);
      return () => listeners.delete(listener);
    },
    close: () => database.close(),
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
