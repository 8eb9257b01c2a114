import { createHash } from 'node:crypto';
import { createReadStream } from 'node:fs';
import { crc32c, crc32cText } from './crc32c.ts';

/** Size and checksums of an object's bytes, as Google writes them (base64). */
export interface Checksums {
  size: number;
  crc32c: string;
  /** Absent for a composed object: the cloud has no MD5 for those. */
  md5Hash?: string | undefined;
}

/** Of bytes that were seen from the first to the last. */
export interface AllChecksums extends Checksums {
  md5Hash: string;
}

export interface Digest {
  /** Bytes seen so far. */
  readonly size: number;
  update(bytes: Uint8Array): void;
  /** Checksums of all bytes; the digest takes no more bytes after it. */
  finish(): AllChecksums;
}

export function createDigest(): Digest {
  const md5 = createHash('md5');
  let size = 0;
  let checksum = 0;
  return {
    get size() {
      return size;
    },
    update(bytes) {
      size += bytes.length;
      checksum = crc32c(bytes, checksum);
      md5.update(bytes);
    },
    finish: () => ({ size, crc32c: crc32cText(checksum), md5Hash: md5.digest('base64') }),
  };
}

export async function digestFile(file: string): Promise<AllChecksums> {
  const digest = createDigest();
  for await (const chunk of createReadStream(file, { highWaterMark: 1024 * 1024 })) digest.update(chunk);
  return digest.finish();
}
