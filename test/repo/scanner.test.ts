import { fileURLToPath } from 'node:url';
import { expect, test } from 'vitest';
import { compileScanner, SCANNER_FILE } from '../../scripts/build/scanner.ts';
import { SCAN_WASM } from '../../shared/core/dataset/scan/scan-wasm.ts';
import { readRepoFile } from '../support/repo-files.ts';

const ROOT = fileURLToPath(new URL('../..', import.meta.url));

test('the code of the scanner is what its source compiles to, byte by byte', async () => {
  expect(await compileScanner(ROOT)).toBe(readRepoFile(SCANNER_FILE));
});

test('it is small enough to be loaded by every check', () => {
  expect(Buffer.from(SCAN_WASM, 'base64').length).toBeLessThan(10_000);
});
