/** The objects of all buckets: bytes in files, the rest in the catalog. A write is staged first and then happens in one moment. */

import { randomUUID } from 'node:crypto';
import { mkdirSync, renameSync, unlinkSync } from 'node:fs';
import { type FileHandle, open } from 'node:fs/promises';
import { join } from 'node:path';
import type { Clock } from '../clock.ts';
import { noSuchBucket, noSuchObject } from './api-error.ts';
import type { Catalog } from './catalog.ts';
import type { Checksums } from './digest.ts';
import { HIDDEN_FOLDER } from './names.ts';
import type { Outbox } from './outbox.ts';
import { createPatience } from './patience.ts';
import { choosePath, makeParents, removeEmptyParents } from './placement.ts';
import { checkPreconditions, type Preconditions } from './preconditions.ts';
import type { ObjectAttributes, StoredObject } from './resource.ts';
import { signatureAt, signatureOf } from './signature.ts';

/** An object that is ready to exist: its bytes are in a staged file. */
export interface Draft extends Checksums {
  bucket: string;
  name: string;
  staged: string;
  attributes: ObjectAttributes;
  preconditions: Preconditions;
  componentCount?: number;
}

/** A file found in the folder, already at its place. */
export interface FoundFile extends Required<Checksums> {
  bucket: string;
  name: string;
  path: string;
  signature: string;
  attributes: ObjectAttributes;
}

export interface OpenObject {
  object: StoredObject;
  handle: FileHandle;
}

interface StoreOptions {
  catalog: Catalog;
  clock: Clock;
  outbox: Outbox;
  /** Resolves once a change by hand at this path has become part of the catalog. */
  settled: (bucket: string, path: string) => Promise<void>;
}

/** What one try came to: done, or first a change by hand at this path has to be taken in. */
type Outcome<T> = { result: T } | { unsettled: string };

export type Store = ReturnType<typeof createStore>;

export function createStore({ catalog, clock, outbox, settled }: StoreOptions) {
  const folders = new Map<string, string>();

  const folderOf = (bucket: string): string => {
    const folder = folders.get(bucket);
    if (folder === undefined) throw noSuchBucket();
    return folder;
  };
  const fileOf = (object: { bucket: string; path: string }) => join(folderOf(object.bucket), object.path);

  const find = (bucket: string, name: string): StoredObject | undefined => {
    folderOf(bucket);
    return catalog.object(bucket, name);
  };

  const get = (bucket: string, name: string): StoredObject => {
    const object = find(bucket, name);
    if (!object) throw noSuchObject(bucket, name);
    return object;
  };

  /** The first path among these whose file is not what the catalog says. */
  const changedByHand = (bucket: string, paths: string[]): string | undefined =>
    paths.find((path) => signatureAt(fileOf({ bucket, path })) !== catalog.objectAt(bucket, path)?.signature);

  const whenSettled = async <T>(bucket: string, attempt: () => Outcome<T>): Promise<T> => {
    const patience = createPatience();
    for (;;) {
      const outcome = attempt();
      if ('result' in outcome) return outcome.result;
      await patience(settled(bucket, outcome.unsettled));
    }
  };

  const newObject = (
    parts: Omit<StoredObject, 'generation' | 'metageneration' | 'createdMs' | 'updatedMs'>,
  ): StoredObject => {
    const nowMs = clock.now();
    const generation = catalog.nextGeneration(nowMs);
    return { ...parts, generation, metageneration: 1, createdMs: nowMs, updatedMs: nowMs };
  };

  const removeFile = (object: StoredObject) => {
    try {
      unlinkSync(fileOf(object));
    } catch {
      // gone already, or a folder took its place
    }
    removeEmptyParents(folderOf(object.bucket), object.path);
  };

  const tryCommit = ({ staged, preconditions, ...facts }: Draft): Outcome<StoredObject> => {
    const { bucket, name } = facts;
    const current = find(bucket, name);
    const path = choosePath(folderOf(bucket), name);
    const unsettled = changedByHand(bucket, current ? [current.path, path] : [path]);
    if (unsettled !== undefined) return { unsettled };
    checkPreconditions(preconditions, current, 'write');

    const file = fileOf({ bucket, path });
    const intended = newObject({ ...facts, path, signature: signatureAt(staged) ?? '' });
    makeParents(file);
    catalog.intend(staged, intended);
    renameSync(staged, file);
    // The rename changed the file's change time.
    const object = { ...intended, signature: signatureAt(file) ?? '' };
    outbox.finalize(object, staged);
    if (current && current.path !== path) removeFile(current);
    return { result: object };
  };

  const tryRemove = (
    bucket: string,
    name: string,
    check: (current: StoredObject) => void,
  ): Outcome<undefined> => {
    const current = get(bucket, name);
    const unsettled = changedByHand(bucket, [current.path]);
    if (unsettled !== undefined) return { unsettled };
    check(current);
    removeFile(current);
    catalog.removeObject(bucket, name);
    return { result: undefined };
  };

  /** The object's open file when it still is what the catalog says; it then reads that generation whatever happens. */
  const tryOpen = async (object: StoredObject): Promise<FileHandle | undefined> => {
    const handle = await open(fileOf(object), 'r').catch(() => undefined);
    if (!handle) return undefined;
    if (signatureOf(await handle.stat({ bigint: true })) === object.signature) return handle;
    await handle.close();
    return undefined;
  };

  return {
    folderOf,
    fileOf,
    /** The live object, if there is one; 404 for a bucket that is not. */
    find,
    /** The live object, or 404. */
    get,

    addBucket(bucket: string, folder: string) {
      mkdirSync(folder, { recursive: true });
      folders.set(bucket, folder);
    },
    removeBucket: (bucket: string) => void folders.delete(bucket),
    bucketNames: () => [...folders.keys()],

    /** A new file on the bucket's own disk, so that a rename puts it in place. */
    stagingFile(bucket: string, id: string = randomUUID()): string {
      const file = fileOf({ bucket, path: `${HIDDEN_FOLDER}/staging/${id}` });
      makeParents(file);
      return file;
    },

    /** Makes the draft the live object and hands its finalized event over. */
    commit: (draft: Draft) => whenSettled(draft.bucket, () => tryCommit(draft)),

    /** Takes the object away; `check` sees the live object first. */
    remove: (bucket: string, name: string, check: (current: StoredObject) => void) =>
      whenSettled(bucket, () => tryRemove(bucket, name, check)),

    /** Changes what is said about the object, not its bytes. */
    update(object: StoredObject, attributes: ObjectAttributes): StoredObject {
      const metageneration = object.metageneration + 1;
      const updated = { ...object, attributes, metageneration, updatedMs: clock.now() };
      catalog.putObject(updated);
      return updated;
    },

    /** Opens the live object for reading, after `check` has seen it. The caller closes the handle. */
    async open(bucket: string, name: string, check: (current: StoredObject) => void): Promise<OpenObject> {
      const patience = createPatience();
      for (;;) {
        const object = get(bucket, name);
        check(object);
        const handle = await tryOpen(object);
        if (handle) return { object, handle };
        const isReplaced = find(bucket, name)?.signature !== object.signature;
        if (!isReplaced) await patience(settled(bucket, object.path));
      }
    },

    /** A file dropped by hand becomes the live object of its name. */
    adopt(file: FoundFile) {
      const previous = catalog.object(file.bucket, file.name);
      outbox.finalize(newObject(file));
      if (previous && previous.path !== file.path) removeFile(previous);
    },

    /** The object's file was taken away by hand. */
    forget: (object: StoredObject) => catalog.removeObject(object.bucket, object.name),
  };
}
