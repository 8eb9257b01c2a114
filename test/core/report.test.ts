import { existsSync, readFileSync } from 'node:fs';
import { describe, expect, test } from 'vitest';
import type { IssueCode } from '../../shared/core/issues/catalog.ts';
import { renderReport } from '../../shared/core/report/report.ts';
import { reportViewOf } from '../../shared/core/report/view.ts';
import type { Run } from '../../shared/core/run/run.ts';
import { RUN_STATES, type RunState } from '../../shared/core/run/states.ts';
import type { MetricSeries } from '../../shared/core/tuning/metrics.ts';
import { pipelinePlan } from '../support/plans.ts';
import { A_JOB, aRun, at } from '../support/runs.ts';
import { tagsOf, textOf } from './report-markup.ts';
import {
  aCourse,
  aFailedRun,
  aRejectedRun,
  aRunningRun,
  aSucceededRun,
  withSteps,
} from './report-samples.ts';

describe('a report is one well-formed file that asks nobody for anything', () => {
  const CASES: [name: string, run: Run, series: MetricSeries[]][] = [
    ['of a run that succeeded', aSucceededRun(), aCourse({ steps: 300, until: 220 })],
    ['of a run under way', aRunningRun(), aCourse({ steps: 300, until: 90 })],
    ['of a run that failed', aFailedRun(), []],
    ['of a run that was refused', aRejectedRun(), []],
    ['of a run that has just arrived', aRun(), []],
    ['of a run with thousands of points', withSteps(aSucceededRun(), 5_000), aCourse({ steps: 5_000 })],
  ];
  test.each(CASES)('%s', (_name, run, series) => {
    const page = renderReport({ run, series });
    expect(tagsOf(page).slice(0, 2)).toEqual(['', 'html lang']);
    expect(page).toContain(`default-src 'none'`);
    expect(page).not.toMatch(
      /<(?:script|link|img|iframe|object|embed|base|form)\b|\b(?:src|srcset|action)="|url\(|@import/i,
    );
    expect(page.match(/NaN|undefined|Infinity|\[object/)).toBeNull();
    expect(page.length).toBeLessThan(100_000);
    expect(renderReport({ run, series })).toBe(page);
  });

  test.each(Object.keys(RUN_STATES) as RunState[])('in the state %s', (state) => {
    const page = renderReport({ run: aRun({ state }), series: [] });
    expect(() => tagsOf(page)).not.toThrow();
    expect(textOf(page)).toContain(state);
  });

  test('every id on the page is there once, and what refers to one finds it', () => {
    const page = renderReport({ run: aSucceededRun(), series: aCourse({ steps: 300 }) });
    const ids = [...page.matchAll(/ id="([^"]+)"/g)].map(([, id]) => id);
    const references = [...page.matchAll(/aria-labelledby="([^"]+)"/g)].flatMap(([, text = '']) =>
      text.split(' '),
    );
    expect(new Set(ids).size).toBe(ids.length);
    expect(references.length).toBeGreaterThan(0);
    expect(ids).toEqual(expect.arrayContaining(references));
  });
});

describe('what a tuning job left', () => {
  const run = aSucceededRun();
  const result = {
    ...{ model: 'projects/123/locations/us-central1/models/456', bestCheckpoint: '2' },
    checkpoints: [
      { id: '1', epoch: 1, step: 10, evaluationLoss: 0.5, evaluationStep: 8, endpoint: 'endpoints/5' },
      { id: '2', epoch: 2, step: 20, evaluationLoss: 0.25, evaluationStep: 20, endpoint: 'endpoints/6' },
      { id: '3', step: 30 },
    ],
  };

  test('is a table of its checkpoints, with epoch, step, evaluation and endpoint, the best one named', () => {
    const text = textOf(renderReport({ run: { ...run, status: { ...run.status, result } }, series: [] }));
    expect(text).toMatch(/1 1 10 loss 0\.5\w*, at step 8 endpoints\/5/);
    expect(text).toMatch(/2 2 20 loss 0\.25\w*, at step 20 best endpoints\/6/);
    expect(text).toMatch(/3 – 30 – –/);
  });

  test('comes with what Vertex AI says of the examples, and where its metrics lie', () => {
    const status = {
      ...run.status,
      metrics: { absent: 'none', gcsMetricsUri: 'gs://bucket/metrics' },
      dataRead: {
        ...{ examples: 415, billableTokens: 51_000, truncatedExamples: 3 },
        ...{ dropped: ['Too long.'], sampleLines: [2, 7] },
      },
    };
    const text = textOf(renderReport({ run: { ...run, status }, series: [] }));
    expect(text).toMatch(/Examples that were too long 3/);
    expect(text).toMatch(/Why it left examples out Too long\./);
    expect(text).toMatch(/a sample 2, 7/);
    expect(text).toMatch(/Metrics in Cloud Storage gs:\/\/bucket\/metrics/);
  });
});

describe('hostile text stays text', () => {
  const CORPUS = '../shared/corpora/naughty-strings/blns.json';
  const OWN = [
    '</title></style></script><script>alert(1)</script>',
    '"><img src=x onerror=alert(1)>',
    "' onload='alert(1)",
    '--><!--<svg onload=alert(1)>',
    ']]>&lt;b&gt;',
    '\u0000\u202e\ud800\uffff',
    '',
  ];
  if (!existsSync(CORPUS)) console.warn(`SKIPPED: ${CORPUS} is not there; own hostile strings only`);
  const corpus = existsSync(CORPUS) ? (JSON.parse(readFileSync(CORPUS, 'utf8')) as string[]) : [];
  const usual = tagsOf(pageWith('usual text'));

  test.each([...new Set([...OWN, ...corpus])])('%j', (text) => {
    expect(tagsOf(pageWith(text))).toEqual(usual);
  });

  test('an address that is no web page is not made a link', () => {
    const links = {
      evil: 'javascript:alert(1)',
      data: 'data:text/html,x',
      job: 'https://console.example/job',
    };
    const page = renderReport({ run: aRun({ status: { links } }), series: [] });
    expect([...page.matchAll(/href="([^"]*)"/g)].map(([, url]) => url)).toEqual([
      'https://console.example/job',
    ]);
  });

  /** A report of a run that says `text` wherever a user or Vertex AI has the word. */
  function pageWith(text: string): string {
    const run = aSucceededRun();
    const { plan } = run.spec;
    const training = run.status.datasets?.dataset_uri;
    if (plan?.backend !== 'pipelineJobs' || !training) throw new Error('the sample has a plan and data');
    const issue = {
      ...{ severity: 'error' as const, code: text as IssueCode, file: text, line: 1, path: text || 'x' },
      ...{ message: text, found: text, expected: text, remedy: text },
    };
    return renderReport({
      run: {
        ...run,
        spec: {
          ...run.spec,
          source: { ...run.spec.source, uri: text, name: `${text}/tune.json` },
          manifestText: text.replace(/[\r\n]+/g, ' '),
          plan: {
            ...plan,
            modelDisplayName: text,
            serviceAccount: text,
            outputDirectory: text,
            parameters: { ...plan.parameters, default_context: text },
            notes: [text],
          },
        },
        status: {
          ...run.status,
          ...{ message: text, remedy: text, folder: text, model: text, endpoint: text, sameAs: text },
          createTime: text || 'x',
          job: { ...A_JOB, name: text, state: text, failedTask: text, error: text },
          links: { [text || 'x']: `https://${text}` },
          howToCall: { first: text, curl: text, python: text },
          datasets: {
            dataset_uri: { ...training, labels: { distinct: 1, top: [{ label: text, count: 3 }] } },
          },
          issues: [issue],
          history: [{ time: at(1), from: 'RECEIVED', to: 'VALIDATED', reason: text, message: text }],
        },
      },
      series: aCourse({ steps: 30 }),
    });
  }
});

describe('the curves', () => {
  const curvesOf = (run: Run, series: MetricSeries[]) => reportViewOf(run, series).curves;
  const labels = (run: Run, series: MetricSeries[]) =>
    curvesOf(run, series).charts[0]?.marks.map(({ label }) => label);
  const bare = (run: Run): Run => ({ ...run, status: { ...run.status, result: { model: 'm' } } });

  test('show loss and accuracy of training and evaluation, in words too', () => {
    const { charts, absent } = curvesOf(aSucceededRun(), aCourse({ steps: 300 }));
    expect(absent).toBeUndefined();
    expect(charts.map(({ title, lines }) => [title, ...lines.map(({ label }) => label)])).toEqual([
      ['Loss', 'Training', 'Evaluation'],
      ['Share of tokens predicted right', 'Training', 'Evaluation'],
    ]);
    expect(charts[0]?.description).toMatch(
      /^Training: from [\d.]+ at step 1 to [\d.]+ at step 300, 300 points\. Evaluation: from /,
    );
  });

  test('mark the kept checkpoint and the early stop as the job tells them', () => {
    const run = aSucceededRun();
    const told = {
      ...run,
      status: { ...run.status, result: { model: 'm', checkpointStep: 160, stoppedAtStep: 220 } },
    };
    expect(labels(told, aCourse({ steps: 300, until: 220 }))).toEqual([
      'kept checkpoint: step 160',
      'best evaluation: step 180',
      'stopped early: step 220',
    ]);
  });

  test('say why the job stopped early, below them and among its results', () => {
    const why = '5 evaluations without a gain of 0.001 in token accuracy';
    const text = textOf(renderReport({ run: aSucceededRun(), series: aCourse({ steps: 300, until: 220 }) }));
    expect(text).toContain(`Stopped early at step 220: ${why}`);
    expect(text).toContain(`Why it stopped there ${why}`);
  });

  test('claim no early stop that the job does not tell: only where the measurements end', () => {
    expect(labels(bare(aSucceededRun()), aCourse({ steps: 300, until: 220 }))).toEqual([
      'best evaluation: step 180',
      'last measured: step 220 of 300',
    ]);
  });

  test('of a training that took all its steps mark no end, also when not every step was measured', () => {
    const sparse = aCourse({ steps: 300 }).map(({ name, points }) => ({
      name,
      points: points.filter(({ step }) => step % 7 === 0),
    }));
    expect(labels(bare(aSucceededRun()), sparse)?.join()).not.toContain('last measured');
    expect(labels(aRunningRun(), aCourse({ steps: 300, until: 90 }))?.join()).not.toContain('last measured');
  });

  test('leave out what is no number, and say so', () => {
    const values = [2, Number.NaN, Number.POSITIVE_INFINITY, 1e308, 1];
    const series: MetricSeries[] = [
      { name: '/train_total_loss', points: values.map((value, index) => ({ step: index + 1, value })) },
    ];
    const { charts, notes } = curvesOf(aRunningRun(), series);
    expect(charts[0]?.lines[0]?.points.map(({ value }) => value)).toEqual([2, 1]);
    expect(notes).toEqual(['3 points cannot be drawn: no finite number, as when a training diverges.']);
    expect(renderReport({ run: aRunningRun(), series })).not.toMatch(/NaN|Infinity/);
  });

  test('of one point are a point', () => {
    const series: MetricSeries[] = [{ name: '/train_total_loss', points: [{ step: 1, value: 0.5 }] }];
    const page = renderReport({ run: aRunningRun(), series });
    expect(page).toContain('<circle class="marker train"');
    expect(page).not.toMatch(/NaN|Infinity/);
  });

  test('draw at most 600 points a line, however long the run was', () => {
    const page = renderReport({ run: withSteps(aSucceededRun(), 5_000), series: aCourse({ steps: 5_000 }) });
    const longest = [...page.matchAll(/ d="([^"]*)"/g)].map(([, path = '']) => path.split('L').length);
    expect(Math.max(...longest)).toBeLessThanOrEqual(600);
    expect(Math.max(...longest)).toBeGreaterThan(400);
  });
});

describe('without series there is the sentence why', () => {
  const withoutTensorboard = (run: Run): Run => {
    const plan = pipelinePlan(run.spec.plan);
    const { tensorboard_resource_id: _none, ...parameters } = plan.parameters;
    return { ...run, spec: { ...run.spec, plan: { ...plan, parameters } } };
  };
  const told = (run: Run, absent: string): Run => ({
    ...run,
    status: { ...run.status, metrics: { absent } },
  });
  const CASES: [name: string, run: Run, sentence: string][] = [
    ['the run tells it', told(aSucceededRun(), 'TensorBoard was deleted.'), 'TensorBoard was deleted.'],
    ['the job is under way', aRunningRun(), 'Vertex AI gives them when the job has completed'],
    ['no TensorBoard was named', withoutTensorboard(aSucceededRun()), 'names no tensorboard_resource_id'],
    ['nothing was found there', aFailedRun(), 'no metrics of this job have been read'],
  ];
  test.each(CASES)('%s', (_name, run, sentence) => {
    const page = renderReport({ run, series: [] });
    expect(page).not.toContain('class="chart"');
    expect(textOf(page)).toContain(sentence);
  });
});

test.each([
  ['refused', aRejectedRun()],
  ['new', aRun()],
])('a run that is %s has no sections without content', (_name, run) => {
  const page = renderReport({ run, series: [] });
  expect(page).not.toContain('id="curves"');
  if (run.status.datasets === undefined) expect(page).not.toContain('id="data"');
});

test('the value of each point of a curve is told where a pointer is over it', () => {
  const page = renderReport({ run: aSucceededRun(), series: aCourse({ steps: 80 }) });
  expect(page.match(/<circle class="hit"[^>]*><title>Training: /g)).toHaveLength(160);
});

test('a dry run looks unlike a model that is tuned', () => {
  const [planned, tuned] = [aRun({ state: 'PLANNED' }), aSucceededRun()].map((run) =>
    renderReport({ run, series: [] }),
  );
  expect(planned).toContain('<span class="state planned">◇ PLANNED</span>');
  expect(tuned).toContain('<span class="state good">✓ SUCCEEDED</span>');
});

describe('what was asked', () => {
  test('says of every value who chose it', () => {
    const { rows } = reportViewOf(aSucceededRun(), []).asked;
    const by = Object.fromEntries(rows.map((row) => [row.label, [row.value, row.by]]));
    expect(by).toMatchObject({
      'Training steps': ['300', 'tune.json: train_steps'],
      'Batch size': ['8', 'follows from the model and the region of the training'],
      Epochs: ['12', 'follows: steps × batch size ÷ examples'],
      'Learning rate multiplier': ['1', 'default of Google’s template'],
      'Early stopping': ['yes', 'default of Google’s template'],
      'Region of the pipeline job': ['us-central1', 'default of this deployment'],
    });
  });

  test('of a refused manifest is what could be read of it', () => {
    const { rows, absent } = reportViewOf(aRejectedRun(), []).asked;
    expect(absent).toContain('the upload has errors');
    expect(rows.map(({ label }) => label)).toEqual(['base_model', 'dataset_uri']);
  });
});

describe('what is wrong', () => {
  test('stands with its place, what was found and expected, and what to do; the manifest’s line is marked', () => {
    const run = aRejectedRun();
    const page = renderReport({ run, series: [] });
    const text = textOf(page);
    const [issue] = run.status.issues ?? [];
    expect(text).toContain('1 error, 1 warning, 40 pieces of advice.');
    expect(text).toContain(
      'Here are the first 2. All of them are in gs://results/runs/reviews/1/issues.jsonl.',
    );
    expect(text).toContain('line 5, evaluation_interval');
    for (const part of [issue?.found, issue?.expected, issue?.remedy]) expect(text).toContain(part);
    expect(page).toContain('<span class="wrong">  &quot;evaluation_interval&quot;: 0</span>');
    expect(page.indexOf('id="issues"')).toBeLessThan(page.indexOf('id="asked"'));
  });

  test('with a job is Vertex AI’s own words, the step, and the remedy', () => {
    const text = textOf(renderReport({ run: aFailedRun(), series: [] }));
    expect(text).toContain('What to do Ask for more quota');
    expect(text).toContain('Failed step large-language-model-tuner');
    expect(text).toContain('code=RESOURCE_EXHAUSTED');
  });
});

test('commands of a remedy stand apart, each on a line of its own, so that they can be copied', () => {
  const run = aFailedRun();
  const remedy = 'Grant these:\ngcloud one --a\ngcloud two\nThen upload again.';
  const page = renderReport({ run: { ...run, status: { ...run.status, remedy } }, series: [] });
  expect(page).toContain('<p>Grant these:</p><pre>gcloud one --a\ngcloud two</pre><p>Then upload again.</p>');
});

describe('what happened when', () => {
  test('comes from the times of the document', () => {
    const { timeline } = reportViewOf(withHistory([]), []);
    expect(timeline.map(({ state, afterMs }) => [state, afterMs])).toEqual([
      ['RECEIVED', undefined],
      ['VALIDATED', 1_200],
      ['SUBMITTED', 1_800],
      ['RUNNING', 61_000],
      ['SUCCEEDED', 5_336_000],
    ]);
  });

  test('comes from the history where there is one', () => {
    const { timeline } = reportViewOf(
      withHistory([
        {
          time: at(2),
          from: 'RECEIVED',
          to: 'WAITING',
          reason: 'DatasetMissing',
          message: 'One file is missing.',
        },
        { time: at(1), to: 'RECEIVED', reason: 'X', message: 'Seen.' },
      ]),
      [],
    );
    expect(timeline.map(({ text }) => text)).toEqual(['Seen.', 'One file is missing.']);
  });

  function withHistory(history: Run['status']['history']): Run {
    const run = aSucceededRun();
    return { ...run, status: { ...run.status, history } };
  }
});

test('tokens that were counted are told once, as the cost has them, and the estimate is not told beside them', () => {
  const run = aSucceededRun();
  const file = run.status.datasets?.dataset_uri;
  if (!file) throw new Error('the sample has training data');
  const pageOf = (isExact: boolean) => {
    const part = (estimate: number) => ({ low: estimate, estimate, high: estimate });
    const counted = { input: part(10_000), output: part(2_345), texts: 400, isExact };
    const tokens = { ...file.tokens, counted };
    const datasets = { dataset_uri: { ...file, tokens, leftOutExamples: 7 } };
    return textOf(renderReport({ run: { ...run, status: { ...run.status, datasets } }, series: [] }));
  };
  expect(pageOf(true)).toMatch(/Tokens\s+12,345\s/);
  expect(pageOf(true)).not.toContain('Tokens, estimated');
  expect(pageOf(true)).toMatch(/Left out by the conversion\s+7/);
  expect(pageOf(false)).toContain('12,345, from a sample');
});
