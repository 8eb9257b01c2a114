/** Where the file of an object lies below its bucket's folder. */

import { lstatSync, mkdirSync, rmdirSync, type Stats } from 'node:fs';
import { dirname, join } from 'node:path';
import { fileAt, signatureOf } from './signature.ts';

/** A file as it was at one moment. */
export interface Glimpse {
  /** Equal as long as nothing changed. */
  signature: string;
  changedMs: number;
}

/** The file at this path, if there is one. A linked file is one; nothing is looked for behind a linked folder. */
export function glimpse(root: string, path: string): Glimpse | undefined {
  if (hasForeignParent(root, path)) return undefined;
  const stats = fileAt(join(root, path));
  return stats && { signature: signatureOf(stats), changedMs: Number(stats.ctimeMs) };
}

/** True when something else stands where this file or one of its folders would be. An empty folder makes way. */
export function isBlocked(root: string, path: string): boolean {
  if (hasForeignParent(root, path)) return true;
  const stats = entryAt(join(root, path));
  if (stats?.isDirectory()) return !removedWhenEmpty(join(root, path));
  return stats !== undefined && !stats.isFile() && !stats.isSymbolicLink();
}

function hasForeignParent(root: string, path: string): boolean {
  return parentsOf(path).some((parent) => entryAt(join(root, parent))?.isDirectory() === false);
}

/** `a/b/c` has the parents `a/b` and `a`. */
function parentsOf(path: string): string[] {
  const parent = dirname(path);
  return parent === '.' ? [] : [parent, ...parentsOf(parent)];
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
