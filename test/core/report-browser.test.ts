import { writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { pathToFileURL } from 'node:url';
import { describe, expect, test } from 'vitest';
import { renderReport } from '../../shared/core/report/report.ts';
import type { Run } from '../../shared/core/run/run.ts';
import type { MetricSeries } from '../../shared/core/tuning/metrics.ts';
import { temporaryFolder } from '../support/service-options.ts';
import { dumpDom, findChromium, screenshot } from './report-chromium.ts';
import { aCourse, aRejectedRun, aSucceededRun, SETTLED_COST, withSteps } from './report-samples.ts';

const chromium = findChromium();

const withCost = (run: Run): Run => ({ ...run, status: { ...run.status, cost: SETTLED_COST } });

function fileOf(run: Run, series: MetricSeries[]): string {
  const file = join(temporaryFolder(), 'report.html');
  writeFileSync(file, renderReport({ run, series }));
  return pathToFileURL(file).href;
}

describe.skipIf(!chromium)('a browser shows the report', () => {
  const browser = chromium ?? '';
  const CASES: [name: string, url: string, scheme: 'light' | 'dark', width: number][] = [
    ['in the light', fileOf(withCost(aSucceededRun()), aCourse({ steps: 300, until: 220 })), 'light', 1100],
    ['in the dark', fileOf(aSucceededRun(), aCourse({ steps: 300, until: 220 })), 'dark', 1100],
    ['of a refused run', fileOf(aRejectedRun(), []), 'light', 1100],
    [
      'with a thousand points on a phone',
      fileOf(withSteps(aSucceededRun(), 1_000), aCourse({ steps: 1_000 })),
      'dark',
      500,
    ],
  ];
  test.each(CASES)('%s', async (_name, url, scheme, width) => {
    const picture = await screenshot(browser, { url, scheme, width });
    expect([picture.width, picture.height]).toEqual([width, 2600]);
    expect(picture.distinctRows).toBeGreaterThan(200);
  });

  test('as it was written: nothing is moved, lost or run', async () => {
    const run = withCost(aSucceededRun());
    const hostile = {
      ...run,
      status: { ...run.status, message: '</p><script>document.title="run"</script>' },
    };
    const dom = await dumpDom(browser, { url: fileOf(hostile, aCourse({ steps: 300 })) });
    expect(dom).toContain('<title>Headlines to sections: SUCCEEDED</title>');
    expect(dom).toContain('&lt;/p&gt;&lt;script&gt;');
    expect([...dom.matchAll(/<section id="(\w+)">/g)].map(([, id]) => id)).toEqual([
      ...['curves', 'outcome', 'data', 'cost', 'asked', 'timeline'],
    ]);
    expect(dom.match(/<svg class="chart"/g)).toHaveLength(2);
  });
});
