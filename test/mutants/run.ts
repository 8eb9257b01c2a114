/**
 * Takes every defence away, one at a time, and shows that a test fails: `node test/mutants/run.ts [THREAT...]`, such as `T9 T10`. It
 * changes files of the checkout while it runs, and puts each back.
 */
import { spawnSync } from 'node:child_process';
import { readFileSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { ROOT } from '../support/repo-files.ts';
import { MUTANTS, type Mutant } from './mutants.ts';

const VITEST = join(ROOT, 'node_modules/vitest/vitest.mjs');

/** Whether the tests fail without the defence. A test that never ends counts as one that fails. */
function isKilled({ file, from, to, test }: Mutant): boolean {
  const path = join(ROOT, file);
  const whole = readFileSync(path, 'utf8');
  const putBack = () => writeFileSync(path, whole);
  process.once('exit', putBack);
  try {
    writeFileSync(
      path,
      whole.replace(from, () => to),
    );
    const { status, signal } = spawnSync(process.execPath, [VITEST, 'run', test], {
      ...{ cwd: ROOT, stdio: 'ignore', timeout: 600_000 },
    });
    if (signal === 'SIGINT') process.exit(130);
    return status !== 0;
  } finally {
    putBack();
    process.off('exit', putBack);
  }
}

for (const signal of ['SIGINT', 'SIGTERM'] as const) process.on(signal, () => process.exit(130));
const wanted = process.argv.slice(2);
const chosen = MUTANTS.filter(({ threat }) => wanted.length === 0 || wanted.includes(threat));
const survivors = chosen.filter((mutant) => {
  const killed = isKilled(mutant);
  process.stdout.write(
    `${killed ? 'a test fails' : 'SURVIVES    '}  ${mutant.threat.padEnd(4)} ${mutant.what}  (${mutant.test})\n`,
  );
  return !killed;
});
process.stdout.write(
  `${chosen.length - survivors.length} of ${chosen.length} defences are missed by a test when they are gone.\n`,
);
process.exitCode = survivors.length === 0 && chosen.length > 0 ? 0 : 1;
