import { createHash } from 'node:crypto';
import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { crc32c, crc32cText } from '../../local/storage/engine/crc32c.ts';
import { createDigest } from '../../local/storage/engine/digest.ts';

/** One bit at a time, as the polynomial is defined. */
function slowCrc32c(bytes: Uint8Array): number {
  let crc = ~0;
  for (const byte of bytes) {
    crc ^= byte;
    for (let bit = 0; bit < 8; bit++) crc = crc & 1 ? (crc >>> 1) ^ 0x82f63b78 : crc >>> 1;
  }
  return ~crc >>> 0;
}

describe('CRC-32C', () => {
  it.each([
    { text: '', checksum: 0 },
    { text: '123456789', checksum: 0xe3069283 },
    { text: '\0'.repeat(32), checksum: 0x8a9136aa },
  ])('of a published example ($text)', ({ text, checksum }) => {
    expect(crc32c(Buffer.from(text))).toBe(checksum);
  });

  it('is the same however the bytes are cut', () => {
    fc.assert(
      fc.property(fc.uint8Array({ maxLength: 200 }), fc.nat(200), (bytes, cut) => {
        const whole = slowCrc32c(bytes);
        expect(crc32c(bytes)).toBe(whole);
        expect(crc32c(bytes.subarray(cut), crc32c(bytes.subarray(0, cut)))).toBe(whole);
      }),
    );
  });

  it('is written big end first', () => {
    expect(crc32cText(0x01020304)).toBe('AQIDBA==');
  });
});

describe('a digest', () => {
  it('counts and sums what it was given in pieces', () => {
    const digest = createDigest();
    digest.update(Buffer.from('12345'));
    digest.update(Buffer.from('6789'));
    expect(digest.finish()).toEqual({
      size: 9,
      crc32c: '4waSgw==',
      md5Hash: createHash('md5').update('123456789').digest('base64'),
    });
  });
});
