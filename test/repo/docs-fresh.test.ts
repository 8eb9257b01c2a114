import { describe, expect, test } from 'vitest';
import { fieldsOf } from '../../scripts/docs/interfaces.ts';
import { MANIFEST_EXAMPLES } from '../../scripts/docs/manifest.ts';
import { PAGES } from '../../scripts/docs/pages.ts';
import { parseManifest } from '../../shared/core/manifest/manifest.ts';
import { readRepoFile, repoFiles } from '../support/repo-files.ts';

describe('a generated page', () => {
  test.each(PAGES)('$path says what the code says', ({ path, render }) => {
    const isFresh = repoFiles().includes(path) && readRepoFile(path) === render();
    expect(isFresh, `${path} is stale: run \`npm run docs\` and look at what changed`).toBe(true);
  });

  test('is read from interfaces field by field', () => {
    const source = [
      'export interface Other { x: 1 }',
      'export interface Sample extends Other {',
      '  /** Why. */',
      '  name: string;',
      '  size?: { bytes: number };',
      '}',
      'export interface Next {',
      '  not: never;',
      '}',
    ].join('\n');
    expect(fieldsOf(source, 'Sample')).toEqual([
      { name: 'name', type: 'string', isOptional: false },
      { name: 'size', type: '{ bytes: number }', isOptional: true },
    ]);
    expect(() => fieldsOf(source, 'Missing')).toThrow('no interface Missing');
  });
});

test.each(MANIFEST_EXAMPLES)('the manifest of docs/manifest.md is right: $title', ({ manifest }) => {
  const bytes = new TextEncoder().encode(JSON.stringify(manifest));
  expect(parseManifest(bytes, { uri: 'gs://inbox/team/tune.json' }).issues).toEqual([]);
});
