import { describe, expect, test } from 'vitest';
import { circlesOf, importGraph } from '../support/import-circles.ts';
import { readRepoFile, repoFiles } from '../support/repo-files.ts';

const SOURCES = /^(?:functions|shared|local|cli|scripts|bench|test)\/.*\.(?:ts|mjs)$/;

test('no import makes a circle, those of types included', () => {
  const graph = importGraph(new Map(repoFiles(SOURCES).map((file) => [file, readRepoFile(file)])));
  expect([...graph.values()].flat().length).toBeGreaterThan(1000);
  expect(circlesOf(graph)).toEqual([]);
});

describe('a planted circle is found', () => {
  const planted: { name: string; sources: Record<string, string>; circles: string[][] }[] = [
    {
      name: 'two files that import each other',
      sources: { 'x/a.ts': "import { b } from './b.ts';", 'x/b.ts': "import { a } from './a.ts';" },
      circles: [['x/a.ts', 'x/b.ts']],
    },
    {
      name: 'one that is made of types alone',
      sources: {
        'x/a.ts': "import type { B } from './b.ts';",
        'x/b.ts': "import { type A } from './a.ts';",
      },
      circles: [['x/a.ts', 'x/b.ts']],
    },
    {
      name: 'one over three folders, by a re-export, a dynamic import and a type in place',
      sources: {
        'x/a.ts': "export type { B } from '../y/b.ts';",
        'y/b.ts': "const c = await import('../z/c.ts');",
        'z/c.ts': "let a: import('../x/a.ts').A;",
      },
      circles: [['x/a.ts', 'y/b.ts', 'z/c.ts']],
    },
    {
      name: 'two that have nothing to do with each other',
      sources: {
        'a.ts': "import './b.ts';",
        'b.ts': "import './a.ts'; import './c.ts';",
        'c.ts': "import './d.ts';",
        'd.ts': "import './c.ts';",
      },
      circles: [
        ['a.ts', 'b.ts'],
        ['c.ts', 'd.ts'],
      ],
    },
    {
      name: 'none where two ways lead to the same file',
      sources: { 'a.ts': "import './b.ts'; import './c.ts';", 'b.ts': "import './c.ts';", 'c.ts': '' },
      circles: [],
    },
  ];
  test.each(planted)('$name', ({ sources, circles }) => {
    expect(circlesOf(importGraph(new Map(Object.entries(sources))))).toEqual(circles);
  });
});
