import { spawnSync } from 'node:child_process';
import { join } from 'node:path';
import { expect, test } from 'vitest';
import { ROOT } from '../support/repo-files.ts';

test('every defence is missed by a test when it is taken away', { timeout: 86_400_000 }, () => {
  const { status, stdout } = spawnSync(process.execPath, [join(ROOT, 'test/mutants/run.ts')], {
    encoding: 'utf8',
  });
  console.log(stdout);
  expect(status, stdout).toBe(0);
});
