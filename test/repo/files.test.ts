import { describe, expect, test } from 'vitest';
import { readRepoFile, repoFiles } from '../support/repo-files.ts';

const MAX_LINES = 400;
const MAX_README_LINES = 120;

/** Files that may be longer, because they are one table that nobody reads from top to bottom. */
const LONG_TABLES: Record<string, string> = {
  'shared/core/issues/dataset.ts': 'the catalog of what can be wrong with a data set, one row a code',
  'shared/core/issues/manifest.ts': 'the catalog of what can be wrong with a manifest, one row a code',
  'test/core/dataset-issues.test.ts': 'the table of uploads and what is said of them, one row an upload',
};

function lineCount(file: string): number {
  return readRepoFile(file).trimEnd().split('\n').length;
}

test('a TypeScript file has at most 400 lines', () => {
  const long = repoFiles(/\.ts$/).filter((file) => !(file in LONG_TABLES) && lineCount(file) > MAX_LINES);
  expect(long.map((file) => `${file} has ${lineCount(file)}`)).toEqual([]);
});

test('every long table is still there', () => {
  expect(Object.keys(LONG_TABLES).filter((file) => !repoFiles().includes(file))).toEqual([]);
});

test.runIf(repoFiles().includes('README.md'))('the README is read in one sitting', () => {
  expect(lineCount('README.md')).toBeLessThanOrEqual(MAX_README_LINES);
});

describe('package-lock.json', () => {
  const { packages } = JSON.parse(readRepoFile('package-lock.json')) as {
    packages: Record<string, { resolved?: string; integrity?: string; version?: string }>;
  };
  const installed = Object.entries(packages).filter(([path]) => path !== '');

  test('names no address, so that it installs from whatever registry npm is configured with', () => {
    expect(installed.length).toBeGreaterThan(100);
    expect(installed.filter(([, { resolved }]) => resolved !== undefined)).toEqual([]);
  });

  test('has the checksum of every package', () => {
    expect(
      installed.filter(([, { integrity }]) => !integrity?.startsWith('sha512-')).map(([path]) => path),
    ).toEqual([]);
  });
});
