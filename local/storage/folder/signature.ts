/** A file's identity on disk: inode, size, modification and change time. By it a change made by hand differs from a write of ours. */

import { type BigIntStats, statSync } from 'node:fs';

/** Change time is in it because `cp -p` over a file keeps inode, size and modification time. */
export function signatureOf(stats: BigIntStats): string {
  return [stats.ino, stats.size, stats.mtimeNs, stats.ctimeNs].join(':');
}

/** The regular file at this path, links followed; undefined when there is none. */
export function fileAt(path: string): BigIntStats | undefined {
  try {
    const stats = statSync(path, { bigint: true, throwIfNoEntry: false });
    return stats?.isFile() ? stats : undefined;
  } catch {
    return undefined; // a parent that is a file, a loop of links, no permission: no object either way
  }
}

/** Same size and modification time: with the same checksums too, only the file's attributes changed (`chmod`), not its bytes. */
export function sameWriting(one: string, other: string): boolean {
  return one.split(':').slice(1, 3).join(':') === other.split(':').slice(1, 3).join(':');
}
