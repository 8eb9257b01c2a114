import { readFileSync } from 'node:fs';
import { describe, expect, it, test } from 'vitest';
import { locateIn } from '../../shared/core/manifest/manifest.ts';
import { curvesOf } from '../../shared/core/report/curves.ts';
import { jobObserved } from '../../shared/core/run/job-events.ts';
import { dataReadOf } from '../../shared/core/tuning/data-read.ts';
import { howToCall } from '../../shared/core/tuning/how-to-call.ts';
import { type Evaluation, type MetricSeries, metricOf, summaryOf } from '../../shared/core/tuning/metrics.ts';
import { planRun } from '../../shared/core/tuning/planning.ts';
import { progressOf } from '../../shared/core/tuning/progress.ts';
import { modelDocument, resultOf } from '../../shared/core/tuning/results.ts';
import { observeTuningJob, TuningJobSchema } from '../../shared/core/tuning/tuning-job.ts';
import { someLimits } from '../support/manifests.ts';
import { tuningPlan } from '../support/plans.ts';
import { A_JOB, aRun } from '../support/runs.ts';

const BODIES = new URL('../payloads/tuning-jobs/bodies.json', import.meta.url);
const { entries } = JSON.parse(readFileSync(BODIES, 'utf8')) as { entries: { id: string; body: object }[] };
const NAME = 'projects/1/locations/us-central1/tuningJobs/2';
const observe = (json: object) => observeTuningJob(TuningJobSchema.parse({ name: NAME, ...json }));
const recorded = observe(entries.find(({ id }) => id === 'resp:recorded-failed-endpoint')?.body ?? {});

describe('a tuning job as Vertex AI gives it', () => {
  it('is read in camelCase and in snake_case, with counts as texts and as numbers, and nulls as nothing', () => {
    const camel = observe({
      state: 'JOB_STATE_RUNNING',
      tuningJobState: 'TUNING_JOB_STATE_TUNING',
      tuningJobMetadata: { completedEpochCount: '1', completedStepCount: 20 },
      labels: { my_label: 'x' },
      error: null,
    });
    const snake = observe({
      state: 'JOB_STATE_RUNNING',
      tuning_job_state: 'TUNING_JOB_STATE_TUNING',
      tuning_job_metadata: { completed_epoch_count: 1, completed_step_count: '20' },
      labels: { my_label: 'x' },
      tuned_model: null,
    });
    expect(snake).toEqual(camel);
    expect(camel).toMatchObject({ phase: 'running', stage: 'TUNING', completed: { epochs: 1, steps: 20 } });
    expect(camel.labels).toEqual({ my_label: 'x' });
  });

  it('that failed after its model was uploaded is tuned and not served', () => {
    expect(recorded).toMatchObject({
      phase: 'partial',
      failure: { message: expect.stringContaining('Failed to create endpoint') },
      outputs: { model: expect.stringContaining('/models/1402067540926005248@1'), endpoint: undefined },
      dataStats: { examples: 500, billableTokens: 255243 },
    });
    const result = resultOf(recorded, undefined, {});
    const event = jobObserved(aRun({ state: 'RUNNING' }), recorded, { outcome: { result } });
    expect(event).toMatchObject({ type: 'JobPartial', reason: 'TunedNotServed' });
    expect(event.message).toContain('The model is tuned: projects/646763706049');
    expect(event.remedy).toContain('gcloud ai endpoints deploy-model ENDPOINT --region=us-central1');
  });

  it('that failed without a model has failed', () => {
    const job = observe({ state: 'JOB_STATE_FAILED', error: { code: 3, message: 'no' } });
    expect(job).toMatchObject({ phase: 'failed', failure: { words: 'no' } });
  });
});

test.each([
  ['WAITING_FOR_QUOTA', 'JobWaitsForQuota', /waits for quota/],
  ['WAITING_FOR_CAPACITY', 'JobWaitsForCapacity', /waits for machines/],
  ['PROCESSING_DATASET', 'JobProcessesDataset', /reads the data set/],
  ['TUNING', 'JobRunning', /working on the job/],
  ['POST_PROCESSING', 'JobPostProcesses', /training is done/],
  ['SOMETHING_NEW', 'JobRunning', /working on the job/],
])('a job in %s says so', (stage, reason, words) => {
  const job = observe({ state: 'JOB_STATE_RUNNING', tuningJobState: `TUNING_JOB_STATE_${stage}` });
  const event = jobObserved(aRun({ state: 'SUBMITTED' }), job);
  expect(event).toMatchObject({ type: 'JobRunning', reason });
  expect(event.message).toMatch(words);
});

describe('the progress of a tuning job', () => {
  const plan = { training: { epochs: 4 }, backend: 'tuningJobs' } as Parameters<typeof progressOf>[0];
  const running = (metadata?: object, stats?: object) =>
    observe({ state: 'JOB_STATE_RUNNING', tuningJobMetadata: metadata, tuningDataStats: stats });

  it('is told by its epochs, by its steps once it says how many there are, and else not at all', () => {
    expect(progressOf(plan, running(), undefined)).toBeUndefined();
    expect(progressOf(plan, running({ completedEpochCount: 1 }), undefined)).toEqual({
      percent: 25,
      epoch: 1,
      ofEpochs: 4,
    });
    const stats = { supervisedTuningDataStats: { tuningStepCount: '40' } };
    expect(progressOf(plan, running({ completedStepCount: 10 }, stats), undefined)).toMatchObject({
      percent: 25,
      step: 10,
      ofSteps: 40,
    });
  });
});

test('the checkpoints have the evaluation at their step, and the best one is named', () => {
  const job = observe({
    state: 'JOB_STATE_SUCCEEDED',
    tunedModel: {
      model: 'projects/1/locations/us-central1/models/3@1',
      endpoint: 'projects/1/locations/us-central1/endpoints/4',
      checkpoints: [
        {
          checkpointId: '1',
          epoch: '1',
          step: '10',
          endpoint: 'projects/1/locations/us-central1/endpoints/5',
        },
        { checkpointId: '2', epoch: '2', step: '20' },
        { checkpointId: '3', epoch: '3', step: '30' },
      ],
    },
  });
  const evaluations = [10, 20, 30].map((step, index) => ({ step, loss: [0.5, 0.2, 0.4][index] ?? 1 }));
  const result = resultOf(job, undefined, { evaluations: evaluations as never });
  expect(result).toMatchObject({
    bestCheckpoint: '2',
    checkpoints: [
      { id: '1', epoch: 1, step: 10, evaluationLoss: 0.5 },
      { id: '2', evaluationLoss: 0.2 },
      { id: '3', evaluationLoss: 0.4 },
    ],
  });
});

describe('the evaluation of a checkpoint', () => {
  const checkpoints = (...steps: (number | undefined)[]) => ({
    outputs: {
      model: 'projects/1/locations/us-central1/models/3@1',
      checkpoints: steps.map((step, index) => ({ id: String(index + 1), step })),
    },
  });
  const losses = (...evaluations: Evaluation[]) => ({ evaluations });

  it('is the one at its step, or the next before it', () => {
    const found = losses({ step: 8, loss: 0.5 }, { step: 15, loss: 0.4 }, { step: 20, loss: 0.3 });
    expect(resultOf(checkpoints(10, 20), undefined, found)).toMatchObject({
      bestCheckpoint: '2',
      checkpoints: [
        { evaluationLoss: 0.5, evaluationStep: 8 },
        { evaluationLoss: 0.3, evaluationStep: 20 },
      ],
    });
  });

  it('is none that the checkpoint before it has, nor one without a loss, nor any where no step is said', () => {
    const found = losses({ step: 10, loss: 0.3 }, { step: 25, loss: 0.4 }, { step: 30, tokenAccuracy: 0.9 });
    const result = resultOf(checkpoints(10, 20, 30, undefined), undefined, found);
    expect(result?.checkpoints?.map(({ evaluationLoss }) => evaluationLoss)).toEqual([
      ...[0.3, undefined, 0.4, undefined],
    ]);
    expect(result?.bestCheckpoint).toBe('1');
  });

  it('makes none the best where nothing was measured', () => {
    expect(resultOf(checkpoints(10, 20), undefined, {})?.bestCheckpoint).toBeUndefined();
  });
});

describe('the curves of preference tuning', () => {
  const series: MetricSeries[] = [
    { name: '/preference_optimization_train_loss', points: [{ step: 40, value: 0.6 }] },
    { name: '/eval_total_loss', points: [{ step: 40, value: 0.65 }] },
  ];

  it('are known by Google’s two names, and say step, last values and the best evaluation', () => {
    expect(metricOf('/preference_optimization_train_loss')).toBe('/preference_optimization_train_loss');
    expect(summaryOf(series)).toEqual({
      step: 40,
      latest: { preference_optimization_train_loss: 0.6, eval_total_loss: 0.65 },
      best: { step: 40, loss: 0.65 },
      points: { preference_optimization_train_loss: 1, eval_total_loss: 1 },
    });
  });

  it('are the chart of the loss in the report', () => {
    const { charts } = curvesOf(aRun({ state: 'SUCCEEDED' }), series);
    expect(charts.map(({ title, lines }) => [title, lines.map(({ label }) => label)])).toEqual([
      ['Loss', ['Training', 'Evaluation']],
    ]);
  });
});

test('where metrics lie in Cloud Storage is read, and empty is none', () => {
  expect(observe({ gcsMetricsUri: 'gs://bucket/metrics' }).gcsMetricsUri).toBe('gs://bucket/metrics');
  expect(observe({ gcs_metrics_uri: 'gs://bucket/metrics' }).gcsMetricsUri).toBe('gs://bucket/metrics');
  expect(observe({ gcsMetricsUri: '' }).gcsMetricsUri).toBeUndefined();
});

describe('examples that Vertex AI cut or left out', () => {
  const stats = {
    ...{ examples: 100, billableTokens: 5_000, truncatedExamples: 3 },
    ...{ truncatedSample: [7, 2], droppedSample: [9], droppedReasons: ['too long'] },
  };

  it('are told as lines of the uploaded file, where every line is an example', () => {
    expect(dataReadOf(stats, { lines: 100, examples: 100 })).toEqual({
      ...{ examples: 100, billableTokens: 5_000, truncatedExamples: 3 },
      ...{ dropped: ['too long'], sampleLines: [2, 7, 9] },
    });
  });

  it('are told as lines of the uploaded file where blank lines stand between', () => {
    const blankLineRuns = [
      { line: 1, count: 1, step: 1 },
      { line: 5, count: 3, step: 2 },
    ];
    expect(dataReadOf(stats, { lines: 104, examples: 100, blankLineRuns })?.sampleLines).toEqual([3, 11, 13]);
  });

  it('are told as lines of the uploaded file where a part of it is kept for the evaluation', () => {
    const blankLineRuns = [{ line: 3, count: 1, step: 1 }];
    const uploaded = { lines: 101, examples: 100, blankLineRuns };
    expect(dataReadOf(stats, uploaded)?.sampleLines).toEqual([2, 8, 10]);
    expect(dataReadOf(stats, { lines: 1000, examples: 100 })?.sampleExamples).toEqual([2, 7, 9]);
  });

  it('are told as numbers of examples where nobody knows the blank lines', () => {
    expect(dataReadOf(stats, { lines: 102, examples: 100 })).toMatchObject({
      sampleExamples: [2, 7, 9],
      sampleLines: undefined,
    });
    expect(dataReadOf(undefined, { lines: 1, examples: 1 })).toBeUndefined();
  });
});

describe('how to call a tuned Gemini model', () => {
  const result = (region: string, endpoint?: string) => ({
    model: `projects/1/locations/${region}/models/3`,
    endpoint: endpoint ?? `projects/1/locations/${region}/endpoints/4`,
  });
  const call = (baseModel: string, region: string, origin?: string) =>
    howToCall(result(region), { baseModel, project: 'my-project', origin });

  it('goes to the multi-region of the third generation, with the least thinking', () => {
    const { curl, python, typescript } = call('gemini-3.1-flash-lite', 'europe-west4') ?? {};
    expect(curl).toContain(
      '"https://aiplatform.eu.rep.googleapis.com/v1/projects/1/locations/eu/endpoints/4:generateContent"',
    );
    expect(curl).toContain('"thinkingConfig":{"thinkingLevel":"MINIMAL"}');
    expect(python).toContain('genai.Client(vertexai=True, project="my-project", location="eu")');
    expect(python).toContain('{"thinking_config":{"thinking_level":"MINIMAL"}}');
    expect(typescript).toContain('location: "eu"');
    expect(call('gemini-3.5-flash', 'us-central1')?.curl).toContain('aiplatform.us.rep.googleapis.com');
  });

  it('names the best checkpoint as it is asked, where that is another than the model', () => {
    const checkpoints = [
      { id: '1', endpoint: 'projects/1/locations/us-central1/endpoints/5' },
      { id: '2', endpoint: 'projects/1/locations/us-central1/endpoints/4' },
    ];
    const best = (baseModel: string, bestCheckpoint: string) =>
      howToCall({ ...result('us-central1'), checkpoints, bestCheckpoint }, { baseModel, project: 'p' })
        ?.bestCheckpoint;
    expect(best('gemini-3.1-flash-lite', '1')).toBe('projects/1/locations/us/endpoints/5');
    expect(best('gemini-2.5-flash', '1')).toBe('projects/1/locations/us-central1/endpoints/5');
    expect(best('gemini-2.5-flash', '2')).toBeUndefined();
  });

  it('says how another checkpoint is served by the endpoint of the model, where the job left one', () => {
    const endpoint = (id: number) => `projects/1/locations/us-central1/endpoints/${id}`;
    const served = (...ids: number[]) => ids.map((id) => ({ id: `${id}`, endpoint: endpoint(id) }));
    const call = (ids: number[], bestCheckpoint?: string, origin?: string) =>
      howToCall(
        { ...result('us-central1'), checkpoints: served(...ids), bestCheckpoint },
        { baseModel: 'gemini-2.5-flash', project: 'p', origin },
      )?.serveCheckpoint;
    expect(call([4, 5], '5')).toBe(
      [
        'from google import genai',
        'client = genai.Client(vertexai=True, project="p", location="us-central1")',
        `client.models.update(model="${result('us-central1').model}", config={"default_checkpoint_id": "5"})`,
      ].join('\n'),
    );
    expect(call([4, 5], '4')).toContain('"CHECKPOINT_ID"');
    expect(call([4])).toBeUndefined();
    expect(call([4, 5], '5', 'http://127.0.0.1:1')).toBeUndefined();
  });

  it('asks with what the examples have in common, and names what is too long to be repeated', () => {
    const asked = (sharedInstruction: object) =>
      howToCall(result('us-central1'), { baseModel: 'gemini-2.5-flash', project: 'p', sharedInstruction })
        ?.curl;
    expect(asked({ systemInstruction: 'Be brief.', promptBeginning: 'Translate: ' })).toContain(
      '{"systemInstruction":{"parts":[{"text":"Be brief."}]},"contents":[{"role":"user","parts":[{"text":"Translate: YOUR INPUT"}]}]',
    );
    const long = asked({ systemInstruction: '', promptBeginning: '' });
    expect(long).toContain('"text":"THE SYSTEM INSTRUCTION OF YOUR EXAMPLES"');
    expect(long).toContain('"text":"THE INSTRUCTION OF YOUR EXAMPLES YOUR INPUT"');
    expect(asked({ systemInstruction: 'Be brief.' })).toContain('"text":"YOUR PROMPT"');
  });

  it('goes to the region of the second generation, without thinking', () => {
    const { curl } = call('gemini-2.5-flash', 'us-central1') ?? {};
    expect(curl).toContain(
      'https://us-central1-aiplatform.googleapis.com/v1/projects/1/locations/us-central1/',
    );
    expect(curl).toContain('"thinkingBudget":0');
  });

  it('of an open model begins with the command that deploys its weights, and is not there without them', () => {
    const open = { baseModel: 'qwen/qwen3@qwen3-4b', project: 'my-project' };
    const call = howToCall({ ...result('us-central1'), weights: 'gs://results/output/r/final' }, open);
    expect(call?.first).toBe(
      "gcloud ai model-garden models deploy --project=my-project --region=us-central1 --model='gs://results/output/r/final'",
    );
    expect(call?.curl).toContain('/endpoints/ENDPOINT_ID/chat/completions"');
    expect(howToCall(result('us-central1'), open)).toBeUndefined();
  });

  it('goes to the embedded cloud under the same name, where nobody deploys open models', () => {
    expect(call('gemini-3.1-flash-lite', 'us-central1', 'http://127.0.0.1:1')?.curl).toContain(
      '"http://127.0.0.1:1/v1/projects/1/locations/us/endpoints/4:generateContent"',
    );
    const weights = 'gs://results/output/r/final';
    const options = { baseModel: 'qwen/qwen3@qwen3-4b', project: 'p', origin: 'http://127.0.0.1:1' };
    expect(howToCall({ ...result('us-central1'), weights }, options)).toBeUndefined();
  });
});

describe('what a job of an open model left, which registers no model', () => {
  const plan = tuningPlan(
    planRun({
      manifest: {
        ...{ base_model: 'qwen/qwen3@qwen3-4b', dataset_uri: 'gs://inbox/team/train.jsonl' },
        ...{ pipeline_job_region: 'us-central1', output_directory: 'gs://results/output/r' },
      },
      ...{
        folderName: 'team',
        runId: `r${'a'.repeat(40)}`,
        limits: someLimits(),
        locate: locateIn('tune.json'),
      },
    }).plan,
  );
  const job = { ...observeTuningJob(TuningJobSchema.parse({ name: 'j', state: 'JOB_STATE_SUCCEEDED' })) };
  const result = resultOf(job, plan);

  it('is the directory of its weights, and how they are deployed where the job ran', () => {
    expect(result).toMatchObject({
      model: undefined,
      weights: 'gs://results/output/r/postprocess/node-0/checkpoints/final',
    });
    expect(modelDocument(result ?? {}, { runId: 'r1', plan, job })).toBeUndefined();
    const call = howToCall(result ?? {}, plan);
    expect(call?.first).toContain('--region=us-central1');
    expect(call?.first).toContain("--model='gs://results/output/r/postprocess/node-0/checkpoints/final'");
  });

  it('is told as a tuned model', () => {
    const run = aRun({ state: 'RUNNING', spec: { plan }, status: { job: A_JOB } });
    const { message, type } = jobObserved(run, job, { outcome: { result } });
    expect(type).toBe('JobSucceeded');
    expect(message).toContain(
      'its weights are in gs://results/output/r/postprocess/node-0/checkpoints/final',
    );
  });
});
