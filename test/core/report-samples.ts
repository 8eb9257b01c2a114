import { reportIssue } from '../../shared/core/issues/catalog.ts';
import { manifestIssue } from '../../shared/core/issues/manifest.ts';
import type { Run } from '../../shared/core/run/run.ts';
import type { MetricName, MetricSeries } from '../../shared/core/tuning/metrics.ts';
import type { RunCost } from '../../shared/core/tuning/run-cost.ts';
import { pipelinePlan } from '../support/plans.ts';
import { A_JOB, aRun, at } from '../support/runs.ts';

/** Runs and series invented for the tests of the report; none of their numbers was ever measured. */

export interface CourseOptions {
  steps: number;
  interval?: number;
  /** The last step, of a training that ended early. */
  until?: number;
}

/** Falling loss and rising accuracy with noise that is the same each time. */
export function aCourse({ steps, interval = 20, until = steps }: CourseOptions): MetricSeries[] {
  const random = noise();
  const loss = (step: number) => 0.12 + 1.9 * Math.exp((-6 * step) / steps);
  const accuracy = (step: number) => 0.97 - 0.6 * Math.exp((-6 * step) / steps);
  const train = Array.from({ length: until }, (_, index) => index + 1);
  const evaluated = train.filter((step) => step % interval === 0);
  const over = (step: number) => Math.max(0, step / steps - 0.6) * 0.5;
  const series = (name: MetricName, at: number[], value: (step: number) => number) => ({
    name,
    points: at.map((step) => ({ step, value: value(step) })),
  });
  return [
    series('/train_total_loss', train, (step) => loss(step) * (0.75 + 0.5 * random())),
    series('/train_fraction_of_correct_next_step_preds', train, (step) =>
      Math.min(1, accuracy(step) + 0.08 * (random() - 0.5)),
    ),
    series('/train_num_predictions', train, () => 27 + Math.floor(random() * 6)),
    series('/eval_total_loss', evaluated, (step) => loss(step) + 0.05 + over(step)),
    series(
      '/eval_fraction_of_correct_next_step_preds',
      evaluated,
      (step) => accuracy(step) - 0.02 - over(step) / 4,
    ),
    series('/eval_num_predictions', evaluated, () => 187),
  ];
}

/** A linear congruential generator: Numerical Recipes' constants. */
function noise(): () => number {
  let state = 12345;
  return () => {
    state = (Math.imul(state, 1664525) + 1013904223) >>> 0;
    return state / 2 ** 32;
  };
}

const SPEC: Partial<Run['spec']> = {
  manifest: {
    base_model: 'text-bison@002',
    model_display_name: 'Headlines to sections',
    dataset_uri: 'gs://inbox/reviews/train.jsonl',
    evaluation_data_uri: 'gs://inbox/reviews/eval.jsonl',
    train_steps: 300,
    evaluation_interval: 20,
  },
  datasets: {
    dataset_uri: aSource('train.jsonl', 61_280),
    evaluation_data_uri: aSource('eval.jsonl', 15_115),
  },
  plan: {
    backend: 'pipelineJobs',
    runId: 'r1',
    project: 'my-project',
    baseModel: 'text-bison@002',
    modelDisplayName: 'Headlines to sections',
    templateUri: 'https://us-kfp.pkg.dev/ml-pipeline/large-language-model-pipelines/tune-large-model/v2.0.0',
    pipelineName: 'tune-large-model',
    regions: { pipelineJob: 'us-central1', modelUpload: 'us-central1', training: 'us-central1' },
    accelerator: '8 NVIDIA A100 80 GB GPUs in us-central1',
    training: { steps: 300, batchSize: 8, examples: 200, epochs: 12, evaluations: 15 },
    parameters: {
      project: 'my-project',
      location: 'us-central1',
      model_display_name: 'Headlines to sections',
      large_model_reference: 'text-bison@002',
      dataset_uri: 'gs://results/staging/r1/train.jsonl',
      evaluation_data_uri: 'gs://results/staging/r1/evaluation.jsonl',
      train_steps: 300,
      evaluation_interval: 20,
      tensorboard_resource_id: 'projects/my-project/locations/us-central1/tensorboards/123',
    },
    templateDefaults: {
      learning_rate_multiplier: 1,
      accelerator_type: 'GPU',
      enable_early_stopping: true,
      enable_checkpoint_selection: 'default',
    },
    outputDirectory: 'gs://results/output/r1',
    labels: {},
    isDryRun: false,
    notes: ['The model is uploaded to the region where the pipeline job runs.'],
  },
};

function aSource(file: string, sizeBytes: number) {
  const uri = `gs://inbox/reviews/${file}`;
  return {
    uri,
    generation: '1',
    sizeBytes,
    crc32c: 'AAAAAA==',
    stagedUri: `gs://results/staging/r1/${file}`,
  };
}

const LABELS = { business: 61, sport: 55, science: 48, entertainment: 36 };

function someStatistics(role: 'training' | 'evaluation', scale: number) {
  const examples = 200 * scale;
  return {
    ...{
      format: 'input_output' as const,
      role,
      lines: examples,
      blankLines: 0,
      examples,
      unusableExamples: 0,
    },
    bytes: Math.round(61_280 * scale),
    inputCharacters: { min: 41, median: 144, max: 611 },
    outputCharacters: { min: 5, median: 7, max: 13 },
    tokens: {
      method: 'estimate without a tokenizer',
      total: { low: Math.round(9_800 * scale), high: Math.round(19_400 * scale) },
      largestExample: { low: 104, high: 208 },
      provedWithinLimits: examples,
    },
    duplicates: { exact: 1, conflicting: 0 },
    labels: {
      distinct: 4,
      top: Object.entries(LABELS).map(([label, count]) => ({ label, count: Math.round(count * scale) })),
    },
  };
}

const DATASETS = {
  dataset_uri: someStatistics('training', 1),
  evaluation_data_uri: someStatistics('evaluation', 0.25),
};

/** Of a tuned Gemini model. */
export const SETTLED_COST: RunCost = {
  trainingTokens: { low: 986_400, estimate: 986_400, high: 1_006_400 },
  usd: { low: 2.95, high: 3.02 },
  price: { usdPerMillionTokens: 3, setBy: 'list', source: 'Google’s price list', seenOn: '2026-02-01' },
  madeOf: 'Tokens of the training data, by Gemma 3’s tokenizer of 262,144 tokens, × 4 epochs.',
  actual: { billableTokens: 248_100, trainingTokens: 992_400, usd: 2.9772 },
};

const TIMES = { validateTime: at(1.2), submitTime: at(3), startTime: at(64) };

export function aSucceededRun(): Run {
  const status = {
    ...TIMES,
    reason: 'JobSucceeded',
    message: 'The model is tuned and served; it can be called.',
    datasets: DATASETS,
    job: { ...A_JOB, state: 'PIPELINE_STATE_SUCCEEDED' },
    model: 'projects/123/locations/us-central1/models/456@1',
    endpoint: 'projects/123/locations/us-central1/endpoints/789',
    updateTime: at(5_400),
    endTime: at(5_400),
    links: { job: 'https://console.cloud.google.com/vertex-ai/pipelines/runs/x?project=my-project' },
    howToCall: {
      curl: [
        'curl -X POST \\',
        '  -H "Authorization: Bearer $(gcloud auth print-access-token)" \\',
        '  "https://us-central1-aiplatform.googleapis.com/v1/projects/123/locations/us-central1/endpoints/789:predict"',
      ].join('\n'),
    },
    result: {
      model: 'projects/123/locations/us-central1/models/456',
      version: '1',
      checkpointStep: 180,
      stoppedAtStep: 220,
      stoppedBecause: '5 evaluations without a gain of 0.001 in token accuracy',
    },
  };
  return aRun({ state: 'SUCCEEDED', spec: SPEC, status });
}

export function aRunningRun(): Run {
  const status = {
    ...TIMES,
    reason: 'JobRunning',
    message: 'Vertex AI is working on the job.',
    datasets: DATASETS,
    job: { ...A_JOB, state: 'PIPELINE_STATE_RUNNING' },
    updateTime: at(600),
  };
  return aRun({ state: 'RUNNING', spec: SPEC, status });
}

export function aFailedRun(): Run {
  const status = {
    ...TIMES,
    reason: 'JobFailed',
    message:
      'The job failed in the step large-language-model-tuner: The following quota metrics exceed quota limits.',
    remedy: 'Ask for more quota for A100 80 GB GPUs in us-central1, then upload the manifest again.',
    datasets: DATASETS,
    job: {
      ...A_JOB,
      state: 'PIPELINE_STATE_FAILED',
      failedTask: 'large-language-model-tuner',
      error: 'code=RESOURCE_EXHAUSTED, message=The following quota metrics exceed quota limits.',
    },
    updateTime: at(900),
    endTime: at(900),
  };
  return aRun({ state: 'FAILED', spec: SPEC, status });
}

const MANIFEST_TEXT = `{
  "base_model": "text-bison@002",
  "dataset_uri": "train.jsonl",
  "train_stepz": 300,
  "evaluation_interval": 0
}
`;

export function aRejectedRun(): Run {
  const uri = 'gs://inbox/reviews/tune.json';
  const issues = [
    manifestIssue(
      'few_evaluations',
      { uri, line: 5, path: 'evaluation_interval' },
      { interval: 100, steps: 200, points: 2 },
    ),
    manifestIssue(
      'less_than_one_epoch',
      { uri, line: 4, path: 'train_steps' },
      { epochs: 0.5, stepsForOneEpoch: 30 },
    ),
  ].map((issue, index) => ({
    ...reportIssue(issue),
    severity: index === 0 ? ('error' as const) : issue.severity,
  }));
  const status = {
    reason: 'UploadHasErrors',
    message: 'The upload has 1 error; nothing was submitted.',
    remedy: 'Fix the manifest and upload it again.',
    issues,
    issueCount: { error: 1, warning: 1, advice: 40 },
    issuesFile: 'gs://results/runs/reviews/1/issues.jsonl',
    updateTime: at(1.1),
    endTime: at(1.1),
  };
  const manifest = { base_model: 'text-bison@002' as const, dataset_uri: 'gs://inbox/reviews/train.jsonl' };
  return aRun({ state: 'REJECTED', spec: { manifest, manifestText: MANIFEST_TEXT }, status });
}

/** A run with so many steps planned. */
export function withSteps(run: Run, steps: number): Run {
  const plan = pipelinePlan(run.spec.plan);
  return { ...run, spec: { ...run.spec, plan: { ...plan, training: { ...plan.training, steps } } } };
}
