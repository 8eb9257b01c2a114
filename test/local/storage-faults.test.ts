import { randomBytes } from 'node:crypto';
import { buffer } from 'node:stream/consumers';
import type { Bucket } from '@google-cloud/storage';
import { afterEach, beforeEach, describe, expect, it, vi } from 'vitest';
import type { Fault } from '../../local/faults.ts';
import { type Harness, startHarness } from '../contract/storage-harness.ts';

let harness: Harness;
let bucket: Bucket;
beforeEach(async () => {
  // The client adds up to a second of chance to each delay between its tries.
  vi.spyOn(Math, 'random').mockReturnValue(0);
  harness = await startHarness();
  bucket = harness.client().bucket('inbox');
  await bucket.file('doc').save('content');
});
afterEach(async () => {
  vi.restoreAllMocks();
  await harness.close();
});

const UNAVAILABLE: Fault = { kind: 'error', status: 503 };
const RESET: Fault = { kind: 'reset' };
const error = (status: number): Fault => ({ kind: 'error', status });

interface Operation {
  method: string;
  run: (isConditional: boolean) => Promise<unknown>;
}

const generationOf = async (name: string) => String((await bucket.file(name).getMetadata())[0].generation);

/** The methods of Google's retry conformance tests (googleapis/conformance-tests, storage/v1/retry_tests.json) that are served here. */
const READS: Operation[] = [
  { method: 'storage.buckets.get', run: () => bucket.getMetadata() },
  { method: 'storage.buckets.list', run: () => harness.client().getBuckets() },
  { method: 'storage.objects.get', run: () => bucket.file('doc').getMetadata() },
  { method: 'storage.objects.list', run: () => bucket.getFiles() },
];
const WRITES: Operation[] = [
  {
    method: 'storage.objects.insert',
    run: (isConditional) =>
      bucket.file('new').save('x', isConditional ? { preconditionOpts: { ifGenerationMatch: 0 } } : {}),
  },
  {
    method: 'storage.objects.delete',
    run: async (isConditional) =>
      bucket
        .file('doc')
        .delete(isConditional ? { ifGenerationMatch: Number(await generationOf('doc')) } : {}),
  },
  {
    method: 'storage.objects.patch',
    run: (isConditional) =>
      bucket
        .file('doc')
        .setMetadata({ contentType: 'a/b' }, isConditional ? { ifMetagenerationMatch: 1 } : {}),
  },
  {
    method: 'storage.objects.rewrite',
    run: (isConditional) =>
      bucket.file('doc').copy('copy', isConditional ? { preconditionOpts: { ifGenerationMatch: 0 } } : {}),
  },
  {
    method: 'storage.objects.compose',
    run: (isConditional) =>
      bucket.combine(['doc', 'doc'], 'both', isConditional ? { ifGenerationMatch: 0 } : {}),
  },
];

const cutAfter = (afterBytes: number): Fault => ({ kind: 'break', afterBytes });

const RETRYABLE: { faults: Fault[] }[] = [
  { faults: [UNAVAILABLE, UNAVAILABLE] },
  { faults: [RESET, RESET] },
  { faults: [RESET, UNAVAILABLE] },
];

const pairs = (operations: Operation[], cases: { faults: Fault[] }[]) =>
  operations.flatMap((operation) =>
    cases.map(({ faults }) => ({
      ...operation,
      faults,
      what: faults.map((fault) => (fault.kind === 'error' ? fault.status : fault.kind)).join(', '),
    })),
  );

describe("Google's retry scenarios, met by Google's client", () => {
  it.each(pairs(READS, RETRYABLE))(
    '1: $method is tried again after $what',
    async ({ method, run, faults }) => {
      harness.faults.script(method, faults);
      await run(false);
      expect(harness.faults.remaining()).toEqual({});
    },
  );

  it.each(pairs(WRITES, RETRYABLE))(
    '2: $method under a precondition is tried again after $what',
    async ({ method, run, faults }) => {
      harness.faults.script(method, faults);
      await run(true);
      expect(harness.faults.remaining()).toEqual({});
    },
  );

  it.each(
    pairs(WRITES, [{ faults: [UNAVAILABLE] }, { faults: [RESET] }]).filter(
      ({ method }) => method !== 'storage.objects.insert',
    ),
  )('3: $method without a precondition is not tried again after $what', async ({ method, run, faults }) => {
    harness.faults.script(method, faults);
    await expect(run(false)).rejects.toThrow();
    expect(harness.faults.calls()[method]).toBe(1);
  });

  it.each(pairs([...READS, ...WRITES], [{ faults: [error(400)] }, { faults: [error(401)] }]))(
    '5: $method is not tried again after $what',
    async ({ method, run, faults }) => {
      harness.faults.script(method, faults);
      await expect(run(false)).rejects.toMatchObject({
        code: Number((faults[0] as { status: number }).status),
      });
      expect(harness.faults.remaining()).toEqual({});
    },
  );

  it.each(
    pairs([...READS, ...WRITES], [{ faults: [UNAVAILABLE, error(400)] }, { faults: [RESET, error(401)] }]),
  )('6: $method stops at the second of $what', async ({ method, run, faults }) => {
    harness.faults.script(method, faults);
    await expect(run(true)).rejects.toThrow();
    expect(harness.faults.remaining()).toEqual({});
  });

  it('7: a resumable upload goes on after a 503 in the middle of its bytes', async () => {
    const bytes = randomBytes(9 * 1024 * 1024);
    harness.faults.script('upload', [cutAfter(256 * 1024), cutAfter(1024 * 1024)]);
    const chunkSize = 2 * 1024 * 1024;
    await bucket.file('big').save(bytes, { chunkSize, preconditionOpts: { ifGenerationMatch: 0 } });
    expect(harness.faults.remaining()).toEqual({});
    expect((await bucket.file('big').download())[0].equals(bytes)).toBe(true);
  });

  it.each([
    { what: 'a reset and a 503 at its start', faults: [RESET, UNAVAILABLE] },
    { what: 'a 408 between its chunks', faults: [{ kind: 'ok' } as const, error(408)] },
  ])('7: a resumable upload goes on after $what', async ({ faults }) => {
    harness.faults.script('storage.objects.insert', faults);
    const bytes = randomBytes(600_000);
    await bucket
      .file('big')
      .save(bytes, { chunkSize: 256 * 1024, preconditionOpts: { ifGenerationMatch: 0 } });
    expect(harness.faults.remaining()).toEqual({});
    expect((await bucket.file('big').download())[0].equals(bytes)).toBe(true);
  });

  it('8: a broken download can be finished by range, at the generation it began with', async () => {
    const bytes = randomBytes(1_000_000);
    await bucket.file('big').save(bytes);
    harness.faults.script('download', [cutAfter(0), cutAfter(256 * 1024)]);
    const parts: Uint8Array[] = [];
    let received = 0;
    for (let tries = 0; received < bytes.length && tries < 5; tries++) {
      const path = `/b/inbox/o/big?alt=media&generation=${await generationOf('big')}`;
      await fetch(`${harness.url}${path}`, { headers: { range: `bytes=${received}-` } })
        .then(async (response) => {
          for await (const part of response.body ?? []) {
            parts.push(part);
            received += part.length;
          }
        })
        .catch(() => undefined);
    }
    expect(harness.faults.remaining()).toEqual({});
    expect(Buffer.concat(parts).equals(bytes)).toBe(true);
  });
});

describe('faults', () => {
  it('after the effect do the work and then lie about it', async () => {
    for (const fault of [
      { ...error(503), afterEffect: true },
      { ...RESET, afterEffect: true },
    ]) {
      harness.faults.script('storage.objects.rewrite', [fault as Fault]);
      await expect(bucket.file('doc').copy('copy')).rejects.toThrow();
      expect(await bucket.file('copy').exists()).toEqual([true]);
      await bucket.file('copy').delete();
    }
  });

  it('after the effect of a download leave the object readable', async () => {
    const once = harness.client();
    once.retryOptions.autoRetry = false;
    harness.faults.script('storage.objects.media', [{ kind: 'error', status: 503, afterEffect: true }]);
    await expect(once.bucket('inbox').file('doc').download()).rejects.toThrow();
    expect(String((await bucket.file('doc').download())[0])).toBe('content');
  });

  it('that break a download give the reader an error, never a short object', async () => {
    const bytes = randomBytes(500_000);
    await bucket.file('big').save(bytes);
    harness.faults.script('download', [cutAfter(100_000)]);
    await expect(buffer(bucket.file('big').createReadStream())).rejects.toThrow();
  });

  it('that stall a download hold until the client leaves, and do not hold up closing', async () => {
    await bucket.file('big').save(randomBytes(500_000));
    harness.faults.script('download', [{ kind: 'hang', afterBytes: 1000 }]);
    const controller = new AbortController();
    const response = await fetch(`${harness.url}/b/inbox/o/big?alt=media`, { signal: controller.signal });
    const reader = response.body?.getReader();
    expect((await reader?.read())?.value).toHaveLength(1000);
    controller.abort();
    harness.faults.script('download', [{ kind: 'hang', afterBytes: 10 }]);
    const second = await fetch(`${harness.url}/b/inbox/o/big?alt=media`);
    const left = second.text().catch(() => 'cut off');
    await harness.service.close();
    expect(await left).toBe('cut off');
  });
});
