import { readFileSync } from 'node:fs';
import { describe, expect, it, test } from 'vitest';
import { fingerprintOfRequest } from '../../shared/core/tuning/job-labels.ts';
import { planRun } from '../../shared/core/tuning/planning.ts';
import { buildTuningJobRequest } from '../../shared/core/tuning/tuning-job-request.ts';
import { parse, someLimits } from '../support/manifests.ts';
import { tuningPlan } from '../support/plans.ts';

interface Recorded {
  id: string;
  direction: string;
  what: string;
  method: string | null;
  path: string | null;
  body: RecordedBody;
}

interface RecordedBody {
  baseModel?: string;
  preTunedModel?: { tunedModelName?: string; checkpointId?: string };
  tunedModelDisplayName?: string;
  labels?: Record<string, string>;
  [name: string]: unknown;
}

const BODIES = new URL('../payloads/tuning-jobs/bodies.json', import.meta.url);
const { entries } = JSON.parse(readFileSync(BODIES, 'utf8')) as { entries: Recorded[] };

const RUN_ID = `r${'b'.repeat(40)}`;

function requestOf(content: object, baseModel?: string) {
  const { manifest, issues, locate } = parse(content, { baseModel });
  if (!manifest) throw new Error(`the manifest is wrong: ${JSON.stringify(issues)}`);
  const input = { manifest, locate, folderName: 'reviews', runId: RUN_ID, limits: someLimits() };
  return buildTuningJobRequest(tuningPlan(planRun(input).plan));
}

/** What a manifest for the same job says, under our names; what is not there was not asked. */
function manifestOf({ body }: Recorded): object {
  const spec = (body.supervisedTuningSpec ?? body.preferenceOptimizationSpec) as Record<string, unknown>;
  const hyper = (spec.hyperParameters ?? {}) as Record<string, unknown>;
  const key = body.encryptionSpec as { kmsKeyName?: string } | undefined;
  return {
    base_model: body.baseModel,
    pre_tuned_model: body.preTunedModel?.tunedModelName,
    checkpoint_id: body.preTunedModel?.checkpointId,
    tuning_method: body.preferenceOptimizationSpec ? 'preference' : undefined,
    dataset_uri: spec.trainingDatasetUri,
    evaluation_data_uri: spec.validationDatasetUri,
    epoch_count: hyper.epochCount ?? 3,
    learning_rate_multiplier: hyper.learningRateMultiplier,
    learning_rate: hyper.learningRate,
    adapter_size: hyper.adapterSize,
    batch_size: hyper.batchSize,
    beta: hyper.beta,
    tuning_mode: spec.tuningMode,
    export_last_checkpoint_only: spec.exportLastCheckpointOnly,
    model_display_name: body.tunedModelDisplayName,
    custom_base_model: body.customBaseModel,
    output_directory: body.outputUri,
    description: body.description,
    encryption_spec_key_name: key?.kmsKeyName,
    labels: body.labels,
  };
}

/** Jobs that the product offers, as one of Google's SDKs was seen to send them; data sets by gs:// URI. */
const OFFERED = ['supervised', 'continuous-supervised', 'preference', 'open-supervised'];
const recorded = entries.filter(({ direction, what }) => direction === 'request' && OFFERED.includes(what));
const byFile = recorded.filter(({ body }) => !JSON.stringify(body).includes('/datasets/'));

describe('the body of a tuning job is the one that Google’s SDK sends for the same job', () => {
  test('there are recorded ones of every kind', () => {
    expect(new Set(byFile.map(({ what }) => what))).toEqual(new Set(OFFERED));
  });

  test.each(byFile)('$id', (entry) => {
    const { theirs, known } = asSent(entry);
    expectSameJob(requestOf(asJson(manifestOf({ ...entry, body: theirs })), known), theirs);
  });

  test.each(byFile)('$id, pasted into tune.json as it is', (entry) => {
    const { theirs, known } = asSent(entry);
    const pasted = JSON.parse(JSON.stringify(entry.body).replaceAll('BUCKET', 'bucket'));
    expectSameJob(requestOf(pasted, known), theirs);
  });
});

const asJson = (value: unknown) => JSON.parse(JSON.stringify(value));

/** BUCKET stands for any bucket; Google's SDK for Python sends names of nested messages as its caller wrote them. */
function asSent({ body }: Recorded) {
  const theirs = JSON.parse(
    JSON.stringify(body)
      .replaceAll('tuned_model_name', 'tunedModelName')
      .replaceAll('checkpoint_id', 'checkpointId')
      .replaceAll('kms_key_name', 'kmsKeyName')
      .replaceAll('BUCKET', 'bucket'),
  );
  return { theirs, known: theirs.preTunedModel ? 'gemini-2.5-flash' : undefined };
}

/** Equal but for what we always send, and an SDK leaves to the service: epochs, a name for a new model, the mode where there are two. */
function expectSameJob(request: ReturnType<typeof requestOf>, theirs: RecordedBody) {
  const ours = asJson(request.body);
  const spec = ours.supervisedTuningSpec ?? ours.preferenceOptimizationSpec;
  const asked = (theirs.supervisedTuningSpec ?? theirs.preferenceOptimizationSpec) as {
    hyperParameters?: { epochCount?: number };
    tuningMode?: string;
  };
  if (asked.hyperParameters?.epochCount === undefined) delete spec.hyperParameters.epochCount;
  if (asked.hyperParameters === undefined) delete spec.hyperParameters;
  if (theirs.tunedModelDisplayName === undefined && !theirs.preTunedModel) delete ours.tunedModelDisplayName;
  if (asked.tuningMode === undefined) delete spec.tuningMode;
  const { 'managed-by': _by, 'tunedrop-run': _run, 'tunedrop-fingerprint': _print, ...more } = ours.labels;
  const { 'tunedrop-deployment': _deployment, ...labels } = more;
  expect({ ...ours, labels }).toEqual({ ...theirs, labels: theirs.labels ?? {} });
}

describe('the request of a tuning job', () => {
  const right = { base_model: 'gemini-3.1-flash-lite', dataset_uri: 'train.jsonl' };

  it('always says how many epochs', () => {
    expect(requestOf(right).body.supervisedTuningSpec?.hyperParameters.epochCount).toBe(3);
  });

  it('carries the labels by which its job is found, over those of the user', () => {
    const { body } = requestOf({ ...right, labels: { team: 'x' } });
    expect(body.labels).toMatchObject({ team: 'x', 'managed-by': 'tunedrop', 'tunedrop-run': RUN_ID });
    expect(body.labels['tunedrop-fingerprint']).toBe(
      fingerprintOfRequest(requestOf({ ...right, labels: { team: 'x' } })),
    );
  });

  test.each([
    ['gemini-3.1-flash-lite', undefined, 'us-central1-aiplatform.googleapis.com/v1/'],
    ['gemini-3.5-flash', 'europe-west4', 'europe-west4-aiplatform.googleapis.com/v1/'],
    ['google/gemma4@gemma-4-e4b-it', 'global', 'aiplatform.googleapis.com/v1beta1/'],
    ['qwen/qwen3@qwen3-4b', 'us-east5', 'us-east5-aiplatform.googleapis.com/v1beta1/'],
  ])('of %s in %s goes to %s', (base_model, pipeline_job_region, address) => {
    const { url, region } = requestOf({ ...right, base_model, pipeline_job_region });
    expect(url).toBe(`https://${address}projects/my-project/locations/${region}/tuningJobs`);
  });
});
