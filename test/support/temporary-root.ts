import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';

/** One folder for a run of the tests, with all temporary folders in it. Workers may be ended at any time; this process is not. */
const ROOT = 'TUNEDROP_TEST_FOLDER';

export function setup(): void {
  process.env[ROOT] = mkdtempSync(join(tmpdir(), 'tunedrop-test-'));
}

export function teardown(): void {
  const root = process.env[ROOT];
  if (root) rmSync(root, { recursive: true, force: true, maxRetries: 3 });
}

export const temporaryRoot = (): string => process.env[ROOT] ?? tmpdir();
