import { createHash } from 'node:crypto';
import { Readable } from 'node:stream';
import { CRC32C } from '@google-cloud/storage';
import { afterEach, expect, test, vi } from 'vitest';
import { readVersion, type VersionReader } from '../../shared/adapters/gcs-read.ts';
import { asTuneError } from '../../shared/core/errors/errors.ts';

const TEXT = 'the bytes that were uploaded';
const bytes = Buffer.from(TEXT);

/** A download whose connections bring what they are told to, one after the other. */
function downloadOf(
  parts: (string | 'silence')[],
  sums: { md5Hash?: string; crc32c: string },
): VersionReader {
  const coming = [...parts];
  return {
    open: () => {
      const part = coming.shift();
      return part === 'silence' ? new Readable({ read() {} }) : Readable.from([Buffer.from(part ?? '')]);
    },
    content: async () => ({ sizeBytes: bytes.length, ...sums }),
    toError: asTuneError,
    uri: 'gs://inbox/a',
  };
}

async function textOf(download: VersionReader): Promise<string> {
  const chunks: Uint8Array[] = [];
  for await (const chunk of readVersion(download)) chunks.push(chunk);
  return Buffer.concat(chunks).toString();
}

function crcOf(content: Buffer): string {
  const crc = new CRC32C();
  crc.update(content);
  return crc.toString();
}

const MD5 = { md5Hash: createHash('md5').update(bytes).digest('base64'), crc32c: '' };
const CRC = { crc32c: crcOf(bytes) };

afterEach(() => vi.useRealTimers());

test.each([MD5, CRC])(
  'bytes that changed on the way are no verdict: the checksum is compared (%o)',
  async (sums) => {
    await expect(textOf(downloadOf([TEXT], sums))).resolves.toBe(TEXT);
    await expect(textOf(downloadOf([TEXT.replace('bytes', 'bites')], sums))).rejects.toMatchObject({
      kind: 'ambiguous',
      reason: 'ChecksumMismatch',
    });
  },
);

test('a download that brings nothing more is opened again after half a minute, where it stopped', async () => {
  vi.useFakeTimers();
  const text = textOf(downloadOf(['silence', TEXT], MD5));
  await vi.advanceTimersByTimeAsync(30_000);
  await expect(text).resolves.toBe(TEXT);
});

test('a download that stays silent is given up after four times', async () => {
  vi.useFakeTimers();
  const text = textOf(downloadOf(['silence', 'silence', 'silence', 'silence'], MD5)).catch(asTuneError);
  await vi.advanceTimersByTimeAsync(120_000);
  await expect(text).resolves.toMatchObject({ kind: 'ambiguous', reason: 'Timeout' });
});
