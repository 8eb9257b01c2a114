import { describe, expect, test } from 'vitest';
import { earlierRuns, MOST_EARLIER_RUNS } from '../../shared/core/comparison/earlier-runs.ts';
import { renderReport } from '../../shared/core/report/report.ts';
import type { Run } from '../../shared/core/run/run.ts';
import { aPlan, aRun, at } from '../support/runs.ts';
import { tagsOf, textOf } from './report-markup.ts';
import { SETTLED_COST } from './report-samples.ts';

const costing = (usd: number): Run['status']['cost'] => ({
  ...SETTLED_COST,
  actual: { billableTokens: 1, trainingTokens: 1, usd },
});
const withLoss = (loss: number) => ({ metrics: { best: { step: 1, loss } } });
const planned = (steps: number) => aPlan({ parameters: { train_steps: steps }, templateDefaults: {} });

/** Upload number so many of one manifest. */
const upload = (number: number, options: Parameters<typeof aRun>[0] = {}) =>
  aRun({
    ...{ ...options, generation: `${number}`, state: options.state ?? 'SUCCEEDED' },
    status: { createTime: at(60 * number), ...options.status },
  });

const THIS = upload(3, {
  spec: { plan: planned(300) },
  status: { cost: costing(3), ...withLoss(0.5) },
});
const BEFORE = upload(2, {
  spec: { plan: planned(200) },
  status: { cost: costing(2.5), ...withLoss(0.75) },
});

describe('the earlier runs of a manifest', () => {
  test('say what was different, what was measured, and what it did cost', () => {
    expect(earlierRuns(THIS, [BEFORE])).toEqual([
      {
        ...{ runId: BEFORE.runId, createTime: at(120), state: 'SUCCEEDED' },
        settings: [{ name: 'train_steps', before: 200, after: 300 }],
        otherData: [],
        measure: { name: 'evaluation loss of the best step', before: 0.75, after: 0.5, isShare: false },
        usd: { before: 2.5, after: 3 },
      },
    ]);
  });

  test('are those that were made before, of the same manifest, and not skipped: the newest of them first', () => {
    const others = [
      ...[upload(1), THIS, upload(4), BEFORE, upload(2, { state: 'SKIPPED', status: { createTime: at(1) } })],
      aRun({ folder: 'other', status: { createTime: at(1) } }),
    ];
    expect(earlierRuns(THIS, others).map(({ createTime }) => createTime)).toEqual([at(120), at(60)]);
  });

  test('are so many at most', () => {
    const many = Array.from({ length: 20 }, (_, number) => upload(number));
    expect(earlierRuns(upload(30), many)).toHaveLength(MOST_EARLIER_RUNS);
  });

  test('have no setting of their own where one of the two was never planned', () => {
    const [refused] = earlierRuns(THIS, [upload(1, { state: 'REJECTED' })]);
    expect(refused).toMatchObject({ settings: [], measure: undefined, usd: { before: undefined } });
  });

  test('count what their answers did cost, too', () => {
    const evaluation = { state: 'DONE', reason: 'Compared', message: '', usd: 0.25 } as const;
    const evaluated = upload(1, { status: { cost: costing(2), evaluation } });
    expect(earlierRuns(THIS, [evaluated])[0]?.usd).toEqual({ before: 2.25, after: 3 });
  });
});

describe('the foot of a report', () => {
  const reportOf = (earlier: Run[], compareWith?: (runId: string) => string) =>
    renderReport({ run: THIS, series: [], earlier, ...{ compareWith } });

  test('has a row for each earlier run', () => {
    const page = reportOf([BEFORE]);
    expect(() => tagsOf(page)).not.toThrow();
    const text = textOf(page);
    expect(text).toContain('The earlier runs of this manifest');
    expect(text).toContain(BEFORE.runId.slice(0, 10));
    expect(text).toContain('train_steps 200 evaluation loss of the best step: 0.75, here 0.5');
    expect(text).toContain('2.50 USD, here 0.50 more');
  });

  test.each<[string, Run, string]>([
    ['nothing that was different', upload(1, { spec: { plan: planned(300) } }), 'SUCCEEDED nothing – –'],
    [
      'many settings by their number',
      upload(1, {
        spec: { plan: aPlan({ templateDefaults: { a: 1, b: 2, c: 3, d: 4, e: 5 }, parameters: {} }) },
      }),
      '2 more settings',
    ],
    [
      'the same cost',
      upload(1, { spec: { plan: planned(300) }, status: { cost: costing(3) } }),
      '3.00 USD, here the same',
    ],
    [
      'less cost',
      upload(1, { spec: { plan: planned(300) }, status: { cost: costing(4) } }),
      '4.00 USD, here 1.00 less',
    ],
  ])('says %s', (_name, run, words) => {
    expect(textOf(reportOf([run]))).toContain(words);
  });

  test('has no such table where there is none', () => {
    expect(textOf(reportOf([]))).not.toContain('The earlier runs');
  });

  test('leads to the comparison where there is a page for it', () => {
    expect(reportOf([BEFORE])).not.toContain('<a href="/');
    expect(reportOf([BEFORE], (runId) => `/compare/${runId}`)).toContain(
      `<a href="/compare/${BEFORE.runId}">`,
    );
  });
});
