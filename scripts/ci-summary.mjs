// Prints `N passed, N failed` from vitest's JSON report, and exits as .ci/run has to.
// Plain JavaScript for whatever Node the machine has: it must also speak when the tests could not even start.
//   node scripts/ci-summary.mjs REPORT.json CHECK_EXIT_STATUS TESTS_EXIT_STATUS
import { readFileSync } from 'node:fs';

const [file, check, tests] = process.argv.slice(2);

function readReport() {
  try {
    return JSON.parse(readFileSync(file, 'utf8'));
  } catch {
    return undefined;
  }
}

/** A test file that could not be loaded, or whose worker died, failed although none of its tests did. */
function brokenFiles({ testResults }) {
  return testResults.filter(
    ({ status, assertionResults }) =>
      status === 'failed' && !assertionResults.some((result) => result.status === 'failed'),
  ).length;
}

const report = readReport();
const passed = report?.numPassedTests ?? 0;
const skipped = report ? report.numPendingTests + report.numTodoTests : 0;
const counted = report ? report.numFailedTests + brokenFiles(report) : 0;
const failed = counted === 0 && tests !== '0' ? 1 : counted;

if (!report) console.log('The tests left no report; what stopped them is above.');
else if (failed > counted) console.log('Something outside of the tests failed; it is above.');
if (check !== '0') console.log('`npm run check` failed; what it found is above.');
if (skipped > 0) console.log(`${skipped} skipped`);
console.log(`${passed} passed, ${failed} failed`);
process.exitCode = passed > 0 && failed === 0 && check === '0' ? 0 : 1;
