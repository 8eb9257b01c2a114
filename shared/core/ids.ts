import { createHash } from 'node:crypto';

/** One version of one object: what a manifest upload is. Generations are opaque 64-bit numbers, kept as strings. */
export interface ObjectVersion {
  bucket: string;
  name: string;
  generation: string;
}

const BASE32 = 'abcdefghijklmnopqrstuvwxyz234567';

function base32(bytes: Uint8Array): string {
  let text = '';
  let buffer = 0;
  let bits = 0;
  for (const byte of bytes) {
    buffer = ((buffer << 8) | byte) & 0xffff;
    bits += 8;
    while (bits >= 5) {
      bits -= 5;
      text += BASE32[(buffer >> bits) & 31];
    }
  }
  return bits > 0 ? text + BASE32[(buffer << (5 - bits)) & 31] : text;
}

/** SHA-256 in lowercase base32, 52 characters: legal in labels, document ids and job ids. */
export function digest(content: string | Uint8Array): string {
  return base32(createHash('sha256').update(content).digest());
}

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

/** The `gs://` URI of an object; names are opaque and never encoded. */
export function gsUri({ bucket, name }: { bucket: string; name: string }): string {
  return `gs://${bucket}/${name}`;
}
