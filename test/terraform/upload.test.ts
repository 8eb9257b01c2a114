import { expect, test } from 'vitest';
import { readRepoFile } from '../support/repo-files.ts';

/** Names that an ignore file has, each for any depth. */
const namesIn = (file: string) =>
  readRepoFile(file)
    .split('\n')
    .map((line) => line.trim())
    .filter((line) => line !== '' && !line.startsWith('#'));

const left = namesIn('.gcloudignore');

test('gcloud uploads nothing that git does not keep: no packages, no state, no bundles', () => {
  const ignored = [...namesIn('.gitignore'), ...namesIn('terraform/.gitignore')];
  expect(ignored).toContain('node_modules/');
  expect(ignored.filter((name) => !left.includes(name))).toEqual([]);
  expect(left).toContain('.git/');
});

test('gcloud uploads .gitignore, which `npm run check` and the tests read, and which it leaves out by itself', () => {
  expect(left).not.toContain('.gitignore');
  expect(left.filter((name) => /include|^\*$|lock/.test(name))).toEqual([]);
});
