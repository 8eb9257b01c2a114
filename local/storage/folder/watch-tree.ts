/** Reports every path below a folder that may have changed: at once where the system reports it, else at the next look. */

import { type FSWatcher, lstatSync, statSync, watch } from 'node:fs';
import { readdir } from 'node:fs/promises';
import { join } from 'node:path';
import { isIgnored } from './plain-path.ts';

export interface TreeOptions {
  root: string;
  /** False where the system does not report changes (network mounts): only `walk` finds them then. */
  isWatched: boolean;
  /** A path below the root, with `/`: a file, or something that may have taken the place of one. */
  onPath: (path: string) => void;
  log: (line: string) => void;
}

/**
 * One watcher a directory, each set before that directory is read, so nothing falls between. (`fs.watch` with `recursive`
 * is, on Linux, a watcher for every single file, made after reading.)
 */
export function watchTree({ root, isWatched, onPath, log }: TreeOptions) {
  const watchers = new Map<string, FSWatcher>();
  let closed = false;

  const unwatch = (folder: string) => {
    if (!watchers.has(folder)) return;
    for (const [path, watcher] of watchers) {
      if (path !== folder && !path.startsWith(`${folder}/`)) continue;
      watcher.close();
      watchers.delete(path);
    }
  };

  const watchOne = (folder: string) => {
    if (!isWatched || closed || watchers.has(folder)) return;
    try {
      const watcher = watch(join(root, folder), (_event, filename) => {
        if (filename !== null) onEvent(below(folder, filename));
      });
      watcher.on('error', () => unwatch(folder));
      watchers.set(folder, watcher);
    } catch (error) {
      log(`changes in a folder are found by rescan only: ${String(error)}`);
    }
  };

  const onEvent = (path: string) => {
    if (closed || isIgnored(path)) return;
    // A watcher known by this path may be that of a folder moved away from here: watch anew.
    unwatch(path);
    onPath(path);
    if (isFolder(join(root, path))) void walk(path);
  };

  /** Looks at everything below a folder, watching each directory on the way. */
  const walk = async (folder = ''): Promise<void> => {
    watchOne(folder);
    const entries = await readdir(join(root, folder), { withFileTypes: true }).catch(() => []);
    for (const entry of entries) {
      const path = below(folder, entry.name);
      if (closed || isIgnored(path)) continue;
      if (entry.isDirectory()) await walk(path);
      else if (entry.isFile() || isLinkToFile(join(root, path))) onPath(path);
    }
  };

  return {
    walk,
    close() {
      closed = true;
      for (const watcher of watchers.values()) watcher.close();
      watchers.clear();
    },
  };
}

const below = (folder: string, name: string): string => (folder === '' ? name : `${folder}/${name}`);

function isFolder(path: string): boolean {
  try {
    return lstatSync(path).isDirectory();
  } catch {
    return false;
  }
}

/** A linked data set is an upload; a linked folder is not followed: it could lead round in a ring. */
function isLinkToFile(path: string): boolean {
  try {
    return statSync(path).isFile();
  } catch {
    return false;
  }
}
