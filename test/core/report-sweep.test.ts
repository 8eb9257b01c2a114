import { expect, test } from 'vitest';
import { renderReport } from '../../shared/core/report/report.ts';
import { withRunLinks } from '../../shared/core/report/run-links.ts';
import { aSweep, FIRST, oneOfSweep, SECOND, THIRD } from '../support/a-sweep.ts';

test('the page of a sweep has a row for each of its runs, the best marked, and the way to each', () => {
  const page = renderReport({ run: aSweep(), series: [], inWords: withRunLinks });
  const [, section = ''] = page.split('<section id="sweep">');
  const text =
    section
      .split('</section>')[0]
      ?.replaceAll(/<[^>]+>/g, ' ')
      .replaceAll(/\s+/g, ' ') ?? '';
  expect(text).toContain('train_steps 200 has the best answers.');
  expect(text).toContain(`train_steps 100 ✓ SUCCEEDED 70 % accuracy (60 % to 78 %) 1.10 USD ${FIRST}`);
  expect(text).toContain(
    `train_steps 200 (best) ✓ SUCCEEDED 80 % accuracy (71 % to 88 %) 2.00 to 2.40 USD expected ${SECOND}`,
  );
  expect(text).toContain(`train_steps 500 deleted not known ${THIRD}`);
  expect(section).toContain(`<a href="/runs/${SECOND}">`);
  expect(page).toContain('Each of its runs has a plan of its own.');
});

test('the page of one of its runs says which it is, and links to the run of the manifest', () => {
  const page = renderReport({ run: oneOfSweep(), series: [], inWords: withRunLinks });
  expect(page).toContain(`It is number 2 (train_steps 200) of the sweep of run <a href="/runs/${FIRST}">`);
});
