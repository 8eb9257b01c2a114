import { expect, test } from 'vitest';
import { renderReport } from '../../shared/core/report/report.ts';
import { withRunLinks } from '../../shared/core/report/run-links.ts';
import type { Run } from '../../shared/core/run/run.ts';
import type { SweepStatus } from '../../shared/core/run/sweep-status.ts';
import { aSweep, FIRST, oneOfSweep, SECOND, THIRD } from '../support/a-sweep.ts';

const pageOf = (run: Run) => renderReport({ run, series: [], inWords: withRunLinks });

/** What a person reads of the section about a sweep. */
function sectionText(run: Run): string {
  const [, section = ''] = pageOf(run).split('<section id="sweep">');
  const [own = ''] = section.split('</section>');
  return own.replaceAll(/<[^>]+>/g, ' ').replaceAll(/\s+/g, ' ');
}

/** The same sweep, otherwise. */
function sweepWith(change: (sweep: SweepStatus) => Partial<SweepStatus>): Run {
  const run = aSweep();
  const sweep = run.status.sweep as SweepStatus;
  return { ...run, status: { ...run.status, sweep: { ...sweep, ...change(sweep) } } };
}

test('the page of a sweep has a row for each of its runs, the best marked, and the way to each', () => {
  const text = sectionText(aSweep());
  expect(text).toContain('train_steps 200 has the best answers.');
  expect(text).toContain(`train_steps 100 ✓ SUCCEEDED 70 % accuracy (60 % to 78 %) 1.10 USD ${FIRST}`);
  expect(text).toContain(
    `train_steps 200 (best, but not for sure) ✓ SUCCEEDED 80 % accuracy (71 % to 88 %) 2.00 to 2.40 USD expected ${SECOND}`,
  );
  expect(text).toContain(`train_steps 500 deleted not known ${THIRD}`);
  expect(pageOf(aSweep())).toContain(`<a href="/runs/${SECOND}">`);
  expect(pageOf(aSweep())).toContain('Each of its runs has a plan of its own.');
});

test('a run is called the best where that is sure', () => {
  const sure = sweepWith(({ winner }) => ({ winner: winner && { ...winner, isSure: true } }));
  expect(sectionText(sure)).toContain('train_steps 200 (best) ✓');
});

test('none of those that answer equally well is called the best', () => {
  const tie = sweepWith(({ runs: [first, second, third] }) => ({
    runs: [{ ...first, answers: second?.answers }, second, third] as SweepStatus['runs'],
  }));
  const text = sectionText(tie);
  expect(text).toContain('train_steps 100 (equally good) ✓');
  expect(text).toContain('train_steps 200 (equally good) ✓');
  expect(text).not.toContain('(best');
});

test('the sentence about the best is read once', () => {
  const run = aSweep();
  const message = `All 3 runs succeeded. ${run.status.sweep?.sentence}`;
  const page = pageOf({ ...run, status: { ...run.status, message } });
  expect(page.split('train_steps 200 has the best answers.')).toHaveLength(2);
});

test('the page of one of its runs says which it is, and links to the run of the manifest', () => {
  const page = renderReport({ run: oneOfSweep(), series: [], inWords: withRunLinks });
  expect(page).toContain(`It is number 2 (train_steps 200) of the sweep of run <a href="/runs/${FIRST}">`);
});
