import { describe, expect, test } from 'vitest';
import { readRepoFile, repoFiles } from '../support/repo-files.ts';
import { breaches, isSubject, TEXT_RULES } from '../support/text-rules.ts';

const files = repoFiles();

describe.each(TEXT_RULES)('$name', (rule) => {
  test('in every file', () => {
    const subjects = files.filter((file) => isSubject(rule, file));
    expect(subjects).not.toEqual([]);
    expect(subjects.flatMap((file) => breaches(rule, file, readRepoFile(file)))).toEqual([]);
  });

  test('a line that breaks the rule is found', () => {
    expect(breaches(rule, 'planted.ts', `// one\n${rule.breaks}\n`)).toEqual([
      expect.stringMatching(/^planted\.ts:2: /),
    ]);
  });

  test('a line that only looks like it is left alone', () => {
    expect(breaches(rule, 'planted.ts', rule.keeps)).toEqual([]);
  });
});
