import { describe, expect, test } from 'vitest';
import type { HowFar } from '../../cli/run/screen.ts';
import { disclaimerOf } from '../../cli/start/disclaimer.ts';
import { resultLines } from '../../cli/start/result.ts';
import { beginsAgain, createRunDisplay, isNews } from '../../cli/start/run-display.ts';
import { reportIssue } from '../../shared/core/issues/catalog.ts';
import type { IssueReport } from '../../shared/core/issues/report.ts';
import { checkModelLife } from '../../shared/core/manifest/model-life.ts';
import type { Run } from '../../shared/core/run/run.ts';
import { costText } from '../../shared/core/tuning/cost.ts';
import type { MetricSeries } from '../../shared/core/tuning/metrics.ts';
import type { TuningPlan } from '../../shared/core/tuning/plan.ts';
import { type Progress, stepProgress } from '../../shared/core/tuning/progress.ts';
import { SETTLED_COST } from '../core/report-samples.ts';
import { aProgress, aRun, at, NOW } from '../support/runs.ts';
import { aScreen, ERASE_LINE } from './a-screen.ts';

const RUNNING = aRun({ state: 'RUNNING' });

interface Evaluated {
  step: number;
  loss: number;
  accuracy: number;
}

/** At a step of 200, and the evaluations so far. */
const far = (step: number, ...evaluations: Evaluated[]) => farOf(stepProgress(step, 200), ...evaluations);
const farOf = (progress: Progress, ...evaluations: Evaluated[]): HowFar => ({
  progress: aProgress(progress),
  series: curves(evaluations),
});

const curves = (evaluations: Evaluated[]): MetricSeries[] => [
  { name: '/eval_total_loss', points: evaluations.map(({ step, loss }) => ({ step, value: loss })) },
  {
    name: '/eval_fraction_of_correct_next_step_preds',
    points: evaluations.map(({ step, accuracy }) => ({ step, value: accuracy })),
  },
];

describe('what there is to do', () => {
  test('stands under the state, its commands on lines of their own', () => {
    const { screen, drawn } = aScreen();
    screen.progress(aRun({ state: 'FAILED', status: { message: 'M.', remedy: 'Grant it:\ngcloud x' } }));
    expect(drawn().at(-1)).toBe(`To do: Grant it:\n${' '.repeat(23)}gcloud x`);
  });

  test('is said of an upload that starts nothing', () => {
    const { screen, drawn } = aScreen();
    const upload = { uri: 'gs://inbox/Tune.json', message: 'M.', remedy: 'Rename it.' };
    screen.ignored({ ...upload, generation: '1', timeCreated: NOW, reason: 'R', noticedTime: NOW });
    expect(drawn().at(-1)).toMatch(/^gs:\/\/inbox\/Tune\.json\n +M\.\n +To do: Rename it\.$/);
    screen.ignored({
      ...upload,
      remedy: '',
      generation: '1',
      timeCreated: NOW,
      reason: 'R',
      noticedTime: NOW,
    });
    expect(drawn().at(-1)).toMatch(/^gs:\/\/inbox\/Tune\.json\n +M\.$/);
  });
});

describe('an upload that was checked', () => {
  const PLAN: TuningPlan = {
    ...{ backend: 'tuningJobs', runId: 'r1', project: 'p', baseModel: 'gemini-3.1-flash-lite', labels: {} },
    ...{ deployment: 'd', isDryRun: false, notes: [], modelDisplayName: 'reviews', apiVersion: 'v1' },
    ...{ region: 'us-central1', method: 'supervised', training: { epochs: 4, examples: 415 } },
    ...{ trainingDatasetUri: 'gs://r/train.jsonl', hyperParameters: { epochCount: 4 } },
  };
  const checked = (
    state: 'VALIDATED' | 'SUBMITTED' | 'REJECTED',
    reason: string,
    issues: IssueReport[] = [],
  ) =>
    aRun({
      state,
      spec: { plan: PLAN },
      status: { reason, message: 'M.', cost: SETTLED_COST, issues },
    });
  const linesOf = (...runs: Run[]) => {
    const { screen, written } = aScreen();
    for (const run of runs) screen.progress(run);
    return written
      .join('')
      .split('\n')
      .filter((line) => line.startsWith(' '.repeat(23)))
      .map((line) => line.slice(23));
  };

  test('has its plan once, in at most five lines', () => {
    expect(
      linesOf(
        checked('VALIDATED', 'InQueue'),
        checked('VALIDATED', 'ChecksPassed'),
        checked('SUBMITTED', 'JobCreated'),
      ),
    ).toEqual([
      'model     gemini-3.1-flash-lite, tuned as reviews',
      'training  supervised, 4 epochs, 415 examples',
      'region    us-central1',
      `cost      on Google Cloud ${costText(SETTLED_COST)}`,
    ]);
  });

  const issue = (over: Partial<IssueReport>): IssueReport => ({
    ...{ code: 'dataset_converted', severity: 'advice', file: 'gs://inbox/reviews/train.jsonl', line: 1 },
    ...{ message: 'M.', found: '3 examples in A', expected: 'B', remedy: 'Nothing has to be done.', ...over },
  });

  test('has each kind of issue once, with every place and what to do', () => {
    const issues = [
      issue({}),
      issue({ file: 'gs://inbox/reviews/eval.jsonl', found: '2 examples in A' }),
      issue({
        code: 'field_missing',
        severity: 'error',
        line: 7,
        found: 'no x',
        expected: 'a text',
        remedy: 'Write x.',
      }),
    ];
    const lines = linesOf(checked('REJECTED', 'IssuesFound', issues));
    expect(lines.map((line) => line.replace(/^(\w+ +).*( {2}\[)/, '$1…$2'))).toEqual([
      'error     …  [field_missing]',
      '          train.jsonl, line 7: no x',
      '          expected: a text',
      '          to do: Write x.',
      'advice    …  [dataset_converted]',
    ]);
  });

  test('has the gravest of very many kinds, and how many more there are', () => {
    const many = Array.from({ length: 11 }, (_, index) =>
      issue({ code: `kind_${index}`, severity: 'error' }),
    );
    expect(linesOf(checked('REJECTED', 'IssuesFound', many)).at(-1)).toBe(
      '... and 3 more kinds of issues: the report and the page have them all.',
    );
  });

  test.each([
    {
      ...({ model: 'text-bison@002', today: '2026-11-29' } as const),
      line: 'warning   tune.json, base_model: text-bison@002, closed to new tuning jobs since 2024-10-09. Write "base_model": "gemini-3.1-flash-lite".  [model_retired]',
    },
    {
      ...({ model: 'gemini-3.1-flash-lite', today: '2027-05-01' } as const),
      line: 'warning   tune.json, base_model: gemini-3.1-flash-lite, which may retire from 2027-05-07 on, in 6 days. No successor is published: keep the manifest and its data, to tune again on another model of docs/models.md.  [model_retires_soon]',
    },
  ])('says of a model that ends in one line what to write: $model', ({ model: base_model, today, line }) => {
    const locate = (path: string) => ({ uri: 'gs://inbox/reviews/tune.json', path });
    const manifest = { base_model } as Parameters<typeof checkModelLife>[0];
    const issues = checkModelLife(manifest, { retiredModels: 'warn' }, { locate, today }).map(reportIssue);
    expect(linesOf(checked('VALIDATED', 'ChecksPassed', issues)).at(-1)).toBe(line);
  });
});

test('a run that has ended says where to read on and how to ask its model, under its own name', () => {
  const call = { curl: 'curl \\\n  "http://127.0.0.1:9103"' };
  const run = aRun({ state: 'SUCCEEDED', status: { howToCall: call, report: 'gs://r/report.html' } });
  const page = 'http://127.0.0.1:9109/';
  expect(resultLines(run, { results: '/data/r/', pageUrl: page })).toEqual([
    'report  /data/r/report.html',
    `page    ${page}runs/${run.runId}`,
    'call    curl \\',
    '  "http://127.0.0.1:9103"',
  ]);
  expect(resultLines(run, {})[0]).toMatch(/^report {2}forgotten.*--data-dir DIR/);
});

describe('the steps of a running job', () => {
  test('are one line that is redrawn in a terminal, and erased before anything else is written', () => {
    const { screen, written, drawn } = aScreen(80);
    for (const step of [20, 40, 60]) screen.steps(RUNNING, far(step));
    expect(drawn()).toEqual([
      '[#---------] step 20 of 200, 10 %',
      expect.stringMatching(/^\[##-{8}\] step 40 of 200, 20 %/),
      expect.stringMatching(/^\[###-{7}\] step 60 of 200, 30 %/),
    ]);
    expect(written.every((text) => text.startsWith(ERASE_LINE) && !text.includes('\n'))).toBe(true);
    screen.progress({ ...RUNNING, status: { ...RUNNING.status, state: 'SUCCEEDED', message: 'Done.' } });
    expect(written.at(-1)).toMatch(/^\r.*SUCCEEDED {3}Done\.\n$/);
    screen.write('more\n');
    expect(written.at(-1)).toBe('more\n');
  });

  test.each([
    [30, '[#---------] step 20 of 200'],
    [40, '[#---------] step 20 of 200, 10 %'],
    [70, '[#---------] step 20 of 200, 10 %; loss 0.50, 75 % right'],
    [100, '[#---------] step 20 of 200, 10 %; evaluation at step 20: loss 0.5000, token accuracy 75.0 %'],
  ])('say in a terminal of %d columns what fits into one line', (columns, shown) => {
    const { screen, written, drawn } = aScreen(columns);
    screen.steps(RUNNING, far(20, { step: 20, loss: 0.5, accuracy: 0.75 }));
    expect(drawn()[0]).toContain(shown.slice(0, columns - 4));
    expect(written[0]?.replace(ERASE_LINE, '').length).toBeLessThan(columns);
  });

  test('are a line for each quarter at most where nothing can be redrawn', () => {
    const { screen, drawn } = aScreen();
    for (let step = 1; step <= 200; step++) screen.steps(RUNNING, far(step));
    expect(drawn()).toEqual([
      expect.stringContaining('step 50 of 200, 25 %'),
      expect.stringContaining('step 100 of 200, 50 %'),
      expect.stringContaining('step 150 of 200, 75 %'),
    ]);
  });

  test('come with the time that is left, and with the last evaluation', () => {
    const { screen, drawn, pass } = aScreen(200);
    const ends = new Date(19_000).toISOString();
    pass(4_000);
    screen.steps(
      RUNNING,
      farOf(
        { ...stepProgress(50, 200), estimatedEndTime: ends },
        { step: 20, loss: 1, accuracy: 0 },
        { step: 40, loss: 0.51234, accuracy: 0.8123 },
      ),
    );
    expect(drawn().at(-1)).toMatch(
      /step 50 of 200, 25 %, about 15 s left; evaluation at step 40: loss 0\.5123, token accuracy 81\.2 %$/,
    );
  });

  test.each([
    ['three digits', 100, 300, 40, 'step 100 of 300, 33 %, about 40 s left; loss 0.50, 83 % right'],
    ['four digits and minutes', 1_000, 5_000, 120, 'step 1000 of 5000, 20 %, about 2 min left; 83 % right'],
  ])('keep the last evaluation in a terminal of 80 columns: %s', (_name, step, ofSteps, left, shown) => {
    const { screen, drawn } = aScreen(80);
    const estimatedEndTime = new Date(left * 1000).toISOString();
    const evaluation = { step: step / 2, loss: 0.5, accuracy: 0.832 };
    screen.steps(RUNNING, farOf({ ...stepProgress(step, ofSteps), estimatedEndTime }, evaluation));
    expect(drawn().at(-1)).toContain(shown);
  });

  test.each<[string, Progress, string]>([
    [
      'steps and epochs, where both are known',
      { percent: 25, step: 10, ofSteps: 40, epoch: 1, ofEpochs: 4 },
      '[##--------] step 10 of 40, 1 of 4 epochs, 25 %',
    ],
    [
      'steps without their number',
      { percent: 50, step: 10, epoch: 2, ofEpochs: 4 },
      '[#####-----] step 10, 2 of 4 epochs, 50 %',
    ],
    ['steps alone', { step: 10 }, 'step 10'],
    ['epochs alone', { percent: 0, epoch: 0, ofEpochs: 4 }, '[----------] 0 of 4 epochs, 0 %'],
  ])('are told as %s', (_name, progress, shown) => {
    const { screen, drawn } = aScreen(80);
    screen.steps(RUNNING, farOf(progress));
    expect(drawn()).toEqual([shown]);
  });

  test('come with the loss alone where a job measures nothing else, as preference tuning', () => {
    const { screen, drawn } = aScreen(80);
    const series: MetricSeries[] = [{ name: '/eval_total_loss', points: [{ step: 10, value: 0.61 }] }];
    screen.steps(RUNNING, { progress: aProgress(stepProgress(10, 40)), series });
    expect(drawn()[0]).toMatch(/step 10 of 40, 25 %; evaluation at step 10: loss 0\.6100$/);
  });

  test('name the manifest where there may be several', () => {
    const { screen, drawn } = aScreen(80);
    screen.steps(RUNNING, far(20), { named: true });
    expect(drawn()[0]).toMatch(/^reviews\/tune\.json: \[#-/);
  });

  test('are nothing before the first of them', () => {
    const { screen, written } = aScreen(80);
    screen.steps(RUNNING, far(0));
    screen.steps(RUNNING, farOf({ percent: 20, tasksDone: 1, ofTasks: 5 }));
    expect(written).toEqual([]);
  });

  test('are looked at while the run runs, and no longer', () => {
    const { screen } = aScreen(80);
    const watched: string[] = [];
    const display = createRunDisplay(
      {
        watchCurves: (runId) => {
          watched.push(`curves from ${runId}`);
          return () => void watched.push(`curves to ${runId}`);
        },
        watchProgress: (runId) => {
          watched.push(`progress from ${runId}`);
          return () => void watched.push(`progress to ${runId}`);
        },
      },
      screen,
    );
    for (const state of ['SUBMITTED', 'RUNNING', 'RUNNING', 'SUCCEEDED', 'SUCCEEDED'] as const)
      display(aRun({ state }));
    expect(watched).toEqual(
      ['from', 'to'].flatMap((word) => [
        `curves ${word} ${RUNNING.runId}`,
        `progress ${word} ${RUNNING.runId}`,
      ]),
    );
  });
});

test('states of several runs stand under the name of their manifest, said again whenever it is another', () => {
  const { screen, drawn } = aScreen();
  const [one, other] = [aRun({ folder: 'one' }), aRun({ folder: 'other' })];
  const validated = { ...one, status: { ...one.status, state: 'VALIDATED' as const } };
  const running = { ...one, status: { ...one.status, state: 'RUNNING' as const } };
  for (const run of [one, other, validated, running]) screen.progress(run, { named: true });
  expect(drawn().filter((text) => text.endsWith('tune.json'))).toEqual([
    'one/tune.json',
    'other/tune.json',
    'one/tune.json',
  ]);
  expect(drawn()).toHaveLength(7);
});

test.each([
  ['a run that is dropped later', { createTime: at(200) }, true],
  ['an earlier run that still goes on', { createTime: at(1) }, true],
  ['an earlier run that ends now', { createTime: at(1), endTime: at(150) }, true],
  ['a run that was over before', { createTime: at(1), endTime: at(50) }, false],
])('after a start %s is shown or not', (_name, status, isShown) => {
  expect(isNews(aRun({ status }), at(100))).toBe(isShown);
});

test.each([
  ['that trained before it', { reason: 'JobRunning', startTime: at(50) }, true],
  ['that began after it', { reason: 'JobRunning', startTime: at(150) }, false],
  ['that waited for machines', { reason: 'JobWaitsForCapacity', startTime: at(50) }, false],
  ['whose training was done', { reason: 'JobPostProcesses', startTime: at(50) }, false],
])('after a start it is said of a run %s whether it begins again', (_name, status, isSaid) => {
  expect(beginsAgain(aRun({ state: 'RUNNING', status }), at(100))).toBe(isSaid);
});

describe('the last word says what was trained', () => {
  const aRunOf = (base_model: NonNullable<NonNullable<Run['spec']['manifest']>['base_model']>) =>
    aRun({ state: 'SUCCEEDED', spec: { manifest: { base_model, dataset_uri: 'train.jsonl' } } });

  test.each([
    ['a text model', 'text-bison@002', 'local', /what was tuned, for real/],
    ['an embedding model', 'textembedding-gecko@001', 'local', /trained no model/],
    ['no trainer', 'text-bison@002', 'stand-in', /trained no model/],
  ] as const)('%s', (_name, baseModel, trainer, word) => {
    expect(disclaimerOf(aRunOf(baseModel), trainer)).toMatch(word);
  });
});
