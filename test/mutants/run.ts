/**
 * Takes every defence away, one at a time, and shows that a test fails which passes with it: `node test/mutants/run.ts [THREAT...]`,
 * such as `T9 T10`, or `scan` for the scanner of data sets. It changes files of the checkout while it runs, and puts each back.
 */
import { spawnSync } from 'node:child_process';
import { mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { ROOT } from '../support/repo-files.ts';
import { MUTANTS, type Mutant } from './mutants.ts';
import { SCANNER_MUTANTS } from './scanner-mutants.ts';

const VITEST = join(ROOT, 'node_modules/vitest/vitest.mjs');
/** Longer than any of these files takes. A mutant may make one endless. */
const MOST_MS = 600_000;
const CANNOT_END = 'does not end';

interface Report {
  testResults: { assertionResults: { fullName: string; status: string }[]; message: string }[];
}

/** Names of what fails in a file of tests; one for a file that does not load or end. */
function failuresOf(test: string): string[] {
  const folder = mkdtempSync(join(tmpdir(), 'mutant-'));
  const file = join(folder, 'report.json');
  try {
    const { status, signal, error } = spawnSync(
      process.execPath,
      [VITEST, 'run', test, '--reporter=json', `--outputFile=${file}`],
      { cwd: ROOT, stdio: 'ignore', timeout: MOST_MS },
    );
    if (signal === 'SIGINT') process.exit(130);
    if (error || signal) return [CANNOT_END];
    const { testResults } = JSON.parse(readFileSync(file, 'utf8')) as Report;
    const failed = testResults.flatMap(({ assertionResults }) =>
      assertionResults.filter((one) => one.status === 'failed').map(({ fullName }) => fullName),
    );
    return failed.length > 0 || status === 0 ? failed : ['the file as a whole'];
  } finally {
    rmSync(folder, { recursive: true, force: true });
  }
}

/** Makes the code of the scanner anew where its source was changed. */
function make(file: string): void {
  if (file.includes('/wasm/')) spawnSync(process.execPath, ['scripts/build/scanner.ts'], { cwd: ROOT });
}

function failuresWithout({ file, from, to, test }: Mutant): string[] {
  const path = join(ROOT, file);
  const whole = readFileSync(path, 'utf8');
  const putBack = () => writeFileSync(path, whole);
  process.once('exit', putBack);
  try {
    writeFileSync(
      path,
      whole.replace(from, () => to),
    );
    make(file);
    return failuresOf(test);
  } finally {
    putBack();
    make(file);
    process.off('exit', putBack);
  }
}

const passing = new Map<string, boolean>();
function passes(test: string): boolean {
  const known = passing.get(test) ?? failuresOf(test).length === 0;
  passing.set(test, known);
  return known;
}

/** The first test that misses the defence; undefined where none does, or where one fails with it, too. */
function missedBy(mutant: Mutant): string | undefined {
  return passes(mutant.test) ? failuresWithout(mutant)[0] : undefined;
}

for (const signal of ['SIGINT', 'SIGTERM'] as const) process.on(signal, () => process.exit(130));
const wanted = process.argv.slice(2);
const chosen = [...MUTANTS, ...SCANNER_MUTANTS].filter(
  ({ threat }) => wanted.length === 0 || wanted.includes(threat),
);
const survivors = chosen.filter((mutant) => {
  const missed = missedBy(mutant);
  const why = passes(mutant.test) ? `SURVIVES ${mutant.test}` : `FAILS WITH IT, TOO ${mutant.test}`;
  process.stdout.write(`${mutant.threat.padEnd(4)} ${mutant.what}\n       ${missed ?? why}\n`);
  return missed === undefined;
});
process.stdout.write(
  `${chosen.length - survivors.length} of ${chosen.length} defences are missed by a test when they are gone.\n`,
);
process.exitCode = survivors.length === 0 && chosen.length > 0 ? 0 : 1;
