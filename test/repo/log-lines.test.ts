import { describe, expect, test } from 'vitest';
import { readRepoFile, repoFiles } from '../support/repo-files.ts';

const [, section = ''] = readRepoFile('docs/operations.md').split('## Logs');
const [logs = ''] = section.split('\n## ');
const messages = [...logs.matchAll(/^\| `([^`]+)` \|/gm)].map(([, message = '']) => message);
const sources = repoFiles(/^(?:functions|shared)\/.*\.ts$/).map(readRepoFile);

describe('a line of the log that docs/operations.md explains', () => {
  test('is one of several', () => {
    expect(messages.length).toBeGreaterThan(4);
  });

  test.each(messages)('is written by a function: %s', (message) => {
    expect(sources.some((source) => source.includes(`'${message}'`))).toBe(true);
  });
});

test('what was thrown is warned about in one way', () => {
  const warned = repoFiles(/^(?:functions|shared)\/.*\.ts$/).filter((path) =>
    /logger\.(?:warn|error)\([^;]*(?:thrown|error)\b/s.test(readRepoFile(path)),
  );
  expect(warned).toEqual([]);
});
