import { createHash } from 'node:crypto';
import { expect, onTestFinished, test } from 'vitest';
import { openDeployment } from '../../cli/deployment/open.ts';
import { startCloud } from '../../local/cloud.ts';
import { temporaryFolder } from '../support/service-options.ts';

const NO_FLAGS = { project: undefined, bucket: undefined, database: undefined, region: undefined };

test('an upload whose connection breaks goes on where the service says, and ends as the same bytes', async () => {
  const cloud = await startCloud({ dataDir: temporaryFolder(), log: () => {}, environment: {} });
  onTestFinished(() => cloud.close());
  const bytes = new Uint8Array(20 * 1024 * 1024).map((_, at) => at % 251);
  const source = {
    sizeBytes: bytes.length,
    md5: createHash('md5').update(bytes).digest('base64'),
    read: async (from: number, to: number) => bytes.subarray(from, to),
  };
  const place = { bucket: cloud.buckets.results ?? '', name: 'large' };
  cloud.faults.storage.script('upload', [
    { kind: 'ok' },
    { kind: 'break', afterBytes: 1_000_000 },
    { kind: 'break', afterBytes: 10 },
  ]);
  const seen: number[] = [];
  const objects = openDeployment(NO_FLAGS, { folder: '', environment: cloud.clientEnvironment }).objects();
  const facts = await objects.upload(place, source, {
    ifGeneration: '0',
    onProgress: (sent) => seen.push(sent),
  });
  expect(cloud.faults.storage.remaining()).toEqual({});
  expect(facts).toMatchObject({ sizeBytes: bytes.length, md5: source.md5 });
  expect(seen).toEqual(seen.toSorted((a, b) => a - b));
  await expect(objects.upload(place, source, { ifGeneration: '0' })).rejects.toThrow(
    'changed by somebody else',
  );
});
