/** Doing what was decided at a path. Each step looks again right before it changes something, and leaves alone what changed. */

import { randomUUID } from 'node:crypto';
import { constants, createReadStream, mkdirSync, renameSync, rmSync, unlinkSync } from 'node:fs';
import { copyFile } from 'node:fs/promises';
import { join } from 'node:path';
import type { StorageClient } from '../client.ts';
import { contentTypeOf } from '../content-type.ts';
import { digestFile } from '../engine/digest.ts';
import type { StoredObject } from '../engine/object.ts';
import type { FolderStep } from './decide.ts';
import type { Ledger } from './ledger.ts';
import { glimpse, isBlocked, makeParents, removeEmptyParents } from './place.ts';
import { HIDDEN_FOLDER } from './plain-path.ts';

export interface StepOptions {
  bucket: string;
  root: string;
  client: StorageClient;
  ledger: Ledger;
  /** The live object of this name. */
  find: (name: string) => StoredObject | undefined;
  /** The file that has an object's bytes. */
  fileOf: (object: StoredObject) => string;
}

/** Resolves false when nothing more can be done at this path for now. */
type DoFolderStep = (path: string) => Promise<boolean>;

export function createSteps(options: StepOptions): Record<Exclude<FolderStep, 'nothing'>, DoFolderStep> {
  const { bucket, root, client, ledger, find } = options;
  const upload = uploadStep(options);

  return {
    upload,
    'upload what differs': async (path) => {
      const before = glimpse(root, path);
      const object = find(path);
      if (!before || !object) return true;
      const { crc32c, size } = await digestFile(join(root, path));
      if (glimpse(root, path)?.signature !== before.signature) return true;
      if (crc32c !== object.crc32c || size !== object.size) return await upload(path);
      ledger.put(path, { signature: before.signature, generation: String(object.generation) });
      return true;
    },
    'write file': writeStep(options),
    'remove file': async (path) => {
      if (glimpse(root, path)?.signature !== ledger.get(path)?.signature) return true;
      unlinkSync(join(root, path));
      removeEmptyParents(root, path);
      ledger.remove(path);
      return true;
    },
    'remove object': async (name) => {
      const generation = ledger.get(name)?.generation;
      if (generation !== undefined) await client.remove({ bucket, name, generation });
      if (!find(name)) ledger.remove(name);
      return true;
    },
    forget: async (path) => {
      ledger.remove(path);
      return true;
    },
  };
}

/** The file as it is now; when it changes while it is read, nothing becomes of the upload. */
function uploadStep({ bucket, root, client, ledger }: StepOptions): DoFolderStep {
  return async (name) => {
    const before = glimpse(root, name);
    if (!before) return true;
    let didChange = false;
    async function* unchanged(): AsyncGenerator<Buffer> {
      yield* createReadStream(join(root, name), { highWaterMark: 256 * 1024 });
      didChange = glimpse(root, name)?.signature !== before?.signature;
      if (didChange) throw new Error('the file changed while it was read');
    }
    try {
      const contentType = contentTypeOf(name);
      const { generation } = await client.upload({ bucket, name, contentType, body: unchanged() });
      ledger.put(name, { signature: before.signature, generation });
    } catch (error) {
      if (!didChange) throw error;
    }
    return true;
  };
}

/** A copy of the object's bytes, put in place by a rename: a file that a person edits is never the object's own. */
function writeStep({ root, ledger, find, fileOf }: StepOptions): DoFolderStep {
  return async (path) => {
    const object = find(path);
    const before = glimpse(root, path)?.signature;
    if (!object) return true;
    if (isBlocked(root, path)) return false;
    const target = join(root, path);
    const copy = join(root, HIDDEN_FOLDER, randomUUID());
    mkdirSync(join(root, HIDDEN_FOLDER), { recursive: true });
    try {
      await copyFile(fileOf(object), copy, constants.COPYFILE_FICLONE);
      if (glimpse(root, path)?.signature !== before || isBlocked(root, path)) return true;
      makeParents(target);
      renameSync(copy, target);
      const signature = glimpse(root, path)?.signature ?? '';
      ledger.put(path, { signature, generation: String(object.generation) });
      return true;
    } catch (error) {
      // Replaced while it was copied: the next look finds its successor.
      if (find(path)?.blob !== object.blob) return true;
      throw error;
    } finally {
      rmSync(copy, { force: true });
    }
  };
}
