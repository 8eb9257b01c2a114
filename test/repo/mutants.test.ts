import { existsSync } from 'node:fs';
import { join } from 'node:path';
import { describe, expect, test } from 'vitest';
import { THREATS } from '../../scripts/docs/threats.ts';
import { MUTANTS } from '../mutants/mutants.ts';
import { SCANNER_MUTANTS } from '../mutants/scanner-mutants.ts';
import { ROOT, readRepoFile } from '../support/repo-files.ts';

test('every threat has a row, and each of its tests is there', () => {
  expect(THREATS.map(({ id }) => id)).toEqual(Array.from({ length: 25 }, (_, index) => `T${index + 1}`));
  const tests = THREATS.flatMap((threat) => threat.tests);
  expect(tests.filter((path) => !existsSync(join(ROOT, path)))).toEqual([]);
  expect(THREATS.filter((threat) => threat.tests.length === 0)).toEqual([]);
});

test('each threat has a defence that is taken away', () => {
  const taken = new Set(MUTANTS.map(({ threat }) => threat));
  expect(THREATS.map(({ id }) => id).filter((id) => !taken.has(id))).toEqual([]);
});

describe('a defence that is taken away', () => {
  test.each([...MUTANTS, ...SCANNER_MUTANTS])(
    '$threat: $what: still stands in $file, once',
    ({ file, from, to, test: path }) => {
      expect(readRepoFile(file).split(from)).toHaveLength(2);
      expect(to).not.toBe(from);
      expect(existsSync(join(ROOT, path))).toBe(true);
    },
  );

  test.each(MUTANTS)('$threat: $what: is named with its threat by $test', ({ threat, test: path }) => {
    expect(THREATS.find(({ id }) => id === threat)?.tests).toContain(path);
  });
});
