/**
 * The storage engine: buckets and objects, whoever asks. Bytes are files named by an id (`blobs.ts`), all else is in one SQLite
 * file (`database.ts`). Bytes are written first, under an id that nobody knows yet; a write then happens in one moment.
 */

import { randomUUID } from 'node:crypto';
import { type FileHandle, open } from 'node:fs/promises';
import type { Clock } from '../../clock.ts';
import { apiError, noSuchBucket, noSuchObject } from '../api-error.ts';
import { type Blobs, openBlobs } from './blobs.ts';
import { openStorageDatabase, type StorageDatabase } from './database.ts';
import type { Checksums } from './digest.ts';
import type { Bucket, BucketSettings, ObjectAttributes, StoredObject } from './object.ts';
import { createEventOutbox } from './outbox.ts';
import { checkPreconditions, type Preconditions } from './preconditions.ts';

/** An object that is ready to exist: its bytes are the blob. */
export interface Draft extends Checksums {
  bucket: string;
  name: string;
  blob: string;
  attributes: ObjectAttributes;
  preconditions: Preconditions;
  componentCount?: number | undefined;
}

/** A live object and its bytes; they stay readable whatever happens to the object. The caller closes the handle. */
export interface OpenObject {
  object: StoredObject;
  handle: FileHandle;
}

/** Sees the live object before something happens to it; throws to prevent that. */
export type Check = (current: StoredObject) => void;

export interface StorageEngineOptions {
  dataDir: string;
  clock: Clock;
  log: (line: string) => void;
  onFinalized: (object: StoredObject, eventId: string) => void;
}

export type StorageEngine = ReturnType<typeof openStorageEngine>;

/** A session is good for a week. https://cloud.google.com/storage/docs/resumable-uploads#introduction */
const SESSION_LIFE_MS = 7 * 24 * 3600 * 1000;

/** Opens what `dataDir` has; what a process that died left half done is undone first. */
export function openStorageEngine({ dataDir, clock, log, onFinalized }: StorageEngineOptions) {
  const database = openStorageDatabase(dataDir);
  const blobs = openBlobs(dataDir);
  const handOver = createEventOutbox({ database, log, onFinalized });
  const listeners = new Set<(object: { bucket: string; name: string }) => void>();
  const parts: Parts = {
    ...{ database, blobs, clock, handOver },
    changed: (object) => {
      for (const listener of listeners) listener(object);
    },
  };
  database.expireSessions(clock.now() - SESSION_LIFE_MS);
  blobs.keepOnly(database.blobIds());
  return {
    ...bucketCalls(parts),
    ...objectCalls(parts),
    blobs,
    sessions: {
      get: database.session,
      add: database.addSession,
      remove: database.removeSession,
    },
    /** Hands over the events that an earlier process left. */
    handOver,
    /** Hears of every object that came, was replaced or went, right after it. */
    onChange: (listener: (object: { bucket: string; name: string }) => void) => void listeners.add(listener),
    close: database.close,
  };
}

interface Parts {
  database: StorageDatabase;
  blobs: Blobs;
  clock: Clock;
  handOver: () => void;
  changed: (object: { bucket: string; name: string }) => void;
}

function bucketCalls({ database, clock }: Parts) {
  /** The bucket, or 404. */
  const bucket = (name: string): Bucket => {
    const found = database.bucket(name);
    if (!found) throw noSuchBucket();
    return found;
  };
  return {
    bucket,
    hasBucket: (name: string) => database.bucket(name) !== undefined,
    buckets: database.buckets,

    /** Makes the bucket, or 409. */
    createBucket(name: string, location: string, settings: BucketSettings): Bucket {
      if (database.bucket(name)) {
        throw apiError(
          409,
          'Your previous request to create the named bucket succeeded and you already own it.',
        );
      }
      const nowMs = clock.now();
      const made: Bucket = {
        name,
        location,
        settings,
        metageneration: 1,
        createdMs: nowMs,
        updatedMs: nowMs,
      };
      database.putBucket(made);
      return made;
    },

    updateBucket(name: string, settings: BucketSettings): Bucket {
      const before = bucket(name);
      const metageneration = before.metageneration + 1;
      const updated: Bucket = { ...before, settings, metageneration, updatedMs: clock.now() };
      database.putBucket(updated);
      return updated;
    },

    /** Takes an empty bucket away, or 409. */
    removeBucket(name: string): void {
      bucket(name);
      if (database.objectsFrom(name, '', 1).length > 0) {
        throw apiError(409, 'The bucket you tried to delete is not empty.');
      }
      database.removeBucket(name);
    },
  };
}

function objectCalls(parts: Parts) {
  const { database, blobs, clock, changed } = parts;

  /** The live object, if there is one; 404 for a bucket that is not. */
  const find = (bucket: string, name: string): StoredObject | undefined => {
    if (!database.bucket(bucket)) throw noSuchBucket();
    return database.object(bucket, name);
  };

  /** The live object, or 404. */
  const get = (bucket: string, name: string): StoredObject => {
    const object = find(bucket, name);
    if (!object) throw noSuchObject(bucket, name);
    return object;
  };

  return {
    find,
    get,
    /** At most `limit` live objects from this name on, in UTF-8 order. */
    objectsFrom: database.objectsFrom,
    ...objectWrites(parts, { find, get }),

    /** Changes what is said about the object, not its bytes. */
    update(object: StoredObject, attributes: ObjectAttributes): StoredObject {
      const metageneration = object.metageneration + 1;
      const updated = { ...object, attributes, metageneration, updatedMs: clock.now() };
      database.putObject(updated);
      return updated;
    },

    remove(bucket: string, name: string, check: Check): void {
      const current = get(bucket, name);
      check(current);
      database.removeObject(bucket, name);
      blobs.remove(current.blob);
      changed(current);
    },

    async open(bucket: string, name: string, check: Check): Promise<OpenObject> {
      for (;;) {
        const object = get(bucket, name);
        check(object);
        const handle = await open(blobs.fileOf(object.blob), 'r').catch((error: unknown) => {
          // Replaced or removed before its file was open: the next look says which.
          if (database.object(bucket, name)?.blob === object.blob) throw error;
        });
        if (handle) return { object, handle };
      }
    },
  };
}

interface Lookup {
  find: (bucket: string, name: string) => StoredObject | undefined;
  get: (bucket: string, name: string) => StoredObject;
}

function objectWrites({ database, blobs, clock, handOver, changed }: Parts, { find, get }: Lookup) {
  const write = ({ preconditions, ...facts }: Draft, alongside: () => void): StoredObject => {
    const current = find(facts.bucket, facts.name);
    checkPreconditions(preconditions, current, 'write');
    const { storageClass } = database.bucket(facts.bucket)?.settings ?? {};
    const nowMs = clock.now();
    const object = database.inTransaction(() => {
      const generation = database.nextGeneration(nowMs);
      const made: StoredObject = {
        ...facts,
        ...{ generation, metageneration: 1, createdMs: nowMs, updatedMs: nowMs },
        attributes: { storageClass: storageClass ?? 'STANDARD', ...facts.attributes },
      };
      alongside();
      database.putObject(made);
      database.addEvent(randomUUID(), made);
      database.endSession(made.blob, made);
      return made;
    });
    if (current) blobs.remove(current.blob);
    handOver();
    return object;
  };

  return {
    /** Makes the draft the live object of its name and hands its finalized event over. */
    put(draft: Draft): StoredObject {
      const object = write(draft, () => {});
      changed(object);
      return object;
    },

    /** Gives the object another name in its bucket, where it is a new generation. */
    move(
      bucket: string,
      { from, to }: { from: string; to: string },
      preconditions: Preconditions,
    ): StoredObject {
      const source = get(bucket, from);
      if (from === to) throw apiError(400, 'The source and the destination are the same object.');
      const object = write({ ...source, name: to, preconditions }, () => database.removeObject(bucket, from));
      changed(source);
      changed(object);
      return object;
    },
  };
}
