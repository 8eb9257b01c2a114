import { describe, expect, test } from 'vitest';
import type { DatasetSource } from '../../shared/core/run/dataset-source.ts';
import type { Run } from '../../shared/core/run/run.ts';
import { tagsOf, textOf } from '../core/report-markup.ts';
import { aCourse } from '../core/report-samples.ts';
import { aPlan, aRun, at } from '../support/runs.ts';
import { aPage, ask, named } from './a-page.ts';

const aFile = (name: string): DatasetSource => ({
  ...{ uri: 'gs://inbox/reviews/train.jsonl', generation: '1', sizeBytes: 100 },
  ...{ crc32c: name, stagedUri: `gs://results/staging/${name}.jsonl` },
});
const aRow = (input: string, output: string) => JSON.stringify({ input_text: input, output_text: output });
const LINES: Record<string, string[]> = {
  'gs://results/staging/one.jsonl': [aRow('a', '1'), aRow('b', '2'), aRow('c', '3')],
  'gs://results/staging/two.jsonl': [aRow('a', '1'), aRow('b', '<script>'), aRow('d', '4'), aRow('e', '5')],
};

const trained = (runId: string, steps: number, file: string, minute: number): Run =>
  named(
    aRun({
      state: 'SUCCEEDED',
      spec: {
        plan: aPlan({ parameters: { train_steps: steps }, templateDefaults: {} }),
        datasets: { dataset_uri: aFile(file) },
      },
      status: { metrics: { best: { step: steps, loss: steps / 1000 } } },
    }),
    runId,
    at(60 * minute),
  );

const ONE = trained('one', 200, 'one', 1);
const TWO = trained('two', 300, 'two', 2);

const pageOf = (runs: Run[]) =>
  aPage(
    runs,
    async (runId) => aCourse({ steps: 300, until: runId === 'one' ? 200 : 300 }),
    undefined,
    (uri) => LINES[uri] ?? 'its copy is gone',
  );

describe('two runs side by side, on the page', () => {
  test('have their settings, the lines of their data, their measures and both curves over each other', async () => {
    const { page } = await pageOf([ONE, TWO]);
    const { status, body } = await ask(page.url, { path: '/runs/one/compare/two' });
    expect(status).toBe(200);
    expect(() => tagsOf(body)).not.toThrow();
    const text = textOf(body);
    expect(text).toContain('train_steps 200 300');
    expect(text).toContain('2 added (3-4)');
    expect(text).toContain('1 removed, as lines of the earlier file (3)');
    expect(text).toContain('1 changed: the same input, another answer (2)');
    expect(text).toContain('evaluation loss of the best step 0.2 0.3 +0.1');
    const charts = body.match(/<svg class="chart".*?<\/svg>/gs) ?? [];
    expect(charts.length).toBeGreaterThan(1);
    for (const chart of charts) {
      expect([...chart.matchAll(/<text class="legend"[^>]*>([^<]*)</g)].map(([, label]) => label)).toEqual([
        ...['Before', 'After'],
      ]);
    }
  });

  test('show no text of an example', async () => {
    const { page } = await pageOf([ONE, TWO]);
    const { body } = await ask(page.url, { path: '/runs/one/compare/two' });
    expect(body).not.toContain('&lt;script&gt;');
    expect(body).not.toContain('input_text');
  });

  test('say so where a copy is gone, and where nothing is different', async () => {
    const { page } = await pageOf([ONE, trained('three', 200, 'three', 3), trained('four', 200, 'one', 4)]);
    const gone = await ask(page.url, { path: '/runs/one/compare/three' });
    expect(textOf(gone.body)).toContain('not compared: its copy is gone');
    const same = textOf((await ask(page.url, { path: '/runs/one/compare/four' })).body);
    expect(same).toContain('Settings The same.');
    expect(same).toContain('the same bytes');
  });

  test('are offered from the page of a run: the one before of its manifest, and from there any other', async () => {
    const other = { ...trained('other', 1, 'one', 9), spec: aRun({ folder: 'other' }).spec };
    const { page } = await pageOf([ONE, TWO, other]);
    const { body } = await ask(page.url, { path: '/runs/two' });
    expect(body).toContain('<a href="/runs/one/compare/two">Compare</a>');
    expect(textOf(body)).toContain('The earlier runs of this manifest');
    const compared = await ask(page.url, { path: '/runs/one/compare/two' });
    expect(compared.body).toContain('href="/runs/other/compare/two"');
    expect((await ask(page.url, { path: '/runs/other' })).body).toContain('href="/runs/two/compare/other"');
  });

  test('a run alone is compared with nothing, and one that is not there is not found', async () => {
    const { page } = await pageOf([ONE]);
    expect((await ask(page.url, { path: '/runs/one' })).body).not.toContain('/compare/');
    expect((await ask(page.url, { path: '/runs/one/compare/gone' })).status).toBe(404);
    expect((await ask(page.url, { path: '/runs/gone/compare/one' })).status).toBe(404);
  });
});
