import { expect, test } from 'vitest';
import { deadLinks } from '../support/markdown-links.ts';
import { readRepoFile, repoFiles } from '../support/repo-files.ts';

test('every link from one page to another leads somewhere', () => {
  const files = new Set(repoFiles());
  const folders = new Set([...files].flatMap((file) => parentsOf(file)));
  const read = (path: string) => {
    if (files.has(path)) return readRepoFile(path);
    return folders.has(path.replace(/\/$/, '')) ? '' : undefined;
  };
  const pages = [...files].filter((file) => file.endsWith('.md'));
  expect(pages.length).toBeGreaterThan(5);
  expect(pages.flatMap((page) => deadLinks(page, read))).toEqual([]);
});

test('a link to a missing page or heading is found, and one in a code block is none', () => {
  const pages: Record<string, string> = {
    'docs/a.md':
      '# The `a`: page\n[b](b.md) [up](../c.md) [x](b.md#no) [y](#the-a-page)\n```\n[z](z.md)\n```\n',
    'docs/b.md': '# B\n',
  };
  expect(deadLinks('docs/a.md', (path) => pages[path])).toEqual(['docs/a.md: ../c.md', 'docs/a.md: b.md#no']);
});

function parentsOf(file: string): string[] {
  const parts = file.split('/').slice(0, -1);
  return parts.map((_part, depth) => parts.slice(0, depth + 1).join('/'));
}
