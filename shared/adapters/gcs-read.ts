import { createHash } from 'node:crypto';
import type { Readable } from 'node:stream';
import { CRC32C } from '@google-cloud/storage';
import { TuneError } from '../core/errors/errors.ts';
import type { ObjectInfo } from '../ports.ts';
import { timeout } from './retry.ts';

/** Silence after which a download counts as broken. */
const STALL_MS = 30_000;
/** Breaks in a row without a byte between them after which a read is given up. */
const MAXIMUM_BREAKS = 4;

export interface VersionReader {
  /** Opens the content from `offset` on. */
  open: (offset: number) => Readable;
  content: () => Promise<Pick<ObjectInfo, 'sizeBytes' | 'crc32c' | 'md5Hash'>>;
  toError: (error: unknown) => TuneError;
  uri: string;
}

/**
 * The bytes of one version of an object, exactly: a broken download goes on where it stopped, at the same generation,
 * and the end is reported only when the checksum is right. MD5 where the object has one, since Node computes it natively.
 */
export async function* readVersion({
  open,
  content,
  toError,
  uri,
}: VersionReader): AsyncGenerator<Uint8Array> {
  const { sizeBytes: total, md5Hash, crc32c } = await content();
  const sum = md5Hash ? md5Sum() : crc32cSum();
  let offset = 0;
  let breaks = 0;
  while (offset < total) {
    try {
      for await (const chunk of withoutStalls(open(offset), uri)) {
        sum.update(chunk);
        offset += chunk.length;
        breaks = 0;
        yield chunk;
      }
      if (offset < total) throw new TuneError('ambiguous', `${uri} ended early`, { reason: 'ShortRead' });
    } catch (thrown) {
      const error = toError(thrown);
      breaks += 1;
      if (error.retry !== 'soon' || breaks >= MAXIMUM_BREAKS) throw error;
    }
  }
  if (sum.digest() !== (md5Hash ?? crc32c)) {
    throw new TuneError('ambiguous', `${uri} arrived with another checksum`, { reason: 'ChecksumMismatch' });
  }
}

interface Sum {
  update(chunk: Uint8Array): void;
  digest(): string;
}

function md5Sum(): Sum {
  const hash = createHash('md5');
  return { update: (chunk) => void hash.update(chunk), digest: () => hash.digest('base64') };
}

/** Composed objects have no MD5; the client's own CRC-32C is slow and always there. */
function crc32cSum(): Sum {
  const crc = new CRC32C();
  return { update: (chunk) => crc.update(Buffer.from(chunk)), digest: () => crc.toString() };
}

/** The client has no time-out of its own. */
async function* withoutStalls(stream: Readable, uri: string): AsyncGenerator<Uint8Array> {
  let timer: NodeJS.Timeout | undefined;
  const watch = () => {
    clearTimeout(timer);
    timer = setTimeout(() => stream.destroy(timeout(`reading ${uri}`, STALL_MS)), STALL_MS);
  };
  try {
    watch();
    for await (const chunk of stream as AsyncIterable<Uint8Array>) {
      watch();
      yield chunk;
      watch();
    }
  } finally {
    clearTimeout(timer);
    stream.destroy();
  }
}
