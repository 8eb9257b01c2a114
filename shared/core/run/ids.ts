import { digest } from '../objects/digest.ts';
import type { ObjectVersion } from '../objects/version.ts';

/**
 * The id of the run that an uploaded manifest is: the same upload gives the same id however often its event arrives.
 * Starts with a letter and has 41 characters of [a-z2-7], so it serves as document id, job id suffix and label value.
 */
export function runIdOf({ bucket, name, generation }: ObjectVersion): string {
  return `r${digest(`${bucket}\0${name}\0${generation}`).slice(0, 40)}`;
}

/**
 * The id of the run that new data opens after a rejection: the manifest is the same version, so the versions of the data tell the runs
 * apart. The same data gives the same id.
 */
export function runIdWithData(manifest: ObjectVersion, data: readonly ObjectVersion[]): string {
  const parts = [manifest, ...data].map(
    ({ bucket, name, generation }) => `${bucket}\0${name}\0${generation}`,
  );
  return `r${digest(parts.join('\0')).slice(0, 40)}`;
}

/** The id of one run of a sweep, by its place from 1: the manifest's run is the same upload, so this is one id for each of its places. */
export function runIdOfSwept(parentId: string, index: number): string {
  return `r${digest(`${parentId}\0sweep\0${index}`).slice(0, 40)}`;
}

/** The id of a manifest path, whatever its generation. */
export function manifestIdOf({ bucket, name }: { bucket: string; name: string }): string {
  return `m${digest(`${bucket}\0${name}`).slice(0, 40)}`;
}
