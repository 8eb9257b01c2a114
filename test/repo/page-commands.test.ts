import { existsSync } from 'node:fs';
import { join } from 'node:path';
import { describe, expect, test } from 'vitest';
import { COMMAND_PAGES, commandsOf, PAGE_COMMANDS, rowOf } from '../support/page-commands.ts';
import { ROOT } from '../support/repo-files.ts';

describe.each(COMMAND_PAGES)('the commands of %s', (page) => {
  const commands = commandsOf(page);

  test('are each run by a test, or there is a reason why not', () => {
    expect(commands.length).toBeGreaterThan(2);
    expect(commands.filter((command) => rowOf(page, command) === undefined)).toEqual([]);
  });

  test('are those that the table knows', () => {
    const used = new Set(commands.map((command) => rowOf(page, command)));
    expect(PAGE_COMMANDS[page].filter((row) => !used.has(row))).toEqual([]);
  });

  test('are run by tests that exist', () => {
    const tests = PAGE_COMMANDS[page].flatMap(({ verdict }) => ('test' in verdict ? verdict.test : []));
    expect(tests.filter((file) => !existsSync(join(ROOT, file)))).toEqual([]);
  });
});
