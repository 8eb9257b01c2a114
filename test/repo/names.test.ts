import { expect, test } from 'vitest';
import { readRepoFile, repoFiles } from '../support/repo-files.ts';
import { exportedNames } from '../support/source-text.ts';

const SOURCES = /^(?:functions|shared|local|cli|scripts|bench)\/.*\.(?:ts|mjs)$/;

/** Names that two files export for the same thing: the embedded cloud may not import product code, nor scripts what runs. */
const SAME_MEANING: Readonly<Record<string, string>> = {
  Clock: 'asks for the time, in the product and in the embedded cloud',
  parseGsUri: 'cuts `gs://bucket/name` in two, in the product and in the embedded cloud',
};

/** Every exported name with the files that export it. */
function ownersOf(sources: ReadonlyMap<string, string>): Map<string, string[]> {
  const owners = new Map<string, string[]>();
  for (const [file, source] of sources) {
    for (const name of exportedNames(source)) owners.set(name, [...(owners.get(name) ?? []), file]);
  }
  return owners;
}

const shared = (owners: Map<string, string[]>) => [...owners].filter(([, files]) => files.length > 1);

test('an exported name means one thing', () => {
  const owners = ownersOf(new Map(repoFiles(SOURCES).map((file) => [file, readRepoFile(file)])));
  expect(owners.size).toBeGreaterThan(1000);
  expect(shared(owners).filter(([name]) => !(name in SAME_MEANING))).toEqual([]);
});

test('a planted second meaning is found', () => {
  const sources = {
    'a.ts': 'export interface Outcome {}\nexport const table = [1];\n// export class Page {}',
    'b.ts': 'export type Outcome = string;\nexport async function read() {}\nconst table = 2;',
    'c.ts': "export { type Outcome } from './a.ts';\nexport class Page {}",
  };
  expect(shared(ownersOf(new Map(Object.entries(sources))))).toEqual([['Outcome', ['a.ts', 'b.ts']]]);
});
