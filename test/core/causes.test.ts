import { describe, expect, test } from 'vitest';
import { ERROR_KINDS } from '../../shared/core/errors/errors.ts';
import { namedIn, projectNumberIn } from '../../shared/core/errors/named.ts';
import { decideAfterWarmUp, decideAttempt } from '../../shared/core/run/attempts.ts';
import { submitFailed } from '../../shared/core/run/events.ts';
import { jobObserved } from '../../shared/core/run/job-events.ts';
import { remedyFactsOf } from '../../shared/core/run/remedy-facts.ts';
import { transition } from '../../shared/core/run/transitions.ts';
import { CAUSES, findCause, remedyOf, SUBMIT_ACCOUNT } from '../../shared/core/tuning/causes.ts';
import { classifyGoogleError } from '../../shared/core/tuning/google-error.ts';
import { remedyOfStorage } from '../../shared/core/tuning/grants.ts';
import { isJobOver } from '../../shared/core/tuning/job.ts';
import type { Plan } from '../../shared/core/tuning/plan.ts';
import createErrors from '../payloads/create-errors.json' with { type: 'json' };
import failedTasks from '../payloads/failed-tasks.json' with { type: 'json' };
import jobStates from '../payloads/job-states.json' with { type: 'json' };
import { A_JOB, aPlan, aRun, at, NOW } from '../support/runs.ts';
import { observed, type SomeJob, someJob } from '../support/some-jobs.ts';

const DAG =
  'The DAG failed because some tasks failed. The failed tasks are: [x].; Job (project_id = p, job_id = 1) is failed due to the above error.';

const failedJob = (error: string, over: Partial<SomeJob> = {}) =>
  observed(
    someJob({
      ...{ state: 'PIPELINE_STATE_FAILED', error: DAG },
      tasks: [
        { name: 'root', state: 'FAILED', schemaTitle: 'system.Run', error: DAG, metadata: {} },
        { name: 'large-language-model-tuner', state: 'FAILED', error, metadata: {} },
      ],
      ...over,
    }),
  );

const running = (over: Parameters<typeof aRun>[0] = {}) =>
  aRun({
    state: 'RUNNING',
    spec: { plan: aPlan() },
    ...over,
    status: { job: A_JOB, submitTime: NOW, ...over.status },
  });

describe('a failed task', () => {
  test.each(failedTasks.cases)('$name', ({ error, reason, message, remedy }) => {
    const event = jobObserved(running(), failedJob(error));
    expect(event).toMatchObject({ type: 'JobFailed', reason, next: null });
    expect(event.message).toContain('The task large-language-model-tuner failed');
    expect(event.message).toContain(message);
    expect(event.message).not.toContain('AiPlatformException');
    expect(event.remedy).toContain(remedy);
    expect(event.status?.job?.error).toBe(error);
  });

  test('that gives no reason is told as such', () => {
    expect(jobObserved(running(), failedJob('', { tasks: [] })).message).toBe(`The job failed: ${DAG}`);
    const event = jobObserved(running(), failedJob('', { tasks: [], error: '' }));
    expect(event.message).toBe('The job failed: Vertex AI gave no reason.');
    expect(event.status?.job?.error).toBeUndefined();
  });
});

describe('an answer to the request for a job', () => {
  test.each(createErrors.cases)('$name', ({ error, kind, reason, ...given }) => {
    const found = classifyGoogleError({ httpStatus: given.http, ...error }, 'creating the job');
    expect(found).toMatchObject({ kind, reason, message: expect.stringContaining(error.message) });
    const facts = { ...remedyFactsOf(running(), found.message), caller: SUBMIT_ACCOUNT };
    const { remedy } = submitFailed(found, facts);
    if (given.remedy) expect(remedy).toContain(given.remedy);
  });
});

describe('words for one cause', () => {
  test.each([
    [
      'MetadataStoreMissing',
      'Metadata store projects/1/locations/us-central1/metadataStores/default is not found.',
    ],
    ['MetadataStoreMissing', 'The metadata store projects/p/locations/r/metadataStores/default is not found'],
    ['MetadataStoreMissing', 'Metadata store default is not in ACTIVE state.'],
    ['MetadataStoreMissing', 'MetadataStore default does not exist.'],
    [
      'MetadataStoreDenied',
      "Permission 'aiplatform.metadataStores.get' denied on resource (or it may not exist).",
    ],
    ['KeyDisabled', 'Cloud KMS key projects/p/locations/r/keyRings/k/cryptoKeys/c is disabled.'],
    ['KeyDisabled', 'The encryption key has been destroyed.'],
    ['KeyDisabled', 'CryptoKey projects/p/locations/r/keyRings/k/cryptoKeys/c is not enabled'],
    ['AcceleratorDenied', 'Accelerator type NVIDIA_TESLA_A100 is not allowed for this project.'],
    ['AcceleratorDenied', 'Accelerators are not supported for this project'],
    ['AcceleratorDenied', 'Project 12 is not allowed to use accelerator TPU_V3'],
    [
      'MachineNotSupported',
      'Accelerator "NVIDIA_TESLA_T4" is not supported for machine type "n1-ultramem-40".',
    ],
    [
      'LocationDenied',
      'Constraint constraints/gcp.resourceLocations violated for projects/p attempting us-central1.',
    ],
    ['PolicyDenied', 'Constraint constraints/compute.vmExternalIpAccess violated for project p.'],
    ['KeyRequired', 'Constraint constraints/gcp.restrictNonCmekServices violated'],
    ['PolicyDenied', 'Operation denied by org policy: ["constraints/vertexai.allowedModels": "…"]'],
    ['ApiDisabled', 'Agent Platform API has not been used in project 12 before or it is disabled.'],
    ['ApiDisabled', 'API [aiplatform.googleapis.com] not enabled on project [12].'],
    ['BillingDisabled', 'The project to be billed is associated with an absent billing account.'],
    ['BillingDisabled', 'The account for the specified project has been disabled.'],
    ['ServicePerimeter', 'Request is prohibited by organization’s policy'],
    ['KeyDenied', 'Cloud KMS key projects/p/locations/r/keyRings/k/cryptoKeys/c: permission denied'],
    ['KeyDenied', 'The service account does not have permission to use the CMEK key projects/p/c'],
    ['CapacityShort', 'There are not enough resources in region us-central1.'],
    ['CapacityShort', 'stockout in zone us-central1-b'],
    [
      'ServiceAccountDenied',
      'You do not have permission to act as service account: a@p.iam.gserviceaccount.com',
    ],
    ['ServiceAccountDenied', 'The caller lacks IAM_SERVICEACCOUNTS_ACTAS'],
    [
      'ServiceAccountDenied',
      'The user does not have access to service account "a@p.iam.gserviceaccount.com".',
    ],
    ['ServiceAccountMissing', 'Service account a@p.iam.gserviceaccount.com does not exist.'],
    ['StorageDenied', 'Access to bucket my-bucket denied. Permission storage.buckets.get is required.'],
    ['BucketMissing', 'The specified bucket does not exist.'],
    ['BucketMissing', 'Bucket gs://my-bucket not found.'],
    ['AcceleratorDenied', "Quota 'NVIDIA_A100_GPUS' exceeded.  Limit: 0.0 in region us-central1."],
    ['AcceleratorDenied', 'You are not allowed to use accelerators of this kind'],
    ['AcceleratorDenied', 'GPUs are not permitted in this project'],
    ['InvalidModelId', 'Base model gemini-1.5-pro-002 is not supported.'],
    ['InvalidModelId', 'The model has been deprecated and can no longer be tuned'],
    ['ModelNotInRegion', 'Base model gemini-2.5-pro is not supported for tuning in region us-east1'],
    ['ModelNotInRegion', 'Tuning is not supported in location asia-east1'],
    ['ModelNotInRegion', 'Location us-east9 is not supported'],
  ])('%s: %s', (reason, message) => {
    expect(findCause({ httpStatus: 400, message })?.reason).toBe(reason);
    expect(remedyOf(reason, { named: namedIn(message) })).toMatch(/\w{3}/);
  });
});

describe('the state of a job', () => {
  test.each(jobStates.states)('$state is $event', ({ state, event }) => {
    const job = failedJob('x', { state });
    const seen = jobObserved(running(), job);
    expect(seen.type).toBe(event);
    expect(transition(running(), seen, at(60)).outcome).not.toBe('illegal');
    expect(seen.next === null).toBe(isJobOver(job));
  });
});

describe('the table', () => {
  test('says something of every row, in words that name what to do', () => {
    for (const { sentence, remedy, kind, whileWaiting, reason } of CAUSES) {
      expect(sentence).toMatch(/^[A-Z].*\.$/);
      expect(remedy({ named: namedIn('') }).length).toBeGreaterThan(20);
      expect([reason, whileWaiting !== undefined]).toEqual([reason, ERROR_KINDS[kind].retry !== 'never']);
    }
    expect(new Set(CAUSES.map(({ reason }) => reason)).size).toBe(CAUSES.length);
  });

  test.each([
    {
      name: 'the number',
      facts: { project: 'p', projectNumber: '42' },
      account: '42-compute@developer.gserviceaccount.com',
    },
    { name: 'the account of the job', facts: { project: 'p', serviceAccount: 'a@b' }, account: 'a@b' },
    {
      name: 'a command that finds the number, where it is not known',
      facts: { project: 'p' },
      account:
        "$(gcloud projects describe p --format='value(projectNumber)')-compute@developer.gserviceaccount.com",
    },
  ])('a remedy names $name', ({ facts, account }) => {
    const lines = remedyOf('MetadataStoreDenied', { ...facts, named: namedIn('') })?.split('\n') ?? [];
    expect(lines).toContain(
      `gcloud projects add-iam-policy-binding p --member serviceAccount:${account} --role roles/storage.objectAdmin`,
    );
    expect(lines).toContain('gcloud services enable compute.googleapis.com --project p');
  });

  test.each([
    ['service-123456789@gcp-sa-aiplatform.iam.gserviceaccount.com', '123456789'],
    ['123456789-compute@developer.gserviceaccount.com', '123456789'],
    ['Failed to create custom job.Project number: 123456789, Job id: 77', '123456789'],
    ['projects/123456789/locations/us-central1', '123456789'],
    ['nothing of the kind in 2026', undefined],
  ])('the project number in "%s" is %s', (text, number) => {
    expect(projectNumberIn(text)).toBe(number);
  });

  test('the facts of a run come from its job, its plan and Vertex AI’s words', () => {
    const { job: _none, ...status } = running().status;
    const early = { ...running(), status };
    expect(remedyFactsOf(running())).toMatchObject({ project: 'my-project', projectNumber: '123' });
    expect(remedyFactsOf(early, 'service-987654@gcp-sa-x').projectNumber).toBe('987654');
    expect(remedyFactsOf(early).projectNumber).toBeUndefined();
  });
});

const aTuningPlan = (over: object = {}) =>
  ({
    ...{ backend: 'tuningJobs', project: 'my-project', baseModel: 'gemini-3.1-flash-lite' },
    ...{ region: 'us-central1', ...over },
  }) as Plan;

describe('another place for a job without free machines', () => {
  const WORDS = 'Resources are insufficient in region: us-central1';
  const remedyWith = (plan: Plan) =>
    remedyOf('CapacityShort', remedyFactsOf(aRun({ state: 'RUNNING', spec: { plan } }), WORDS));

  test.each([
    { name: 'is the other accelerator', plan: aPlan(), offered: 'or with "accelerator_type": "TPU"' },
    {
      name: 'is another region or machine for embeddings',
      plan: aPlan({ baseModel: 'textembedding-gecko@001' }),
      offered: 'or another "pipeline_job_region", such as "europe-west4"',
    },
    {
      name: 'is another region of the model',
      plan: aTuningPlan({ region: 'us-central1' }),
      offered: 'or with "pipeline_job_region": "europe-west4"',
    },
  ])('$name', ({ plan, offered }) => {
    expect(remedyWith(plan)).toContain(offered);
  });

  test.each([
    { name: 'a key keeps it where it is', plan: aPlan({ encryptionKey: 'projects/p/k' }) },
    {
      name: 'a tuned model keeps it where it is',
      plan: aTuningPlan({ preTunedModel: { tunedModelName: 'projects/p/locations/us-central1/models/1' } }),
    },
  ])('is not offered where $name', ({ plan }) => {
    expect(remedyWith(plan)).toBe('Upload the manifest again at another hour. More quota does not help.');
  });

  test('is offered while the run waits by itself, which asks for no quota', () => {
    const waiting = decideAttempt(running(), failedJob(WORDS), { now: NOW, scale: 1, maximumWaitMs });
    expect(waiting).toMatchObject({
      action: 'wait',
      event: { reason: 'CapacityShort', remedy: expect.stringContaining('"accelerator_type": "TPU"') },
    });
  });
});

test('a tuning job without an account of its own runs as Google’s, which is what is granted', () => {
  const run = aRun({ state: 'RUNNING', spec: { plan: aTuningPlan() } });
  const words = 'does not have storage.objects.get on projects/987654/x';
  expect(remedyOf('StorageDenied', remedyFactsOf(run, words))).toContain(
    '--member serviceAccount:service-987654@gcp-sa-vertex-tune.iam.gserviceaccount.com',
  );
});

describe('what Cloud Storage refuses a function', () => {
  test.each([
    {
      name: 'names the bucket, the account and the role for what is missing',
      words:
        "reading gs://inbox/a/tune.json: validate@p.iam.gserviceaccount.com does not have storage.objects.get access to the Google Cloud Storage object. Permission 'storage.objects.get' denied on resource (or it may not exist).",
      remedy:
        'gcloud storage buckets add-iam-policy-binding gs://inbox --member serviceAccount:validate@p.iam.gserviceaccount.com --role roles/storage.objectViewer',
    },
    {
      name: 'may be a perimeter',
      words: 'reading gs://inbox/a: Request violates VPC Service Controls.',
      remedy: 'ingress or egress rule',
    },
    { name: 'may name nothing', words: 'reading gs://inbox/a: Forbidden', remedy: undefined },
  ])('$name', ({ words, remedy }) => {
    const found = remedyOfStorage(words);
    expect(found).toEqual(remedy && expect.stringContaining(remedy));
  });
});

const maximumWaitMs = 14 * 86_400_000;

describe('another attempt', () => {
  const failedBy = (index: number) => failedJob(failedTasks.cases[index]?.error ?? '');
  const [forQuota, forGood, unspread] = [failedBy(0), failedBy(1), failedBy(2)];
  const run = (attempt: number, over: object = {}) =>
    running({ status: { job: { ...A_JOB, attempt }, ...over } });
  const due = (attempt: number) =>
    running({ status: { job: { ...A_JOB, attempt, nextAttemptAt: at(1) }, submitTime: NOW } });
  const held = { ...due(1), work: { ...due(1).work, fault: { version: 'v1', tries: 9, since: NOW } } };
  const asked = { cancelRequested: { time: NOW, by: 'x' } };

  test.each([
    { name: 'is waited for after the first', run: run(1), job: unspread, seconds: 60, action: 'wait' },
    { name: 'is waited for after the second', run: run(2), job: unspread, seconds: 60, action: 'wait' },
    { name: 'is made once it is due', run: due(2), job: unspread, seconds: 60, action: 'create' },
    { name: 'is not made after the third', run: run(3), job: unspread, seconds: 60, action: 'none' },
    {
      ...{ name: 'is only looked for half an hour after the first job', run: due(1), job: unspread },
      ...{ seconds: 1800, action: 'find' },
    },
    {
      ...{ name: 'is made for want of quota after many', run: due(20), job: forQuota },
      ...{ seconds: 3600, action: 'create' },
    },
    {
      ...{
        name: 'is made for want of quota after thirteen days',
        run: due(2),
        job: forQuota,
      },
      ...{ seconds: 13 * 86_400, action: 'create' },
    },
    {
      ...{ name: 'is only looked for once the deployment lets the run wait no longer', run: due(2) },
      ...{ job: forQuota, seconds: 14 * 86_400, action: 'find' },
    },
    {
      ...{ name: 'is not promised half an hour after the first job', run: run(1, { submitTime: NOW }) },
      ...{ job: unspread, seconds: 1800, action: 'none' },
    },
    {
      ...{ name: 'is made late where a fault that is not the run’s kept it from being made', run: held },
      ...{ job: unspread, seconds: 7200, action: 'create' },
    },
    { name: 'is not made where nothing passes', run: run(1), job: forGood, seconds: 60, action: 'none' },
    {
      ...{ name: 'is not made for a job that did not fail', job: observed(someJob()), run: run(1) },
      ...{ seconds: 60, action: 'none' },
    },
    {
      ...{ name: 'is not made for somebody who asked to cancel', run: run(1, asked), job: unspread },
      ...{ seconds: 60, action: 'none' },
    },
    {
      ...{ name: 'is looked for where it was due as somebody asked to cancel', job: unspread },
      run: running({ status: { job: { ...A_JOB, nextAttemptAt: at(1) }, ...asked } }),
      ...{ seconds: 60, action: 'find' },
    },
  ])('$name', ({ run: given, job, seconds, action }) => {
    expect(decideAttempt(given, job, { now: at(seconds), scale: 1, maximumWaitMs }).action).toBe(action);
  });

  test('is not made for a trainer that ran out of memory, which is no want of quota', () => {
    const words =
      'The replica workerpool0-0 exited with 1. RESOURCE_EXHAUSTED: Out of memory, allocating 9 GB';
    expect(failedJob(words).failure?.cause).toBeUndefined();
  });

  test.each([
    { name: 'for a permission to spread: two minutes, then five', job: unspread, minutes: [2, 5] },
    { name: 'for quota: up to an hour', job: forQuota, minutes: [5, 10, 20, 40, 60, 60] },
  ])('waits $name', ({ job, minutes }) => {
    minutes.forEach((after, index) => {
      const wait = (scale: number) => decideAttempt(run(index + 1), job, { now: NOW, scale, maximumWaitMs });
      expect(wait(1)).toMatchObject({ action: 'wait', event: { next: { at: at(after * 60) } } });
      expect(wait(0.1)).toMatchObject({ action: 'wait', event: { next: { at: at(after * 6) } } });
    });
  });

  test.each([
    { name: 'five minutes after the warm-up', created: at(-600), warmedAt: NOW, due: at(300) },
    {
      name: 'at once when the project became warm meanwhile',
      created: at(-600),
      warmedAt: at(-400),
      due: NOW,
    },
    {
      name: 'not at all when the project was warm before',
      created: at(-60),
      warmedAt: at(-400),
      due: undefined,
    },
  ])('is due $name', ({ created, warmedAt, due }) => {
    const job = failedJob('x', { createTime: created });
    const next = decideAfterWarmUp(run(1), job, { warmedAt, now: NOW, scale: 1, maximumWaitMs });
    expect(next).toMatchObject(due ? { action: 'wait', event: { next: { at: due } } } : { action: 'none' });
  });
});

test('what Vertex AI says stands on one line and ends with one full stop, since words follow it', () => {
  const said = (message: string) =>
    classifyGoogleError({ httpStatus: 400, message }, 'creating the job').message;
  expect(said('List of found errors:\t1.Field: a; Message: b.\t')).toBe(
    'Vertex AI answered creating the job with 400: List of found errors: 1.Field: a; Message: b.',
  );
  expect(said('quota of tuning_jobs\n')).toBe(
    'Vertex AI answered creating the job with 400: quota of tuning_jobs.',
  );
});
