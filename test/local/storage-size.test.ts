import { Readable } from 'node:stream';
import { finished, pipeline } from 'node:stream/promises';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { type Harness, startHarness } from '../contract/storage-harness.ts';

const MEBIBYTE = 1024 * 1024;
const SIZE = 200 * MEBIBYTE;
/** What may come on top, buffers of sockets and files with it: far under the object's own size. */
const ALLOWED = 90 * MEBIBYTE;

let harness: Harness;
beforeAll(async () => {
  harness = await startHarness();
});
afterAll(() => harness.close());

/** The most memory outside and inside the heap that was held at any chunk. */
function watchMemory() {
  const used = () => process.memoryUsage().arrayBuffers + process.memoryUsage().heapUsed;
  const before = used();
  let most = before;
  return {
    look: () => {
      most = Math.max(most, used());
    },
    growth: () => most - before,
  };
}

describe('an object of 200 MiB', { timeout: 300_000 }, () => {
  it('is uploaded, copied and read without being held in memory', async () => {
    const memory = watchMemory();
    const block = Buffer.alloc(MEBIBYTE, 'tunedrop');
    const source = Readable.from(
      (function* () {
        for (let sent = 0; sent < SIZE; sent += MEBIBYTE) {
          memory.look();
          yield block;
        }
      })(),
    );
    const bucket = harness.client().bucket('inbox');
    await pipeline(source, bucket.file('big.bin').createWriteStream({ resumable: true }));
    await bucket.file('big.bin').copy(bucket.file('copy.bin'));
    memory.look();

    let received = 0;
    const download = bucket.file('copy.bin').createReadStream();
    download.on('data', (chunk: Buffer) => {
      received += chunk.length;
      memory.look();
    });
    await finished(download);
    expect(received).toBe(SIZE);
    expect(memory.growth()).toBeLessThan(ALLOWED);
  });
});
