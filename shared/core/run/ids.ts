import { digest } from '../objects/digest.ts';
import type { ObjectVersion } from '../objects/version.ts';

/**
 * The id of the run that an uploaded manifest is: the same upload gives the same id however often its event arrives.
 * Starts with a letter and has 41 characters of [a-z2-7], so it serves as document id, job id suffix and label value.
 */
export function runIdOf({ bucket, name, generation }: ObjectVersion): string {
  return `r${digest(`${bucket}\0${name}\0${generation}`).slice(0, 40)}`;
}

/** The id of a manifest path, whatever its generation. */
export function manifestIdOf({ bucket, name }: { bucket: string; name: string }): string {
  return `m${digest(`${bucket}\0${name}`).slice(0, 40)}`;
}
