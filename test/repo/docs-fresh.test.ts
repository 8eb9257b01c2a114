import { describe, expect, test } from 'vitest';
import * as z from 'zod';
import { MANIFEST_EXAMPLES } from '../../scripts/docs/manifest-examples.ts';
import { PAGES } from '../../scripts/docs/pages.ts';
import { fieldsOf, objectsIn } from '../../scripts/docs/schema-fields.ts';
import { parseManifest } from '../../shared/core/manifest/manifest.ts';
import { readRepoFile, repoFiles } from '../support/repo-files.ts';

describe('a generated page', () => {
  test.each(PAGES)('$path says what the code says', ({ path, render }) => {
    const isFresh = repoFiles().includes(path) && readRepoFile(path) === render();
    expect(isFresh, `${path} is stale: run \`npm run docs\` and look at what changed`).toBe(true);
  });

  test('is read from schemas field by field, each kind of object once', () => {
    const point = z.object({
      x: z.number().describe('Across.'),
      y: z.number().optional().describe('Up.'),
    });
    const sample = z.object({
      name: z.string().nullable().describe('Who.'),
      size: z.object({ bytes: z.number().describe('Its size.') }).describe('How large.'),
      kinds: z
        .array(z.enum(['a', 'b']))
        .default([])
        .describe('Which.'),
      from: point.describe('The beginning.'),
      path: z.array(point).optional().describe('The way.'),
    });
    expect(objectsIn(sample, 'it')).toEqual([
      {
        paths: ['it'],
        fields: [
          { name: 'name', type: 'string | null', isOptional: false, meaning: 'Who.' },
          { name: 'size', type: '{ bytes: number }', isOptional: false, meaning: 'How large.' },
          { name: 'kinds', type: '("a" | "b")[]', isOptional: false, meaning: 'Which.' },
          { name: 'from', type: 'object', isOptional: false, meaning: 'The beginning.' },
          { name: 'path', type: 'object[]', isOptional: true, meaning: 'The way.' },
        ],
      },
      {
        paths: ['it.from', 'it.path[]'],
        fields: [
          { name: 'x', type: 'number', isOptional: false, meaning: 'Across.' },
          { name: 'y', type: 'number', isOptional: true, meaning: 'Up.' },
        ],
      },
    ]);
  });

  test('has a sentence for every field, or is not made', () => {
    expect(() => fieldsOf(z.object({ silent: z.string() }))).toThrow('silent has no description');
  });
});

test.each(MANIFEST_EXAMPLES)('the manifest of docs/manifest.md is right: $title', ({ manifest }) => {
  const bytes = new TextEncoder().encode(JSON.stringify(manifest));
  expect(parseManifest(bytes, { uri: 'gs://inbox/team/tune.json' }).issues).toEqual([]);
});
