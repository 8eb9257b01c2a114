import { spawnSync } from 'node:child_process';
import { mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterEach, beforeEach, expect, test } from 'vitest';
import { ROOT } from '../support/repo-files.ts';

interface Counts {
  passed?: number;
  failed?: number;
  skipped?: number;
  /** Test files that could not be loaded. */
  broken?: number;
}

const reportOf = ({ passed = 0, failed = 0, skipped = 0, broken = 0 }: Counts) => ({
  numPassedTests: passed,
  numFailedTests: failed,
  numPendingTests: skipped,
  numTodoTests: 0,
  testResults: [
    { status: failed > 0 ? 'failed' : 'passed', assertionResults: failed > 0 ? [{ status: 'failed' }] : [] },
    ...Array.from({ length: broken }, () => ({ status: 'failed', assertionResults: [] })),
  ],
});

let folder: string;
beforeEach(() => {
  folder = mkdtempSync(join(tmpdir(), 'ci-summary-'));
});
afterEach(() => rmSync(folder, { recursive: true }));

function summarise(report: Counts | undefined, check: number, tests: number) {
  const file = join(folder, 'tests.json');
  if (report) writeFileSync(file, JSON.stringify(reportOf(report)));
  const script = join(ROOT, 'scripts/ci-summary.mjs');
  const { stdout, status } = spawnSync(process.execPath, [script, file, String(check), String(tests)], {
    encoding: 'utf8',
  });
  return { line: stdout.trimEnd().split('\n').at(-1), status };
}

test.each([
  { name: 'all passed', report: { passed: 9 }, check: 0, tests: 0, line: '9 passed, 0 failed', status: 0 },
  {
    name: 'some skipped',
    report: { passed: 9, skipped: 2 },
    check: 0,
    tests: 0,
    line: '9 passed, 0 failed',
    status: 0,
  },
  {
    name: 'one failed',
    report: { passed: 8, failed: 1 },
    check: 0,
    tests: 1,
    line: '8 passed, 1 failed',
    status: 1,
  },
  {
    name: 'a file did not load',
    report: { passed: 8, broken: 1 },
    check: 0,
    tests: 1,
    line: '8 passed, 1 failed',
    status: 1,
  },
  {
    name: 'an error outside of tests',
    report: { passed: 9 },
    check: 0,
    tests: 1,
    line: '9 passed, 1 failed',
    status: 1,
  },
  { name: 'no test ran', report: {}, check: 0, tests: 0, line: '0 passed, 0 failed', status: 1 },
  {
    name: 'all were skipped',
    report: { skipped: 3 },
    check: 0,
    tests: 0,
    line: '0 passed, 0 failed',
    status: 1,
  },
  {
    name: 'the check failed',
    report: { passed: 9 },
    check: 1,
    tests: 0,
    line: '9 passed, 0 failed',
    status: 1,
  },
  {
    name: 'no report was written',
    report: undefined,
    check: 0,
    tests: 1,
    line: '0 passed, 1 failed',
    status: 1,
  },
])('the last line and the exit status when $name', ({ report, check, tests, line, status }) => {
  expect(summarise(report, check, tests)).toEqual({ line, status });
});
