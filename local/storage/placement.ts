/** Where the bytes of an object go below its bucket's folder. */

import { lstatSync, mkdirSync, rmdirSync, type Stats } from 'node:fs';
import { dirname, join } from 'node:path';
import { hiddenPath, isPlainName } from './names.ts';

/** The name itself as a path, or the hidden place when the name is awkward or something else stands in its way. */
export function choosePath(root: string, name: string): string {
  if (!isPlainName(root, name)) return hiddenPath(name);
  if (parentsOf(name).some((parent) => isInTheWay(join(root, parent), 'directory'))) return hiddenPath(name);
  return isInTheWay(join(root, name), 'file') ? hiddenPath(name) : name;
}

/** `a/b/c` has the parents `a/b` and `a`. */
function parentsOf(path: string): string[] {
  const parent = dirname(path);
  return parent === '.' ? [] : [parent, ...parentsOf(parent)];
}

function isInTheWay(path: string, wanted: 'file' | 'directory'): boolean {
  const stats = entryAt(path);
  if (!stats) return false;
  if (wanted === 'directory') return !stats.isDirectory();
  if (stats.isDirectory()) return !removedWhenEmpty(path);
  return !stats.isFile() && !stats.isSymbolicLink();
}

function entryAt(path: string): Stats | undefined {
  try {
    return lstatSync(path, { throwIfNoEntry: false });
  } catch {
    return undefined; // a parent that is a file: seen when that parent is looked at
  }
}

export function makeParents(file: string): void {
  mkdirSync(dirname(file), { recursive: true });
}

/** A bucket has no folders of its own: one that held the last of its objects goes with it. */
export function removeEmptyParents(root: string, path: string): void {
  for (const parent of parentsOf(path)) if (!removedWhenEmpty(join(root, parent))) return;
}

function removedWhenEmpty(folder: string): boolean {
  try {
    rmdirSync(folder);
    return true;
  } catch {
    return false;
  }
}
